//! The cell that builds the network: `Sequential` where layers follow each other, else calls of layers.

use super::needs::Needs;
use crate::experiment::Experiment;
use crate::export::keras::{clean, input, keras_names, layer};
use crate::network::graph::Graph;
use serde_json::Value;

/// Writes it, with the layers of random changes at its start.
pub fn cell(spec: &Experiment, graph: &Graph, changes: &[String], needs: &mut Needs) -> String {
    let [h, w, c] = spec.input_shape;
    let input = format!("keras.Input(({h}, {w}, {c}))");
    let is_chain = graph.nodes.iter().enumerate().all(|(index, node)| node.inputs == [index] && !node.layer.merges());
    let (before, calls) = calls(spec, graph, needs);
    let text = if is_chain {
        let layers = std::iter::once(&input).chain(changes).chain(&calls);
        let layers: String = layers.map(|layer| format!("    {layer},\n")).collect();
        format!("model = keras.Sequential([\n{layers}])\n")
    } else {
        functional(graph, &input, changes, &calls)
    };
    before + &text + "model.summary()"
}

/// Each layer's call. A normalisation by the training images is made before the network.
fn calls(spec: &Experiment, graph: &Graph, needs: &mut Needs) -> (String, Vec<String>) {
    let is_named = spec.layers.iter().any(|layer| layer.get("name").is_some_and(|name| !name.is_null()));
    let (mut before, mut calls) = (String::new(), Vec::new());
    for ((node, name), entry) in graph.nodes.iter().zip(keras_names(graph)).zip(&spec.layers) {
        let keras = node.layer.keras();
        let is_known = |key: &str| {
            ["type", "name", "inputs", "trainable"].contains(&key)
                || keras.arguments.iter().any(|argument| argument.name() == key)
        };
        let lacks =
            entry.iter().filter(|(key, value)| !is_known(key) && !matches!(value, Value::Null | Value::Bool(false)));
        let starts = entry.iter().filter(|(key, _)| key.ends_with("_initializer"));
        let starts = starts.filter_map(|(_, value)| lacking_start(value));
        for key in lacks.map(|(key, _)| key.as_str()).chain(starts) {
            let what = format!("{key} of {}", node.layer.kind());
            if !needs.left_out.contains(&what) {
                needs.left_out.push(what);
            }
        }
        let mut call = layer(graph, node, is_named.then_some(&*name));
        if node.layer.kind() == "normalization" {
            call = format!("layers.{call}");
            if node.layer.options()["mean"].is_null() {
                let variable = format!("{}_layer", variable(&name));
                before += &format!("{variable} = {call}\n{variable}.adapt(x_train)\n");
                call = variable;
                if node.inputs != [0] {
                    needs.left_out.push(format!("the statistics of {name}, which are those of the images here"));
                }
            }
        }
        calls.push(call);
    }
    (before, calls)
}

/// The part of an initialiser that Keras lacks; its layer starts without it.
fn lacking_start(value: &Value) -> Option<&'static str> {
    let name = value.as_str().or_else(|| value.get("type")?.as_str())?;
    let others = || value.get("others").filter(|others| !others.is_null());
    match name {
        "whitening" => Some("the initializer whitening"),
        "identity" if others().is_some() => Some("others of the initializer identity"),
        _ => None,
    }
}

/// The network of calls. `x` is what the next layer alone reads; other outputs have the names of their layers.
fn functional(graph: &Graph, network_input: &str, changes: &[String], calls: &[String]) -> String {
    let mut text = format!("inputs = {network_input}\n");
    for (index, change) in changes.iter().enumerate() {
        text += &format!("x = {change}({})\n", if index == 0 { "inputs" } else { "x" });
    }
    let mut names = vec![if changes.is_empty() { "inputs".to_string() } else { "x".into() }];
    let reads_only_next =
        |tensor: usize| graph.nodes.iter().enumerate().all(|(i, node)| i == tensor || !node.inputs.contains(&tensor));
    if !changes.is_empty() && !reads_only_next(0) {
        text += "images = x\n";
        names[0] = "images".into();
    }
    for (index, (node, call)) in graph.nodes.iter().zip(calls).enumerate() {
        let inputs: Vec<String> = node.inputs.iter().map(|&tensor| names[tensor].clone()).collect();
        let mut name = "x".to_string();
        if !reads_only_next(index + 1) {
            name = format!("{}_output", variable(&node.name));
            if names.contains(&name) {
                name += &format!("_{index}");
            }
        }
        text += &format!("{name} = {call}({})\n", input(node, &inputs));
        names.push(name);
    }
    text + &format!("model = keras.Model(inputs, {})\n", names.last().map_or("inputs", |name| name))
}

/// A name in Python.
fn variable(name: &str) -> String {
    let name = clean(name).replace(['-', '.'], "_");
    if name.starts_with(|letter: char| letter.is_ascii_digit()) { format!("n{name}") } else { name }
}
