//! `reduce_on_plateau`: a cut wherever a figure has stopped getting better.

use super::{Moment, Rate, positive, refuse};
use crate::base::error::Result;
use crate::experiment::monitor::Monitor;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Multiplies the learning rate by `factor` where `monitor` has not got better for `patience` epochs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{"patience": 3}]))]
pub struct ReduceOnPlateau {
    /// The figure that is watched; the validation ones need validation images.
    pub monitor: Monitor,
    /// The factor of a cut, above 0 and below 1.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 1))]
    pub factor: f64,
    /// Epochs without a better figure before a cut.
    pub patience: usize,
    /// The least change of the figure that counts as better.
    pub min_delta: f64,
    /// Epochs after a cut that do not count.
    pub cooldown: usize,
    /// The learning rate is never cut below this.
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
        positive("factor", self.factor)
    }

    fn monitor(&self) -> Option<Monitor> {
        Some(self.monitor)
    }
}
