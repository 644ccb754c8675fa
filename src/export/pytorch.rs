//! The script for PyTorch.

mod expression;
mod initial;
mod module;

pub use module::{Module, modules, state_dict};

use super::script::{COMMON, Target, config, docstring, file_name, quoted, tensor_name};
use crate::experiment::Experiment;
use crate::layers::pytorch::{Call, Literal, Step, TorchLayer, TorchParameter};
use crate::network::graph::{Graph, Node};
use crate::network::names::INPUT;
use crate::tensor::parameter::{Axes, ParamSpec};
use expression::{activated, arguments, literal, output};
use initial::start;
use module::{attribute, parameter, torch};
use std::collections::HashSet;

const MAIN: &str = include_str!("pytorch_main.py");

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
