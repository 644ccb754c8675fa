//! The script for Keras 3.

use super::{COMMON, Options, config, plain, python, quoted, tensor_name};
use crate::experiment::Experiment;
use crate::network::graph::{Graph, Node};
use crate::network::names::{INPUT, class_name};
use serde_json::Value;

const MAIN: &str = include_str!("keras_main.py");

/// Keras has no such layer; this is TensorFlow's operation on any backend.
const NORMALIZATION: &str = r#"
class LocalResponseNormalization(layers.Layer):
    """x / (bias + alpha * sum of x squared over the neighbouring channels) ** beta"""

    def __init__(self, depth_radius, bias, alpha, beta, **options):
        super().__init__(**options)
        self.depth_radius, self.bias, self.alpha, self.beta = depth_radius, bias, alpha, beta

    def call(self, x):
        r, channels = self.depth_radius, x.shape[-1]
        squares = keras.ops.pad(keras.ops.square(x), [(0, 0), (0, 0), (0, 0), (r, r)])
        energy = sum(squares[..., i : i + channels] for i in range(2 * r + 1))
        return x / keras.ops.power(self.bias + self.alpha * energy, self.beta)

"#;

/// Writes it.
pub fn write(spec: &Experiment, graph: &Graph) -> String {
    let (title, name) = (plain(spec.title.as_deref().unwrap_or(&spec.name)), plain(&spec.name));
    let file = super::file_name(spec, super::Target::Keras);
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
    if graph.nodes.iter().any(|node| node.layer.kind() == "local_response_normalization") {
        text += NORMALIZATION;
    }
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
        let mut arguments = arguments(graph, node);
        arguments.push(format!("name={}", keras_name(graph, node)));
        let class = class(node.layer.kind());
        text += &format!("    t[{}] = {class}({})({input})\n", quoted(&node.name), arguments.join(", "));
    }
    let last = graph.nodes.last().map_or(INPUT, |node| &node.name);
    text + &format!(
        "    return keras.Model(t[{}], t[{}], name={})\n",
        quoted(INPUT),
        quoted(last),
        quoted(&clean(&spec.name))
    )
}

fn class(kind: &str) -> String {
    let class = class_name(kind);
    if kind == "local_response_normalization" { class } else { format!("layers.{class}") }
}

fn arguments(graph: &Graph, node: &Node) -> Vec<String> {
    let options = Options::of(node);
    let set = |key: &str, value: String| format!("{key}={value}");
    match node.layer.kind() {
        "conv2d" => {
            let mut list = vec![options.python("filters"), options.pair("kernel_size")];
            list.extend([set("strides", options.pair("strides")), set("padding", options.python("padding"))]);
            list.extend(weights(graph, node, &options, "kernel"));
            list
        }
        "depthwise_conv2d" => {
            let mut list = vec![options.pair("kernel_size"), set("strides", options.pair("strides"))];
            list.push(set("padding", options.python("padding")));
            list.extend(weights(graph, node, &options, "depthwise"));
            list
        }
        "dense" => {
            let mut list = vec![options.python("units")];
            list.extend(weights(graph, node, &options, "kernel"));
            list
        }
        "max_pooling2d" | "average_pooling2d" => vec![
            options.pair("pool_size"),
            set("strides", options.strides()),
            set("padding", options.python("padding")),
        ],
        "batch_normalization" => {
            let keys = ["momentum", "epsilon", "center", "scale"];
            keys.map(|key| set(key, options.python(key))).to_vec()
        }
        "local_response_normalization" => {
            let keys = ["depth_radius", "bias", "alpha", "beta"];
            keys.map(|key| set(key, options.python(key))).to_vec()
        }
        "dropout" => vec![options.python("rate")],
        "activation" => vec![options.python("activation")],
        "zero_padding2d" => vec![options.pair("padding")],
        _ => Vec::new(),
    }
}

/// What layers with a kernel have in common; `kernel` is Keras's word for it.
fn weights(graph: &Graph, node: &Node, options: &Options, kernel: &str) -> Vec<String> {
    let mut list = vec![format!("activation={}", options.python("activation"))];
    if !options.is_on("use_bias") {
        list.push("use_bias=False".into());
    }
    let fan_in = graph.params[node.params.start].spec.fans.torch_fan_in;
    let kernel_initializer = options.get(&format!("{kernel}_initializer"));
    list.push(format!("{kernel}_initializer={}", initializer(kernel_initializer, fan_in)));
    list.push(format!("bias_initializer={}", initializer(options.get("bias_initializer"), fan_in)));
    if let Value::Object(penalty) = options.get(&format!("{kernel}_regularizer")) {
        let weight = |key: &str| penalty.get(key).map_or("0.0".into(), python);
        list.push(format!("{kernel}_regularizer=keras.regularizers.L1L2({}, {})", weight("l1"), weight("l2")));
    }
    if let Value::Object(bound) = options.get(&format!("{kernel}_constraint")) {
        let part = |key: &str| bound.get(key).map_or("0".into(), python);
        list.push(format!("{kernel}_constraint=keras.constraints.MaxNorm({}, {})", part("max_norm"), part("axis")));
    }
    list
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
