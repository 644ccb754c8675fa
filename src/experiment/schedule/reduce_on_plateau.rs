//! `reduce_on_plateau`: reduces the rate when a figure no longer improves.

use super::rate::{Moment, Rate, not_negative, positive, refuse};
use crate::base::error::Result;
use crate::experiment::monitor::Monitor;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Multiplies the learning rate by `factor` when `monitor` has not improved for `patience` epochs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{"patience": 3}]))]
pub struct ReduceOnPlateau {
    /// The figure to monitor; the validation figures need validation images.
    pub monitor: Monitor,
    /// The factor of a reduction, above 0 and below 1.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 1))]
    pub factor: f64,
    /// Epochs without an improvement before a reduction.
    pub patience: usize,
    /// The smallest change of the figure that counts as an improvement.
    pub min_delta: f64,
    /// Epochs after a reduction that do not count towards `patience`.
    pub cooldown: usize,
    /// Lower bound of the learning rate.
    pub min_learning_rate: f64,
}

impl Default for ReduceOnPlateau {
    fn default() -> Self {
        Self {
            monitor: Monitor::ValLoss,
            factor: 0.1,
            patience: 10,
            min_delta: 1e-4,
            cooldown: 0,
            min_learning_rate: 0.0,
        }
    }
}

impl Rate for ReduceOnPlateau {
    fn rate(&self, lr: f64, _now: Moment) -> f64 {
        lr
    }

    fn check(&self) -> Result<()> {
        if self.factor >= 1.0 {
            return refuse("factor must be below 1", self.factor);
        }
        not_negative("min_delta", self.min_delta)?;
        not_negative("min_learning_rate", self.min_learning_rate)?;
        positive("factor", self.factor)
    }

    fn monitor(&self) -> Option<Monitor> {
        Some(self.monitor)
    }
}
