//! One row of a cost sheet.

use serde::Serialize;
use ts_rs::TS;

/// The cost of one layer.
#[derive(Debug, Clone, Serialize, TS)]
pub struct LayerCost {
    /// The layer's name.
    pub name: String,
    /// The layer's type, such as `conv2d`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Shape of the output for one image.
    pub output_shape: Vec<usize>,
    /// O = (N − F) / S + 1 with this layer's numbers.
    pub output_formula: Option<String>,
    /// Input values for one image.
    pub input_values: u64,
    /// Values that the output for one image holds in memory.
    pub values: u64,
    /// Number of parameters.
    pub params: u64,
    /// P = ((m · n · C_in) + 1) · C_out with this layer's numbers.
    pub params_formula: Option<String>,
    /// Multiply-accumulates per image.
    pub macs: u64,
    /// M = O_h · O_w · C_out · m · n · C_in with this layer's numbers.
    pub macs_formula: Option<String>,
}
