//! Leave the tab: a trained network as a script for Keras 3 or PyTorch that rebuilds it, loads its weights and gives the
//! same probabilities. The parts that every network shares are Python files beside this one; what depends on the network
//! is written here.

mod keras;
mod pytorch;
mod script;

use crate::base::error::Result;
use crate::experiment::Experiment;
use crate::network::graph::Graph;
pub use script::{Script, Target};

/// Writes the script of an experiment's network.
///
/// # Errors
/// Any error of the graph's.
pub fn script(spec: &Experiment, target: Target) -> Result<Script> {
    let graph = Graph::new(spec)?;
    let text = match target {
        Target::Keras => keras::write(spec, &graph),
        Target::Pytorch => pytorch::write(spec, &graph),
    };
    Ok(Script { file_name: script::file_name(spec, target), text })
}
