//! What came of a sweep's runs.

use super::run::Run;
use crate::experiment::monitor::Monitor;
use crate::results::compare::Spread;
use crate::results::history::{Epoch, History};
use crate::train::Done;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

/// Why early termination stopped a run.
pub const HOPELESS: &str = "its best figure is worse than the median of the runs before it";

/// How a run ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "SweepStatus")]
pub enum Status {
    /// It came to its end; early stopping of its experiment counts as an end.
    #[default]
    Finished,
    /// Early termination of the sweep stopped it.
    Stopped,
    /// Its loss or a weight became NaN or infinite.
    Diverged,
}

/// What came of one run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(rename = "SweepOutcome")]
pub struct Outcome {
    /// Its number, from 1.
    pub run: usize,
    /// The values of the fields that the sweep sets.
    #[ts(type = "{ [field: string]: unknown }")]
    pub values: Map<String, Value>,
    /// The seed.
    pub seed: u32,
    /// How it ended.
    pub status: Status,
    /// The reason, where it did not come to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub reason: Option<String>,
    /// The monitored figure after each epoch; epochs where it is NaN or infinite are left out.
    pub figures: Vec<f64>,
    /// The epoch of the best figure, from 1, whose figures follow; `None` if no epoch was completed.
    pub best_epoch: Option<usize>,
    /// The best monitored figure.
    pub best: Option<f64>,
    /// Training loss of that epoch.
    pub loss: Option<f64>,
    /// Training accuracy of that epoch.
    pub accuracy: Option<f64>,
    /// Validation loss of that epoch.
    pub val_loss: Option<f64>,
    /// Validation accuracy of that epoch.
    pub val_accuracy: Option<f64>,
    /// Loss on the test set, of a finished run.
    pub test_loss: Option<f64>,
    /// Accuracy on the test set, of a finished run.
    pub test_accuracy: Option<f64>,
    /// Seconds of training and validation.
    pub seconds: f64,
}

impl Outcome {
    /// The outcome of a run from its history and its last event.
    pub fn new(run: &Run, monitor: Monitor, history: &History, done: Option<&Done>) -> Self {
        let epochs = &history.epochs;
        let better = |a: f64, b: f64| if monitor.more_is_better() { a > b } else { a < b };
        let rows = epochs.iter().filter_map(|row| Some((row, row.figure(monitor)?))).filter(|(_, of)| of.is_finite());
        // The first of equal ones.
        let best = rows.reduce(|best, row| if better(row.1, best.1) { row } else { best });
        let of = |figure: fn(&Epoch) -> Option<f64>| best.and_then(|(row, _)| figure(row));
        Self {
            run: run.run,
            values: run.values.clone(),
            seed: run.seed,
            status: Status::Finished,
            reason: None,
            figures: epochs.iter().filter_map(|row| row.figure(monitor)).filter(|of| of.is_finite()).collect(),
            best_epoch: best.map(|(row, _)| row.epoch),
            best: best.map(|(_, figure)| figure),
            loss: of(|row| Some(row.loss)),
            accuracy: of(|row| Some(row.accuracy)),
            val_loss: of(|row| row.val_loss),
            val_accuracy: of(|row| row.val_accuracy),
            test_loss: done.map(|done| done.test_loss),
            test_accuracy: done.map(|done| done.test_accuracy),
            seconds: epochs.iter().map(|row| row.seconds).sum(),
        }
    }

    /// With another end.
    #[must_use]
    pub fn ended(self, status: Status, reason: String) -> Self {
        Self { status, reason: Some(reason), ..self }
    }
}

/// The runs that differ in their seeds only.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(rename = "SweepConfiguration")]
pub struct Configuration {
    /// The values of the fields that the sweep sets.
    #[ts(type = "{ [field: string]: unknown }")]
    pub values: Map<String, Value>,
    /// The numbers of its runs.
    pub runs: Vec<usize>,
    /// The best monitored figure; `None` if a run has none.
    pub best: Option<Spread>,
    /// Accuracy on the test set; `None` unless every run is finished.
    pub test_accuracy: Option<Spread>,
}

/// The configurations, the best first; those without a figure last.
pub fn configurations(outcomes: &[Outcome], monitor: Monitor) -> Vec<Configuration> {
    let mut groups: Vec<Vec<&Outcome>> = Vec::new();
    for outcome in outcomes {
        match groups.iter_mut().find(|group| group[0].values == outcome.values) {
            Some(group) => group.push(outcome),
            None => groups.push(vec![outcome]),
        }
    }
    let mut all: Vec<Configuration> = groups
        .iter()
        .map(|group| Configuration {
            values: group[0].values.clone(),
            runs: group.iter().map(|outcome| outcome.run).collect(),
            best: Spread::over(group.iter().map(|outcome| outcome.best)),
            test_accuracy: Spread::over(group.iter().map(|outcome| outcome.test_accuracy)),
        })
        .collect();
    let sign = if monitor.more_is_better() { -1.0 } else { 1.0 };
    let rank = |one: &Configuration| one.best.map_or(f64::INFINITY, |best| sign * best.mean);
    all.sort_by(|a, b| rank(a).total_cmp(&rank(b)));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn outcome(run: usize, rate: f64, best: Option<f64>) -> Outcome {
        let values = json!({"rate": rate}).as_object().cloned().unwrap();
        Outcome { run, values, best, test_accuracy: best, ..Outcome::default() }
    }

    #[test]
    fn seeds_are_grouped_and_the_best_mean_is_first() {
        let outcomes =
            [outcome(1, 0.1, Some(0.5)), outcome(2, 0.1, Some(0.7)), outcome(3, 0.2, Some(0.8)), outcome(4, 0.3, None)];
        let order = |monitor| {
            let all = configurations(&outcomes, monitor);
            all.into_iter().map(|one| (one.runs, one.best.map(|best| best.mean))).collect::<Vec<_>>()
        };
        assert_eq!(order(Monitor::ValAccuracy), [(vec![3], Some(0.8)), (vec![1, 2], Some(0.6)), (vec![4], None)]);
        assert_eq!(order(Monitor::ValLoss), [(vec![1, 2], Some(0.6)), (vec![3], Some(0.8)), (vec![4], None)]);
    }
}
