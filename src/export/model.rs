//! A trained network as one file that other tools open.

use super::script::file_stem;
use super::{keras_model, onnx, pytorch};
use crate::base::error::{Error, Result};
use crate::experiment::Experiment;
use crate::network::graph::Graph;
use crate::results::weights;

/// The format of a trained network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelFormat {
    /// Keras 3's own file, which `keras.models.load_model` opens.
    Keras,
    /// ONNX, which many runtimes open.
    Onnx,
    /// The `state_dict` of the PyTorch script's network, safetensors.
    Pytorch,
}

impl ModelFormat {
    /// All formats.
    pub const ALL: [Self; 3] = [Self::Keras, Self::Onnx, Self::Pytorch];

    /// `keras-model`, `onnx` or `pytorch-weights`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Keras => "keras-model",
            Self::Onnx => "onnx",
            Self::Pytorch => "pytorch-weights",
        }
    }

    /// The format of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// What a file's name ends in after the experiment's.
    fn ending(self) -> &'static str {
        match self {
            Self::Keras => ".keras",
            Self::Onnx => ".onnx",
            Self::Pytorch => "-pytorch.safetensors",
        }
    }
}

/// A file, complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelFile {
    /// `net-1.keras`
    pub file_name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Writes an experiment's network with the weights of a safetensors file.
///
/// # Errors
/// Any error of the graph's and of the weights'; [`Error::Layer`] for a layer that the format cannot express.
pub fn model(spec: &Experiment, safetensors: &[u8], format: ModelFormat) -> Result<ModelFile> {
    let graph = Graph::new(spec)?;
    let parameters = weights::load(&graph, spec.seed, safetensors)?;
    let bytes = match format {
        ModelFormat::Keras => keras_model::write(spec, &graph, &parameters)?,
        ModelFormat::Onnx => onnx::write(spec, &graph, &parameters),
        ModelFormat::Pytorch => pytorch::state_dict(&graph, &parameters)
            .map_err(|error| Error::Weights(format!("the file cannot be written: {error}")))?,
    };
    Ok(ModelFile { file_name: format!("{}{}", file_stem(spec), format.ending()), bytes })
}
