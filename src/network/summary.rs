//! The summary of a network: its layers and counts, as numbers and as the table that Keras prints.

use crate::base::table::{Table, grouped, memory};
use crate::network::graph::{Graph, INPUT};
use serde::Serialize;
use ts_rs::TS;

/// The cost of a training step in forward passes: the gradient with respect to the weights and that with respect to the
/// input take as many multiply-accumulates each.
pub const TRAINING_PASSES: u64 = 3;

/// Bytes of a value.
pub const F32_BYTES: u64 = 4;

/// The summary of one layer.
#[derive(Debug, Clone, Serialize, TS)]
pub struct LayerSummary {
    /// The name, given or generated as in Keras.
    pub name: String,
    /// The layer's `type` in the experiment.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The output shape per image: `[h, w, c]` or `[features]`.
    pub output_shape: Vec<usize>,
    /// All parameters.
    pub params: u64,
    /// Multiply-accumulates per image. By convention only convolutions and dense layers are counted, without biases.
    pub macs: u64,
    /// Floating-point operations per image: two per multiply-accumulate.
    pub flops: u64,
    /// Bytes of the output per image; 0 for `flatten`, which only changes the shape.
    pub activation_bytes: u64,
    /// The names of the layers whose outputs it reads.
    pub inputs: Vec<String>,
}

/// The sums over the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct Totals {
    /// All parameters.
    pub params: u64,
    /// Parameters that the optimiser updates.
    pub trainable: u64,
    /// Values of the moving statistics.
    pub non_trainable: u64,
    /// Multiply-accumulates per image.
    pub macs: u64,
    /// Floating-point operations per image: two per multiply-accumulate.
    pub flops: u64,
    /// Bytes of one image and of all outputs of its forward pass.
    pub activation_bytes: u64,
    /// Bytes of all parameters, 4 bytes each.
    pub param_bytes: u64,
}

/// A network's layers and their sums.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Summary {
    /// The layers, in order.
    pub layers: Vec<LayerSummary>,
    /// Their sums.
    pub totals: Totals,
}

impl Summary {
    /// Computes the summary of a network.
    pub fn new(graph: &Graph) -> Self {
        let layers: Vec<LayerSummary> = (0..graph.nodes.len()).map(|node| layer(graph, node)).collect();
        let sum = |value: fn(&LayerSummary) -> u64| layers.iter().map(value).sum::<u64>();
        let trainable = graph.params.iter().filter(|param| param.spec.trainable).map(|param| param.spec.len() as u64);
        let (params, macs, trainable) = (sum(|layer| layer.params), sum(|layer| layer.macs), trainable.sum());
        let totals = Totals {
            params,
            trainable,
            non_trainable: params - trainable,
            macs,
            flops: 2 * macs,
            activation_bytes: F32_BYTES * graph.input_shape.len() as u64 + sum(|layer| layer.activation_bytes),
            param_bytes: F32_BYTES * params,
        };
        Self { layers, totals }
    }

    /// The table as Keras prints it, with additional columns: multiply-accumulates, FLOPs and activation memory per
    /// image.
    pub fn to_text(&self, name: &str) -> String {
        let chain = self.layers.windows(2).all(|pair| pair[1].inputs == [pair[0].name.as_str()]);
        let mut table = Table::new(if chain { &HEADINGS[..6] } else { &HEADINGS });
        for layer in &self.layers {
            let mut cells = vec![
                format!("{} ({})", layer.name, class_name(layer.kind)),
                shape_text(&layer.output_shape),
                grouped(layer.params),
                grouped(layer.macs),
                grouped(layer.flops),
                memory(layer.activation_bytes),
            ];
            if !chain {
                cells.push(layer.inputs.join(", "));
            }
            table.rows.push(cells);
        }
        let Totals { params, trainable, non_trainable, macs, flops, activation_bytes, .. } = self.totals;
        let counted = |n: u64| format!("{} ({})", grouped(n), memory(F32_BYTES * n));
        format!(
            "Model: \"{name}\"\n{table} Total params: {}\n Trainable params: {}\n Non-trainable params: {}\n \
             MACs per image: {}, FLOPs: {}\n Activations per image: {} (one forward pass, input included)\n",
            counted(params),
            counted(trainable),
            counted(non_trainable),
            grouped(macs),
            grouped(flops),
            memory(activation_bytes)
        )
    }
}

fn layer(graph: &Graph, index: usize) -> LayerSummary {
    let node = &graph.nodes[index];
    let kind = node.layer.kind();
    let input = |&tensor: &usize| match tensor.checked_sub(1) {
        Some(node) => graph.nodes[node].name.clone(),
        None => INPUT.to_string(),
    };
    let macs = node.layer.macs(&node.input_shapes, &node.output_shape);
    LayerSummary {
        name: node.name.clone(),
        kind,
        output_shape: node.output_shape.0.clone(),
        params: graph.params[node.params.clone()].iter().map(|param| param.spec.len() as u64).sum(),
        macs,
        flops: 2 * macs,
        activation_bytes: if kind == "flatten" { 0 } else { F32_BYTES * node.output_shape.len() as u64 },
        inputs: node.inputs.iter().map(input).collect(),
    }
}

/// The Keras class of a layer type: `max_pooling2d` is `MaxPooling2D`.
pub fn class_name(kind: &str) -> String {
    kind.split('_')
        .map(|word| {
            let (head, tail) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
            head.to_ascii_uppercase() + &tail.replace("2d", "2D")
        })
        .collect()
}

/// A shape as Keras shows it, with an unknown batch size: `(None, 32, 32, 3)`.
fn shape_text(shape: &[usize]) -> String {
    shape.iter().fold(String::from("(None"), |text, axis| format!("{text}, {axis}")) + ")"
}

const HEADINGS: [(&str, bool); 7] = [
    ("Layer (type)", false),
    ("Output Shape", false),
    ("Param #", true),
    ("MACs", true),
    ("FLOPs", true),
    ("Activations", true),
    ("Connected to", false),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_named_as_in_keras() {
        assert_eq!(class_name("depthwise_conv2d"), "DepthwiseConv2D");
        assert_eq!(class_name("max_pooling2d"), "MaxPooling2D");
    }
}
