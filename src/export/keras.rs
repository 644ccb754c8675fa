//! The script for Keras 3.

use super::script::{COMMON, Target, config, file_name, plain, python, quoted, tensor_name, tuple};
use crate::experiment::Experiment;
use crate::layers::keras::Argument;
use crate::network::graph::{Graph, Node};
use crate::network::names::INPUT;
use serde_json::Value;
use std::collections::HashSet;

const MAIN: &str = include_str!("keras_main.py");

/// Writes it.
pub fn write(spec: &Experiment, graph: &Graph) -> String {
    let (title, name) = (plain(spec.title.as_deref().unwrap_or(&spec.name)), plain(&spec.name));
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

/// Keras takes letters, digits and a few signs; a name that loses some gets its place in the network besides.
fn keras_name(graph: &Graph, node: &Node) -> String {
    let clean = clean(&node.name);
    if clean == node.name {
        return quoted(&clean);
    }
    let index = graph.nodes.iter().position(|other| other.name == node.name).unwrap_or_default();
    quoted(&format!("{clean}_{index}"))
}

fn clean(name: &str) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() || "-_.".contains(letter) { letter } else { '_' };
    let name: String = name.chars().map(plain).collect();
    if name.starts_with(|letter: char| letter.is_ascii_alphanumeric()) { name } else { format!("n{name}") }
}

fn names(graph: &Graph) -> String {
    let weighted = graph.nodes.iter().filter(|node| !node.params.is_empty());
    weighted.map(|node| format!("    {}: {},\n", keras_name(graph, node), quoted(&node.name))).collect()
}

fn build(spec: &Experiment, graph: &Graph) -> String {
    let [h, w, c] = spec.input_shape;
    let mut text = format!("\ndef build():\n    t = {{{0}: keras.Input(({h}, {w}, {c}), name={0})}}\n", quoted(INPUT));
    for node in &graph.nodes {
        let inputs: Vec<String> =
            node.inputs.iter().map(|&tensor| format!("t[{}]", quoted(tensor_name(graph, tensor)))).collect();
        let input = if node.layer.merges() { format!("[{}]", inputs.join(", ")) } else { inputs.concat() };
        let keras = node.layer.keras();
        let options = node.layer.options();
        let given = keras.arguments.iter().filter_map(|argument| self::argument(*argument, &options, graph, node));
        let arguments: Vec<String> = given.chain([format!("name={}", keras_name(graph, node))]).collect();
        let module = if keras.definition.is_some() { "" } else { "layers." };
        let call = format!("{module}{}({})", keras.class, arguments.join(", "));
        text += &format!("    t[{}] = {call}({input})\n", quoted(&node.name));
    }
    let last = graph.nodes.last().map_or(INPUT, |node| &node.name);
    text + &format!(
        "    return keras.Model(t[{}], t[{}], name={})\n",
        quoted(INPUT),
        quoted(last),
        quoted(&clean(&spec.name))
    )
}

/// The classes that Keras does not have, each once.
fn definitions(graph: &Graph) -> String {
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
        Argument::Switch(_) if *value == Value::Bool(true) => return None,
        Argument::Switch(_) => python(value),
        Argument::Initializer(_) => initializer(value, graph.params[node.params.start].spec.fans.torch_fan_in),
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

/// PyTorch's default is a uniform distribution to Keras.
fn initializer(value: &Value, fan_in: f64) -> String {
    let name = value.as_str().or_else(|| value.get("type")?.as_str()).unwrap_or("zeros");
    match name {
        "pytorch_default" => {
            let limit = fan_in.sqrt().recip();
            format!("keras.initializers.RandomUniform({}, {limit})", -limit)
        }
        "constant" => format!("keras.initializers.Constant({})", value.get("value").map_or("0.0".into(), python)),
        name => quoted(name),
    }
}
