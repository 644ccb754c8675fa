//! `warmup`: `lr * min(1, t / warmup_steps)`.

use super::rate::{Moment, Rate, positive};
use crate::base::error::Result;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `learning_rate * min(1, step / warmup_steps)`: a linear rise from 0, then constant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("examples" = [{"warmup_steps": 500}]))]
pub struct Warmup {
    /// Steps of the warm-up, above 0.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub warmup_steps: f64,
}

impl Rate for Warmup {
    fn rate(&self, lr: f64, now: Moment) -> f64 {
        lr * (now.step as f64 / self.warmup_steps).min(1.0)
    }

    fn check(&self) -> Result<()> {
        positive("warmup_steps", self.warmup_steps)
    }
}
