//! The formulas of the cost sheet with a layer's own numbers inserted.

use crate::network::graph::{Graph, Node, Param};
use serde_json::Value;

/// O = (N − F + 2P) / S + 1, without 2P if the layer does not pad; `None` for layers without a window.
pub fn output(node: &Node) -> Option<String> {
    let options = node.layer.options();
    let pair = |key: &str| axis(options.get(key)?);
    let kernel = pair("kernel_size").or_else(|| pair("pool_size"))?;
    let stride = pair("strides").unwrap_or(if options.get("pool_size").is_some() { kernel } else { 1 });
    let (n, o) = (node.input_shapes.first()?.0.first()?, node.output_shape.0.first()?);
    if options.get("padding").and_then(Value::as_str) == Some("same") {
        if stride == 1 && kernel % 2 == 1 {
            return Some(format!("({n} − {kernel} + 2 · {}) / 1 + 1 = {o}", kernel / 2));
        }
        return Some(format!("⌈{n} / {stride}⌉ = {o}"));
    }
    let exact = (*n as u64 - kernel).is_multiple_of(stride);
    let (open, close) = if exact { ("", "") } else { ("⌊", "⌋") };
    Some(format!("{open}({n} − {kernel}) / {stride}{close} + 1 = {o}"))
}

/// The first number of a pair, or a single number given for both axes.
fn axis(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.get(0)?.as_u64())
}

/// P = ((m · n · C_in) + 1) · C_out; `None` for layers without parameters.
pub fn params(graph: &Graph, node: &Node) -> Option<String> {
    let params = &graph.params[node.params.clone()];
    let total: usize = params.iter().map(|param| param.spec.len()).sum();
    let Some(kernel) = kernel(params) else {
        let channels = params.first()?.spec.len();
        return Some(format!("{} · {channels} = {total}", params.len()));
    };
    let bias = if params.iter().any(|param| param.spec.name == "bias") { " + 1" } else { "" };
    Some(match (node.layer.kind(), kernel) {
        ("depthwise_conv2d", &[m, n, c, _]) => format!("(({m} · {n}){bias}) · {c} = {total}"),
        (_, &[m, n, c_in, c_out]) => format!("(({m} · {n} · {c_in}){bias}) · {c_out} = {total}"),
        (_, &[n, units]) => format!("({n}{bias}) · {units} = {total}"),
        _ => return None,
    })
}

/// Output pixels times kernel values; `None` for layers without multiplications.
pub fn macs(graph: &Graph, node: &Node) -> Option<String> {
    let kernel = kernel(&graph.params[node.params.clone()])?;
    let total = node.layer.macs(&node.input_shapes, &node.output_shape);
    Some(match (node.layer.kind(), kernel, &node.output_shape.0[..]) {
        ("depthwise_conv2d", &[m, n, c, _], &[h, w, _]) => format!("{h} · {w} · {m} · {n} · {c} = {total}"),
        (_, &[m, n, c_in, c_out], &[h, w, _]) => format!("{h} · {w} · {c_out} · {m} · {n} · {c_in} = {total}"),
        (_, &[n, units], _) => format!("{n} · {units} = {total}"),
        _ => return None,
    })
}

fn kernel(params: &[Param]) -> Option<&[usize]> {
    params.iter().find(|param| param.spec.name == "kernel").map(|param| &param.spec.shape[..])
}
