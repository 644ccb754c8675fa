//! Training runs on each engine, from the golden initial weights and without shuffling: losses, accuracies, learning
//! rates, predictions and final weights must be equal.

use super::{floats, folder, norm, read, relative, relative_to};
use convlab::Error;
use convlab::data::{Dataset, load_dir};
use convlab::engine::Source;
use convlab::engine::choose::Choice;
use convlab::experiment::Experiment;
use convlab::results::history::Epoch;
use convlab::train::{Done, Event, Options, Trainer};
use safetensors::SafeTensors;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The largest relative difference of a loss.
const LOSS: f64 = 1e-4;
/// The largest relative difference of a tensor of the final weights.
const WEIGHTS: f64 = 1e-3;
/// The largest difference of a probability.
const PROBABILITY: f64 = 1e-4;
/// The largest relative difference of a gradient, likewise.
const GRADIENT: f64 = 2e-3;

/// The results of Keras or PyTorch.
#[derive(Deserialize)]
struct Expected {
    data: String,
    history: BTreeMap<String, Vec<f64>>,
    #[serde(default)]
    step_loss: Vec<f64>,
    learning_rate: Vec<f64>,
    test_loss: f64,
    test_accuracy: f64,
    confusion: Vec<Vec<u32>>,
    probabilities: Vec<Vec<f64>>,
}

/// One golden folder.
struct Golden {
    path: PathBuf,
    name: String,
    spec: Value,
    expected: Expected,
}

/// The results of a run of Convlab.
struct Outcome {
    epochs: Vec<Epoch>,
    learning_rates: Vec<f64>,
    done: Done,
    probabilities: Vec<Vec<f32>>,
    weights: Tensors,
}

type Tensors = BTreeMap<String, Vec<f64>>;

fn tensors(bytes: &[u8]) -> Tensors {
    let file = SafeTensors::deserialize(bytes).expect("a safetensors file");
    let values = |data: &[u8]| floats(data).into_iter().map(f64::from).collect();
    file.iter().map(|(name, view)| (name.to_string(), values(view.data()))).collect()
}

/// All folders in `parent` that hold an experiment.
fn all(parent: &Path) -> Vec<Golden> {
    let entries = std::fs::read_dir(parent).expect("the golden folder");
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.join("experiment.json").is_file());
    paths.sort();
    paths.into_iter().map(Golden::open).collect()
}

impl Golden {
    fn open(path: PathBuf) -> Self {
        let json = |name: &str| read(&path.join(name));
        Self {
            name: path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
            spec: serde_json::from_slice(&json("experiment.json")).expect("an experiment"),
            expected: serde_json::from_slice(&json("expected.json")).expect("expected values"),
            path,
        }
    }

    fn data(&self) -> Arc<Dataset> {
        let name = self.spec["dataset"]["name"].as_str().expect("a data set");
        let path = folder().join("data").join(&self.expected.data);
        Arc::new(load_dir(name, &path, &mut |_, _| {}).unwrap_or_else(|error| panic!("{}: {error}", self.name)))
    }

    /// Trains `spec`: this folder's experiment or a variant of it.
    async fn train(&self, engine: Choice, spec: &Value) -> Result<Outcome, Error> {
        let spec = Experiment::from_value(spec.clone())?;
        let options = Options { engine, shuffle: false };
        let mut trainer = Trainer::new(spec, self.data(), options).await?;
        trainer.load_weights(&read(&self.path.join("weights.safetensors"))).await?;
        let mut done = None;
        while !trainer.is_done() {
            for event in trainer.advance(1e3).await? {
                if let Event::Done(figures) = event {
                    done = Some(figures);
                }
            }
        }
        let mut probabilities = Vec::new();
        for index in 0..self.expected.probabilities.len() {
            probabilities.push(trainer.predict(Source::Test, index).await?.probabilities);
        }
        Ok(Outcome {
            epochs: trainer.history().epochs.clone(),
            learning_rates: trainer.history().learning_rates.clone(),
            done: done.expect("a run ends with its test"),
            probabilities,
            weights: tensors(&trainer.weights().await?),
        })
    }

    /// Trains and compares; returns the differences and one line about the run.
    fn check(&self, engine: Choice, spec: &Value) -> (Vec<String>, String) {
        let outcome = match pollster::block_on(self.train(engine, spec)) {
            Ok(outcome) => outcome,
            Err(error) => return (vec![format!("{}: {error}", self.name)], self.name.clone()),
        };
        let mut report = Report { name: &self.name, wrong: Vec::new(), loss: 0.0 };
        report.history(&outcome, &self.expected);
        report.test(&outcome, &self.expected);
        let weights = report.weights(&outcome.weights, &tensors(&read(&self.path.join("final.safetensors"))));
        let line = format!("{:28} loss {:.1e}  weights {weights:.1e}", self.name, report.loss);
        (report.wrong, line)
    }
}

/// Collects differences.
struct Report<'a> {
    name: &'a str,
    wrong: Vec<String>,
    /// The largest relative difference of a loss.
    loss: f64,
}

impl Report<'_> {
    fn say(&mut self, right: bool, message: impl FnOnce() -> String) {
        if !right {
            self.wrong.push(format!("{}: {}", self.name, message()));
        }
    }

    fn near_loss(&mut self, what: &str, found: f64, golden: f64) {
        let error = (found / golden - 1.0).abs();
        self.loss = self.loss.max(error);
        self.say(error < LOSS, || format!("{what} {found}, not {golden} (off by {error:.1e})"));
    }

    /// Accuracies are counts of images, so the tolerance covers only the rounding of the golden value.
    fn same_accuracy(&mut self, what: &str, found: f64, golden: f64) {
        self.say((found - golden).abs() < 1e-6, || format!("{what} {found}, not {golden}"));
    }

    fn history(&mut self, outcome: &Outcome, expected: &Expected) {
        let (found, golden) = (outcome.epochs.len(), expected.history["loss"].len());
        self.say(found == golden, || format!("{found} epochs, not {golden}"));
        for (key, values) in &expected.history {
            for (epoch, &value) in outcome.epochs.iter().zip(values) {
                let what = format!("epoch {} {key}", epoch.epoch);
                match (key.as_str(), epoch.val_loss, epoch.val_accuracy) {
                    ("loss", ..) => self.near_loss(&what, epoch.loss, value),
                    ("accuracy", ..) => self.same_accuracy(&what, epoch.accuracy, value),
                    ("val_loss", Some(found), _) => self.near_loss(&what, found, value),
                    ("val_accuracy", _, Some(found)) => self.same_accuracy(&what, found, value),
                    _ => self.say(false, || format!("{what} is missing")),
                }
            }
        }
        let most = expected.learning_rate.iter().copied().fold(0.0, f64::max);
        let (found, golden) = (&outcome.learning_rates, &expected.learning_rate);
        let near = found.len() == golden.len() && found.iter().zip(golden).all(|(a, b)| (a - b).abs() <= 1e-6 * most);
        self.say(near, || format!("learning rates {found:?}, not {golden:?}"));
    }

    fn test(&mut self, outcome: &Outcome, expected: &Expected) {
        let done = &outcome.done;
        self.near_loss("test_loss", done.test_loss, expected.test_loss);
        self.same_accuracy("test_accuracy", done.test_accuracy, expected.test_accuracy);
        self.say(done.confusion == expected.confusion, || {
            format!("confusion {:?}, not {:?}", done.confusion, expected.confusion)
        });
        for (i, (found, golden)) in outcome.probabilities.iter().zip(&expected.probabilities).enumerate() {
            let near = found.iter().zip(golden).all(|(&a, b)| (f64::from(a) - b).abs() < PROBABILITY);
            self.say(near && found.len() == golden.len(), || format!("test image {i}: {found:?}, not {golden:?}"));
        }
    }

    /// Compares tensors; returns the largest relative difference.
    fn weights(&mut self, found: &Tensors, golden: &Tensors) -> f64 {
        let (ours, theirs): (Vec<_>, Vec<_>) = (found.keys().collect(), golden.keys().collect());
        self.say(ours == theirs, || format!("tensors {ours:?}, not {theirs:?}"));
        let mut worst = 0.0f64;
        for (name, golden) in golden {
            let error = found.get(name).map_or(f64::INFINITY, |found| relative(found, golden));
            worst = worst.max(error);
            self.say(error < WEIGHTS, || format!("final {name} is off by {error:.1e}"));
        }
        worst
    }
}

/// Compares every folder; prints a line for each.
fn check_all(engine: Choice, title: &str, folders: &[Golden], variant: impl Fn(&Value) -> Value) {
    println!("{title}: largest relative differences");
    let mut wrong = Vec::new();
    for golden in folders {
        let (differences, line) = golden.check(engine, &variant(&golden.spec));
        println!("  {line}");
        wrong.extend(differences);
    }
    assert!(wrong.is_empty(), "{title}: {} differences\n{}", wrong.len(), wrong.join("\n"));
}

fn keras() -> Vec<Golden> {
    let folders = all(&folder());
    assert!(folders.len() >= 17, "golden nets are missing. Received: {}", folders.len());
    folders
}

fn pytorch() -> Vec<Golden> {
    let folders = all(&folder().join("pytorch"));
    assert_eq!(folders.len(), 3, "plain-18, residual-18 and mobile-18");
    folders
}

#[test]
fn keras_runs_on_the_cpu_engine() {
    check_all(Choice::Cpu, "Keras, cpu engine", &keras(), Value::clone);
}

#[test]
fn pytorch_runs_on_the_cpu_engine() {
    check_all(Choice::Cpu, "PyTorch, cpu engine", &pytorch(), Value::clone);
    pytorch_steps(Choice::Cpu);
}

/// The same on the GPU. Without an adapter the test prints a line past the test runner's capture, so that it is not
/// counted as passed; with `REQUIRE_GPU=1` it fails.
#[test]
#[cfg(feature = "gpu")]
fn runs_on_the_gpu_engine() {
    let probe = &keras()[0];
    if let Err(error @ Error::Engine { .. }) = pollster::block_on(probe.train(Choice::Gpu, &probe.spec)) {
        assert!(std::env::var_os("REQUIRE_GPU").is_none_or(|value| value != "1"), "REQUIRE_GPU=1, but {error}");
        let note = format!("SKIPPED: golden runs on the gpu engine: {error}\n");
        return std::io::Write::write_all(&mut std::io::stderr(), note.as_bytes()).expect("standard error");
    }
    check_all(Choice::Gpu, "Keras, gpu engine", &keras(), Value::clone);
    check_all(Choice::Gpu, "PyTorch, gpu engine", &pytorch(), Value::clone);
    pytorch_steps(Choice::Gpu);
}

/// Micro-batches give the result of the whole batch, if no layer uses statistics of the batch.
#[test]
fn micro_batches_on_the_cpu_engine() {
    let mut folders = keras();
    folders.retain(|golden| {
        let looks_at_batch = golden.spec["layers"].to_string().contains("batch_normalization");
        !looks_at_batch && golden.spec["batch_size"].as_u64() > Some(5)
    });
    assert!(folders.len() >= 10, "nets without batch normalisation. Received: {}", folders.len());
    check_all(Choice::Cpu, "Keras, cpu engine, pieces of 5", &folders, |spec| with(spec, "micro_batch_size", json!(5)));
}

fn with(spec: &Value, key: &str, value: Value) -> Value {
    let mut spec = spec.clone();
    spec[key] = value;
    spec
}

/// The loss of each step, and the gradients of the first one, obtained as the change of a step of plain SGD at rate 1.
fn pytorch_steps(engine: Choice) {
    let mut wrong = Vec::new();
    for golden in pytorch() {
        let batch = golden.spec["batch_size"].as_u64().expect("a batch size");
        let run = |steps: usize, spec: &Value| {
            let mut spec = spec.clone();
            spec["dataset"]["limit"]["train"] = json!(steps as u64 * batch);
            pollster::block_on(golden.train(engine, &spec)).unwrap_or_else(|error| panic!("{}: {error}", golden.name))
        };
        let mut report = Report { name: &golden.name, wrong: Vec::new(), loss: 0.0 };
        let mut before = 0.0;
        for (i, &loss) in golden.expected.step_loss.iter().enumerate() {
            let total = run(i + 1, &golden.spec).epochs[0].loss * (i + 1) as f64;
            report.near_loss(&format!("step {} loss", i + 1), total - before, loss);
            before = total;
        }
        let plain = with(&golden.spec, "optimizer", json!({"type": "sgd", "learning_rate": 1.0}));
        let after = run(1, &plain).weights;
        let worst = gradients(&golden, &after, &mut report);
        println!("  {:28} steps: loss {:.1e}  gradients {worst:.1e}", golden.name, report.loss);
        wrong.append(&mut report.wrong);
    }
    assert!(wrong.is_empty(), "{} differences\n{}", wrong.len(), wrong.join("\n"));
}

/// Compares `before - after` with the golden gradients. The gradient of a bias before a normalisation is zero except
/// for rounding, so the error of a tensor with a norm below a thousandth of the largest norm is measured relative to
/// that.
fn gradients(golden: &Golden, after: &Tensors, report: &mut Report) -> f64 {
    let before = tensors(&read(&golden.path.join("weights.safetensors")));
    let theirs = tensors(&read(&golden.path.join("gradients.safetensors")));
    let floor = 1e-3 * theirs.values().map(|v| norm(v)).fold(0.0, f64::max);
    let mut worst = 0.0f64;
    for (name, theirs) in &theirs {
        let ours: Vec<f64> = before[name].iter().zip(&after[name]).map(|(b, a)| b - a).collect();
        let error = relative_to(&ours, theirs, norm(theirs).max(floor));
        worst = worst.max(error);
        report.say(error < GRADIENT, || format!("gradient of {name} is off by {error:.1e}"));
    }
    worst
}
