//! A PyTorch `state_dict` in a safetensors file, for a network that the file does not describe: modules are matched with layers
//! by name, else by the shapes of their tensors, in order.

use super::imported::{Imported, Matched};
use super::network::{Tensor, checked_len, weights};
use crate::base::error::{Error, Result};
use crate::experiment::Experiment;
use crate::export::layout::{inverse, permuted};
use crate::export::pytorch::{Module, modules};
use crate::network::graph::{Graph, Node};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

/// The tensors of a module by their names, with their shapes in PyTorch.
type Signature = BTreeMap<String, Vec<usize>>;

/// Whether a safetensors file has weights as Convlab names them, and not a `state_dict`.
pub fn is_ours(bytes: &[u8], basis: &Experiment) -> bool {
    let Ok(graph) = Graph::new(basis) else { return false };
    let Ok(file) = SafeTensors::deserialize(bytes) else { return false };
    graph.params.iter().all(|param| file.tensor(&param.name).is_ok())
}

/// Reads a `state_dict`.
///
/// # Errors
/// [`Error::Import`] where the file is damaged, there is no `basis`, or modules and layers cannot be matched.
pub fn read(bytes: &[u8], basis: Option<&Experiment>) -> Result<Imported> {
    let basis = basis.ok_or_else(|| {
        Error::Import("this file holds weights without a network; name the network's experiment (--experiment)".into())
    })?;
    let graph = Graph::new(basis)?;
    let file = SafeTensors::deserialize(bytes)
        .map_err(|error| Error::Import(format!("this is not a whole safetensors file ({error}); save it again")))?;
    let found = found(&file)?;
    let modules = modules(&graph);
    let named: Option<Vec<&str>> =
        modules.iter().map(|module| found.get_key_value(module.name.as_str()).map(|(name, _)| name.as_str())).collect();
    // Scripts of Convlab's flatten as Keras does, over height, width and channels; PyTorch over channels, height and width.
    let is_own = named.is_some();
    let pairs = match named {
        Some(names) => names,
        None => pairs(&basis.name, &graph, &modules, &found)?,
    };
    let orders = feature_orders(&graph);
    let (mut tensors, mut matched): (HashMap<usize, Vec<Tensor>>, _) = (HashMap::new(), Vec::new());
    for (module, name) in modules.iter().zip(pairs) {
        let node = &graph.nodes[module.node];
        for &(index, tensor, axes) in &module.tensors {
            let full = if name.is_empty() { tensor.to_string() } else { format!("{name}.{tensor}") };
            let view = file
                .tensor(&full)
                .map_err(|_| Error::Import(format!("tensor \"{full}\" of layer \"{}\" is missing", node.name)))?;
            let (shape, values) = permuted(view.shape(), &values(&full, &view)?, &inverse(axes));
            let mut tensor = Tensor { shape, values };
            let param = &graph.params[index];
            let order = orders[module.node]
                .filter(|_| !is_own && (param.spec.name == "kernel" || node.layer.kind() != "dense"));
            if let Some(order) = order {
                tensor = reordered(tensor, order);
            }
            matched.push(Matched { ours: param.name.clone(), theirs: full, reordered: order.is_some() });
            tensors.entry(module.node).or_default().push(tensor);
        }
    }
    let weights = weights(&graph, |index, _| tensors.get(&index).map(Vec::as_slice))?;
    Ok(Imported { experiment: basis.clone(), weights: Some(weights), unsupported: Vec::new(), matched })
}

/// The modules of a file with the shapes of their tensors. What counts batches is left out.
fn found(file: &SafeTensors) -> Result<BTreeMap<String, Signature>> {
    let mut modules: BTreeMap<String, Signature> = BTreeMap::new();
    for (full, view) in file.iter() {
        let (module, tensor) = full.rsplit_once('.').unwrap_or(("", full));
        if tensor == "num_batches_tracked" {
            continue;
        }
        checked_len(full, view.shape())?;
        modules.entry(module.into()).or_default().insert(tensor.into(), view.shape().to_vec());
    }
    Ok(modules)
}

/// The tensors that a layer's module has, apart from one that the layer does not have.
fn signature(graph: &Graph, module: &Module) -> Signature {
    let tensors = module.tensors.iter().map(|&(index, tensor, axes)| {
        let shape = &graph.params[index].spec.shape;
        let shape = if axes.is_empty() { shape.clone() } else { axes.iter().map(|&axis| shape[axis]).collect() };
        (tensor.to_string(), shape)
    });
    tensors.collect()
}

/// For each of the network's modules the name of the file's, by equal shapes in order.
fn pairs<'a>(
    network: &str,
    graph: &Graph,
    modules: &[Module],
    found: &'a BTreeMap<String, Signature>,
) -> Result<Vec<&'a str>> {
    let mut open: Vec<(&str, &Signature)> = found.iter().map(|(name, tensors)| (name.as_str(), tensors)).collect();
    open.sort_by(|a, b| natural(a.0, b.0));
    let mut pairs = Vec::new();
    let mut missing = Vec::new();
    for module in modules {
        let wanted = signature(graph, module);
        let fits = |tensors: &Signature| {
            let frozen = module.frozen.map(|(name, _)| name);
            tensors.iter().filter(|(name, _)| Some(name.as_str()) != frozen).eq(wanted.iter())
        };
        match open.iter().position(|(_, tensors)| fits(tensors)) {
            Some(index) => pairs.push(open.remove(index).0),
            None => missing.push(format!("{} {wanted:?}", graph.nodes[module.node].name)),
        }
    }
    if missing.is_empty() && open.is_empty() {
        return Ok(pairs);
    }
    let list = |items: Vec<String>| if items.is_empty() { "none".into() } else { items.join(", ") };
    let left = open.iter().map(|(name, tensors)| format!("{name} {tensors:?}")).collect();
    Err(Error::Import(format!(
        "the file's modules are not those of the network \"{network}\". Layers without a module: {}. Received besides: {}",
        list(missing),
        list(left)
    )))
}

/// Names in the order in which people number them: `layer2` before `layer10`.
fn natural(a: &str, b: &str) -> Ordering {
    let parts = |text: &str| {
        let mut parts: Vec<(u64, String)> = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let letters = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
            let (head, tail) = rest.split_at(letters);
            let digits = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
            parts.push((0, head.to_string()));
            parts.push((tail[..digits].parse().unwrap_or(u64::MAX), String::new()));
            rest = &tail[digits..];
        }
        parts
    };
    parts(a).iter().map(|(n, s)| (s, n)).cmp(parts(b).iter().map(|(n, s)| (s, n)))
}

/// For each layer that reads the features of a flattened image: that image's height, width and channels.
fn feature_orders(graph: &Graph) -> Vec<Option<[usize; 3]>> {
    let mut tensors: Vec<Option<[usize; 3]>> = vec![None];
    let mut orders = Vec::new();
    for node in &graph.nodes {
        let read = node.inputs.first().and_then(|&tensor| tensors[tensor]);
        orders.push(read);
        tensors.push(output_order(node, read));
    }
    orders
}

fn output_order(node: &Node, read: Option<[usize; 3]>) -> Option<[usize; 3]> {
    match (node.layer.kind(), &node.input_shapes[0].0[..]) {
        ("flatten", &[h, w, c]) if c > 1 && h * w > 1 => Some([h, w, c]),
        // A layer that mixes the features ends their order.
        ("dense", _) => None,
        _ => read,
    }
}

/// A tensor whose first axis runs over channels, height and width, with height, width and channels in place of them.
fn reordered(tensor: Tensor, [h, w, c]: [usize; 3]) -> Tensor {
    let rest: usize = tensor.shape.iter().skip(1).product();
    if tensor.shape.first() != Some(&(h * w * c)) {
        return tensor;
    }
    let (_, values) = permuted(&[c, h, w, rest], &tensor.values, &[1, 2, 0, 3]);
    Tensor { values, ..tensor }
}

fn values(name: &str, view: &TensorView) -> Result<Vec<f32>> {
    let data = view.data();
    match view.dtype() {
        Dtype::F32 => Ok(data.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()),
        Dtype::F64 => Ok(data.as_chunks().0.iter().map(|bytes| f64::from_le_bytes(*bytes) as f32).collect()),
        other => Err(Error::Import(format!("tensor \"{name}\" must hold float32 or float64. Received: {other:?}"))),
    }
}
