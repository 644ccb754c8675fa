//! Learning-rate schedules: the rate of every step, from the optimiser's `learning_rate`.

use crate::base::error::{Error, Result};
use crate::base::number::Plain;
use crate::experiment::monitor::Monitor;
use std::f64::consts::PI;

/// How the learning rate changes; `t` counts steps and `e` epochs from 0.
#[derive(Debug, Clone, PartialEq)]
pub enum Schedule {
    /// `lr / (1 + decay_rate * t / decay_steps)`.
    InverseTimeDecay {
        /// How fast.
        decay_rate: f64,
        /// Steps that count as one.
        decay_steps: f64,
        /// Whole numbers of `decay_steps` only.
        staircase: bool,
    },
    /// `lr * decay_rate ^ (t / decay_steps)`.
    ExponentialDecay {
        /// Factor.
        decay_rate: f64,
        /// Steps that count as one.
        decay_steps: f64,
        /// Whole numbers of `decay_steps` only.
        staircase: bool,
    },
    /// Half a cosine from the rate to `alpha` times it, after an optional linear rise.
    CosineDecay {
        /// Steps of the fall.
        decay_steps: f64,
        /// The share of the rate that is left.
        alpha: f64,
        /// Rate at the end of the rise.
        warmup_target: Option<f64>,
        /// Steps of the rise.
        warmup_steps: f64,
    },
    /// `lr * gamma ^ floor(e / step_size)`.
    StepDecay {
        /// Epochs.
        step_size: f64,
        /// Factor.
        gamma: f64,
    },
    /// One rise and one fall, as PyTorch's `OneCycleLR` (cosine, two phases).
    OneCycle {
        /// The peak; the optimiser's rate where absent.
        max_learning_rate: Option<f64>,
        /// Steps of the whole cycle; the run's where absent.
        total_steps: Option<f64>,
        /// Share of the rise.
        pct_start: f64,
        /// Peak over start.
        div_factor: f64,
        /// Start over end.
        final_div_factor: f64,
    },
    /// `lr * min(1, t / warmup_steps)`.
    Warmup {
        /// Steps of the rise.
        warmup_steps: f64,
    },
    /// Multiply by `factor` where `monitor` has not got better for `patience` epochs.
    ReduceOnPlateau {
        /// What is watched.
        monitor: Monitor,
        /// Factor.
        factor: f64,
        /// Epochs.
        patience: usize,
        /// The least change that counts.
        min_delta: f64,
        /// Epochs of rest after a cut.
        cooldown: usize,
        /// The least rate.
        min_learning_rate: f64,
    },
}

crate::record!(Schedule by "type" {
    "inverse_time_decay" => InverseTimeDecay { decay_rate, decay_steps = 1.0, staircase = false },
    "exponential_decay" => ExponentialDecay { decay_rate, decay_steps, staircase = false },
    "cosine_decay" => CosineDecay { decay_steps, alpha = 0.0, warmup_target, warmup_steps = 0.0 },
    "step_decay" => StepDecay { step_size, gamma = 0.1 },
    "one_cycle" => OneCycle { max_learning_rate, total_steps, pct_start = 0.3, div_factor = 25.0, final_div_factor = 1e4 },
    "warmup" => Warmup { warmup_steps },
    "reduce_on_plateau" => ReduceOnPlateau {
        monitor = Monitor::ValLoss,
        factor = 0.1,
        patience = 10,
        min_delta = 1e-4,
        cooldown = 0,
        min_learning_rate = 0.0,
    },
});

/// Where the run stands.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// Steps done.
    pub step: usize,
    /// Epochs done.
    pub epoch: usize,
    /// Steps of the whole run.
    pub total_steps: usize,
}

impl Schedule {
    /// The rate of the step at `now`. `ReduceOnPlateau` gives `lr` itself; [`Plateau`] does its cuts.
    pub fn rate(&self, lr: f64, now: Moment) -> f64 {
        let t = now.step as f64;
        let parts = |steps: f64, staircase: bool| if staircase { (t / steps).floor() } else { t / steps };
        match *self {
            Self::InverseTimeDecay { decay_rate, decay_steps, staircase } => {
                lr / (1.0 + decay_rate * parts(decay_steps, staircase))
            }
            Self::ExponentialDecay { decay_rate, decay_steps, staircase } => {
                lr * libm::pow(decay_rate, parts(decay_steps, staircase))
            }
            Self::CosineDecay { decay_steps, alpha, warmup_target, warmup_steps } => {
                let fall = |from: f64, t: f64| {
                    from * ((1.0 - alpha) * 0.5 * (1.0 + libm::cos(PI * t.min(decay_steps) / decay_steps)) + alpha)
                };
                match warmup_target {
                    None => fall(lr, t),
                    Some(target) if t < warmup_steps => lr + (target - lr) * t / warmup_steps,
                    Some(target) => fall(target, t - warmup_steps),
                }
            }
            Self::StepDecay { step_size, gamma } => lr * libm::pow(gamma, (now.epoch as f64 / step_size).floor()),
            Self::OneCycle { max_learning_rate, total_steps, pct_start, div_factor, final_div_factor } => {
                let (max, total) = (max_learning_rate.unwrap_or(lr), total_steps.unwrap_or(now.total_steps as f64));
                let (first, last) = (max / div_factor, max / div_factor / final_div_factor);
                let anneal = |from: f64, to: f64, share: f64| to + (from - to) / 2.0 * (1.0 + libm::cos(PI * share));
                let peak = pct_start * total - 1.0;
                let t = t.min(total - 1.0);
                if t <= peak {
                    anneal(first, max, t / peak)
                } else {
                    anneal(max, last, (t - peak) / (total - 1.0 - peak))
                }
            }
            Self::Warmup { warmup_steps } => lr * (t / warmup_steps).min(1.0),
            Self::ReduceOnPlateau { .. } => lr,
        }
    }

    /// The figure that [`Self::ReduceOnPlateau`] watches.
    pub fn monitor(&self) -> Option<Monitor> {
        match self {
            Self::ReduceOnPlateau { monitor, .. } => Some(*monitor),
            _ => None,
        }
    }

    /// Checks the constants.
    ///
    /// # Errors
    /// [`Error::Spec`] names the one that is out of range.
    pub fn check(&self) -> Result<()> {
        let positive = |what: &str, value: f64| {
            if value > 0.0 && value.is_finite() {
                return Ok(());
            }
            Err(Error::Spec(format!("learning_rate_schedule {what} must be above zero. Received: {}", Plain(value))))
        };
        match *self {
            Self::InverseTimeDecay { decay_rate, decay_steps, .. } => {
                positive("decay_steps", decay_steps)?;
                if decay_rate == 0.0 { Ok(()) } else { positive("decay_rate", decay_rate) }
            }
            Self::ExponentialDecay { decay_rate, decay_steps, .. } => {
                positive("decay_steps", decay_steps)?;
                positive("decay_rate", decay_rate)
            }
            Self::CosineDecay { decay_steps, .. } => positive("decay_steps", decay_steps),
            Self::StepDecay { step_size, gamma } => {
                positive("step_size", step_size)?;
                positive("gamma", gamma)
            }
            Self::OneCycle { pct_start, div_factor, final_div_factor, total_steps, .. } => {
                if !(pct_start > 0.0 && pct_start < 1.0) {
                    let message = "learning_rate_schedule pct_start must lie between 0 and 1. Received: ";
                    return Err(Error::Spec(format!("{message}{}", Plain(pct_start))));
                }
                positive("total_steps", total_steps.unwrap_or(1.0))?;
                positive("div_factor", div_factor)?;
                positive("final_div_factor", final_div_factor)
            }
            Self::Warmup { warmup_steps } => positive("warmup_steps", warmup_steps),
            Self::ReduceOnPlateau { factor, .. } => {
                if factor >= 1.0 {
                    let message = "learning_rate_schedule factor must be below 1. Received: ";
                    return Err(Error::Spec(format!("{message}{}", Plain(factor))));
                }
                positive("factor", factor)
            }
        }
    }
}

/// Watches a figure for getting better, as Keras's callbacks do.
#[derive(Debug, Clone)]
pub struct Watch {
    /// The best value so far.
    pub best: Option<f64>,
    /// Epochs since.
    pub wait: usize,
    /// Epochs of rest left.
    pub cooldown: usize,
}
crate::record!(lenient Watch { best, wait, cooldown });

impl Watch {
    /// Nothing seen yet.
    pub fn new() -> Self {
        Self { best: None, wait: 0, cooldown: 0 }
    }

    /// True where `value` beats the best by more than `min_delta`.
    pub fn improves(&self, value: f64, monitor: Monitor, min_delta: f64) -> bool {
        let Some(best) = self.best else { return !value.is_nan() };
        if monitor.more_is_better() { value - min_delta > best } else { value + min_delta < best }
    }
}

impl Default for Watch {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(schedule: &Schedule, step: usize) -> f64 {
        schedule.rate(0.1, Moment { step, epoch: step / 10, total_steps: 100 })
    }

    #[test]
    fn rates_at_chosen_steps() {
        let inverse = Schedule::InverseTimeDecay { decay_rate: 0.5, decay_steps: 1.0, staircase: false };
        assert!((at(&inverse, 2) - 0.05).abs() < 1e-12);
        let step = Schedule::StepDecay { step_size: 2.0, gamma: 0.1 };
        assert!((at(&step, 25) - 0.01).abs() < 1e-12);
        let cosine = Schedule::CosineDecay { decay_steps: 50.0, alpha: 0.0, warmup_target: None, warmup_steps: 0.0 };
        assert!((at(&cosine, 25) - 0.05).abs() < 1e-12);
        let cycle: Schedule = serde_json::from_str("{\"type\": \"one_cycle\"}").unwrap();
        assert!((at(&cycle, 0) - 0.1 / 25.0).abs() < 1e-12);
        assert!((at(&cycle, 29) - 0.1).abs() < 1e-12);
        assert!((at(&cycle, 99) - 0.1 / 25.0 / 1e4).abs() < 1e-12);
    }
}
