//! The layers of a Keras model as its configuration lists them, in the forms of Keras 2 and 3.

use super::super::network::Network;
use crate::export::keras_model::order::keras_order;
use crate::export::keras_model::weights::unique_names;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// The most layers that are looked at.
const MAX_ENTRIES: usize = 10_000;

/// A layer of the configuration.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Its class.
    pub class: String,
    /// The constructor's arguments.
    pub config: Map<String, Value>,
    /// The entries that it reads.
    pub inputs: Vec<usize>,
    /// Numbers that it is called with besides.
    pub constants: Vec<f64>,
}

/// What a layer is called with.
#[derive(Default)]
struct Call {
    tensors: Vec<String>,
    constants: Vec<f64>,
    /// Whether it was called as in training or as in inference.
    training: Option<bool>,
}

/// The layers of a model, each after those that it reads.
///
/// # Errors
/// A message where the configuration is not that of a model.
pub fn entries(root: &Value, network: &mut Network) -> Result<Vec<Entry>, String> {
    let class = root["class_name"].as_str().unwrap_or_default();
    let config = &root["config"];
    let is_sequential = match class {
        "Sequential" => true,
        "Functional" | "Model" => false,
        other => return Err(format!("a model of class Sequential or Functional is needed. Received: \"{other}\"")),
    };
    // The oldest files have the list of layers in place of the configuration.
    let layers = config["layers"].as_array().or(config.as_array());
    let layers = layers.ok_or("the model's configuration has no list of layers")?;
    if layers.is_empty() || layers.len() > MAX_ENTRIES {
        return Err(format!("a model has 1 to {MAX_ENTRIES} layers. Received: {}", layers.len()));
    }
    network.name = config["name"].as_str().map(str::to_string);
    let mut entries: Vec<Entry> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    let names = unique_names(layers.iter().map(|layer| layer["class_name"].as_str().unwrap_or_default()));
    for (layer, default) in layers.iter().zip(names) {
        let class = layer["class_name"].as_str().ok_or("a layer of the configuration has no class_name")?.to_string();
        let config = layer["config"].as_object().cloned().unwrap_or_default();
        let given = layer["name"].as_str().or_else(|| config.get("name")?.as_str()).filter(|name| !name.is_empty());
        let name = given.unwrap_or(&default).to_string();
        let (inputs, constants) = if is_sequential {
            (entries.len().checked_sub(1).into_iter().collect(), Vec::new())
        } else {
            let call = call(&layer["inbound_nodes"]).unwrap_or_else(|what| {
                network.refuse(format!("layer {name}"), what);
                Call::default()
            });
            // Keras writes False where nothing was given.
            if call.training == Some(true) {
                network.refuse(format!("layer {name}"), format!("{class} called with training=true"));
            }
            let mut inputs = Vec::new();
            for tensor in call.tensors {
                match known.get(&tensor) {
                    Some(&index) => inputs.push(index),
                    None => return Err(format!("layer \"{name}\" reads \"{tensor}\", which no layer before it is")),
                }
            }
            (inputs, call.constants)
        };
        if known.insert(name.clone(), entries.len()).is_some() {
            return Err(format!("two layers have the name \"{name}\""));
        }
        entries.push(Entry { name, class, config, inputs, constants });
    }
    if !is_sequential {
        for (what, ends) in [("inputs", &config["input_layers"]), ("outputs", &config["output_layers"])] {
            // One end is `[name, 0, 0]`, or a list of one of these.
            let count = ends.as_array().filter(|list| list.first().is_some_and(Value::is_array)).map_or(1, Vec::len);
            if count != 1 {
                network.refuse("model", format!("{count} {what}"));
            }
        }
        put_last(&mut entries, &config["output_layers"]);
    }
    Ok(entries)
}

/// Leaves out what follows the output, which no layer reads.
fn put_last(entries: &mut Vec<Entry>, output: &Value) {
    let first = output.get(0);
    let name = first.and_then(|first| first.as_str().or_else(|| first.get(0)?.as_str()));
    if let Some(index) = name.and_then(|name| entries.iter().position(|entry| entry.name == name)) {
        entries.truncate(index + 1);
    }
}

/// The names of the groups that Keras 3 keeps the entries' weights in, by entry.
pub fn groups(entries: &[Entry]) -> Vec<String> {
    let inputs: Vec<Vec<usize>> = entries.iter().map(|entry| entry.inputs.clone()).collect();
    let order = keras_order(&inputs);
    let names = unique_names(order.iter().map(|&index| entries[index].class.as_str()));
    let mut groups = vec![String::new(); entries.len()];
    order.into_iter().zip(names).for_each(|(index, name)| groups[index] = name);
    groups
}

/// What a layer of a functional model is called with.
fn call(nodes: &Value) -> Result<Call, String> {
    let nodes = nodes.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut call = Call::default();
    match nodes {
        [] => {}
        [Value::Object(node)] => {
            collect(node.get("args").unwrap_or(&Value::Null), &mut call, 0);
            let mut named = Call::default();
            collect(node.get("kwargs").unwrap_or(&Value::Null), &mut named, 0);
            call.tensors.extend(named.tensors);
            call.training = node.get("kwargs").and_then(|named| named["training"].as_bool());
        }
        // Keras 2: `[[name, node, tensor, {…}], …]`, or one of these where there is one.
        [Value::Array(node)] => {
            let one = [Value::Array(node.clone())];
            let tensors = if node.first().is_some_and(Value::is_string) { &one[..] } else { node.as_slice() };
            call.tensors.extend(tensors.iter().filter_map(|tensor| tensor[0].as_str().map(str::to_string)));
            call.training = tensors.iter().find_map(|tensor| tensor[3]["training"].as_bool());
        }
        _ => return Err("a layer that is used more than once".into()),
    }
    Ok(call)
}

/// The tensors and numbers of an argument, which may be lists of lists.
fn collect(value: &Value, call: &mut Call, depth: usize) {
    match value {
        Value::Number(number) => call.constants.extend(number.as_f64()),
        Value::Array(items) if depth < 8 => items.iter().for_each(|item| collect(item, call, depth + 1)),
        Value::Object(fields) if fields.get("class_name").is_some_and(|class| class == "__keras_tensor__") => {
            call.tensors.extend(value["config"]["keras_history"][0].as_str().map(str::to_string));
        }
        Value::Object(fields) if depth < 8 => fields.values().for_each(|item| collect(item, call, depth + 1)),
        _ => {}
    }
}
