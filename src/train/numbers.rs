//! A numerical check of a network that users can run: it compares the outputs of both engines layer by layer on the
//! same images, and the gradient with finite differences of the loss.
//!
//! # Formula
//! The derivative of the loss in the direction of the gradient, g / |g|, is |g|:
//! (L(w + t g/|g|) − L(w − t g/|g|)) / 2t = |g| + O(t²). One direction for each parameter tensor suffices: an error in
//! any large component of the gradient changes the result, and this direction changes the loss most, so that the change
//! is measurable in single precision.

use super::Trainer;
use crate::base::error::Result;
use crate::engine::{Engine, ImageSets, Parameters, Setup, Source, Step};
use crate::experiment::optimizer::Update;
use crate::network::graph::Param;
use serde::Serialize;
use ts_rs::TS;
use web_time::Instant;

/// Images of the check.
const IMAGES: usize = 8;

/// Time limit of the finite differences, in seconds; the remaining tensors are reported without one.
const SECONDS: f64 = 20.0;

/// Allowed relative difference between a tensor's two gradients.
const GRADIENT_TOLERANCE: f64 = 0.02;

/// Allowed difference of a layer's output between the engines, relative to its largest magnitude.
const OUTPUT_TOLERANCE: f64 = 1e-3;

/// Rounding error of a loss of 1 in single precision.
const LOSS_ROUNDING: f64 = 1e-6;

/// The result of the check.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Numbers {
    /// Number of images.
    pub images: usize,
    /// The CPU engine's device.
    pub cpu: String,
    /// The GPU engine's device, if there is one.
    pub gpu: Option<String>,
    /// Why the GPU engine is not available, if it is not.
    pub no_gpu: Option<String>,
    /// Mean loss of the batch on the CPU, penalties included.
    pub loss: f64,
    /// The same on the GPU.
    pub gpu_loss: Option<f64>,
    /// All layers, in order.
    pub layers: Vec<LayerNumbers>,
    /// All trainable parameter tensors, in order.
    pub gradients: Vec<GradientNumbers>,
    /// Whether all checks passed.
    pub agrees: bool,
}

/// One layer's output on both engines.
#[derive(Debug, Clone, Serialize, TS)]
pub struct LayerNumbers {
    /// The layer's name.
    pub name: String,
    /// The largest magnitude of the output on the CPU.
    pub largest: f64,
    /// The largest absolute difference between the engines.
    pub difference: Option<f64>,
    /// Whether the difference is within the tolerance for rounding.
    pub agrees: bool,
}

/// The gradient of one parameter tensor.
#[derive(Debug, Clone, Serialize, TS)]
pub struct GradientNumbers {
    /// The parameter's name, such as `conv2d.kernel`.
    pub name: String,
    /// Euclidean norm of the CPU engine's gradient.
    pub gradient: f64,
    /// The norm by finite differences of the loss; `None` if the time limit was reached.
    pub finite_difference: Option<f64>,
    /// Euclidean norm of the difference between the CPU's and the GPU's gradient.
    pub difference: Option<f64>,
    /// Whether the differences are within the tolerance.
    pub agrees: bool,
}

/// An engine for losses and gradients; it does not update weights.
struct Probe {
    engine: Engine,
    start: Parameters,
}

impl Probe {
    fn new(mut engine: Engine, sets: ImageSets, start: &Parameters) -> Result<Self> {
        engine.upload(sets)?;
        Ok(Self { engine, start: start.clone() })
    }

    /// The mean loss of the batch with penalties, in training mode: dropout is active, and batch normalisation uses the
    /// batch's statistics.
    async fn loss(&mut self, sets: ImageSets<'_>, parameters: &Parameters, indices: &[u32]) -> Result<f64> {
        self.engine.set_parameters(parameters)?;
        let step = Step { indices, transforms: &[], step: 0, learning_rate: 0.0 };
        self.engine.train_step(sets, &step).await?;
        let figures = self.engine.figures().await?;
        Ok(figures.iter().map(|figures| figures.loss_sum / indices.len() as f64 + figures.penalty).sum())
    }

    /// For each layer, its outputs for all images, concatenated.
    async fn outputs(&mut self, sets: ImageSets<'_>, indices: &[u32], lens: &[usize]) -> Result<Vec<Vec<f32>>> {
        self.engine.set_parameters(&self.start)?;
        let mut outputs = vec![Vec::new(); lens.len()];
        for &index in indices {
            self.engine.logits(sets, Source::Train, &[index]).await?;
            for (node, (output, &len)) in outputs.iter_mut().zip(lens).enumerate() {
                output.extend_from_slice(&self.engine.output(node).await?[..len]);
            }
        }
        Ok(outputs)
    }
}

/// Whether a difference of gradients of norm `size` is within the tolerance. NaN is not.
fn is_close(difference: f64, size: f64, rounding: f64) -> bool {
    difference.abs() <= GRADIENT_TOLERANCE * size + rounding
}

fn length(values: &[f32]) -> f64 {
    values.iter().map(|&value| f64::from(value) * f64::from(value)).sum::<f64>().sqrt()
}

fn distance(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2)).sum::<f64>().sqrt()
}

impl Trainer {
    /// Checks the network with its current weights; it does not change the run.
    ///
    /// # Errors
    /// [`Error::Engine`](crate::base::error::Error::Engine) if memory does not suffice for a second copy of the
    /// network; [`Error::Diverged`](crate::base::error::Error::Diverged) if a parameter is NaN or infinite.
    pub async fn numbers(&mut self) -> Result<Numbers> {
        let now = self.engine.parameters().await?;
        self.check_finite(&now)?;
        let start = Parameters { slots: Vec::new(), ..now };
        let indices: Vec<u32> = (0..self.train_count.min(IMAGES) as u32).collect();
        let data = self.data.clone();
        let sets = ImageSets { train: &data.train, test: &data.test };
        let mut optimizer = self.setup.optimizer.clone();
        (optimizer.update, optimizer.clip, optimizer.weight_decay) = (Update::Plain, None, 0.0);
        #[cfg(feature = "extended")]
        {
            optimizer.averaging = None;
        }
        let setup = Setup { optimizer, batch: indices.len(), micro_batch: None, pool: None, ..self.setup.clone() };
        let mut cpu = Probe::new(Engine::cpu(&setup).await?, sets, &start)?;
        let gpu = async { Probe::new(Engine::gpu(&setup).await?, sets, &start) };
        let (mut gpu, no_gpu) = match gpu.await {
            Ok(gpu) => (Some(gpu), None),
            Err(error) => (None, Some(error.to_string())),
        };
        let lens: Vec<usize> = self.graph.nodes.iter().map(|node| node.output_shape.len()).collect();
        let ours = cpu.outputs(sets, &indices, &lens).await?;
        let loss = cpu.loss(sets, &start, &indices).await?;
        let gradient = cpu.engine.gradient().await?;
        let (mut theirs, mut gpu_loss, mut gpu_gradient) = (None, None, None);
        if let Some(gpu) = &mut gpu {
            theirs = Some(gpu.outputs(sets, &indices, &lens).await?);
            gpu_loss = Some(gpu.loss(sets, &start, &indices).await?);
            gpu_gradient = Some(gpu.engine.gradient().await?);
        }
        let layers = self.compare_outputs(&ours, theirs.as_deref());
        let began = Instant::now();
        let mut gradients = Vec::new();
        let graph = self.graph.clone();
        for param in graph.params.iter().filter(|param| param.spec.trainable) {
            let own = &gradient[param.range()];
            let size = length(own);
            let mut found = None;
            // The first distance changes the loss by about a thousandth. Smaller ones follow if a kink of the loss,
            // such as a ReLU's, lies on the way.
            for nearer in [1.0, 4.0, 16.0] {
                if began.elapsed().as_secs_f64() > SECONDS {
                    break;
                }
                let (slope, rounding) = cpu.slope(sets, &indices, param, own, loss, nearer).await?;
                found = Some((slope, is_close(slope - size, size, rounding)));
                if found.is_some_and(|(_, close)| close) {
                    break;
                }
            }
            let difference = gpu_gradient.as_ref().map(|theirs| distance(own, &theirs[param.range()]));
            let agrees = found.is_none_or(|(_, close)| close)
                && difference.is_none_or(|difference| is_close(difference, size, 1e-5));
            gradients.push(GradientNumbers {
                name: param.name.clone(),
                gradient: size,
                finite_difference: found.map(|(slope, _)| slope),
                difference,
                agrees,
            });
        }
        let same_loss = gpu_loss.is_none_or(|theirs| (theirs - loss).abs() <= OUTPUT_TOLERANCE * loss.abs().max(1.0));
        Ok(Numbers {
            images: indices.len(),
            agrees: same_loss && layers.iter().all(|l| l.agrees) && gradients.iter().all(|g| g.agrees),
            cpu: cpu.engine.device(),
            gpu: gpu.as_ref().map(|gpu| gpu.engine.device()),
            no_gpu,
            loss,
            gpu_loss,
            layers,
            gradients,
        })
    }

    fn compare_outputs(&self, ours: &[Vec<f32>], theirs: Option<&[Vec<f32>]>) -> Vec<LayerNumbers> {
        let layers = self.graph.nodes.iter().zip(ours).enumerate();
        layers
            .map(|(i, (node, ours))| {
                let largest = ours.iter().fold(0.0_f64, |most, &value| most.max(f64::from(value.abs())));
                let difference = theirs.map(|theirs| {
                    let pairs = ours.iter().zip(&theirs[i]);
                    // `f64::max` would drop NaN.
                    let differences = pairs.map(|(&a, &b)| (f64::from(a) - f64::from(b)).abs());
                    differences.fold(0.0_f64, |most, d| if d > most || d.is_nan() { d } else { most })
                });
                let agrees = difference.is_none_or(|difference| difference <= OUTPUT_TOLERANCE * largest + 1e-5);
                LayerNumbers { name: node.name.clone(), largest, difference, agrees }
            })
            .collect()
    }
}

impl Probe {
    /// The slope of the loss along a tensor's gradient, and a bound of its rounding error.
    async fn slope(
        &mut self,
        sets: ImageSets<'_>,
        indices: &[u32],
        param: &Param,
        gradient: &[f32],
        loss: f64,
        nearer: f64,
    ) -> Result<(f64, f64)> {
        let (size, scale) = (length(gradient), loss.abs().max(1.0));
        let weights = length(&self.start.weights[param.range()]);
        let t = (1e-3 * scale / size.max(1e-9)).min(0.02 * (weights + 0.1)) / nearer;
        let moved = |by: f64| {
            let mut parameters = self.start.clone();
            let factor = by / size.max(1e-9);
            for (weight, &g) in parameters.weights[param.range()].iter_mut().zip(gradient) {
                *weight = (f64::from(*weight) + factor * f64::from(g)) as f32;
            }
            parameters
        };
        let (ahead, behind) = (moved(t), moved(-t));
        let rise = self.loss(sets, &ahead, indices).await? - self.loss(sets, &behind, indices).await?;
        Ok((rise / (2.0 * t), LOSS_ROUNDING * scale / t))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_not_close() {
        assert!(is_close(0.001, 0.1, 0.0) && is_close(-0.001, 0.1, 0.0) && is_close(1e-6, 0.0, 1e-5));
        assert!(!is_close(0.01, 0.1, 0.0) && !is_close(-0.01, 0.1, 0.0) && !is_close(f64::NAN, 0.1, 1.0));
    }
}
