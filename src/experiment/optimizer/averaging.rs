//! Averages of the weights over the steps, which a run ends with: a moving average as Keras's optimisers keep it, or Lookahead
//! (Zhang et al., "Lookahead Optimizer: k steps forward, 1 step back", 2019).

use super::constants::{check, positive, share};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Lookahead: every few steps a slow copy of the weights and of the moving statistics moves towards them, and they go on from
/// there. The statistics belong to the weights that they were computed with, so both are averaged alike.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Lookahead {
    /// Steps between two moves of the slow weights, 1 or more.
    #[schemars(range(min = 1))]
    pub sync_period: u32,
    /// Share of the way that the slow weights move, 0 to 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub slow_step_size: f64,
    /// That share at the end of the run, if it changes on the way.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub final_slow_step_size: Option<f64>,
    /// The course of the change: the passed share of the run to this power, above 0.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub power: f64,
}

impl Default for Lookahead {
    fn default() -> Self {
        Self { sync_period: 6, slow_step_size: 0.5, final_slow_step_size: None, power: 1.0 }
    }
}

/// The average that an optimiser keeps beside the weights, in a slot of its own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Averaging {
    /// `a = momentum * a + (1 - momentum) * w` after every step, from `a = w` after the first one.
    Moving {
        /// Share of the average that is kept.
        momentum: f64,
        /// Steps after which the weights are set to the average; 0 for never.
        every: u32,
    },
    /// Lookahead.
    Lookahead {
        /// Its constants.
        options: Lookahead,
        /// The number of steps of the run.
        total_steps: usize,
    },
}

impl Averaging {
    /// The average that the options of an optimiser ask for.
    ///
    /// # Errors
    /// If a constant is out of range, or both kinds are set.
    pub(super) fn of(
        (use_ema, momentum, every): (bool, f64, Option<u32>),
        lookahead: Option<Lookahead>,
    ) -> Result<Option<Self>, String> {
        share("ema_momentum", momentum)?;
        let between =
            |what: &str, value: f64| check((0.0..=1.0).contains(&value), what, "must lie between 0 and 1", value);
        check(every != Some(0), "ema_overwrite_frequency", "must be 1 or more", 0.0)?;
        let Some(options) = lookahead else {
            return Ok(use_ema.then(|| Self::Moving { momentum, every: every.unwrap_or(0) }));
        };
        if use_ema {
            return Err("at most one of use_ema and lookahead may be set".into());
        }
        between("slow_step_size", options.slow_step_size)?;
        between("final_slow_step_size", options.final_slow_step_size.unwrap_or(0.0))?;
        check(options.sync_period > 0, "sync_period", "must be 1 or more", 0.0)?;
        positive("power", options.power)?;
        Ok(Some(Self::Lookahead { options, total_steps: 1 }))
    }

    /// Share of the average that step `t` (from 1) keeps; the rest comes from the weights.
    pub fn keep(self, t: u32) -> f64 {
        match self {
            Self::Moving { .. } if t == 1 => 0.0,
            Self::Moving { momentum, .. } => momentum,
            Self::Lookahead { .. } if !self.overwrites(t) => 1.0,
            Self::Lookahead { options: Lookahead { slow_step_size, final_slow_step_size, power, .. }, total_steps } => {
                let passed = (f64::from(t) / total_steps.max(1) as f64).min(1.0);
                let last = final_slow_step_size.unwrap_or(slow_step_size);
                1.0 - (slow_step_size + (last - slow_step_size) * libm::pow(passed, power))
            }
        }
    }

    /// Steps after which the weights are set to the average; 0 for never.
    pub fn every(self) -> u32 {
        match self {
            Self::Moving { every, .. } => every,
            Self::Lookahead { options, .. } => options.sync_period,
        }
    }

    /// Whether step `t` (from 1) sets the weights to the average.
    pub fn overwrites(self, t: u32) -> bool {
        self.every() > 0 && t.is_multiple_of(self.every())
    }

    /// Whether the average starts from the initial values, and has the moving statistics behind the weights. Keras's moving average
    /// has neither.
    pub fn covers_state(self) -> bool {
        matches!(self, Self::Lookahead { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lookahead_moves_at_its_period_and_its_share_follows_the_run() {
        let options = Lookahead { sync_period: 5, slow_step_size: 1.0, final_slow_step_size: Some(0.2), power: 3.0 };
        let averaging = Averaging::Lookahead { options, total_steps: 20 };
        assert_eq!([1, 4, 6].map(|t| averaging.keep(t)), [1.0; 3]);
        assert!((averaging.keep(10) - 0.1).abs() < 1e-12 && (averaging.keep(20) - 0.8).abs() < 1e-12);
        assert_eq!([4, 5, 10, 11].map(|t| averaging.overwrites(t)), [false, true, true, false]);
    }

    #[test]
    fn a_moving_average_starts_with_the_first_weights() {
        let averaging = Averaging::of((true, 0.9, Some(3)), None).unwrap().unwrap();
        assert_eq!([1, 2, 3].map(|t| averaging.keep(t)), [0.0, 0.9, 0.9]);
        assert_eq!([1, 2, 3].map(|t| averaging.overwrites(t)), [false, false, true]);
        assert_eq!(Averaging::of((false, 0.99, None), None).unwrap(), None);
    }

    #[test]
    fn wrong_constants_are_refused() {
        let ema = |momentum, every| Averaging::of((true, momentum, every), None).unwrap_err();
        assert!(ema(1.0, None).contains("ema_momentum") && ema(0.9, Some(0)).contains("ema_overwrite_frequency"));
        let slow = Lookahead { slow_step_size: 1.5, ..Lookahead::default() };
        assert!(Averaging::of((false, 0.99, None), Some(slow)).unwrap_err().contains("Received: 1.5"));
        assert!(Averaging::of((true, 0.99, None), Some(Lookahead::default())).unwrap_err().contains("at most one"));
    }
}
