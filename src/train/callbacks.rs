//! Decisions at the end of an epoch, as Keras's callbacks make them: reduce the learning rate on a plateau, stop early,
//! keep the weights of the best epoch.

use crate::base::error::{Error, Result};
use crate::base::number::{POSITIVE, PlainNumber, is_positive};
use crate::experiment::schedule::{Moment, Schedule, Watch};
use crate::experiment::{EarlyStopping, Experiment};
use crate::results::history::Epoch;
use serde::{Deserialize, Serialize};

/// The state of all callbacks.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Callbacks {
    stopping: Watch,
    plateau: Watch,
    keeping: Watch,
    /// The learning rate after the reductions on a plateau.
    rate: f64,
    /// Factor on the schedule's learning rates; a manual change of the learning rate sets it.
    #[serde(default = "one")]
    scale: f64,
}

fn one() -> f64 {
    1.0
}

/// What to do at the end of an epoch.
#[derive(Debug, Clone, Copy, Default)]
pub struct Verdict {
    /// Stop the run.
    pub stop: bool,
    /// Keep these weights for `restore_best_weights`.
    pub keep_best: bool,
    /// Keep these weights for `model_checkpoint`.
    pub save_best: bool,
}

impl Callbacks {
    /// The state at the start of a run.
    pub fn new(spec: &Experiment) -> Self {
        Self {
            stopping: Watch::new(),
            plateau: Watch::new(),
            keeping: Watch::new(),
            rate: spec.optimizer.learning_rate,
            scale: 1.0,
        }
    }

    /// The learning rate of the step at `now`.
    pub fn learning_rate(&self, spec: &Experiment, now: Moment) -> f64 {
        self.scale * self.scheduled(spec, now)
    }

    fn scheduled(&self, spec: &Experiment, now: Moment) -> f64 {
        spec.learning_rate_schedule.as_ref().map_or(self.rate, |schedule| schedule.rate(self.rate, now))
    }

    /// Sets the learning rate of the step at `now`. A schedule keeps its shape: its later rates are scaled by the same
    /// factor.
    ///
    /// # Errors
    /// [`Error::Spec`] if the rate is not above zero, or if the schedule's rate is zero and cannot be scaled.
    pub fn set_learning_rate(&mut self, spec: &Experiment, now: Moment, rate: f64) -> Result<()> {
        if !is_positive(rate) {
            return Err(Error::Spec(format!("learning_rate {POSITIVE}. Received: {}", PlainNumber(rate))));
        }
        match &spec.learning_rate_schedule {
            None | Some(Schedule::ReduceOnPlateau(_)) => self.rate = rate,
            Some(_) => {
                let scheduled = self.scheduled(spec, now);
                if scheduled <= 0.0 {
                    return Err(Error::Spec(format!(
                        "the schedule has brought the learning rate down to {}, so it cannot be scaled. Received: {}",
                        PlainNumber(scheduled),
                        PlainNumber(rate)
                    )));
                }
                self.scale = rate / scheduled;
            }
        }
        Ok(())
    }

    /// Forgets what early stopping has seen, as Keras does at the start of `fit`.
    pub fn begin_again(&mut self) {
        self.stopping = Watch::new();
    }

    /// Whether the counts are in the range that a run can reach. A checkpoint from outside may hold others.
    pub fn are_sane(&self) -> bool {
        let most = crate::experiment::MAX_EPOCHS;
        let sane = |watch: &Watch| watch.wait <= most && watch.cooldown <= most;
        [&self.stopping, &self.plateau, &self.keeping].into_iter().all(sane) && (self.rate * self.scale).is_finite()
    }

    /// Updates the state with a finished epoch and returns what to do next.
    pub fn epoch_end(&mut self, spec: &Experiment, row: &Epoch) -> Verdict {
        self.cut_on_plateau(spec, row);
        let verdict = match &spec.early_stopping {
            Some(stopping) => self.consider_stopping(stopping, row),
            None => Verdict::default(),
        };
        Verdict { save_best: self.is_best(spec, row), ..verdict }
    }

    fn consider_stopping(&mut self, rule: &EarlyStopping, row: &Epoch) -> Verdict {
        let value = row.figure(rule.monitor).unwrap_or(f64::NAN);
        let watch = &mut self.stopping;
        let first = row.epoch == 1;
        watch.wait += 1;
        if watch.improves(value, rule.monitor, rule.min_delta) {
            (watch.best, watch.wait) = (Some(value), 0);
            return Verdict { keep_best: rule.restore_best_weights, ..Verdict::default() };
        }
        let (stop, keep_best) = (watch.wait >= rule.patience && !first, first && rule.restore_best_weights);
        Verdict { stop, keep_best, ..Verdict::default() }
    }

    fn is_best(&mut self, spec: &Experiment, row: &Epoch) -> bool {
        let Some(rule) = &spec.model_checkpoint else { return false };
        let value = row.figure(rule.monitor).unwrap_or(f64::NAN);
        let better = self.keeping.improves(value, rule.monitor, 0.0);
        if better {
            self.keeping.best = Some(value);
        }
        better
    }

    fn cut_on_plateau(&mut self, spec: &Experiment, row: &Epoch) {
        let Some(Schedule::ReduceOnPlateau(rule)) = &spec.learning_rate_schedule else { return };
        let value = row.figure(rule.monitor).unwrap_or(f64::NAN);
        let watch = &mut self.plateau;
        if watch.cooldown > 0 {
            (watch.cooldown, watch.wait) = (watch.cooldown - 1, 0);
        }
        if watch.improves(value, rule.monitor, rule.min_delta) {
            (watch.best, watch.wait) = (Some(value), 0);
        } else if watch.cooldown == 0 {
            watch.wait += 1;
            if watch.wait >= rule.patience && self.rate > rule.min_learning_rate {
                self.rate = (self.rate * rule.factor).max(rule.min_learning_rate);
                (watch.cooldown, watch.wait) = (rule.cooldown, 0);
            }
        }
    }
}
