//! A check of the arithmetic that anybody can ask for: the same pictures through both engines, layer by layer, and the
//! gradient against finite differences of the loss.
//!
//! # Formula
//! Along the gradient itself, g / |g|, the loss changes by |g|: (L(w + t g/|g|) − L(w − t g/|g|)) / 2t = |g| + O(t²). One
//! direction for each parameter's tensor shows a wrong gradient of any of its values that matters, and its change of the
//! loss is large enough to be seen in single precision.

use super::Trainer;
use crate::base::error::Result;
use crate::engine::{Engine, Parameters, Pictures, Setup, Source, Step};
use crate::experiment::optimizer::Update;
use crate::network::graph::Param;
use serde::Serialize;
use ts_rs::TS;
use web_time::Instant;

/// Pictures that pass through.
const PICTURES: usize = 8;

/// Finite differences are taken for this long; what is not done then stays open.
const SECONDS: f64 = 20.0;

/// The share by which a tensor's two gradients may differ.
const GRADIENT_TOLERANCE: f64 = 0.02;

/// The share of its largest value by which a layer's output may differ between the engines.
const OUTPUT_TOLERANCE: f64 = 1e-3;

/// What single precision leaves of a loss of 1.
const LOSS_ROUNDING: f64 = 1e-6;

/// What the check found.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Numbers {
    /// Pictures that passed through.
    pub pictures: usize,
    /// The CPU engine's device.
    pub cpu: String,
    /// The GPU engine's device, where there is one.
    pub gpu: Option<String>,
    /// Why there is none, where there is none.
    pub no_gpu: Option<String>,
    /// The batch's loss on the CPU.
    pub loss: f64,
    /// And on the GPU.
    pub gpu_loss: Option<f64>,
    /// Every layer in order.
    pub layers: Vec<LayerNumbers>,
    /// Every trained tensor in order.
    pub gradients: Vec<GradientNumbers>,
    /// Whether everything that was checked agrees.
    pub agrees: bool,
}

/// One layer's output on both engines.
#[derive(Debug, Clone, Serialize, TS)]
pub struct LayerNumbers {
    /// Its name.
    pub name: String,
    /// The largest value on the CPU, without its sign.
    pub largest: f64,
    /// The largest difference between the engines.
    pub difference: Option<f64>,
    /// Whether that is rounding.
    pub agrees: bool,
}

/// One tensor's gradient.
#[derive(Debug, Clone, Serialize, TS)]
pub struct GradientNumbers {
    /// `conv2d.kernel`.
    pub name: String,
    /// Its length as the CPU engine has it.
    pub gradient: f64,
    /// The same by finite differences of the loss; none where the time was over.
    pub finite_difference: Option<f64>,
    /// The length of its difference to the GPU's.
    pub difference: Option<f64>,
    /// Whether they agree.
    pub agrees: bool,
}

/// An engine that computes and changes nothing.
struct Probe {
    engine: Engine,
    start: Parameters,
}

impl Probe {
    fn new(mut engine: Engine, pictures: Pictures, start: &Parameters) -> Result<Self> {
        engine.upload(pictures)?;
        Ok(Self { engine, start: start.clone() })
    }

    /// The mean loss of the batch with penalties, as in training: dropout drops, normalisation takes the batch's own sums.
    async fn loss(&mut self, pictures: Pictures<'_>, parameters: &Parameters, indices: &[u32]) -> Result<f64> {
        self.engine.set_parameters(parameters)?;
        let step = Step { indices, transforms: &[], step: 0, learning_rate: 0.0 };
        self.engine.train_step(pictures, &step).await?;
        let figures = self.engine.figures().await?;
        Ok(figures.iter().map(|figures| figures.loss_sum / indices.len() as f64 + figures.penalty).sum())
    }

    /// Every layer's output for every picture, one after another.
    async fn outputs(&mut self, pictures: Pictures<'_>, indices: &[u32], lens: &[usize]) -> Result<Vec<Vec<f32>>> {
        self.engine.set_parameters(&self.start)?;
        let mut outputs = vec![Vec::new(); lens.len()];
        for &index in indices {
            self.engine.logits(pictures, Source::Train, &[index]).await?;
            for (node, (output, &len)) in outputs.iter_mut().zip(lens).enumerate() {
                output.extend_from_slice(&self.engine.output(node).await?[..len]);
            }
        }
        Ok(outputs)
    }
}

/// Whether a difference of gradients of length `size` is rounding. A difference that is no number is not.
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
    /// Checks the network with the weights it has now; the run is not touched.
    ///
    /// # Errors
    /// [`Error::Engine`](crate::base::error::Error::Engine) where memory does not suffice for a second copy of the network.
    pub async fn numbers(&mut self) -> Result<Numbers> {
        let now = self.engine.parameters().await?;
        self.check_finite(&now)?;
        let start = Parameters { slots: Vec::new(), ..now };
        let indices: Vec<u32> = (0..self.train_count.min(PICTURES) as u32).collect();
        let data = self.data.clone();
        let pictures = Pictures { train: &data.train, test: &data.test };
        let mut optimizer = self.setup.optimizer.clone();
        (optimizer.update, optimizer.clip, optimizer.weight_decay) = (Update::Plain, None, 0.0);
        let setup = Setup { optimizer, batch: indices.len(), micro_batch: None, pool: None, ..self.setup.clone() };
        let mut cpu = Probe::new(Engine::cpu(&setup).await?, pictures, &start)?;
        let gpu = async { Probe::new(Engine::gpu(&setup).await?, pictures, &start) };
        let (mut gpu, no_gpu) = match gpu.await {
            Ok(gpu) => (Some(gpu), None),
            Err(error) => (None, Some(error.to_string())),
        };
        let lens: Vec<usize> = self.graph.nodes.iter().map(|node| node.output_shape.len()).collect();
        let ours = cpu.outputs(pictures, &indices, &lens).await?;
        let loss = cpu.loss(pictures, &start, &indices).await?;
        let gradient = cpu.engine.gradient().await?;
        let (mut theirs, mut gpu_loss, mut gpu_gradient) = (None, None, None);
        if let Some(gpu) = &mut gpu {
            theirs = Some(gpu.outputs(pictures, &indices, &lens).await?);
            gpu_loss = Some(gpu.loss(pictures, &start, &indices).await?);
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
            // Far enough for the loss to change by a thousandth; nearer where something bends on the way.
            for nearer in [1.0, 4.0, 16.0] {
                if began.elapsed().as_secs_f64() > SECONDS {
                    break;
                }
                let (slope, rounding) = cpu.slope(pictures, &indices, param, own, loss, nearer).await?;
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
            pictures: indices.len(),
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
                    // Through `max` a value that is no number would vanish.
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
    /// How the loss changes along a tensor's gradient, and what rounding may make of it.
    async fn slope(
        &mut self,
        pictures: Pictures<'_>,
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
        let rise = self.loss(pictures, &ahead, indices).await? - self.loss(pictures, &behind, indices).await?;
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
