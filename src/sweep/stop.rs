//! Early termination of runs that are worse than those before them.

use super::outcome::{Outcome, Status};
use crate::experiment::monitor::Monitor;
use crate::results::history::Epoch;
use serde::{Deserialize, Serialize};

/// When to stop a run of a sweep.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum EarlyTermination {
    /// The median stopping rule: a run stops after an epoch if its best figure so far is worse than the median, over the finished
    /// runs, of the mean of their figures up to the same epoch.
    ///
    /// # Source
    /// Golovin et al., "Google Vizier: A Service for Black-Box Optimization", KDD 2017, section 3.2.2.
    Median {
        /// Epochs that every run is given.
        #[serde(default = "default_min_epochs")]
        min_epochs: usize,
        /// Finished runs that are needed for a median.
        #[serde(default = "default_min_runs")]
        min_runs: usize,
    },
}

fn default_min_epochs() -> usize {
    1
}

fn default_min_runs() -> usize {
    3
}

impl EarlyTermination {
    /// Whether to stop a run after the last of its `epochs`.
    pub fn is_hopeless(&self, monitor: Monitor, epochs: &[Epoch], before: &[Outcome]) -> bool {
        let Self::Median { min_epochs, min_runs } = *self;
        let mut means: Vec<f64> = before
            .iter()
            .filter(|outcome| outcome.status == Status::Finished && outcome.figures.len() >= epochs.len())
            .map(|outcome| outcome.figures[..epochs.len()].iter().sum::<f64>() / epochs.len() as f64)
            .collect();
        if epochs.len() < min_epochs.max(1) || means.len() < min_runs.max(1) {
            return false;
        }
        means.sort_by(f64::total_cmp);
        let middle = means.len() / 2;
        let median = if means.len() % 2 == 1 { means[middle] } else { f64::midpoint(means[middle - 1], means[middle]) };
        let figures = epochs.iter().filter_map(|epoch| epoch.figure(monitor));
        if monitor.more_is_better() {
            figures.fold(f64::NEG_INFINITY, f64::max) < median
        } else {
            figures.fold(f64::INFINITY, f64::min) > median
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finished(figures: &[f64]) -> Outcome {
        Outcome { figures: figures.to_vec(), status: Status::Finished, ..Outcome::default() }
    }

    fn epochs(losses: &[f64]) -> Vec<Epoch> {
        let epoch = |(i, loss): (usize, &f64)| Epoch {
            epoch: i + 1,
            loss: *loss,
            accuracy: 0.5,
            val_loss: Some(*loss),
            val_accuracy: None,
            learning_rate: 0.1,
            seconds: 1.0,
            partial: false,
        };
        losses.iter().enumerate().map(epoch).collect()
    }

    #[test]
    fn a_run_stops_where_its_best_is_worse_than_the_median_of_the_means() {
        let rule = EarlyTermination::Median { min_epochs: 2, min_runs: 3 };
        let before = [finished(&[1.0, 0.8, 0.6]), finished(&[2.0, 1.6, 1.2]), finished(&[3.0, 2.4, 1.8])];
        let stops = |losses: &[f64], before: &[Outcome]| rule.is_hopeless(Monitor::ValLoss, &epochs(losses), before);
        // The median of the means of two epochs (0.9, 1.8, 2.7) is 1.8.
        assert!(stops(&[2.0, 1.81], &before) && !stops(&[2.0, 1.79], &before));
        assert!(!stops(&[9.0], &before), "too early");
        assert!(!stops(&[9.0, 9.0], &before[..2]), "too few runs");
        let mut stopped = before.clone();
        stopped[1].status = Status::Stopped;
        assert!(!stops(&[9.0, 9.0], &stopped), "a stopped run does not count");
        assert!(stops(&[f64::NAN, f64::NAN], &before), "NaN is not an improvement");
    }
}
