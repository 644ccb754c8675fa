//! What the GPU engine would allocate for a training run: exactly, and without a GPU.

use crate::graph::Graph;
use crate::pass::Tuning;
use crate::pass::program::{Capacity, Program};
use crate::spec::Experiment;
use serde::Serialize;

/// Buffers of the GPU engine, the data set's pictures not among them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Allocation {
    /// All of them, in bytes.
    pub bytes: u64,
    /// The largest, which must fit into one buffer of the device.
    pub largest_bytes: u64,
    /// What the largest holds: `conv2d: output`.
    pub largest: String,
    /// Whether a smaller batch makes the largest smaller.
    pub grows_with_batch: bool,
}

impl Allocation {
    /// Of a network that is trained in batches of `batch`.
    pub fn new(spec: &Experiment, graph: &Graph, batch: usize) -> Self {
        let capacity = Capacity::new(batch, spec.micro_batch_size, Tuning::HARDWARE);
        let buffers = Program::new(graph, &spec.optimizer, capacity, Tuning::HARDWARE).buffers;
        let largest = buffers.iter().max_by_key(|buffer| buffer.bytes);
        Self {
            bytes: buffers.iter().map(|buffer| buffer.bytes).sum(),
            largest_bytes: largest.map_or(0, |buffer| buffer.bytes),
            grows_with_batch: largest.is_some_and(|buffer| buffer.per_row),
            largest: largest.map(|buffer| buffer.name.clone()).unwrap_or_default(),
        }
    }
}
