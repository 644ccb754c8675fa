//! From a network that a file describes to an experiment, and from a file's tensors to weights.

use super::imported::Unsupported;
use crate::base::error::{Error, Result};
use crate::engine::Parameters;
use crate::experiment::Experiment;
use crate::network::graph::{Graph, MAX_PARAMS, Node};
use crate::results::weights;
use serde_json::{Map, Value, json};

/// A tensor of a file: its shape and its values.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor {
    /// Sizes of the axes.
    pub shape: Vec<usize>,
    /// Its values.
    pub values: Vec<f32>,
}

/// A network as a file describes it.
#[derive(Debug, Default)]
pub struct Network {
    /// Its name.
    pub name: Option<String>,
    /// Height, width and channels of an image.
    pub input_shape: Option<[usize; 3]>,
    /// Its layers.
    pub layers: Vec<Map<String, Value>>,
    /// The optimiser and the loss, where the file has them.
    pub training: Map<String, Value>,
    /// What has no counterpart here.
    pub unsupported: Vec<Unsupported>,
}

impl Network {
    /// Notes a part that has no counterpart here.
    pub fn refuse(&mut self, place: impl Into<String>, what: impl Into<String>) {
        self.unsupported.push(Unsupported { place: clipped(place.into()), what: clipped(what.into()) });
    }

    /// The experiment. What the file leaves open is that of `basis`, or Keras's default.
    ///
    /// # Errors
    /// [`Error::Spec`] where a part of the file breaks a rule of experiments.
    pub fn experiment(&mut self, basis: Option<&Experiment>) -> Result<Experiment> {
        if self.input_shape.is_none() {
            self.refuse("model", "an input whose shape is not given");
        }
        let mut document = match basis {
            Some(basis) => serde_json::to_value(basis).map_err(|error| Error::Spec(error.to_string()))?,
            None => json!({
                "name": "imported",
                "dataset": {"name": self.dataset()},
                "input_shape": [28, 28, 1],
                "loss": "sparse_categorical_crossentropy",
                "optimizer": {"type": "adam"},
            }),
        };
        let fields = document.as_object_mut().ok_or_else(|| Error::Spec("an experiment is an object".into()))?;
        if let Some(name) = &self.name {
            fields.insert("name".into(), name.as_str().into());
        }
        for text in ["title", "text"] {
            fields.remove(text);
        }
        if let Some(shape) = self.input_shape {
            fields.insert("input_shape".into(), json!(shape));
        }
        fields.insert("layers".into(), json!(self.layers));
        fields.extend(self.training.clone());
        Experiment::from_value(document)
    }

    /// The data set whose images and classes fit.
    fn dataset(&self) -> &'static str {
        let units = self.layers.iter().rev().find_map(|layer| layer.get("units")?.as_u64());
        match (self.input_shape, units) {
            (Some([28, 28, 1]), Some(10)) => "mnist",
            (Some([32, 32, 3]), Some(10)) => "cifar10",
            (Some([32, 32, 3]), Some(100)) => "cifar100",
            _ => "custom",
        }
    }
}

/// Names and values of a file in a message, up to a length.
fn clipped(text: String) -> String {
    let mut short: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(120).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// The number of values of a tensor of a file, if a network may have as many.
///
/// # Errors
/// [`Error::Import`] where it is too large.
pub fn checked_len(name: &str, shape: &[usize]) -> Result<usize> {
    let length = shape.iter().try_fold(1_usize, |length, &axis| length.checked_mul(axis));
    length.filter(|&length| length <= MAX_PARAMS).ok_or_else(|| {
        let name = clipped(name.into());
        Error::Import(format!("\"{name}\" is larger than a network may be ({MAX_PARAMS} values). Received: {shape:?}"))
    })
}

/// The weights of a network as a safetensors file; `tensors` gives those of a layer, in the order of its parameters.
///
/// # Errors
/// [`Error::Import`] names the layer whose tensors are missing or of other shapes.
pub fn weights<'a>(graph: &Graph, tensors: impl Fn(usize, &Node) -> Option<&'a [Tensor]>) -> Result<Vec<u8>> {
    let (weights, state) = graph.initial(0);
    let mut parameters = Parameters { weights, state, slots: Vec::new() };
    for (index, node) in graph.nodes.iter().enumerate().filter(|(_, node)| !node.params.is_empty()) {
        let params = &graph.params[node.params.clone()];
        let found = tensors(index, node).unwrap_or_default();
        if found.is_empty() && params.iter().all(|param| param.spec.values.is_some()) {
            // The layer's options give its values.
            continue;
        }
        let shapes = |shapes: Vec<&[usize]>| format!("{shapes:?}");
        let wanted: Vec<&[usize]> = params.iter().map(|param| param.spec.shape.as_slice()).collect();
        let received: Vec<&[usize]> = found.iter().map(|tensor| tensor.shape.as_slice()).collect();
        if wanted != received {
            return Err(Error::Import(format!(
                "the weights of layer \"{}\" must have the shapes {}. Received: {}",
                node.name,
                shapes(wanted),
                if received.is_empty() { "none".into() } else { shapes(received) }
            )));
        }
        for (param, tensor) in params.iter().zip(found) {
            let flat = if param.spec.trainable { &mut parameters.weights } else { &mut parameters.state };
            flat[param.range()].copy_from_slice(&tensor.values);
            if let Some(value) = tensor.values.iter().find(|value| !value.is_finite()) {
                let value = crate::base::number::PlainNumber(f64::from(*value));
                return Err(Error::Import(format!("\"{}\" must hold finite numbers. Received: {value}", param.name)));
            }
        }
    }
    weights::save(graph, &parameters)
}
