//! `exponential_decay`: `lr * decay_rate ^ (t / decay_steps)`.

use super::rate::{Moment, Rate, positive};
use crate::base::error::Result;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `learning_rate * decay_rate ^ (step / decay_steps)`: falls by the same factor every `decay_steps` steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("examples" = [{"decay_rate": 0.9, "decay_steps": 1000}]))]
pub struct ExponentialDecay {
    /// The factor per `decay_steps` steps, above 0.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub decay_rate: f64,
    /// Steps in which the rate falls by the factor once, above 0.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub decay_steps: f64,
    /// Change the rate only at multiples of `decay_steps`.
    #[serde(default)]
    pub staircase: bool,
}

impl Rate for ExponentialDecay {
    fn rate(&self, lr: f64, now: Moment) -> f64 {
        lr * libm::pow(self.decay_rate, now.parts(self.decay_steps, self.staircase))
    }

    fn check(&self) -> Result<()> {
        positive("decay_steps", self.decay_steps)?;
        positive("decay_rate", self.decay_rate)
    }
}
