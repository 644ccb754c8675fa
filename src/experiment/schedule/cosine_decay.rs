//! `cosine_decay`: a half cosine from the rate to `alpha` times it, after an optional linear warm-up.

use super::rate::{Moment, Rate, not_negative, positive};
use crate::base::error::Result;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::f64::consts::PI;

/// A half cosine from the learning rate down to `alpha` times it, after an optional linear warm-up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("examples" = [{"decay_steps": 10_000}]))]
pub struct CosineDecay {
    /// Steps of the decay, above 0.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub decay_steps: f64,
    /// The final learning rate as a share of the initial one.
    #[serde(default)]
    pub alpha: f64,
    /// The learning rate at the end of the warm-up; no warm-up if it is not set.
    pub warmup_target: Option<f64>,
    /// Steps of the warm-up.
    #[serde(default)]
    pub warmup_steps: f64,
}

impl Rate for CosineDecay {
    fn rate(&self, lr: f64, now: Moment) -> f64 {
        let (t, &Self { decay_steps, alpha, warmup_steps, .. }) = (now.step as f64, self);
        let fall = |from: f64, t: f64| {
            from * ((1.0 - alpha) * 0.5 * (1.0 + libm::cos(PI * t.min(decay_steps) / decay_steps)) + alpha)
        };
        match self.warmup_target {
            None => fall(lr, t),
            Some(target) if t < warmup_steps => lr + (target - lr) * t / warmup_steps,
            Some(target) => fall(target, t - warmup_steps),
        }
    }

    fn check(&self) -> Result<()> {
        positive("decay_steps", self.decay_steps)?;
        not_negative("alpha", self.alpha)?;
        not_negative("warmup_target", self.warmup_target.unwrap_or_default())?;
        not_negative("warmup_steps", self.warmup_steps)
    }
}
