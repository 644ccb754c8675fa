//! `inverse_time_decay`: `lr / (1 + decay_rate * t / decay_steps)`.

use super::rate::{Moment, Rate, positive};
use crate::base::error::Result;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `learning_rate / (1 + decay_rate * step / decay_steps)`: falls fast at first, then more and more slowly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("examples" = [{"decay_rate": 0.5, "decay_steps": 1000}]))]
pub struct InverseTimeDecay {
    /// How fast the rate falls, 0 or more.
    #[schemars(range(min = 0.0))]
    pub decay_rate: f64,
    /// The unit of the decay, in steps, above 0.
    #[serde(default = "one")]
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub decay_steps: f64,
    /// Change the rate only at multiples of `decay_steps`.
    #[serde(default)]
    pub staircase: bool,
}

fn one() -> f64 {
    1.0
}

impl Rate for InverseTimeDecay {
    fn rate(&self, lr: f64, now: Moment) -> f64 {
        lr / (1.0 + self.decay_rate * now.parts(self.decay_steps, self.staircase))
    }

    fn check(&self) -> Result<()> {
        positive("decay_steps", self.decay_steps)?;
        if self.decay_rate == 0.0 { Ok(()) } else { positive("decay_rate", self.decay_rate) }
    }
}
