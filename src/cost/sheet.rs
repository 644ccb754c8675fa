//! The cost sheet: counts of every layer and of the whole network.

use super::alexnet::{SourceFigure, TimeFigure, sources, times};
use super::allocation::{Allocation, CpuAllocation};
use super::formula;
use super::layer::LayerCost;
use crate::base::error::{Error, Result};
use crate::engine::cpu;
use crate::experiment::presets::check_trainable;
use crate::experiment::{Experiment, MAX_BATCH, Validation};
use crate::network::graph::Graph;
use crate::network::summary::{F32_BYTES, Summary, TRAINING_PASSES};
use serde::Serialize;
use ts_rs::TS;

/// Memory of a forward pass of one image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct ForwardMemory {
    /// Values of the image.
    pub input_values: u64,
    /// Values of the image and of all outputs.
    pub values: u64,
    /// Bytes, 4 per value.
    pub bytes: u64,
}

/// Memory of training in bytes, if all values are kept until the end of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct TrainingMemory {
    /// Images per step, or per micro-batch if the experiment has micro-batches.
    pub batch: u64,
    /// The images and all outputs.
    pub activations: u64,
    /// The gradients with respect to the outputs, as far as backpropagation needs them.
    pub activation_gradients: u64,
    /// Parameters, moving statistics included.
    pub parameters: u64,
    /// The gradients with respect to the trainable parameters.
    pub parameter_gradients: u64,
    /// The optimiser's slots: its state for each trainable parameter.
    pub optimizer_slots: u64,
    /// The sum, in bytes.
    pub total: u64,
}

/// The whole sheet, without the times.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CostSheet {
    /// The experiment's name.
    pub name: String,
    /// Layer by layer.
    pub layers: Vec<LayerCost>,
    /// Memory of a forward pass of one image.
    pub forward: ForwardMemory,
    /// Memory of a training step.
    pub training: TrainingMemory,
    /// What the GPU engine allocates for training.
    pub allocation: Allocation,
    /// What the CPU engine allocates for training.
    pub cpu_allocation: CpuAllocation,
    /// Number of parameters, moving statistics included.
    pub params: u64,
    /// Number of parameters that are trained.
    pub trainable: u64,
    /// Multiply-accumulates per image, forward.
    pub macs: u64,
    /// Multiply-accumulates per image in training.
    pub training_macs: u64,
    /// Training images per epoch, if the size of the data set is known.
    pub images: Option<u64>,
    /// Number of epochs, rounded up.
    pub epochs: u64,
    /// Images of a step to measure, where a whole batch is not measured: the network is only counted here, not trained.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub measured_batch: Option<usize>,
    /// The comparison with published figures, if this is their network.
    pub sources: Vec<SourceFigure>,
    /// Two sources' answers to the question of time, if this is their network.
    pub time_sources: Vec<TimeFigure>,
}

impl CostSheet {
    /// Counts an experiment's network, training in batches of `batch` or of the experiment's own size.
    ///
    /// # Errors
    /// [`Error::Spec`] if the network is invalid or the batch is out of range.
    pub fn new(spec: &Experiment, batch: Option<usize>) -> Result<Self> {
        Self::on(cpu::cores(), spec, batch)
    }

    /// The same for a machine with this number of cores.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn on(cores: usize, spec: &Experiment, batch: Option<usize>) -> Result<Self> {
        let graph = Graph::new(spec)?;
        let batch = batch.unwrap_or(spec.batch_size);
        if !(1..=MAX_BATCH).contains(&batch) {
            return Err(Error::Spec(format!("the batch must be between 1 and {MAX_BATCH}. Received: {batch}")));
        }
        let summary = Summary::new(&graph);
        let piece = spec.micro_batch_size.unwrap_or(batch).min(batch);
        let input_values = graph.input_shape.len() as u64;
        let values = summary.totals.activation_bytes / F32_BYTES;
        let layers: Vec<LayerCost> = (0..graph.nodes.len()).map(|i| layer(&graph, &summary, i)).collect();
        Ok(Self {
            forward: ForwardMemory { input_values, values, bytes: F32_BYTES * values },
            training: training(spec, &graph, &layers, piece as u64),
            allocation: Allocation::new(spec, &graph, batch),
            cpu_allocation: CpuAllocation::new(spec, &graph, piece, cores),
            params: summary.totals.params,
            trainable: summary.totals.trainable,
            macs: summary.totals.macs,
            training_macs: TRAINING_PASSES * summary.totals.macs,
            images: images(spec),
            epochs: spec.epochs.count() as u64,
            measured_batch: measured_batch(spec),
            sources: sources(spec, &layers, input_values),
            time_sources: times(spec, summary.totals.macs, TRAINING_PASSES * summary.totals.macs),
            name: spec.name.clone(),
            layers,
        })
    }
}

/// The images are large: AlexNet's own batch of 128 may take more memory than a tab or a small machine has. A few at a time fit.
const SMALL_BATCH: usize = 4;

fn measured_batch(spec: &Experiment) -> Option<usize> {
    let is_only_counted = check_trainable(spec).is_err();
    (is_only_counted && spec.batch_size > SMALL_BATCH).then_some(SMALL_BATCH)
}

fn layer(graph: &Graph, summary: &Summary, index: usize) -> LayerCost {
    let (node, counted) = (&graph.nodes[index], &summary.layers[index]);
    LayerCost {
        name: counted.name.clone(),
        kind: counted.kind,
        output_shape: counted.output_shape.clone(),
        output_formula: formula::output(node),
        input_values: node.input_shapes.iter().map(|shape| shape.len() as u64).sum(),
        values: counted.activation_bytes / F32_BYTES,
        params: counted.params,
        params_formula: formula::params(graph, node),
        macs: counted.macs,
        macs_formula: formula::macs(graph, node),
    }
}

fn training(spec: &Experiment, graph: &Graph, layers: &[LayerCost], batch: u64) -> TrainingMemory {
    let outputs: u64 = layers.iter().map(|layer| layer.values).sum();
    let needs = graph.needs_gradient();
    let differentiated = layers.iter().zip(&needs[1..]).filter(|(_, needs)| **needs);
    let gradients: u64 = differentiated.map(|(layer, _)| layer.values).sum();
    let count = |trainable: bool| -> u64 {
        graph.params.iter().filter(|param| param.spec.trainable == trainable).map(|param| param.spec.len() as u64).sum()
    };
    let (trained, moving) = (count(true), count(false));
    let memory = TrainingMemory {
        batch,
        activations: F32_BYTES * batch * (graph.input_shape.len() as u64 + outputs),
        activation_gradients: F32_BYTES * batch * gradients,
        parameters: F32_BYTES * (trained + moving),
        parameter_gradients: F32_BYTES * trained,
        optimizer_slots: F32_BYTES * trained * spec.optimizer.slots() as u64,
        total: 0,
    };
    let parts = [memory.activations, memory.activation_gradients, memory.parameters, memory.parameter_gradients];
    TrainingMemory { total: parts.iter().sum::<u64>() + memory.optimizer_slots, ..memory }
}

/// Training images per epoch: those of the data set, up to the limit, without the validation split.
fn images(spec: &Experiment) -> Option<u64> {
    let all = crate::data::official_counts(&spec.dataset.full_name()).map(|[train, _]| train);
    let limit = spec.dataset.limit.and_then(|limit| limit.train);
    let count = match (all, limit) {
        (Some(all), Some(limit)) => all.min(limit),
        (one, other) => one.or(other)?,
    };
    let kept = match spec.dataset.validation {
        Some(Validation::Split(split)) => split.training(count),
        _ => count,
    };
    Some(kept as u64)
}
