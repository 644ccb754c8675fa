//! One row of a cost sheet.

use serde::Serialize;
use ts_rs::TS;

/// One layer.
#[derive(Debug, Clone, Serialize, TS)]
pub struct LayerCost {
    /// The layer's name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// One picture's output.
    pub output_shape: Vec<usize>,
    /// O = (N − F) / S + 1 with this layer's numbers.
    pub output_formula: Option<String>,
    /// Values of one picture that it reads.
    pub input_values: u64,
    /// Values that one picture's output holds in memory.
    pub values: u64,
    /// Parameters.
    pub params: u64,
    /// P = ((m · n · C_in) + 1) · C_out with this layer's numbers.
    pub params_formula: Option<String>,
    /// Multiply-accumulates a picture.
    pub macs: u64,
    /// M = O_h · O_w · C_out · m · n · C_in with this layer's numbers.
    pub macs_formula: Option<String>,
}
