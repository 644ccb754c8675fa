//! The script for Keras 3.

use super::script::{COMMON, Target, config, docstring, file_name, python, quoted, tensor_name, tuple};
use crate::experiment::Experiment;
use crate::layers::keras::Argument;
use crate::network::graph::{Graph, Node};
use crate::network::names::INPUT;
use serde_json::Value;
use std::collections::HashSet;

const MAIN: &str = include_str!("keras_main.py");

/// Writes it.
pub fn write(spec: &Experiment, graph: &Graph) -> String {
    let (title, name) = (docstring(spec.title.as_deref().unwrap_or(&spec.name)), docstring(&spec.name));
    let file = file_name(spec, Target::Keras);
    let mut text = format!(
        "\"\"\"{title}: Convlab's '{name}' in Keras 3.\n\n    python {file} predict --data DIR --index 0 --count 5\n    \
         python {file} evaluate --data DIR\n    python {file} summary\n\nNeeds keras and one of its backends. To train on, in \
         Python: import this file, then\nmodel = build(); load(model, weights_here()); model.compile(…); \
         model.fit(…); save(model, …).\n\"\"\"\n\n"
    );
    text += "import argparse\nimport gzip\nimport json\nimport re\nimport struct\nimport sys\nimport tarfile\nfrom pathlib import Path\n\n\
             import keras\nimport numpy as np\nfrom keras import layers\n\n";
    text += "HERE = Path(__file__).resolve().parent\n";
    text += &config(spec);
    text += &format!("SOFTMAX = {}\n", if graph.softmax { "True" } else { "False" });
    text += "# Keras's names of the layers with parameters, and Convlab's.\n";
    text += &format!("NAMES = {{\n{}}}\n\n", names(graph));
    text += &definitions(graph);
    text += &build(spec, graph);
    text + "\n\n" + COMMON + "\n\n" + MAIN
}

/// The names of the layers in Keras, in order.
pub fn keras_names(graph: &Graph) -> Vec<String> {
    graph.nodes.iter().enumerate().map(|(index, node)| keras_name(index, &node.name)).collect()
}

/// Keras takes letters, digits and a few signs; a name that loses some gets its place in the network besides.
fn keras_name(index: usize, name: &str) -> String {
    let clean = clean(name);
    if clean == name { clean } else { format!("{clean}_{index}") }
}

/// A name in the letters that Keras takes.
pub fn clean(name: &str) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() || "-_.".contains(letter) { letter } else { '_' };
    let name: String = name.chars().map(plain).collect();
    if name.starts_with(|letter: char| letter.is_ascii_alphanumeric()) { name } else { format!("n{name}") }
}

fn names(graph: &Graph) -> String {
    let weighted = graph.nodes.iter().zip(keras_names(graph)).filter(|(node, _)| !node.params.is_empty());
    weighted.map(|(node, name)| format!("    {}: {},\n", quoted(&name), quoted(&node.name))).collect()
}

fn build(spec: &Experiment, graph: &Graph) -> String {
    let [h, w, c] = spec.input_shape;
    let mut text = format!("\ndef build():\n    t = {{{0}: keras.Input(({h}, {w}, {c}), name={0})}}\n", quoted(INPUT));
    for (node, name) in graph.nodes.iter().zip(keras_names(graph)) {
        let inputs: Vec<String> =
            node.inputs.iter().map(|&tensor| format!("t[{}]", quoted(tensor_name(graph, tensor)))).collect();
        let (layer, input) = (layer(graph, node, Some(&name)), input(node, &inputs));
        text += &format!("    t[{}] = {layer}({input})\n", quoted(&node.name));
    }
    let last = graph.nodes.last().map_or(INPUT, |node| &node.name);
    text + &format!(
        "    return keras.Model(t[{}], t[{}], name={})\n",
        quoted(INPUT),
        quoted(last),
        quoted(&clean(&spec.name))
    )
}

/// The call that makes a layer, with its name where one is given.
pub fn layer(graph: &Graph, node: &Node, name: Option<&str>) -> String {
    let keras = node.layer.keras();
    let options = node.layer.options();
    let given = keras.arguments.iter().filter_map(|argument| self::argument(*argument, &options, graph, node));
    let frozen = node.frozen.then(|| "trainable=False".to_string());
    let name = name.map(|name| format!("name={}", quoted(name)));
    let arguments: Vec<String> = given.chain(frozen).chain(name).collect();
    let module = if keras.definition.is_some() { "" } else { "layers." };
    format!("{module}{}({})", keras.class, arguments.join(", "))
}

/// What a layer is called with: its input, or a list of several.
pub fn input(node: &Node, inputs: &[String]) -> String {
    if node.layer.merges() { format!("[{}]", inputs.join(", ")) } else { inputs.concat() }
}

/// The classes that Keras does not have, each once.
pub fn definitions(graph: &Graph) -> String {
    let mut definitions: Vec<&str> = graph.nodes.iter().filter_map(|node| node.layer.keras().definition).collect();
    let mut seen = HashSet::new();
    definitions.retain(|definition| seen.insert(*definition));
    definitions.concat()
}

/// An argument of a layer's class as Python writes it, where it is written at all.
fn argument(argument: Argument, options: &Value, graph: &Graph, node: &Node) -> Option<String> {
    let name = argument.name();
    let value = match argument {
        Argument::KeywordOr(name, other) if options[name].is_null() => &options[other],
        _ => &options[name],
    };
    let text = match argument {
        Argument::Positional(_) => return Some(tuple(value)),
        Argument::Keyword(_) | Argument::KeywordOr(..) => tuple(value),
        Argument::Activation(_) => activation(value),
        Argument::Optional(_) if value.is_null() => return None,
        Argument::Optional(_) => tuple(value),
        Argument::Switch(_) if *value == Value::Bool(true) => return None,
        Argument::Switch(_) => python(value),
        Argument::Initializer(_) => {
            let (fan_in, rank) = start(graph, node, name);
            initializer(value, fan_in, rank)
        }
        Argument::Regularizer(_) => {
            let penalty = value.as_object()?;
            let weight = |key: &str| penalty.get(key).map_or("0.0".into(), python);
            format!("keras.regularizers.L1L2({}, {})", weight("l1"), weight("l2"))
        }
        Argument::Constraint(_) => {
            let bound = value.as_object()?;
            let part = |key: &str| bound.get(key).map_or("0".into(), python);
            format!("keras.constraints.MaxNorm({}, {})", part("max_norm"), part("axis"))
        }
    };
    Some(format!("{name}={text}"))
}

/// A name, or a call with the constants.
fn activation(value: &Value) -> String {
    let Some(fields) = value.as_object() else { return tuple(value) };
    let name = fields.get("type").and_then(Value::as_str).unwrap_or("linear");
    let constants = fields.iter().filter(|(key, _)| *key != "type");
    let constants: String = constants.map(|(key, value)| format!(", {key}={}", python(value))).collect();
    format!("lambda x: keras.activations.{name}(x{constants})")
}

/// The fan-in that PyTorch's default takes for the weights that an option such as `depthwise_initializer` starts, and their
/// number of axes; those of the layer's first weights where the option starts none, as of a bias that is off.
pub fn start(graph: &Graph, node: &Node, option: &str) -> (f64, usize) {
    let stem = option.trim_end_matches("_initializer");
    let params = &graph.params[node.params.clone()];
    let is_named = |name: &str| name.strip_suffix("_kernel").unwrap_or(name) == stem;
    let spec = &params.iter().find(|param| is_named(param.spec.name)).unwrap_or(&params[0]).spec;
    (spec.fans.torch_fan_in, spec.shape.len())
}

/// PyTorch's default is a uniform distribution to Keras.
fn initializer(value: &Value, fan_in: f64, rank: usize) -> String {
    let name = value.as_str().or_else(|| value.get("type")?.as_str()).unwrap_or("zeros");
    match name {
        "pytorch_default" => {
            let limit = fan_in.sqrt().recip();
            format!("keras.initializers.RandomUniform({}, {limit})", -limit)
        }
        "constant" => format!("keras.initializers.Constant({})", value.get("value").map_or("0.0".into(), python)),
        // Keras does not have it; the weights come from the file.
        "whitening" => quoted("glorot_uniform"),
        // Keras's identity is for matrices.
        "identity" if rank != 2 => {
            let gain = value.get("gain").map_or("1.0".into(), python);
            format!(
                "lambda shape, dtype=None: {gain} * np.eye(*shape[-2:]) * (np.arange(shape[0]) == shape[0] // 2)[:, None, None, None] \
                 * (np.arange(shape[1]) == shape[1] // 2)[:, None, None]"
            )
        }
        name => match value.as_object() {
            None => quoted(name),
            Some(fields) => {
                let class = crate::network::names::class_name(name);
                let constants = fields.iter().filter(|(key, _)| !["type", "others"].contains(&key.as_str()));
                let constants: Vec<String> = constants.map(|(key, value)| format!("{key}={}", python(value))).collect();
                format!("keras.initializers.{class}({})", constants.join(", "))
            }
        },
    }
}
