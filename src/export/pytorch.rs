//! The script for PyTorch.

use super::layout::permuted;
use super::script::{COMMON, Target, config, docstring, file_name, quoted, tensor_name};
use crate::engine::Parameters;
use crate::experiment::Experiment;
use crate::layers::pytorch::{Call, Literal, Step, TorchLayer, TorchParameter};
use crate::network::graph::{Graph, Node};
use crate::network::names::INPUT;
use crate::tensor::activation::{Activation, Extended};
use crate::tensor::initializer::Initializer;
use crate::tensor::parameter::{Axes, ParamSpec};
use safetensors::SafeTensorError;
use safetensors::tensor::{Dtype, TensorView, serialize};
use serde_json::Value;
use std::collections::HashSet;

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

/// Writes it.
pub fn write(spec: &Experiment, graph: &Graph) -> String {
    let (title, name) = (docstring(spec.title.as_deref().unwrap_or(&spec.name)), docstring(&spec.name));
    let file = file_name(spec, Target::Pytorch);
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
    text +=
        "# Each module's Convlab name; of each parameter the module's name and the order of Keras's axes in PyTorch.\n";
    text += &format!("PARAMETERS = {{\n{}}}\n", parameters(graph));
    text += &format!("PENALTIES = [{}]  # module, tensor, L1 and L2\n", penalties(graph));
    text += &format!("BOUNDS = [{}]  # module, parameter, greatest norm, axes of Keras's parameter\n\n", bounds(graph));
    text += &definitions(graph);
    text += &net(graph);
    text + "\n\n" + COMMON + "\n\n" + MAIN
}

/// What a layer is in PyTorch.
fn torch(node: &Node) -> TorchLayer {
    node.layer.pytorch(&node.input_shapes)
}

/// The functions that the layers' steps need, each once.
fn definitions(graph: &Graph) -> String {
    let calls = graph.nodes.iter().flat_map(|node| {
        let TorchLayer { module, steps, .. } = torch(node);
        let called = steps.into_iter().filter_map(|step| match step {
            Step::Function(call) | Step::Method(call) => Some(call),
            _ => None,
        });
        module.into_iter().chain(called).collect::<Vec<Call>>()
    });
    let mut definitions: Vec<&str> = calls.flat_map(|call| call.definitions).copied().collect();
    let mut seen = HashSet::new();
    definitions.retain(|definition| seen.insert(*definition));
    definitions.concat()
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
        let torch = torch(node);
        let entry = |spec: &ParamSpec| {
            let TorchParameter { tensor, axes, .. } = parameter(&torch, spec);
            let axes = literal(&Literal::Tuple(axes.iter().copied().map(Literal::Int).collect()));
            format!("{}: ({}, {axes})", quoted(spec.name), quoted(tensor))
        };
        let entries: Vec<String> = graph.params[node.params.clone()].iter().map(|param| entry(&param.spec)).collect();
        let module = quoted(&attribute(graph, node));
        format!("    {module}: ({}, {{{}}}),\n", quoted(&node.name), entries.join(", "))
    };
    weighted.map(line).collect()
}

/// Where a layer's parameter lies in its module.
fn parameter<'a>(torch: &'a TorchLayer, spec: &ParamSpec) -> &'a TorchParameter {
    let found = torch.parameters.iter().find(|parameter| parameter.name == spec.name);
    found.expect("every layer lists where its parameters lie in PyTorch")
}

/// Every parameter that is trained, with its layer.
fn trained(graph: &Graph) -> impl Iterator<Item = (&Node, &ParamSpec)> {
    graph.nodes.iter().flat_map(|node| {
        let params = graph.params[node.params.clone()].iter().filter(|param| param.is_trained());
        params.map(move |param| (node, &param.spec))
    })
}

fn penalties(graph: &Graph) -> String {
    let lines = trained(graph).filter(|(_, spec)| !spec.regularizer.is_none()).map(|(node, spec)| {
        let (module, tensor) = (quoted(&attribute(graph, node)), parameter(&torch(node), spec).tensor);
        format!("({module}, {}, {}, {})", quoted(tensor), spec.regularizer.l1, spec.regularizer.l2)
    });
    lines.collect::<Vec<_>>().join(", ")
}

fn bounds(graph: &Graph) -> String {
    let lines = trained(graph).filter_map(|(node, spec)| {
        let bound = spec.constraint.clone()?;
        let axes = match bound.axis {
            Axes::One(axis) => vec![axis],
            Axes::Many(axes) => axes,
        };
        let module = quoted(&attribute(graph, node));
        Some(format!("({module}, {}, {}, {axes:?})", quoted(spec.name), bound.max_norm))
    });
    lines.collect::<Vec<_>>().join(", ")
}

fn net(graph: &Graph) -> String {
    let mut text = String::from("\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n");
    for node in &graph.nodes {
        let torch = torch(node);
        if let Some(module) = &torch.module {
            let name = attribute(graph, node);
            text += &format!("        self.{name} = {}({})\n", module.name, arguments(module).join(", "));
            text += &start(graph, node, &torch, &name);
            if node.frozen {
                text += &format!("        self.{name}.requires_grad_(False)\n");
            }
        }
    }
    let fixed: Vec<String> =
        graph.nodes.iter().filter(|node| node.infers()).map(|node| attribute(graph, node)).collect();
    if !fixed.is_empty() {
        text += "\n    def train(self, mode=True):\n        super().train(mode)\n        # Frozen, these compute as in inference.\n";
        text += &fixed.iter().map(|name| format!("        self.{name}.eval()\n")).collect::<String>();
        text += "        return self\n";
    }
    text += &format!(
        "\n    def forward(self, x):\n        \"\"\"Logits of images (n, channels, height, width).\"\"\"\n        t = {{{}: x}}\n",
        quoted(INPUT)
    );
    for node in &graph.nodes {
        let inputs: Vec<String> =
            node.inputs.iter().map(|&tensor| format!("t[{}]", quoted(tensor_name(graph, tensor)))).collect();
        let output = output(&torch(node), &format!("self.{}", attribute(graph, node)), &inputs);
        text += &format!("        t[{}] = {}\n", quoted(&node.name), activated(node.activation, output));
    }
    let last = graph.nodes.last().map_or(INPUT, |node| &node.name);
    text + &format!("        return t[{}]\n", quoted(last))
}

/// A module with tensors, and where a layer's parameters lie in it.
pub struct Module {
    /// The index of the layer's node.
    pub node: usize,
    /// Its name in `Net`.
    pub name: String,
    /// Of each parameter the index in the graph, the module's tensor, and Keras's axes in PyTorch's order.
    pub tensors: Vec<(usize, &'static str, &'static [usize])>,
    /// A tensor that the layer does not have, and how it starts.
    pub frozen: Option<(&'static str, Initializer)>,
}

/// The modules of a network's layers with parameters, in order.
pub fn modules(graph: &Graph) -> Vec<Module> {
    let weighted = graph.nodes.iter().enumerate().filter(|(_, node)| !node.params.is_empty());
    let modules = weighted.map(|(index, node)| {
        let torch = torch(node);
        let tensor = |index: usize| {
            let TorchParameter { tensor, axes, .. } = *parameter(&torch, &graph.params[index].spec);
            (index, tensor, axes)
        };
        let tensors = node.params.clone().map(tensor).collect();
        let frozen = torch.parameters.iter().find(|parameter| Some(parameter.tensor) == torch.frozen);
        let frozen = frozen.map(|frozen| (frozen.tensor, frozen.initializer));
        Module { node: index, name: attribute(graph, node), tensors, frozen }
    });
    modules.collect()
}

/// The weights as a `state_dict` of the script's `Net`, safetensors.
///
/// # Errors
/// Of the library, where the header would be longer than the format allows.
pub fn state_dict(graph: &Graph, parameters: &Parameters) -> Result<Vec<u8>, SafeTensorError> {
    let mut tensors = Vec::new();
    for Module { name, tensors: own, frozen, node } in modules(graph) {
        for (index, tensor, axes) in own {
            let param = &graph.params[index];
            let (shape, values) = permuted(&param.spec.shape, parameters.values(param), axes);
            tensors.push((format!("{name}.{tensor}"), shape, values));
        }
        if let Some((tensor, initializer)) = frozen {
            // As long as the layer's other tensors.
            let like = &graph.params[graph.nodes[node].params.start].spec;
            let mut values = vec![0.0; like.len()];
            initializer.fill(&mut values, &like.shape, like.fans, 0, 0);
            tensors.push((format!("{name}.{tensor}"), like.shape.clone(), values));
        }
    }
    let views = tensors.iter().map(|(name, shape, values)| {
        Ok((name, TensorView::new(Dtype::F32, shape.clone(), bytemuck::cast_slice(values))?))
    });
    serialize(views.collect::<Result<Vec<_>, SafeTensorError>>()?, None)
}

/// How a module's parameters start, where that is not PyTorch's own way.
fn start(graph: &Graph, node: &Node, torch: &TorchLayer, name: &str) -> String {
    let mut text = String::new();
    if let Some(frozen) = torch.frozen {
        text += &format!("        self.{name}.{frozen}.requires_grad_(False)\n");
    }
    for param in &graph.params[node.params.clone()] {
        let TorchParameter { tensor, initializer, .. } = parameter(torch, &param.spec);
        if param.spec.initializer == *initializer {
            continue;
        }
        let value = serde_json::to_value(param.spec.initializer).unwrap_or_default();
        let rule = value.as_str().or_else(|| value.get("type")?.as_str()).unwrap_or_default();
        let (fan_in, fan_out) = (param.spec.fans.fan_in, param.spec.fans.fan_out);
        let uniform = |limit: f64| format!("nn.init.uniform_({{}}, {}, {limit})", -limit);
        let normal = |variance: f64| {
            let deviation = variance.sqrt() / 0.879_625_661_034_239_8;
            format!("nn.init.trunc_normal_({{}}, 0, {deviation}, {}, {})", -2.0 * deviation, 2.0 * deviation)
        };
        let constant = |name: &str, default: f64| value.get(name).and_then(Value::as_f64).unwrap_or(default);
        let word = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
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
            "random_normal" => {
                format!("nn.init.normal_({{}}, {}, {})", constant("mean", 0.0), constant("stddev", 0.05))
            }
            "truncated_normal" => {
                let (mean, deviation) = (constant("mean", 0.0), constant("stddev", 0.05));
                let (low, high) = (mean - 2.0 * deviation, mean + 2.0 * deviation);
                format!("nn.init.trunc_normal_({{}}, {mean}, {deviation}, {low}, {high})")
            }
            "random_uniform" => {
                format!("nn.init.uniform_({{}}, {}, {})", constant("minval", -0.05), constant("maxval", 0.05))
            }
            "variance_scaling" => {
                let n = match word("mode") {
                    "fan_out" => fan_out,
                    "fan_avg" => (fan_in + fan_out) / 2.0,
                    _ => fan_in,
                };
                let variance = constant("scale", 1.0) / n;
                match word("distribution") {
                    "uniform" => uniform((3.0 * variance).sqrt()),
                    "untruncated_normal" => format!("nn.init.normal_({{}}, 0, {})", variance.sqrt()),
                    _ => normal(variance),
                }
            }
            "orthogonal" => format!("nn.init.orthogonal_({{}}, {})", constant("gain", 1.0)),
            "identity" => {
                let function = if param.spec.shape.len() == 2 { "eye_" } else { "dirac_" };
                format!("nn.init.{function}({{}}).data.mul_({})", constant("gain", 1.0))
            }
            // PyTorch's own.
            _ => continue,
        };
        text += &format!("        {}\n", line.replace("{}", &format!("self.{name}.{tensor}")));
    }
    text
}

/// The expression of a layer's output before its activation.
fn output(torch: &TorchLayer, module: &str, inputs: &[String]) -> String {
    let first = inputs.first().cloned().unwrap_or_default();
    torch.steps.iter().fold(first, |x, step| match step {
        Step::Module => format!("{module}({x})"),
        Step::Function(call) => {
            let arguments: Vec<String> = std::iter::once(x).chain(arguments(call)).collect();
            format!("{}({})", call.name, arguments.join(", "))
        }
        Step::Method(call) => format!("{x}.{}({})", call.name, arguments(call).join(", ")),
        Step::Sum => inputs.join(" + "),
        Step::Product => inputs.join(" * "),
        Step::Difference => inputs.join(" - "),
        Step::Maximum => inputs[1..].iter().fold(x, |x, other| format!("torch.maximum({x}, {other})")),
        Step::Concatenate(axis) => format!("torch.cat([{}], {axis})", inputs.join(", ")),
        Step::Divide(count) => format!("({x}) / {count}"),
        Step::Scale(scale, offset) => format!("{x} * {scale} + {offset}"),
    })
}

fn arguments(call: &Call) -> Vec<String> {
    let argument = |(name, value): &(Option<&str>, Literal)| match name {
        Some(name) => format!("{name}={}", literal(value)),
        None => literal(value),
    };
    call.arguments.iter().map(argument).collect()
}

fn literal(value: &Literal) -> String {
    match value {
        Literal::Bool(true) => "True".into(),
        Literal::Bool(false) => "False".into(),
        Literal::Int(value) => value.to_string(),
        Literal::Negative(value) => format!("-{value}"),
        Literal::Float(value) => value.to_string(),
        Literal::Tuple(items) => format!("({})", items.iter().map(literal).collect::<Vec<_>>().join(", ")),
        Literal::Name(name) => (*name).into(),
    }
}

fn activated(activation: Activation, x: String) -> String {
    match activation {
        Activation::Relu => format!("F.relu({x})"),
        Activation::Sigmoid => format!("torch.sigmoid({x})"),
        Activation::Tanh => format!("torch.tanh({x})"),
        // A last softmax belongs to the loss, and to `probabilities`.
        Activation::Linear | Activation::Softmax => x,
        #[cfg(feature = "extended")]
        Activation::Extended(function) => match function {
            Extended::LeakyRelu { negative_slope } => format!("F.leaky_relu({x}, {negative_slope})"),
            Extended::Elu { alpha } => format!("F.elu({x}, {alpha})"),
            Extended::Selu => format!("F.selu({x})"),
            Extended::Relu6 => format!("F.relu6({x})"),
            Extended::HardSigmoid => format!("F.hardsigmoid({x})"),
            Extended::Softplus => format!("F.softplus({x})"),
            Extended::Softsign => format!("F.softsign({x})"),
            Extended::Exponential => format!("torch.exp({x})"),
            Extended::Gelu { approximate: false } => format!("F.gelu({x})"),
            Extended::Gelu { approximate: true } => format!("F.gelu({x}, approximate='tanh')"),
            Extended::Silu => format!("F.silu({x})"),
            Extended::HardSilu => format!("F.hardswish({x})"),
            Extended::Mish => format!("F.mish({x})"),
        },
    }
}
