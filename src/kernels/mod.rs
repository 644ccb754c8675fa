//! The kernels of both engines. They work on tensors, and depend neither on layers nor on networks.

pub mod cpu;
pub mod gpu;
