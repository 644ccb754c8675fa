//! From an experiment to an executable network: the checked graph, the plan of a training step, the GPU program.

pub mod edit;
pub mod fit;
pub mod graph;
pub mod names;
pub mod plan;
pub mod program;
#[cfg(not(target_arch = "wasm32"))]
pub mod schema;
pub mod summary;
