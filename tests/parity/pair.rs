//! One network on the CPU engine and on the GPU engine.

#[path = "images.rs"]
mod images;

use convlab::data::Images;
use convlab::engine::cpu::CpuEngine;
use convlab::engine::gpu::GpuEngine;
use convlab::engine::{ImageSets, Source, Step, StepFigures};
use convlab::experiment::Experiment;
use convlab::experiment::augment;
use convlab::kernels::gpu::tuning::Tuning;
use convlab::network::graph::Graph;
use convlab::tensor::random;
pub use images::images;
use serde_json::Value;
use std::io::Write;
use std::sync::Arc;

/// Both engines with one network and the same images.
pub struct Pair {
    pub name: String,
    pub spec: Experiment,
    pub graph: Arc<Graph>,
    pub images: Images,
    pub cpu: CpuEngine<f32>,
    pub gpu: GpuEngine,
}

impl Pair {
    /// Both engines. Without an adapter it prints a line and returns `None`.
    pub fn new(name: &str, spec: Value) -> Option<Self> {
        Self::tuned(name, spec, None)
    }

    /// The same with the tuning of another kind of device.
    pub fn tuned(name: &str, spec: Value, tuning: Option<Tuning>) -> Option<Self> {
        let spec = Experiment::from_value(spec).unwrap_or_else(|error| panic!("{name}: {error}"));
        let graph = Arc::new(Graph::new(&spec).unwrap_or_else(|error| panic!("{name}: {error}")));
        let (batch, micro) = (spec.batch_size, spec.micro_batch_size);
        let gpu = GpuEngine::tuned(tuning, &graph, &spec.optimizer, batch, micro, spec.seed);
        let mut gpu = unless_missing(name, pollster::block_on(gpu))?;
        let mut cpu = CpuEngine::new(graph.clone(), &spec.optimizer, batch, micro, spec.seed).unwrap();
        let images = images(spec.input_shape, 3 * batch + 2);
        gpu.upload(ImageSets { train: &images, test: &images }).unwrap();
        // Moves biases, gammas and moving statistics away from their initial values 0 and 1.
        let mut parameters = cpu.parameters();
        for param in graph.params.iter().filter(|param| param.spec.shape.len() == 1) {
            let flat = if param.spec.trainable { &mut parameters.weights } else { &mut parameters.state };
            let shift = if param.spec.trainable { -0.5 } else { 0.0 };
            for i in param.range() {
                flat[i] += 0.2 * (random::uniform(9, 0, 0, i as u32) + shift);
            }
        }
        cpu.set_parameters(&parameters);
        gpu.set_parameters(&parameters).unwrap();
        Some(Self { name: name.to_string(), spec, graph, images, cpu, gpu })
    }

    /// One training step on both; the last batch of an epoch is smaller.
    pub fn step(&mut self, step: u32) {
        let (n, batch) = (self.images.len() as u32, self.spec.batch_size as u32);
        let first = step * batch % n;
        let indices: Vec<u32> = (first..n.min(first + batch)).rev().collect();
        let [height, width, _] = self.spec.input_shape;
        let count = self.images.len();
        let draw = |&index: &u32| augment::draw(&self.spec.augmentation, (height, width), count, 7, step, index);
        let transforms: Vec<_> =
            if self.spec.augmentation.is_empty() { Vec::new() } else { indices.iter().map(draw).collect() };
        let learning_rate = self.spec.optimizer.learning_rate;
        let step = Step { indices: &indices, transforms: &transforms, step, learning_rate };
        let sets = ImageSets { train: &self.images, test: &self.images };
        self.cpu.train_step(sets, &step);
        self.gpu.train_step(&step).unwrap();
    }

    pub fn compare_figures(&mut self) {
        self.compare_figures_within(1e-4, 0);
    }

    /// Compares losses within a tolerance; the number of correct predictions may differ by `flips`, because of classes
    /// with equal probability.
    pub fn compare_figures_within(&mut self, tolerance: f64, flips: usize) {
        let cpu = self.cpu.figures();
        let gpu = pollster::block_on(self.gpu.figures()).unwrap();
        assert_eq!(cpu.len(), gpu.len(), "{}", self.name);
        for (cpu, gpu) in cpu.iter().zip(&gpu) {
            let close = |a: f64, b: f64| (a - b).abs() < tolerance * (1.0 + a.abs());
            let StepFigures { rows, loss_sum, correct, penalty } = *cpu;
            let equal = rows == gpu.rows && correct.abs_diff(gpu.correct) <= flips;
            let equal = equal && close(loss_sum, gpu.loss_sum) && close(penalty, gpu.penalty);
            assert!(equal, "{}: cpu {cpu:?}, gpu {gpu:?}", self.name);
        }
    }

    pub fn compare_gradients(&mut self, tolerance: f64) {
        let gpu = pollster::block_on(self.gpu.gradients()).unwrap();
        self.compare_parts("gradient", self.cpu.gradient().to_vec(), &gpu, true, tolerance);
    }

    /// Compares weights, moving statistics and slots.
    pub fn compare_parameters(&mut self, tolerance: f64) {
        let (cpu, gpu) = (self.cpu.parameters(), pollster::block_on(self.gpu.parameters()).unwrap());
        self.compare_parts("weights", cpu.weights, &gpu.weights, true, tolerance);
        self.compare_parts("statistics", cpu.state, &gpu.state, false, tolerance);
        for (k, (cpu, gpu)) in cpu.slots.into_iter().zip(&gpu.slots).enumerate() {
            self.compare_parts(&format!("slot {k}"), cpu, gpu, true, tolerance);
        }
    }

    pub fn compare_parts(&self, what: &str, cpu: Vec<f32>, gpu: &[f32], trainable: bool, tolerance: f64) {
        assert_eq!(cpu.len(), gpu.len(), "{}: {what}", self.name);
        for param in self.graph.params.iter().filter(|param| param.spec.trainable == trainable) {
            let name = format!("{}: {what} of {}", self.name, param.name);
            compare(&name, &cpu[param.range()], &gpu[param.range()], tolerance);
        }
    }

    /// Compares the norm of each tensor's difference, since rounding may change the selected maximum or a ReLU's side,
    /// which changes single values a lot. The error of a tensor that is very small beside the others, such as the
    /// gradient of a bias before a batch normalisation, is measured relative to those.
    pub fn compare_wholes(&self, what: &str, cpu: &[f32], gpu: &[f32], trainable: bool, tolerance: f64) {
        let square = |value: f32| f64::from(value) * f64::from(value);
        let sum = |values: &[f32]| values.iter().map(|&value| square(value)).sum::<f64>();
        let least = 1e-8 * sum(cpu);
        for param in self.graph.params.iter().filter(|param| param.spec.trainable == trainable) {
            let (cpu, gpu) = (&cpu[param.range()], &gpu[param.range()]);
            let apart: f64 = cpu.iter().zip(gpu).map(|(a, b)| square(a - b)).sum();
            let relative = (apart / sum(cpu).max(least)).sqrt();
            assert!(relative < tolerance, "{}: {what} of {}: {relative:e}", self.name, param.name);
        }
    }

    pub fn compare_logits(&mut self, tolerance: f64) {
        let indices: Vec<u32> = (0..self.images.len() as u32).collect();
        let sets = ImageSets { train: &self.images, test: &self.images };
        let cpu = self.cpu.logits(sets, Source::Test, &indices);
        let gpu = pollster::block_on(self.gpu.logits(Source::Test, &indices)).unwrap();
        compare(&format!("{}: logits", self.name), &cpu, &gpu, tolerance);
    }
}

/// What a GPU gave. Without an adapter it prints a line and returns `None`.
pub fn unless_missing<T>(name: &str, given: convlab::base::error::Result<T>) -> Option<T> {
    match given {
        Ok(given) => Some(given),
        Err(error) if error.to_string().contains("no WebGPU adapter") => {
            let required = std::env::var("REQUIRE_GPU").is_ok_and(|value| !value.is_empty());
            assert!(!required, "{name}: REQUIRE_GPU is set, but {error}");
            let _ = writeln!(std::io::stderr(), "SKIPPED: {name}: {error}");
            None
        }
        Err(error) => panic!("{name}: {error}"),
    }
}

/// Compares two lists: the difference of each pair, relative to the largest magnitude.
pub fn compare(name: &str, cpu: &[f32], gpu: &[f32], tolerance: f64) {
    assert_eq!(cpu.len(), gpu.len(), "{name}");
    let size = cpu.iter().fold(1e-6f32, |size, v| size.max(v.abs()));
    let apart = |(a, b): (&f32, &f32)| f64::from((a - b).abs() / size);
    let worst = cpu.iter().zip(gpu).map(apart).enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
    let Some((i, distance)) = worst else { return };
    assert!(distance < tolerance, "{name}[{i}]: cpu {}, gpu {}, apart {distance:e} of {size}", cpu[i], gpu[i]);
}
