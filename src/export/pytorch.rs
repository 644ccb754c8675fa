//! The script for PyTorch.

use super::{COMMON, Options, config, plain, quoted, tensor_name};
use crate::experiment::Experiment;
use crate::network::graph::{Graph, Node};
use crate::network::names::INPUT;
use crate::tensor::activation::Activation;
use crate::tensor::parameter::Axes;

const MAIN: &str = include_str!("pytorch_main.py");

/// What `nn.Module` or Python keeps for itself.
const RESERVED: [&str; 36] = [
    "and",
    "apply",
    "as",
    "bfloat16",
    "buffers",
    "children",
    "class",
    "compile",
    "cpu",
    "cuda",
    "def",
    "double",
    "eval",
    "float",
    "for",
    "forward",
    "from",
    "global",
    "half",
    "if",
    "import",
    "in",
    "ipu",
    "is",
    "lambda",
    "modules",
    "not",
    "or",
    "parameters",
    "pass",
    "return",
    "to",
    "train",
    "training",
    "type",
    "with",
];

/// Keras's `same` padding and its pools, which PyTorch does not have.
const HELPERS: &str = r#"
def pad_same(x, kernel, stride, value=0.0):
    """Keras's "same": the odd row and column go below and to the right."""
    pads = []
    for size, k, s in zip(x.shape[:1:-1], kernel[::-1], stride[::-1]):
        total = max((-(-size // s) - 1) * s + k - size, 0)
        pads += [total // 2, total - total // 2]
    return F.pad(x, pads, value=value)


def average_same(x, kernel, stride):
    """Keras's average divides by the pixels that are really there."""
    ones = torch.ones_like(x[:1, :1])
    return F.avg_pool2d(pad_same(x, kernel, stride), kernel, stride) / F.avg_pool2d(pad_same(ones, kernel, stride), kernel, stride)

"#;

/// Writes it.
pub fn write(spec: &Experiment, graph: &Graph) -> String {
    let (title, name) = (plain(spec.title.as_deref().unwrap_or(&spec.name)), plain(&spec.name));
    let file = super::file_name(spec, super::Target::Pytorch);
    let mut text = format!(
        "\"\"\"{title}: Convlab's '{name}' in PyTorch.\n\n    python {file} predict --data DIR --index 0 --count 5\n    \
         python {file} evaluate --data DIR\n    python {file} train --data DIR\n    torchrun --nproc-per-node 8 {file} train \
         --data DIR\n\nNeeds torch and numpy, and the weights beside this file. Training goes on from them (or from new ones: --new)\nand \
         follows the experiment (optimiser, schedule, augmentation, penalties, bounds) but for early stopping and\n\
         reduce_on_plateau; random numbers are PyTorch's own, so a run is alike, not the same.\n\"\"\"\n\n"
    );
    text += "import argparse\nimport gzip\nimport json\nimport math\nimport os\nimport re\nimport struct\nimport sys\nimport tarfile\nimport \
             time\nfrom pathlib import Path\n\nimport numpy as np\nimport torch\nimport torch.nn.functional as F\nfrom torch import nn\n\n";
    text += "HERE = Path(__file__).resolve().parent\n";
    text += &config(spec);
    text += &format!("BASE_RATE, WEIGHT_DECAY = {}, {}\n", spec.optimizer.learning_rate, spec.optimizer.weight_decay);
    text += "# Each module's Convlab name, type and parameters.\n";
    text += &format!("PARAMETERS = {{\n{}}}\n", parameters(graph));
    text += &format!("PENALTIES = {{{}}}  # L1 and L2\n", penalties(graph));
    text += &format!("BOUNDS = {{{}}}  # greatest norm, axes of Keras's kernel\n\n", bounds(graph));
    if text_uses_same(graph) {
        text += HELPERS;
    }
    text += &net(graph);
    text + "\n\n" + COMMON + "\n\n" + MAIN
}

fn text_uses_same(graph: &Graph) -> bool {
    graph.nodes.iter().any(|node| Options::of(node).text("padding") == "same")
}

/// A layer's name as an attribute, where it can be one.
fn attribute(graph: &Graph, node: &Node) -> String {
    let name = &node.name;
    let starts = name.starts_with(|letter: char| letter.is_ascii_alphabetic());
    let plain = starts && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    if plain && !RESERVED.contains(&name.as_str()) {
        return name.clone();
    }
    // `_` keeps it apart from any name that may be an attribute itself.
    let index = graph.nodes.iter().position(|other| other.name == *name).unwrap_or_default();
    format!("_layer_{index}")
}

fn parameters(graph: &Graph) -> String {
    let weighted = graph.nodes.iter().filter(|node| !node.params.is_empty());
    let line = |node: &Node| {
        let names: Vec<String> = graph.params[node.params.clone()].iter().map(|p| quoted(p.spec.name)).collect();
        let (module, kind) = (quoted(&attribute(graph, node)), quoted(node.layer.kind()));
        format!("    {module}: ({}, {kind}, [{}]),\n", quoted(&node.name), names.join(", "))
    };
    weighted.map(line).collect()
}

fn penalties(graph: &Graph) -> String {
    let lines = graph.nodes.iter().filter_map(|node| {
        let kernel = graph.params[node.params.clone()].iter().find(|param| !param.spec.regularizer.is_none())?;
        let penalty = kernel.spec.regularizer;
        Some(format!("{}: ({}, {})", quoted(&attribute(graph, node)), penalty.l1, penalty.l2))
    });
    lines.collect::<Vec<_>>().join(", ")
}

fn bounds(graph: &Graph) -> String {
    let lines = graph.nodes.iter().filter_map(|node| {
        let bound = graph.params[node.params.clone()].iter().find_map(|param| param.spec.constraint.clone())?;
        let axes = match bound.axis {
            Axes::One(axis) => vec![axis],
            Axes::Many(axes) => axes,
        };
        Some(format!("{}: ({}, {axes:?})", quoted(&attribute(graph, node)), bound.max_norm))
    });
    lines.collect::<Vec<_>>().join(", ")
}

fn net(graph: &Graph) -> String {
    let mut text = String::from("\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n");
    for node in &graph.nodes {
        if let Some(module) = module(node) {
            let name = attribute(graph, node);
            text += &format!("        self.{name} = {module}\n");
            text += &start(graph, node, &name);
        }
    }
    text += &format!(
        "\n    def forward(self, x):\n        \"\"\"Logits of pictures (n, channels, height, width).\"\"\"\n        t = {{{}: x}}\n",
        quoted(INPUT)
    );
    for node in &graph.nodes {
        let inputs: Vec<String> =
            node.inputs.iter().map(|&tensor| format!("t[{}]", quoted(tensor_name(graph, tensor)))).collect();
        let call = call(&format!("self.{}", attribute(graph, node)), node, &inputs);
        text += &format!("        t[{}] = {}\n", quoted(&node.name), activated(node.activation, call));
    }
    let last = graph.nodes.last().map_or(INPUT, |node| &node.name);
    text + &format!("        return t[{}]\n", quoted(last))
}

/// The modules are those layers that have parameters or a mode.
fn module(node: &Node) -> Option<String> {
    let options = Options::of(node);
    let bias = if options.is_on("use_bias") { "" } else { ", bias=False" };
    let channels = node.input_shapes[0].channels();
    Some(match node.layer.kind() {
        "conv2d" => {
            let (filters, kernel) = (options.python("filters"), options.pair("kernel_size"));
            format!("nn.Conv2d({channels}, {filters}, {kernel}, {}{bias})", options.pair("strides"))
        }
        "depthwise_conv2d" => {
            let (kernel, strides) = (options.pair("kernel_size"), options.pair("strides"));
            format!("nn.Conv2d({channels}, {channels}, {kernel}, {strides}, groups={channels}{bias})")
        }
        "dense" => format!("nn.Linear({channels}, {}{bias})", options.python("units")),
        "batch_normalization" => {
            let class = if node.output_shape.0.len() == 3 { "BatchNorm2d" } else { "BatchNorm1d" };
            let affine = if options.is_on("scale") || options.is_on("center") { "True" } else { "False" };
            let momentum = ((1.0 - options.number("momentum")) * 1e12).round() / 1e12;
            format!("nn.{class}({channels}, eps={}, momentum={momentum}, affine={affine})", options.number("epsilon"))
        }
        "dropout" => format!("nn.Dropout({})", options.python("rate")),
        _ => return None,
    })
}

/// How a module's parameters start, where that is not PyTorch's own way.
fn start(graph: &Graph, node: &Node, name: &str) -> String {
    let mut text = String::new();
    if node.layer.kind() == "batch_normalization" {
        let options = Options::of(node);
        if options.is_on("scale") != options.is_on("center") {
            let off = if options.is_on("scale") { "bias" } else { "weight" };
            text += &format!("        self.{name}.{off}.requires_grad_(False)\n");
        }
        return text;
    }
    for param in &graph.params[node.params.clone()] {
        let which = if param.spec.name == "kernel" { "weight" } else { "bias" };
        let value = serde_json::to_value(param.spec.initializer).unwrap_or_default();
        let rule = value.as_str().or_else(|| value.get("type")?.as_str()).unwrap_or_default();
        let (fan_in, fan_out) = (param.spec.fans.fan_in, param.spec.fans.fan_out);
        let uniform = |limit: f64| format!("nn.init.uniform_({{}}, {}, {limit})", -limit);
        let normal = |variance: f64| {
            let deviation = variance.sqrt() / 0.879_625_661_034_239_8;
            format!("nn.init.trunc_normal_({{}}, 0, {deviation}, {}, {})", -2.0 * deviation, 2.0 * deviation)
        };
        let line = match rule {
            "glorot_uniform" => uniform((6.0 / (fan_in + fan_out)).sqrt()),
            "glorot_normal" => normal(2.0 / (fan_in + fan_out)),
            "he_uniform" => uniform((6.0 / fan_in).sqrt()),
            "he_normal" => normal(2.0 / fan_in),
            "lecun_uniform" => uniform((3.0 / fan_in).sqrt()),
            "lecun_normal" => normal(1.0 / fan_in),
            "zeros" => "nn.init.zeros_({})".into(),
            "ones" => "nn.init.ones_({})".into(),
            "constant" => format!("nn.init.constant_({{}}, {})", value.get("value").unwrap_or(&0.into())),
            // PyTorch's own.
            _ => continue,
        };
        text += &format!("        {}\n", line.replace("{}", &format!("self.{name}.{which}")));
    }
    text
}

/// The expression of a layer's output before its activation.
fn call(module: &str, node: &Node, inputs: &[String]) -> String {
    let (options, x) = (Options::of(node), inputs.first().cloned().unwrap_or_default());
    let same = options.text("padding") == "same";
    let pool = (options.pair("pool_size"), options.strides());
    match node.layer.kind() {
        "conv2d" | "depthwise_conv2d" if same => {
            format!("{module}(pad_same({x}, {}, {}))", options.pair("kernel_size"), options.pair("strides"))
        }
        "max_pooling2d" if same => {
            format!("F.max_pool2d(pad_same({x}, {0}, {1}, -math.inf), {0}, {1})", pool.0, pool.1)
        }
        "average_pooling2d" if same => format!("average_same({x}, {}, {})", pool.0, pool.1),
        "max_pooling2d" => format!("F.max_pool2d({x}, {}, {})", pool.0, pool.1),
        "average_pooling2d" => format!("F.avg_pool2d({x}, {}, {})", pool.0, pool.1),
        "global_average_pooling2d" => format!("{x}.mean((2, 3))"),
        "add" => inputs.join(" + "),
        // As Keras flattens: over height, width, channels.
        "flatten" if node.input_shapes[0].0.len() == 3 => format!("{x}.permute(0, 2, 3, 1).flatten(1)"),
        "flatten" | "activation" => x,
        "zero_padding2d" => {
            let side = |axis: usize, end: usize| &options.get("padding")[axis][end];
            format!("F.pad({x}, ({}, {}, {}, {}))", side(1, 0), side(1, 1), side(0, 0), side(0, 1))
        }
        // PyTorch's alpha is divided by the window.
        "local_response_normalization" => {
            let size = 2.0 * options.number("depth_radius") + 1.0;
            let (alpha, beta, bias) = (options.number("alpha") * size, options.number("beta"), options.number("bias"));
            format!("F.local_response_norm({x}, {size:.0}, {alpha}, {beta}, {bias})")
        }
        _ => format!("{module}({x})"),
    }
}

fn activated(activation: Activation, x: String) -> String {
    match activation {
        Activation::Relu => format!("F.relu({x})"),
        Activation::Sigmoid => format!("torch.sigmoid({x})"),
        Activation::Tanh => format!("torch.tanh({x})"),
        // A last softmax belongs to the loss, and to `probabilities`.
        Activation::Linear | Activation::Softmax => x,
    }
}
