//! Leave the tab: a trained network as a script for Keras 3 or PyTorch that rebuilds it, loads its weights and gives the
//! same probabilities; as a file of weights that other tools open; or an experiment as a notebook that trains it. The parts of scripts that every network shares are Python
//! files beside this one; what depends on the network is written here.

pub mod keras;
#[cfg(any(feature = "import", not(target_arch = "wasm32")))]
pub mod keras_model;
pub mod layout;
#[cfg(any(feature = "import", not(target_arch = "wasm32")))]
mod model;
mod notebook;
#[cfg(any(feature = "import", not(target_arch = "wasm32")))]
pub mod onnx;
pub mod pytorch;
mod script;

use crate::base::error::Result;
use crate::experiment::Experiment;
use crate::network::graph::Graph;
#[cfg(any(feature = "import", not(target_arch = "wasm32")))]
pub use model::{ModelFile, ModelFormat, model};
pub use notebook::classes;
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
        Target::Notebook => notebook::write(spec, &graph),
    };
    Ok(Script { file_name: script::file_name(spec, target), text })
}
