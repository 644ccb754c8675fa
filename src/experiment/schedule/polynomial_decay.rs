//! `polynomial_decay`: from the rate to `end_learning_rate` along a polynomial; a line with `power` 1.

use super::rate::{Moment, Rate, not_negative, positive};
use crate::base::error::Result;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// From the learning rate to `end_learning_rate` along a polynomial; a line with `power` 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("examples" = [{"decay_steps": 10_000}]))]
pub struct PolynomialDecay {
    /// Steps of the decay, above 0.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub decay_steps: f64,
    /// The final learning rate, 0 or more.
    #[serde(default = "end")]
    #[schemars(range(min = 0.0))]
    pub end_learning_rate: f64,
    /// The power, above 0.
    #[serde(default = "one")]
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub power: f64,
    /// Whether the decay starts again, with more steps, where it has ended.
    #[serde(default)]
    pub cycle: bool,
}

fn end() -> f64 {
    0.0001
}

fn one() -> f64 {
    1.0
}

impl Rate for PolynomialDecay {
    fn rate(&self, lr: f64, now: Moment) -> f64 {
        let &Self { decay_steps, end_learning_rate, power, cycle } = self;
        let t = now.step as f64;
        let (t, steps) = if cycle {
            (t, decay_steps * (t / decay_steps).ceil().max(1.0))
        } else {
            (t.min(decay_steps), decay_steps)
        };
        (lr - end_learning_rate) * libm::pow(1.0 - t / steps, power) + end_learning_rate
    }

    fn check(&self) -> Result<()> {
        positive("decay_steps", self.decay_steps)?;
        positive("power", self.power)?;
        not_negative("end_learning_rate", self.end_learning_rate)
    }
}
