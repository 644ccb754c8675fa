//! Runs side by side.

use crate::base::text::duration;
use crate::network::summary::{Summary, TRAINING_PASSES};
use crate::results::overfitting::{Overfitting, overfitting};
use crate::results::run::Run;
use serde::Serialize;
use ts_rs::TS;

/// One run among others.
#[derive(Debug, Clone, Serialize)]
pub struct Compared {
    /// The experiment's name.
    pub name: String,
    /// All parameters.
    pub params: u64,
    /// Parameters that are trained.
    pub trainable: u64,
    /// Multiply-accumulates per image.
    pub macs: u64,
    /// Epochs done.
    pub epochs: usize,
    /// Multiply-accumulates of the whole training, forward and backward.
    pub training_macs: u64,
    /// Seconds of training and validation.
    pub seconds: f64,
    /// Training speed.
    pub images_per_s: Option<f64>,
    /// Training accuracy of the last epoch.
    pub accuracy: f64,
    /// Where it overfits.
    pub overfitting: Option<Overfitting>,
    /// On the test set.
    pub test_loss: Option<f64>,
    /// On the test set.
    pub test_accuracy: Option<f64>,
}

impl Run {
    /// Its row among others.
    pub fn compared(&self) -> Compared {
        let totals = Summary::new(&self.graph).totals;
        let (epochs, figures) = (&self.history.epochs, &self.figures);
        Compared {
            name: self.experiment.name.clone(),
            params: totals.params,
            trainable: totals.trainable,
            macs: totals.macs,
            epochs: epochs.len(),
            training_macs: TRAINING_PASSES * totals.macs * figures.train_samples as u64 * epochs.len() as u64,
            seconds: self.seconds(),
            images_per_s: figures.images_per_s,
            accuracy: epochs.last().map_or(0.0, |row| row.accuracy),
            overfitting: overfitting(epochs),
            test_loss: figures.test.as_ref().map(|test| test.test_loss),
            test_accuracy: figures.test.as_ref().map(|test| test.test_accuracy),
        }
    }

    /// This run's test accuracy on the merged classes of `other`, where both are of one data set and only the other merges.
    pub fn merged_accuracy(&self, other: &Self) -> Option<f64> {
        let dataset = &other.experiment.dataset;
        let groups = dataset.merge_classes.as_ref()?;
        self.experiment.dataset.merge_classes.is_none().then(|| self.accuracy_on(groups, &dataset.name))?
    }
}

/// A figure over runs that differ in their seeds only.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, TS)]
pub struct Spread {
    /// The mean.
    pub mean: f64,
    /// The sample standard deviation; 0 of a single run.
    pub deviation: f64,
}

impl Spread {
    /// Mean and deviation; `None` where a run lacks the figure, or has one that is not finite.
    pub fn over(values: impl IntoIterator<Item = Option<f64>>) -> Option<Self> {
        let values: Vec<f64> =
            values.into_iter().map(|value| value.filter(|value| value.is_finite())).collect::<Option<_>>()?;
        if values.is_empty() {
            return None;
        }
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let deviation = if count > 1.0 { (squares / (count - 1.0)).sqrt() } else { 0.0 };
        Some(Self { mean, deviation })
    }

    /// Of seconds: `3 min 20 s ± 2.0 s`.
    fn time(self) -> String {
        let mean = duration(self.mean);
        if self.deviation > 0.0 { format!("{mean} ± {}", duration(self.deviation)) } else { mean }
    }
}

/// Runs that differ in their seeds only, among others.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ComparedGroup {
    /// On the test set.
    pub test_accuracy: Option<Spread>,
    /// On the test set.
    pub test_loss: Option<Spread>,
    /// On the merged classes of the first group that merges classes.
    pub merged_accuracy: Option<Spread>,
    /// Of each run that was validated, where it overfits.
    pub overfitting: Vec<Overfitting>,
    /// The lowest validation loss.
    pub best_val_loss: Option<Spread>,
    /// Training accuracy minus validation accuracy after the last epoch.
    pub last_accuracy_gap: Option<Spread>,
    /// All parameters.
    pub params: Option<Spread>,
    /// Multiply-accumulates per image.
    pub macs: Option<Spread>,
    /// Multiply-accumulates of the whole training, forward and backward.
    pub training_macs: Option<Spread>,
    /// Epochs done.
    pub epochs: Option<Spread>,
    /// Time of training and validation, as text.
    pub time: Option<String>,
    /// Training speed.
    pub images_per_s: Option<Spread>,
}

/// Groups of runs side by side.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Comparison {
    /// The figures of each group.
    pub groups: Vec<ComparedGroup>,
    /// How many classes the first group that merges classes has.
    pub merged_classes: Option<usize>,
}

/// The figures of groups of runs.
pub fn compare(groups: &[Vec<Run>]) -> Comparison {
    let firsts = groups.iter().filter_map(|runs| runs.first());
    let merged = firsts.map(|run| &run.experiment.dataset).find(|dataset| dataset.merge_classes.is_some());
    let merged = merged.and_then(|dataset| Some((dataset.merge_classes.as_ref()?, &dataset.name)));
    let accuracy = |run: &Run| merged.and_then(|(classes, dataset)| run.accuracy_on(classes, dataset));
    Comparison {
        groups: groups.iter().map(|runs| group(runs, accuracy)).collect(),
        merged_classes: merged.map(|(classes, _)| classes.len()),
    }
}

fn group(runs: &[Run], merged_accuracy: impl Fn(&Run) -> Option<f64>) -> ComparedGroup {
    let rows: Vec<Compared> = runs.iter().map(Run::compared).collect();
    let over = |figure: &dyn Fn(&Compared) -> Option<f64>| Spread::over(rows.iter().map(figure));
    ComparedGroup {
        test_accuracy: over(&|row| row.test_accuracy),
        test_loss: over(&|row| row.test_loss),
        merged_accuracy: Spread::over(runs.iter().map(merged_accuracy)),
        overfitting: rows.iter().filter_map(|row| row.overfitting).collect(),
        best_val_loss: over(&|row| Some(row.overfitting?.val_loss)),
        last_accuracy_gap: over(&|row| Some(row.overfitting?.last_accuracy_gap)),
        params: over(&|row| Some(row.params as f64)),
        macs: over(&|row| Some(row.macs as f64)),
        training_macs: over(&|row| Some(row.training_macs as f64)),
        epochs: over(&|row| Some(row.epochs as f64)),
        time: over(&|row| Some(row.seconds)).map(Spread::time),
        images_per_s: over(&|row| row.images_per_s),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::run::tests::{document, run};
    use serde_json::json;

    #[test]
    fn mean_and_deviation_of_a_figure() {
        let found = Spread::over([0.9, 0.92, 0.94].map(Some)).unwrap();
        assert!((found.mean - 0.92).abs() < 1e-12 && (found.deviation - 0.02).abs() < 1e-12);
        assert_eq!(Spread::over([Some(3.0)]), Some(Spread { mean: 3.0, deviation: 0.0 }));
        assert_eq!(Spread::over([Some(1.0), None]), None);
        assert_eq!(Spread::over([Some(1.0), Some(f64::NAN)]), None);
        assert_eq!(Spread::over([]), None);
    }

    #[test]
    fn groups_of_runs_have_figures_with_their_spread() {
        let mut second = document();
        second["test"]["test_accuracy"] = json!(0.76);
        let Comparison { groups, merged_classes } =
            compare(&[vec![run(&document()), run(&second)], vec![run(&document())]]);
        assert_eq!((groups.len(), merged_classes), (2, None));
        let accuracy = groups[0].test_accuracy.unwrap();
        assert!((accuracy.mean - 0.74).abs() < 1e-12 && (accuracy.deviation - 0.04 / 2_f64.sqrt()).abs() < 1e-12);
        let single = &groups[1];
        assert_eq!(single.test_accuracy, Some(Spread { mean: 0.72, deviation: 0.0 }));
        assert_eq!(single.best_val_loss.unwrap().mean, 1.2);
        // 784 inputs and a bias for each of 3 outputs; three passes over 100 images in each of two epochs.
        assert_eq!((single.params.unwrap().mean, single.macs.unwrap().mean), (2355.0, 2352.0));
        assert_eq!(single.training_macs.unwrap().mean, 3.0 * 2352.0 * 200.0);
        assert_eq!(single.time.as_deref(), Some("4.0 s"));
        assert_eq!(Spread { mean: 200.0, deviation: 1.25 }.time(), "3 min 20 s ± 1.2 s");
        assert_eq!(single.overfitting[0].epochs_after, 0);
    }

    #[test]
    fn networks_of_all_classes_are_compared_on_merged_ones() {
        let mut merging = document();
        merging["experiment"]["dataset"]["merge_classes"] = json!([[0, 2], [1]]);
        let Comparison { groups, merged_classes } = compare(&[vec![run(&document())], vec![run(&merging)]]);
        assert_eq!(merged_classes, Some(2));
        assert_eq!(groups[0].merged_accuracy.unwrap().mean, 23.0 / 25.0);
        assert_eq!(groups[1].merged_accuracy.unwrap().mean, 0.72);
        assert_eq!(run(&document()).merged_accuracy(&run(&merging)), Some(23.0 / 25.0));
        assert_eq!(run(&merging).merged_accuracy(&run(&merging)), None);
    }
}
