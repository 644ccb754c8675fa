//! `one_cycle`: the rate rises once and falls once, as in PyTorch's `OneCycleLR` (cosine, two phases).

use super::rate::{Moment, Rate, positive, refuse};
use crate::base::error::Result;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::f64::consts::PI;

/// The rate rises once and falls once, as in PyTorch's `OneCycleLR` (cosine, two phases).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OneCycle {
    /// The maximum learning rate; the optimiser's if it is not set.
    pub max_learning_rate: Option<f64>,
    /// Steps of the whole cycle, above 0; all steps of the run if it is not set.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub total_steps: Option<f64>,
    /// The share of the steps in which the rate rises, between 0 and 1.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 1))]
    pub pct_start: f64,
    /// The maximum rate divided by the initial one, above 0.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub div_factor: f64,
    /// The initial rate divided by the final one, above 0.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub final_div_factor: f64,
}

impl Default for OneCycle {
    fn default() -> Self {
        let (max_learning_rate, total_steps) = (None, None);
        Self { max_learning_rate, total_steps, pct_start: 0.3, div_factor: 25.0, final_div_factor: 1e4 }
    }
}

impl Rate for OneCycle {
    fn rate(&self, lr: f64, now: Moment) -> f64 {
        let total = self.total_steps.unwrap_or(now.total_steps as f64);
        let max = self.max_learning_rate.unwrap_or(lr);
        let (first, last) = (max / self.div_factor, max / self.div_factor / self.final_div_factor);
        let anneal = |from: f64, to: f64, share: f64| to + (from - to) / 2.0 * (1.0 + libm::cos(PI * share));
        let peak = self.pct_start * total - 1.0;
        let t = (now.step as f64).min(total - 1.0);
        match t <= peak {
            // A cycle that rises in a single step begins at its maximum.
            true => anneal(first, max, if peak > 0.0 { t / peak } else { 1.0 }),
            false => anneal(max, last, (t - peak) / (total - 1.0 - peak)),
        }
    }

    fn check(&self) -> Result<()> {
        if !(self.pct_start > 0.0 && self.pct_start < 1.0) {
            return refuse("pct_start must lie between 0 and 1", self.pct_start);
        }
        positive("max_learning_rate", self.max_learning_rate.unwrap_or(1.0))?;
        positive("total_steps", self.total_steps.unwrap_or(1.0))?;
        positive("div_factor", self.div_factor)?;
        positive("final_div_factor", self.final_div_factor)?;
        positive("div_factor times final_div_factor", self.div_factor * self.final_div_factor)
    }
}
