//! What a run means: where it began to memorise, what it mixes up, how it compares with other runs.

use crate::base::error::{Error, Result};
use crate::experiment::Experiment;
use crate::network::graph::Graph;
use crate::network::summary::{Summary, TRAINING_PASSES};
use crate::results::history::{Epoch, History};
use crate::results::metrics::class_scores;
use serde::{Deserialize, Serialize};

/// Where validation was best, and how far training ran away from it afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Overfitting {
    /// The epoch of least validation loss, from 1; what comes after it is memorising.
    pub epoch: usize,
    /// Its validation loss.
    pub val_loss: f64,
    /// Its validation accuracy.
    pub val_accuracy: f64,
    /// Epochs after it.
    pub epochs_after: usize,
    /// Validation loss minus training loss at that epoch.
    pub loss_gap: f64,
    /// The same at the last epoch.
    pub last_loss_gap: f64,
    /// Training accuracy minus validation accuracy at that epoch.
    pub accuracy_gap: f64,
    /// The same at the last epoch.
    pub last_accuracy_gap: f64,
}

/// Reads it off a history; `None` where there was no validation.
pub fn overfitting(history: &History) -> Option<Overfitting> {
    struct Row<'a>(&'a Epoch, f64, f64);
    let rows: Vec<Row> =
        history.epochs.iter().filter_map(|row| Some(Row(row, row.val_loss?, row.val_accuracy?))).collect();
    // The first of equal ones; a loss that is no number is never the least.
    let best =
        rows.iter().filter(|row| row.1.is_finite()).reduce(|best, row| if row.1 < best.1 { row } else { best })?;
    let last = rows.last()?;
    Some(Overfitting {
        epoch: best.0.epoch,
        val_loss: best.1,
        val_accuracy: best.2,
        epochs_after: last.0.epoch - best.0.epoch,
        loss_gap: best.1 - best.0.loss,
        last_loss_gap: last.1 - last.0.loss,
        accuracy_gap: best.0.accuracy - best.2,
        last_accuracy_gap: last.0.accuracy - last.2,
    })
}

impl Overfitting {
    /// In a sentence or two.
    pub fn sentence(&self) -> String {
        let head = format!(
            "Validation loss is least after epoch {} ({:.4}, accuracy {:.2} %); there it lies {:.4} {} training loss.",
            self.epoch,
            self.val_loss,
            100.0 * self.val_accuracy,
            self.loss_gap.abs(),
            if self.loss_gap < 0.0 { "below" } else { "above" }
        );
        if self.epochs_after == 0 {
            return format!("{head} That is the last epoch: this run had not begun to overfit.");
        }
        format!(
            "{head} From there on the network overfits: {} epochs later the gap is {:+.4} in loss and {:.2} points in \
             accuracy.",
            self.epochs_after,
            self.last_loss_gap,
            100.0 * self.last_accuracy_gap
        )
    }
}

/// The share of pictures on the diagonal.
pub fn accuracy(confusion: &[Vec<u32>]) -> f64 {
    let total: u32 = confusion.iter().flatten().sum();
    let right: u32 = (0..confusion.len()).map(|i| confusion[i][i]).sum();
    f64::from(right) / f64::from(total.max(1))
}

/// The confusion matrix between groups of classes: what a network of the old classes is worth on merged ones.
///
/// # Errors
/// [`Error::Spec`] where a class is in no group, in two, or not there.
pub fn merge_confusion(confusion: &[Vec<u32>], groups: &[Vec<u8>]) -> Result<Vec<Vec<u32>>> {
    let mut group_of = vec![None; confusion.len()];
    for (group, classes) in groups.iter().enumerate() {
        for &class in classes {
            match group_of.get_mut(usize::from(class)) {
                Some(slot @ None) => *slot = Some(group),
                _ => return Err(wrong_groups(groups, confusion.len())),
            }
        }
    }
    let mut merged = vec![vec![0; groups.len()]; groups.len()];
    for (label, row) in confusion.iter().enumerate() {
        for (predicted, count) in row.iter().enumerate() {
            let (Some(from), Some(to)) = (group_of[label], group_of[predicted]) else {
                return Err(wrong_groups(groups, confusion.len()));
            };
            merged[from][to] += count;
        }
    }
    Ok(merged)
}

fn wrong_groups(groups: &[Vec<u8>], classes: usize) -> Error {
    Error::Spec(format!("each of the {classes} classes belongs to exactly one group. Received: {groups:?}"))
}

/// One mistake that a network makes again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Mistake {
    /// The right class.
    pub label: usize,
    /// What it was taken for.
    pub predicted: usize,
    /// How often.
    pub count: u32,
}

/// The `most` most frequent mistakes, the worst first.
pub fn mistakes(confusion: &[Vec<u32>], most: usize) -> Vec<Mistake> {
    let cells = confusion.iter().enumerate().flat_map(|(label, row)| {
        row.iter().enumerate().map(move |(predicted, &count)| Mistake { label, predicted, count })
    });
    let mut list: Vec<Mistake> = cells.filter(|cell| cell.label != cell.predicted && cell.count > 0).collect();
    list.sort_by_key(|cell| std::cmp::Reverse(cell.count));
    list.truncate(most);
    list
}

/// The mean of the classes' F1.
pub fn macro_f1(confusion: &[Vec<u32>]) -> f64 {
    let scores = class_scores(confusion);
    scores.iter().map(|scores| scores.f1).sum::<f64>() / scores.len().max(1) as f64
}

/// A run as `history.json` keeps it.
#[derive(Debug, Clone, Deserialize)]
pub struct Run {
    /// What was run.
    pub experiment: Experiment,
    /// Its epochs.
    #[serde(flatten)]
    pub history: History,
    /// Pictures trained on in each epoch.
    pub train_samples: u64,
    /// The test figures, where the run came to its end.
    pub test: Option<Test>,
}

/// The test figures of a run.
#[derive(Debug, Clone, Deserialize)]
pub struct Test {
    /// The share that was right.
    pub test_accuracy: f64,
    /// `confusion[label][predicted]`.
    pub confusion: Vec<Vec<u32>>,
}

/// One run among others.
#[derive(Debug, Clone, Serialize)]
pub struct Compared {
    /// The experiment's name.
    pub name: String,
    /// Parameters that are trained.
    pub trainable: u64,
    /// Multiply-accumulates a picture.
    pub macs: u64,
    /// Epochs done.
    pub epochs: usize,
    /// Multiply-accumulates of the whole training, forward and back: the work that the figures cost.
    pub training_macs: u64,
    /// Seconds of training and validation.
    pub seconds: f64,
    /// Training accuracy of the last epoch.
    pub accuracy: f64,
    /// Where it overfits.
    pub overfitting: Option<Overfitting>,
    /// On the test set.
    pub test_accuracy: Option<f64>,
}

impl Run {
    /// Its row among others.
    ///
    /// # Errors
    /// Any error of the graph's.
    pub fn compared(&self) -> Result<Compared> {
        let totals = Summary::new(&Graph::new(&self.experiment)?).totals;
        let epochs = &self.history.epochs;
        Ok(Compared {
            name: self.experiment.name.clone(),
            trainable: totals.trainable,
            macs: totals.macs,
            epochs: epochs.len(),
            training_macs: TRAINING_PASSES * totals.macs * self.train_samples * epochs.len() as u64,
            seconds: epochs.iter().map(|row| row.seconds).sum(),
            accuracy: epochs.last().map_or(0.0, |row| row.accuracy),
            overfitting: overfitting(&self.history),
            test_accuracy: self.test.as_ref().map(|test| test.test_accuracy),
        })
    }

    /// This run's answers on the merged classes of `other`, where both are of one data set and only the other merges.
    pub fn merged_accuracy(&self, other: &Self) -> Option<f64> {
        let groups = other.experiment.dataset.merge_classes.as_ref()?;
        let (ours, theirs) = (&self.experiment.dataset, &other.experiment.dataset);
        if ours.name != theirs.name || ours.merge_classes.is_some() {
            return None;
        }
        merge_confusion(&self.test.as_ref()?.confusion, groups).ok().map(|merged| accuracy(&merged))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(rows: &[(f64, f64)]) -> History {
        let epoch = |(i, &(loss, val_loss)): (usize, &(f64, f64))| Epoch {
            epoch: i + 1,
            loss,
            accuracy: 0.9,
            val_loss: Some(val_loss),
            val_accuracy: Some(0.5),
            learning_rate: 0.1,
            seconds: 1.0,
        };
        History { epochs: rows.iter().enumerate().map(epoch).collect(), ..History::default() }
    }

    #[test]
    fn overfitting_starts_where_validation_loss_is_least() {
        let found = overfitting(&history(&[(2.0, 1.9), (1.0, 1.2), (0.5, 1.2), (0.1, 1.6)])).unwrap();
        assert_eq!((found.epoch, found.epochs_after), (2, 2));
        assert!((found.loss_gap - 0.2).abs() < 1e-12 && (found.last_loss_gap - 1.5).abs() < 1e-12);
        assert!(found.sentence().contains("2 epochs later the gap is +1.5000 in loss and 40.00 points"));
        let still = overfitting(&history(&[(2.0, 1.9), (1.0, 1.2)])).unwrap();
        assert!(still.sentence().contains("had not begun to overfit"));
        assert_eq!(overfitting(&history(&[(1.0, f64::NAN), (1.0, 2.0)])).unwrap().epoch, 2);
        assert_eq!(overfitting(&History::default()), None);
    }

    #[test]
    fn merged_classes_forgive_mistakes_within_a_group() {
        let confusion = vec![vec![5, 1, 2], vec![0, 7, 1], vec![3, 0, 6]];
        let merged = merge_confusion(&confusion, &[vec![0, 2], vec![1]]).unwrap();
        assert_eq!(merged, [[16, 1], [1, 7]]);
        assert!((accuracy(&confusion) - 18.0 / 25.0).abs() < 1e-12 && (accuracy(&merged) - 23.0 / 25.0).abs() < 1e-12);
        for groups in [vec![vec![0], vec![1]], vec![vec![0, 1], vec![1, 2]], vec![vec![0, 1, 2, 3]]] {
            assert!(merge_confusion(&confusion, &groups).is_err(), "{groups:?}");
        }
        assert_eq!(
            mistakes(&confusion, 2),
            [Mistake { label: 2, predicted: 0, count: 3 }, Mistake { label: 0, predicted: 2, count: 2 }]
        );
    }
}
