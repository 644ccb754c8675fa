//! `triangular`: the rate rises in a line to the optimiser's, then falls in a line.

use super::rate::{Moment, Rate, not_negative, positive, refuse};
use crate::base::error::Result;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The learning rate rises in a line to the optimiser's own and falls in a line to the end of the run (Smith, "Cyclical Learning
/// Rates", 2017, with one cycle).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Triangular {
    /// The first learning rate as a share of the highest one, 0 or more.
    #[schemars(range(min = 0.0))]
    pub start: f64,
    /// The share of the steps in which the rate rises, between 0 and 1.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 1))]
    pub peak: f64,
    /// The last learning rate as a share of the highest one, 0 or more.
    #[schemars(range(min = 0.0))]
    pub end: f64,
    /// Steps of the whole, above 0; all steps of the run if it is not set.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub total_steps: Option<f64>,
}

impl Default for Triangular {
    fn default() -> Self {
        Self { start: 0.0, peak: 0.5, end: 0.0, total_steps: None }
    }
}

impl Rate for Triangular {
    fn rate(&self, lr: f64, now: Moment) -> f64 {
        let total = self.total_steps.unwrap_or(now.total_steps as f64);
        let (t, peak) = ((now.step as f64).min(total), self.peak * total);
        let share = if t < peak {
            self.start + (1.0 - self.start) * t / peak
        } else {
            1.0 + (self.end - 1.0) * (t - peak) / (total - peak)
        };
        lr * share
    }

    fn check(&self) -> Result<()> {
        if !(self.peak > 0.0 && self.peak < 1.0) {
            return refuse("peak must lie between 0 and 1", self.peak);
        }
        not_negative("start", self.start)?;
        not_negative("end", self.end)?;
        positive("total_steps", self.total_steps.unwrap_or(1.0))
    }
}
