//! The figures that callbacks monitor.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A figure of the history.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Monitor {
    /// Training loss.
    Loss,
    /// Training accuracy.
    Accuracy,
    /// Validation loss.
    #[default]
    ValLoss,
    /// Validation accuracy.
    ValAccuracy,
}

impl Monitor {
    /// Whether a larger value is better: true for accuracies.
    pub fn more_is_better(self) -> bool {
        matches!(self, Self::Accuracy | Self::ValAccuracy)
    }

    /// Whether the figure needs validation images.
    pub fn needs_validation(self) -> bool {
        matches!(self, Self::ValLoss | Self::ValAccuracy)
    }
}
