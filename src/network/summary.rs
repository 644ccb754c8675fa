//! The summary of a network: its layers and counts, as numbers and as the table that Keras prints.

use crate::base::table::Table;
use crate::base::text::{bytes, grouped, plain};
use crate::network::graph::Graph;
use crate::network::names::{INPUT, class_name};
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
    /// The Keras class: `MaxPooling2D`.
    pub class_name: String,
    /// The output shape per image: `[h, w, c]` or `[features]`.
    pub output_shape: Vec<usize>,
    /// The same as Keras shows it: `(None, 32, 32, 3)`.
    pub shape_text: String,
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
    /// Values of the moving statistics, and parameters of frozen layers.
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
    /// The input shape as Keras shows it.
    pub input_text: String,
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
        let trainable = graph.params.iter().filter(|param| param.is_trained()).map(|param| param.spec.len() as u64);
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
        Self { input_text: shape_text(&graph.input_shape.0), layers, totals }
    }

    /// The table as Keras prints it, with additional columns: multiply-accumulates, FLOPs and activation memory per
    /// image.
    pub fn to_text(&self, name: &str) -> String {
        let chain = self.layers.windows(2).all(|pair| pair[1].inputs == [pair[0].name.as_str()]);
        let mut table = Table::new(if chain { &HEADINGS[..6] } else { &HEADINGS });
        for layer in &self.layers {
            let mut cells = vec![
                format!("{} ({})", layer.name, layer.class_name),
                layer.shape_text.clone(),
                grouped(layer.params),
                grouped(layer.macs),
                grouped(layer.flops),
                bytes(layer.activation_bytes),
            ];
            if !chain {
                cells.push(layer.inputs.join(", "));
            }
            table.rows.push(cells);
        }
        let Totals { params, trainable, non_trainable, macs, flops, activation_bytes, .. } = self.totals;
        let counted = |n: u64| format!("{} ({})", grouped(n), bytes(F32_BYTES * n));
        format!(
            "Model: \"{}\"\n{table} Total params: {}\n Trainable params: {}\n Non-trainable params: {}\n \
             MACs per image: {}, FLOPs: {}\n Activations per image: {} (one forward pass, input included)\n",
            plain(name),
            counted(params),
            counted(trainable),
            counted(non_trainable),
            grouped(macs),
            grouped(flops),
            bytes(activation_bytes)
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
        class_name: class_name(kind),
        output_shape: node.output_shape.0.clone(),
        shape_text: shape_text(&node.output_shape.0),
        params: graph.params[node.params.clone()].iter().map(|param| param.spec.len() as u64).sum(),
        macs,
        flops: 2 * macs,
        activation_bytes: if kind == "flatten" { 0 } else { F32_BYTES * node.output_shape.len() as u64 },
        inputs: node.inputs.iter().map(input).collect(),
    }
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
    use crate::experiment::Experiment;

    #[test]
    fn the_summary_looks_as_keras_prints_it() {
        let experiment = Experiment::from_json(
            r#"{"name": "net", "dataset": {"name": "mnist"}, "input_shape": [32, 32, 3],
                "layers": [{"type": "conv2d", "filters": 32, "kernel_size": 3}, {"type": "flatten"},
                           {"type": "dense", "units": 10, "activation": "softmax"}],
                "loss": "sparse_categorical_crossentropy", "optimizer": {"type": "adam"}}"#,
        );
        let summary = Summary::new(&Graph::new(&experiment.unwrap()).unwrap());
        assert_eq!(summary.layers[0].class_name, "Conv2D");
        assert_eq!(
            summary.to_text("net"),
            "Model: \"net\"
┏━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━┳━━━━━━━━━━━━━┓
┃ Layer (type)      ┃ Output Shape       ┃ Param # ┃    MACs ┃     FLOPs ┃ Activations ┃
┡━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━╇━━━━━━━━━━━━━┩
│ conv2d (Conv2D)   │ (None, 30, 30, 32) │     896 │ 777,600 │ 1,555,200 │   112.50 KB │
├───────────────────┼────────────────────┼─────────┼─────────┼───────────┼─────────────┤
│ flatten (Flatten) │ (None, 28800)      │       0 │       0 │         0 │      0.00 B │
├───────────────────┼────────────────────┼─────────┼─────────┼───────────┼─────────────┤
│ dense (Dense)     │ (None, 10)         │ 288,010 │ 288,000 │   576,000 │     40.00 B │
└───────────────────┴────────────────────┴─────────┴─────────┴───────────┴─────────────┘
 Total params: 288,906 (1.10 MB)
 Trainable params: 288,906 (1.10 MB)
 Non-trainable params: 0 (0.00 B)
 MACs per image: 1,065,600, FLOPs: 2,131,200
 Activations per image: 124.54 KB (one forward pass, input included)
"
        );
    }
}
