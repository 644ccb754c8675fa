//! What happens between epochs, by the rules of Keras's callbacks: the learning rate on a plateau, early stopping, the
//! best epoch's weights.

use crate::base::error::{Error, Result};
use crate::base::number::Plain;
use crate::experiment::monitor::Monitor;
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
    /// The learning rate that cuts on a plateau have left.
    rate: f64,
    /// What a change by hand makes of the schedule's rates.
    #[serde(default = "one")]
    scale: f64,
}

fn one() -> f64 {
    1.0
}

/// What an epoch's end asks for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Verdict {
    /// Stop the run.
    pub stop: bool,
    /// Remember these weights as the ones to stop with.
    pub keep_best: bool,
    /// Keep a copy of these weights as the best so far.
    pub save_best: bool,
}

impl Callbacks {
    /// Nothing has happened yet.
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

    /// Gives the step at `now` this learning rate. A schedule keeps its shape: its later rates are larger or smaller by
    /// the same factor.
    ///
    /// # Errors
    /// [`Error::Spec`] where the rate is not above zero, or the schedule has come down to zero.
    pub fn set_learning_rate(&mut self, spec: &Experiment, now: Moment, rate: f64) -> Result<()> {
        if !(rate > 0.0 && rate.is_finite()) {
            return Err(Error::Spec(format!("learning_rate must be above zero. Received: {}", Plain(rate))));
        }
        match &spec.learning_rate_schedule {
            None | Some(Schedule::ReduceOnPlateau(_)) => self.rate = rate,
            Some(_) => {
                let scheduled = self.scheduled(spec, now);
                if scheduled <= 0.0 {
                    return Err(Error::Spec(format!(
                        "the schedule has brought the learning rate down to {}, so it cannot be scaled. Received: {}",
                        Plain(scheduled),
                        Plain(rate)
                    )));
                }
                self.scale = rate / scheduled;
            }
        }
        Ok(())
    }

    /// Whether the counts are such as a run can come to.
    pub fn are_sane(&self) -> bool {
        let most = crate::experiment::MAX_EPOCHS;
        let sane = |watch: &Watch| watch.wait <= most && watch.cooldown <= most;
        [&self.stopping, &self.plateau, &self.keeping].into_iter().all(sane) && (self.rate * self.scale).is_finite()
    }

    /// Looks at a finished epoch.
    pub fn epoch_end(&mut self, spec: &Experiment, row: &Epoch) -> Verdict {
        self.cut_on_plateau(spec, row);
        let verdict = match &spec.early_stopping {
            Some(stopping) => self.consider_stopping(stopping, row),
            None => Verdict::default(),
        };
        Verdict { save_best: self.is_best(spec, row), ..verdict }
    }

    fn consider_stopping(&mut self, rule: &EarlyStopping, row: &Epoch) -> Verdict {
        let value = figure(row, rule.monitor);
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
        let value = figure(row, rule.monitor);
        let better = self.keeping.improves(value, rule.monitor, 0.0);
        if better {
            self.keeping.best = Some(value);
        }
        better
    }

    fn cut_on_plateau(&mut self, spec: &Experiment, row: &Epoch) {
        let Some(Schedule::ReduceOnPlateau(rule)) = &spec.learning_rate_schedule else { return };
        let value = figure(row, rule.monitor);
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

fn figure(row: &Epoch, monitor: Monitor) -> f64 {
    match monitor {
        Monitor::Loss => row.loss,
        Monitor::Accuracy => row.accuracy,
        Monitor::ValLoss => row.val_loss.unwrap_or(f64::NAN),
        Monitor::ValAccuracy => row.val_accuracy.unwrap_or(f64::NAN),
    }
}
