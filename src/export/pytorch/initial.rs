//! How the parameters of the script's modules start.

use super::module::parameter;
use crate::layers::pytorch::{TorchLayer, TorchParameter};
use crate::network::graph::{Graph, Node};
use serde_json::Value;

/// The lines that set how a module's parameters start, where that is not PyTorch's own way.
pub(super) fn start(graph: &Graph, node: &Node, torch: &TorchLayer, name: &str) -> String {
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
