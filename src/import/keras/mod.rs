//! Keras's files: the configuration alone (`model.to_json()`), Keras 3's own file (`.keras`), and HDF5 with the whole model or
//! with weights only, in the forms of Keras 2 and 3.

mod archive;
mod entry;
mod hdf5;
mod lrn;
mod options;
mod training;

use super::imported::{Imported, refused, text};
use super::network::{Network, weights};
use crate::base::error::Result;
use crate::experiment::Experiment;
use crate::export::keras_model::weight_groups;
use crate::layers;
use crate::network::graph::{Graph, MAX_NAME};
use crate::network::names::{DefaultNames, INPUT};
use entry::Entry;
use hdf5::{Content, Weights};
use options::Options;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Whether a JSON document is a model of Keras's.
pub fn is_model(document: &Value) -> bool {
    document.get("class_name").is_some() && document.get("config").is_some()
}

/// Reads `model.to_json()`.
///
/// # Errors
/// [`Error::Import`](crate::Error::Import) where it is no model of Keras's.
pub fn json(document: &Value, basis: Option<&Experiment>) -> Result<Imported> {
    model(document, None, basis)
}

/// Reads a `.keras` file.
///
/// # Errors
/// As [`json`]; also where the archive is damaged or too large, and where the weights do not fit the model.
pub fn archive(bytes: &[u8], basis: Option<&Experiment>) -> Result<Imported> {
    let files = archive::read(bytes)?;
    let config = serde_json::from_str(&text(&files.config)?);
    let config = config.map_err(|error| refused(format!("config.json is not JSON ({error})")))?;
    model(&config, Some(&Weights::new(files.weights)?), basis)
}

/// Reads an HDF5 file: a whole model, or weights for `basis`.
///
/// # Errors
/// As [`archive`]; also where the file has weights only and there is no `basis`.
pub fn hdf5(bytes: &[u8], basis: Option<&Experiment>) -> Result<Imported> {
    let file = Weights::new(bytes.to_vec())?;
    match file.content()? {
        Content::Model { config, training } => {
            let parse = |name: &str, text: &str| -> Result<Value> {
                serde_json::from_str(text).map_err(|error| refused(format!("{name} is not JSON ({error})")))
            };
            let mut config = parse("model_config", &config)?;
            if let (Some(config), Some(training)) = (config.as_object_mut(), training) {
                config.insert("compile_config".into(), training::compiled(parse("training_config", &training)?));
            }
            model(&config, Some(&file), basis)
        }
        Content::Weights => {
            let basis = basis.ok_or_else(|| {
                refused("this file holds weights without a network; name the network's experiment (--experiment)")
            })?;
            let weights = weights_only(&file, basis)?;
            Ok(Imported {
                experiment: basis.clone(),
                weights: Some(weights),
                unsupported: Vec::new(),
                matched: Vec::new(),
            })
        }
    }
}

/// The weights of a network that the file does not describe: by the names of its layers, else by Keras's order of them.
fn weights_only(file: &Weights, basis: &Experiment) -> Result<Vec<u8>> {
    let graph = Graph::new(basis)?;
    let groups: HashMap<usize, String> = weight_groups(&graph)?.into_iter().collect();
    let names: Vec<String> = graph.nodes.iter().map(|node| node.name.clone()).collect();
    let by_name = file.by_name(&names)?;
    let first = weights(&graph, |index, _| by_name.get(&names[index]).map(Vec::as_slice));
    if first.is_ok() {
        return first;
    }
    let order: Vec<(usize, &str)> = {
        let mut order: Vec<(usize, &str)> = groups.iter().map(|(&node, group)| (node, group.as_str())).collect();
        order.sort_unstable();
        order.retain(|(node, _)| !graph.nodes[*node].params.is_empty());
        order
    };
    let by_order = file.by_order(&order)?;
    weights(&graph, |index, _| by_order.get(&index).map(Vec::as_slice))
}

/// A model, and its weights where the file has them.
fn model(config: &Value, file: Option<&Weights>, basis: Option<&Experiment>) -> Result<Imported> {
    let mut network = Network::default();
    let mut entries = entry::entries(config, &mut network).map_err(refused)?;
    let mut tensors = HashMap::new();
    if let Some(file) = file {
        let groups = entry::groups(&entries);
        let named = entries.iter().map(|entry| entry.name.as_str()).zip(groups.iter().map(String::as_str));
        tensors = file.of_model(named.collect())?;
        lrn::fold(&mut entries, &tensors);
    }
    let (names, limits) = Reader::new(&mut network).read(&entries);
    let last = network.layers.last();
    let is_softmax =
        last.is_some_and(|last| ["activation", "type"].iter().any(|key| last.get(*key) == Some(&json!("softmax"))));
    network.training = training::training(&config["compile_config"], is_softmax, &mut network.unsupported);
    let experiment = network.experiment(basis)?;
    let graph = Graph::new(&experiment);
    if let Ok(graph) = &graph {
        check_limits(graph, &names, &limits, &mut network);
    }
    let weights = match (graph, file) {
        // Weights belong to a whole network.
        (Ok(graph), Some(_)) if network.unsupported.is_empty() => {
            Some(weights(&graph, |_, node| {
                let tensors = tensors.get(names.get(&node.name)?)?;
                // Keras's normalisation also counts the images.
                let count = if node.layer.kind() == "normalization" { 2.min(tensors.len()) } else { tensors.len() };
                Some(&tensors[..count])
            })?)
        }
        _ => None,
    };
    Ok(Imported { experiment, weights, unsupported: network.unsupported, matched: Vec::new() })
}

/// Uniform distributions have a counterpart where they are PyTorch's default.
fn check_limits(graph: &Graph, names: &HashMap<String, String>, limits: &[(String, f64)], network: &mut Network) {
    for node in graph.nodes.iter().filter(|node| !node.params.is_empty()) {
        let expected = graph.params[node.params.start].spec.fans.torch_fan_in.sqrt().recip();
        for (name, limit) in limits.iter().filter(|(name, _)| names.get(&node.name) == Some(name)) {
            if (limit - expected).abs() > 1e-6 * expected {
                network.refuse(format!("layer {name}"), format!("an initializer uniform from {} to {limit}", -limit));
            }
        }
    }
}

/// Turns entries into layers.
struct Reader<'a> {
    network: &'a mut Network,
    classes: Vec<(&'static str, layers::keras::KerasLayer)>,
    defaults: DefaultNames,
    /// The name of the last layer.
    previous: String,
    /// Of each entry the name of the layer whose output is its own.
    outputs: Vec<String>,
    /// The entry's name of each layer with one.
    names: HashMap<String, String>,
    /// Entries with the limits of uniform distributions that must be PyTorch's default.
    limits: Vec<(String, f64)>,
}

impl<'a> Reader<'a> {
    fn new(network: &'a mut Network) -> Self {
        let (classes, defaults) = (layers::keras_classes(), DefaultNames::default());
        let (outputs, names, limits) = (Vec::new(), HashMap::new(), Vec::new());
        Self { network, classes, defaults, previous: INPUT.into(), outputs, names, limits }
    }

    /// The entry's name of each layer, and the limits.
    fn read(mut self, entries: &[Entry]) -> (HashMap<String, String>, Vec<(String, f64)>) {
        for (index, entry) in entries.iter().enumerate() {
            let first = entry.inputs.first();
            let input = first.map_or(INPUT.to_string(), |&input| self.outputs[input].clone());
            if self.network.input_shape.is_none() && self.network.layers.is_empty() {
                self.input(entry);
            }
            let output = match self.layer(entry, index, entries) {
                Some((kind, options)) => self.push(entry, kind, options),
                None => input,
            };
            self.outputs.push(output);
        }
        (self.names, self.limits)
    }

    fn refuse(&mut self, entry: &Entry, what: impl Into<String>) {
        self.network.refuse(format!("layer {}", entry.name), what);
    }

    /// The shape of the images, where the entry tells it.
    fn input(&mut self, entry: &Entry) {
        let shape = ["batch_shape", "batch_input_shape"].iter().find_map(|key| entry.config.get(*key)?.as_array());
        let Some(shape) = shape else { return };
        let sizes: Vec<Option<usize>> =
            shape.iter().skip(1).map(|size| size.as_u64().map(|size| size as usize)).collect();
        match sizes[..] {
            [Some(h), Some(w), Some(c)] => self.network.input_shape = Some([h, w, c]),
            // Images without an axis of channels, which are flattened.
            [Some(h), Some(w)] => self.network.input_shape = Some([h, w, 1]),
            _ => {
                let shape = json!(shape);
                self.refuse(entry, format!("input of shape {shape}; images have a height, a width and channels"));
                self.network.input_shape = Some([28, 28, 1]);
            }
        }
    }

    /// A layer's type and options; none where it changes nothing or has no counterpart.
    fn layer(&mut self, entry: &Entry, index: usize, entries: &[Entry]) -> Option<(&'static str, Map<String, Value>)> {
        if matches!(entry.class.as_str(), "InputLayer") || self.is_pixel_scale(entry, index, entries) {
            return None;
        }
        if let Some(function) = activation_layer(entry) {
            let options = Map::from_iter([("activation".to_string(), function)]);
            if layers::from_options("activation", Value::Object(options.clone())).is_ok() {
                return Some(("activation", options));
            }
        }
        let class = self.classes.iter().find(|(_, keras)| keras.class == entry.class);
        let Some((kind, arguments)) = class.map(|(kind, keras)| (*kind, keras.arguments)) else {
            self.refuse(entry, entry.class.clone());
            return None;
        };
        let Options { options, refused, limits } = options::options(kind, arguments, &entry.config);
        self.limits.extend(limits.into_iter().map(|limit| (entry.name.clone(), limit)));
        for what in &refused {
            self.refuse(entry, format!("{} with {what}", entry.class));
        }
        if let Err(error) = layers::from_options(kind, Value::Object(options.clone())) {
            if refused.is_empty() {
                self.refuse(entry, format!("{}: {error}", entry.class));
            }
            return None;
        }
        Some((kind, options))
    }

    /// Whether a first layer turns bytes into numbers from 0 to 1, which is how images come here.
    fn is_pixel_scale(&self, entry: &Entry, index: usize, entries: &[Entry]) -> bool {
        let number = |key: &str| entry.config.get(key).and_then(Value::as_f64);
        let is_first = entries[..index].iter().all(|before| before.class == "InputLayer");
        let is_scale = number("scale").is_some_and(|scale| (scale * 255.0 - 1.0).abs() < 1e-6);
        entry.class == "Rescaling" && is_first && is_scale && number("offset").is_none_or(|offset| offset == 0.0)
    }

    /// Adds a layer; returns its name.
    fn push(&mut self, entry: &Entry, kind: &'static str, options: Map<String, Value>) -> String {
        let mut layer = Map::from_iter([("type".to_string(), Value::from(kind))]);
        let mut after = self.defaults.clone();
        let default = after.next(kind);
        let name = if entry.name == default || entry.name.len() > MAX_NAME || entry.name == INPUT {
            self.defaults = after;
            default
        } else {
            layer.insert("name".into(), entry.name.as_str().into());
            entry.name.clone()
        };
        let inputs: Vec<String> = entry.inputs.iter().map(|&input| self.outputs[input].clone()).collect();
        if inputs.len() > 1 || inputs.first().is_some_and(|input| *input != self.previous) {
            layer.insert("inputs".into(), json!(inputs));
        }
        if entry.config.get("trainable") == Some(&Value::Bool(false)) {
            layer.insert("trainable".into(), false.into());
        }
        layer.extend(options);
        self.network.layers.push(layer);
        self.previous.clone_from(&name);
        self.names.insert(name.clone(), entry.name.clone());
        name
    }
}

/// The activation of a layer that is one: `ReLU()`.
fn activation_layer(entry: &Entry) -> Option<Value> {
    let kind = match entry.class.as_str() {
        "ReLU" if entry.config.get("max_value").and_then(Value::as_f64) == Some(6.0) => return Some("relu6".into()),
        "ReLU" | "Softmax" | "Gelu" => entry.class.clone(),
        _ => return None,
    };
    let config: Map<String, Value> = entry
        .config
        .iter()
        .filter(|(name, value)| !options::is_neutral(name, value))
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
    options::activation(&json!({"class_name": kind, "config": config})).ok()
}
