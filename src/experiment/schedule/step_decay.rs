//! `step_decay`: `lr * gamma ^ floor(e / step_size)`.

use super::rate::{Moment, Rate, positive};
use crate::base::error::Result;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `learning_rate * gamma ^ floor(epoch / step_size)`: one reduction every `step_size` epochs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("examples" = [{"step_size": 10}]))]
pub struct StepDecay {
    /// Epochs between two reductions, above 0.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub step_size: f64,
    /// The factor of a reduction, above 0.
    #[serde(default = "tenth")]
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub gamma: f64,
}

fn tenth() -> f64 {
    0.1
}

impl Rate for StepDecay {
    fn rate(&self, lr: f64, now: Moment) -> f64 {
        lr * libm::pow(self.gamma, (now.epoch as f64 / self.step_size).floor())
    }

    fn check(&self) -> Result<()> {
        positive("step_size", self.step_size)?;
        positive("gamma", self.gamma)
    }
}
