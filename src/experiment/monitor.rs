//! What callbacks watch.

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
    /// True for accuracies, where more is better.
    pub fn more_is_better(self) -> bool {
        matches!(self, Self::Accuracy | Self::ValAccuracy)
    }

    /// True where it needs validation pictures.
    pub fn needs_validation(self) -> bool {
        matches!(self, Self::ValLoss | Self::ValAccuracy)
    }
}
