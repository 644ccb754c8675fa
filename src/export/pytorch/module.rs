//! Where the layers' parameters lie in the script's `Net`: its modules and their tensors.

use crate::engine::Parameters;
use crate::export::layout::permuted;
use crate::layers::pytorch::{TorchLayer, TorchParameter};
use crate::network::graph::{Graph, Node};
use crate::tensor::initializer::Initializer;
use crate::tensor::parameter::ParamSpec;
use safetensors::SafeTensorError;
use safetensors::tensor::{Dtype, TensorView, serialize};

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

/// What a layer is in PyTorch.
pub(super) fn torch(node: &Node) -> TorchLayer {
    node.layer.pytorch(&node.input_shapes)
}

/// A layer's name as an attribute, where it can be one.
pub(super) fn attribute(graph: &Graph, node: &Node) -> String {
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

/// Where a layer's parameter lies in its module.
pub(super) fn parameter<'a>(torch: &'a TorchLayer, spec: &ParamSpec) -> &'a TorchParameter {
    let found = torch.parameters.iter().find(|parameter| parameter.name == spec.name);
    found.expect("every layer lists where its parameters lie in PyTorch")
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
