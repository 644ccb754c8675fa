//! A trained network as Keras 3's own file: a zip of the model's configuration and of an HDF5 file of its weights.

mod config;
mod object;
pub mod order;
pub mod weights;

use super::keras::{clean, keras_names};
use crate::base::error::{Error, Result};
use crate::engine::Parameters;
use crate::experiment::Experiment;
use crate::layers::keras::{KerasPart, PartInput};
use crate::network::graph::{Graph, Node};
use crate::network::names::INPUT;
use crate::tensor::activation::{Activation, Extended};
use crate::tensor::shape::Shape;
use object::Object;
use rawzip::ZipArchiveWriter;
use serde_json::{Map, Value, json};
use std::io::Write;

/// Writes the file.
///
/// # Errors
/// [`Error::Layer`] for a layer that cannot be built of Keras's own.
pub fn write(spec: &Experiment, graph: &Graph, parameters: &Parameters) -> Result<Vec<u8>> {
    let objects = objects(graph, parameters)?;
    let model = config::model(&clean(&spec.name), &objects);
    // The first version with this format. Without a date, the same network gives the same file.
    let metadata = json!({"keras_version": "3.0.0", "date_saved": ""});
    archive(&[
        ("metadata.json", metadata.to_string().as_bytes()),
        ("config.json", model.to_string().as_bytes()),
        ("model.weights.h5", &weights::write(&objects).map_err(|error| unwritten(&error))?),
    ])
}

fn unwritten(error: &dyn std::fmt::Display) -> Error {
    Error::Weights(format!("the file cannot be written: {error}"))
}

fn archive(files: &[(&str, &[u8])]) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut archive = ZipArchiveWriter::new(&mut bytes);
    let mut add = |name: &str, contents: &[u8]| -> std::result::Result<(), Box<dyn std::error::Error>> {
        let (mut entry, config) = archive.new_file(name).start()?;
        let mut writer = config.wrap(&mut entry);
        writer.write_all(contents)?;
        let (_, descriptor) = writer.finish()?;
        entry.finish(descriptor)?;
        Ok(())
    };
    for (name, contents) in files {
        add(name, contents).map_err(|error| unwritten(&error))?;
    }
    archive.finish().map_err(|error| unwritten(&error))?;
    Ok(bytes)
}

/// The groups of Keras's files of weights that hold the parameters of a network's layers: indices of nodes, names of groups.
///
/// # Errors
/// As [`write`].
pub fn weight_groups(graph: &Graph) -> Result<Vec<(usize, String)>> {
    let (weights, state) = graph.initial(0);
    let objects = objects(graph, &Parameters { weights, state, slots: Vec::new() })?;
    let names = keras_names(graph);
    let groups = weights::group_names(&objects).into_iter();
    Ok(groups
        .filter_map(|(object, group)| Some((names.iter().position(|name| *name == object.name)?, group)))
        .collect())
}

/// The objects of a network. The first one is its input.
fn objects<'a>(graph: &'a Graph, parameters: &Parameters) -> Result<Vec<Object<'a>>> {
    let config = json!({"batch_shape": config::batch(&graph.input_shape), "dtype": "float32"});
    let mut objects = vec![Object {
        name: INPUT.into(),
        module: "keras.layers",
        class: "InputLayer",
        config: config.as_object().cloned().unwrap_or_default(),
        inputs: Vec::new(),
        merges: false,
        constant: None,
        shape: &graph.input_shape,
        variables: Vec::new(),
    }];
    let names = keras_names(graph);
    // The object whose output each tensor is.
    let mut tensors = vec![0];
    for (node, name) in graph.nodes.iter().zip(names) {
        let inputs: Vec<usize> = node.inputs.iter().map(|&tensor| tensors[tensor]).collect();
        if node.layer.kind() == "normalization" {
            objects.push(normalization(graph, node, name, inputs, parameters));
        } else if node.layer.keras().definition.is_none() {
            let after = unique(&objects, &format!("{name}_activation"));
            objects.push(layer(graph, node, name, inputs, parameters));
            objects.extend(activation(node, after, objects.len() - 1));
        } else {
            let parts = node.layer.keras_parts(&node.input_shapes);
            if parts.is_empty() {
                let kind = node.layer.kind();
                let message = format!("Keras has no such layer of its own; export a script. Received: {kind}");
                return Err(Error::layer(&node.name, message));
            }
            let first = objects.len();
            let last = parts.len() - 1;
            for (index, part) in parts.into_iter().enumerate() {
                let name =
                    if index == last { name.clone() } else { unique(&objects, &format!("{name}_{}", part.name)) };
                objects.push(self::part(part, name, inputs[0], first, &node.output_shape));
            }
        }
        tensors.push(objects.len() - 1);
    }
    Ok(objects)
}

fn unique(objects: &[Object], wanted: &str) -> String {
    let is_free = |name: &String| objects.iter().all(|object| object.name != *name);
    let mut names = std::iter::once(wanted.to_string()).chain((1..).map(|number| format!("{wanted}_{number}")));
    names.find(is_free).unwrap_or_default()
}

fn layer<'a>(graph: &Graph, node: &'a Node, name: String, inputs: Vec<usize>, parameters: &Parameters) -> Object<'a> {
    let params = &graph.params[node.params.clone()];
    Object {
        name,
        module: "keras.layers",
        class: node.layer.keras().class,
        config: config::arguments(graph, node),
        inputs,
        merges: node.layer.merges(),
        constant: None,
        shape: &node.output_shape,
        variables: params.iter().map(|param| (param.spec.shape.clone(), parameters.values(param).to_vec())).collect(),
    }
}

/// Keras's own normalisation has its statistics in the configuration, where they are constants.
fn normalization<'a>(
    graph: &Graph,
    node: &'a Node,
    name: String,
    inputs: Vec<usize>,
    parameters: &Parameters,
) -> Object<'a> {
    let mut object = layer(graph, node, name, inputs, parameters);
    let number = |value: &f32| value.to_string().parse::<f64>().unwrap_or_default();
    let values = object.variables.drain(..).map(|(_, values)| values.iter().map(number).collect::<Value>());
    let config = ["mean", "variance"].into_iter().map(String::from).zip(values);
    object.config = config.chain([("axis".to_string(), json!(-1))]).collect();
    object
}

/// An activation with constants, for which a layer's configuration has no place: an object of its own.
fn activation(node: &Node, name: String, input: usize) -> Option<Object<'_>> {
    let (module, class, constant, value) = match node.activation {
        Activation::Extended(Extended::Gelu { approximate: true }) => {
            ("keras.src.ops.nn", "Gelu", "approximate", Value::from(true))
        }
        Activation::Extended(Extended::LeakyRelu { negative_slope }) => {
            ("keras.layers", "LeakyReLU", "negative_slope", negative_slope.into())
        }
        Activation::Extended(Extended::Elu { alpha }) => ("keras.layers", "ELU", "alpha", alpha.into()),
        _ => return None,
    };
    node.layer.options().get("activation").filter(|activation| activation.is_object())?;
    let config = Map::from_iter([(constant.to_string(), value)]);
    let (inputs, shape) = (vec![input], &node.output_shape);
    let (merges, constant, variables) = (false, None, Vec::new());
    Some(Object { name, module, class, config, inputs, merges, constant, shape, variables })
}

fn part(part: KerasPart, name: String, input: usize, first: usize, shape: &Shape) -> Object<'_> {
    let object = |input_of| match input_of {
        PartInput::Layer => input,
        PartInput::Part(index) => first + index,
    };
    let (module, class, merges, constant) = (part.module, part.class, part.merges, part.constant);
    let config = part.config.as_object().cloned().unwrap_or_default();
    let inputs = part.inputs.into_iter().map(object).collect();
    Object { name, module, class, config, inputs, merges, constant, shape, variables: part.weights }
}
