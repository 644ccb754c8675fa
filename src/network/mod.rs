//! From an experiment to a network that runs: checked layers, the order of work of a step, GPU programs.

pub mod edit;
pub mod graph;
pub mod names;
pub mod plan;
pub mod program;
pub mod summary;
