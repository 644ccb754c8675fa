//! What the engines would allocate for a training run, found out without one.

use crate::engine::cpu;
use crate::experiment::Experiment;
use crate::kernels::gpu::tuning::Tuning;
use crate::network::graph::Graph;
use crate::network::program::{Capacity, Program};
use serde::Serialize;
use ts_rs::TS;

/// Memory of the CPU engine, the data set's pictures not among it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct CpuAllocation {
    /// All of it, in bytes.
    pub bytes: u64,
    /// Threads, or workers, that it is for.
    pub lanes: usize,
}

impl CpuAllocation {
    /// Of a network that is trained in pieces of `piece` pictures on so many cores.
    pub fn new(spec: &Experiment, graph: &Graph, piece: usize, cores: usize) -> Self {
        let lanes = cpu::lanes_of(cores);
        Self { bytes: cpu::bytes(graph, &spec.optimizer, piece, lanes), lanes }
    }
}

/// Buffers of the GPU engine, the data set's pictures not among them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
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
