//! From an experiment to a network that runs: checked layers, the order of work of a step, GPU programs.

pub mod graph;
pub mod plan;
pub mod program;
#[cfg(not(target_arch = "wasm32"))]
pub mod schema;
pub mod summary;
