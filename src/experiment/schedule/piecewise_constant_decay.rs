//! `piecewise_constant_decay`: a learning rate for each range of steps.

use super::rate::{Moment, Rate, not_negative, refuse};
use crate::base::error::Result;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A learning rate for each range of steps; the optimiser's own is not used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("examples" = [{"boundaries": [1000, 2000], "values": [0.1, 0.01, 0.001]}]))]
pub struct PiecewiseConstantDecay {
    /// The last step of each range but the last one, counted from 0; rising.
    pub boundaries: Vec<f64>,
    /// The learning rate of each range, 0 or more: one more than there are boundaries.
    #[schemars(inner(range(min = 0.0)))]
    pub values: Vec<f64>,
}

impl Rate for PiecewiseConstantDecay {
    fn rate(&self, lr: f64, now: Moment) -> f64 {
        let range = self.boundaries.iter().filter(|&&boundary| now.step as f64 > boundary).count();
        self.values.get(range).copied().unwrap_or(lr)
    }

    fn check(&self) -> Result<()> {
        if self.values.len() != self.boundaries.len() + 1 {
            return refuse("must have one value more than boundaries", self.values.len() as f64);
        }
        if let Some(pair) = self.boundaries.windows(2).find(|pair| pair[0].is_nan() || pair[0] >= pair[1]) {
            return refuse("boundaries must rise", pair[1]);
        }
        self.values.iter().try_for_each(|&value| not_negative("values", value))
    }
}
