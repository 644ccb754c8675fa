//! The kernels of both engines. They know tensors, and neither layers nor networks.

pub mod cpu;
pub mod gpu;
