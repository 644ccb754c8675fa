//! Learning-rate schedules, one file each: the learning rate of every step, computed from the optimiser's
//! `learning_rate`.

mod cosine_decay;
mod exponential_decay;
mod inverse_time_decay;
mod one_cycle;
mod reduce_on_plateau;
mod step_decay;
mod warmup;
mod watch;

pub use cosine_decay::CosineDecay;
pub use exponential_decay::ExponentialDecay;
pub use inverse_time_decay::InverseTimeDecay;
pub use one_cycle::OneCycle;
pub use reduce_on_plateau::ReduceOnPlateau;
pub use step_decay::StepDecay;
pub use warmup::Warmup;
pub use watch::Watch;

use crate::base::error::{Error, Result};
use crate::base::number::Plain;
use crate::experiment::monitor::Monitor;

/// A learning-rate schedule; in the formulas `t` counts steps and `e` epochs, both from 0.
pub trait Rate {
    /// The rate of the step at `now`. `reduce_on_plateau` returns `lr`: its reductions depend on the history.
    fn rate(&self, lr: f64, now: Moment) -> f64;

    /// Checks the constants.
    ///
    /// # Errors
    /// [`Error::Spec`] if one is out of range; it names the constant.
    fn check(&self) -> Result<()>;

    /// The figure that it monitors, if any.
    fn monitor(&self) -> Option<Monitor> {
        None
    }
}

crate::registry! {
    /// How the learning rate changes during the run.
    pub enum Schedule as dyn Rate {
        "inverse_time_decay" => InverseTimeDecay,
        "exponential_decay" => ExponentialDecay,
        "cosine_decay" => CosineDecay,
        "step_decay" => StepDecay,
        "one_cycle" => OneCycle,
        "warmup" => Warmup,
        "reduce_on_plateau" => ReduceOnPlateau,
    }
}

/// A moment of a run.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// Completed steps.
    pub step: usize,
    /// Completed epochs.
    pub epoch: usize,
    /// Steps of the whole run.
    pub total_steps: usize,
}

impl Moment {
    /// Completed steps divided by `steps`; rounded down with `staircase`.
    fn parts(self, steps: f64, staircase: bool) -> f64 {
        let parts = self.step as f64 / steps;
        if staircase { parts.floor() } else { parts }
    }
}

fn refuse<T>(rule: &str, value: f64) -> Result<T> {
    Err(Error::Spec(format!("learning_rate_schedule {rule}. Received: {}", Plain(value))))
}

fn positive(what: &str, value: f64) -> Result<()> {
    if value > 0.0 && value.is_finite() { Ok(()) } else { refuse(&format!("{what} must be above zero"), value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(schedule: &str, step: usize) -> f64 {
        let schedule: Schedule = serde_json::from_str(schedule).unwrap();
        schedule.rate(0.1, Moment { step, epoch: step / 10, total_steps: 100 })
    }

    #[test]
    fn rates_at_chosen_steps() {
        let inverse = r#"{"type": "inverse_time_decay", "decay_rate": 0.5}"#;
        assert!((at(inverse, 2) - 0.05).abs() < 1e-12);
        let step = r#"{"type": "step_decay", "step_size": 2}"#;
        assert!((at(step, 25) - 0.01).abs() < 1e-12);
        let cosine = r#"{"type": "cosine_decay", "decay_steps": 50}"#;
        assert!((at(cosine, 25) - 0.05).abs() < 1e-12);
        let cycle = r#"{"type": "one_cycle"}"#;
        assert!((at(cycle, 0) - 0.1 / 25.0).abs() < 1e-12);
        assert!((at(cycle, 29) - 0.1).abs() < 1e-12);
        assert!((at(cycle, 99) - 0.1 / 25.0 / 1e4).abs() < 1e-12);
    }
}
