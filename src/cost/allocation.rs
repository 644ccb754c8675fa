//! The memory that the engines would allocate for a training run, computed without starting one.

use crate::engine::cpu;
use crate::experiment::Experiment;
use crate::kernels::gpu::tuning::Tuning;
use crate::network::graph::Graph;
use crate::network::program::{Capacity, Program};
use serde::Serialize;
use ts_rs::TS;

/// Memory of the CPU engine, without the data set's images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct CpuAllocation {
    /// Total, in bytes.
    pub bytes: u64,
    /// Number of threads or workers.
    pub lanes: usize,
}

impl CpuAllocation {
    /// The allocation of a network that trains in micro-batches of `piece` images on this number of cores.
    pub fn new(spec: &Experiment, graph: &Graph, piece: usize, cores: usize) -> Self {
        let lanes = cpu::lane_count(cores);
        Self { bytes: cpu::bytes(graph, &spec.optimizer, piece, lanes), lanes }
    }
}

/// Buffers of the GPU engine, without the data set's images.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Allocation {
    /// Total, in bytes.
    pub bytes: u64,
    /// Size of the largest buffer in bytes; the device limits the size of a buffer.
    pub largest_bytes: u64,
    /// What the largest buffer holds, such as `conv2d: output`.
    pub largest: String,
    /// Whether a smaller batch makes the largest buffer smaller.
    pub grows_with_batch: bool,
}

impl Allocation {
    /// The allocation of a network that trains in batches of `batch` images.
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
