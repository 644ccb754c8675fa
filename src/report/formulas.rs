//! The sheet of formulas with a network's own numbers.

use crate::base::text::grouped;
use crate::cost::LayerCost;

/// The formulas, with what their letters mean.
pub const LEGEND: [&str; 4] = [
    "O = (N − F + 2P) / S + 1: output size from input size N, kernel F, padding P, stride S",
    "P = ((m · n · C_in) + 1) · C_out: parameters of a convolution with kernels of m × n",
    "P = (inputs + 1) · units: parameters of a dense layer",
    "Multiply-accumulates = O_h · O_w · C_out · m · n · C_in; the floating-point operations are twice as many",
];

/// The columns of the sheet.
pub const HEADINGS: [&str; 6] = ["layer", "output", "O", "P", "parameters", "multiply-accumulates"];

/// One row for each layer.
pub fn rows(layers: &[LayerCost]) -> impl Iterator<Item = Vec<String>> {
    layers.iter().map(|layer| {
        let shape: Vec<String> = layer.output_shape.iter().map(usize::to_string).collect();
        vec![
            layer.name.clone(),
            shape.join(" × "),
            layer.output_formula.clone().unwrap_or_default(),
            layer.params_formula.clone().unwrap_or_default(),
            grouped(layer.params),
            grouped(layer.macs),
        ]
    })
}
