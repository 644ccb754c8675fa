//! What an evaluation measures: loss, accuracy, top-5 accuracy, the confusion matrix and what follows from it.

use crate::base::error::{Error, Result};
use crate::tensor::loss::{Loss, arg_max};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Sums over evaluated images; add logits piece by piece, then read the figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    rows: usize,
    loss_sum: f64,
    top_5: usize,
    /// `confusion[label][predicted]`, counts.
    pub confusion: Vec<Vec<u32>>,
}

/// What an evaluation measures, as programs see it.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(rename = "Evaluation")]
pub struct Figures {
    /// Mean loss, penalties included.
    pub loss: f64,
    /// The share that was right.
    pub accuracy: f64,
    /// The share whose right class is among the five likeliest.
    pub top_5_accuracy: f64,
    /// `confusion[label][predicted]`, counts.
    pub confusion: Vec<Vec<u32>>,
}

/// Precision, recall and F1 of one class; `None` where the divisor is zero, so that the figure is undefined.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, TS)]
pub struct ClassScores {
    /// Of the images predicted as this class, the share that is: TP / (TP + FP).
    pub precision: Option<f64>,
    /// Of the images of this class, the share that was found: TP / (TP + FN).
    pub recall: Option<f64>,
    /// 2 TP / (2 TP + FP + FN), the harmonic mean of the two; 0 where one of them is undefined and the class occurs.
    pub f1: Option<f64>,
    /// Images of this class.
    pub support: u32,
}

impl Evaluation {
    /// The figures, with a loss that knows of penalties.
    pub fn figures(self, loss: f64) -> Figures {
        let (accuracy, top_5_accuracy) = (self.accuracy(), self.top_5_accuracy());
        Figures { loss, accuracy, top_5_accuracy, confusion: self.confusion }
    }

    /// Nothing evaluated yet.
    pub fn new(classes: usize) -> Self {
        Self { rows: 0, loss_sum: 0.0, top_5: 0, confusion: vec![vec![0; classes]; classes] }
    }

    /// Whether this can be what `rows` images of `classes` classes gave.
    pub fn fits(&self, classes: usize, rows: usize) -> bool {
        let square = self.confusion.len() == classes && self.confusion.iter().all(|row| row.len() == classes);
        let counted: u64 = self.confusion.iter().flatten().map(|&count| u64::from(count)).sum();
        square && self.rows == rows && counted == rows as u64 && self.top_5 <= rows && self.loss_sum.is_finite()
    }

    /// Adds images: logits `(n, classes)` and their labels.
    pub fn add(&mut self, logits: &[f32], labels: &[u8], loss: &Loss) {
        self.rows += labels.len();
        self.loss_sum += loss.evaluation(logits, labels);
        for (z, &label) in logits.chunks_exact(self.confusion.len()).zip(labels) {
            let label = usize::from(label);
            self.confusion[label][arg_max(z)] += 1;
            self.top_5 += usize::from(rank(z, label) < 5);
        }
    }

    /// Mean loss in nats.
    pub fn loss(&self) -> f64 {
        self.loss_sum / self.rows.max(1) as f64
    }

    /// The share of images whose largest output is the right one.
    pub fn accuracy(&self) -> f64 {
        let right: u32 = (0..self.confusion.len()).map(|i| self.confusion[i][i]).sum();
        f64::from(right) / self.rows.max(1) as f64
    }

    /// The share of images whose right class is among the five largest outputs.
    pub fn top_5_accuracy(&self) -> f64 {
        self.top_5 as f64 / self.rows.max(1) as f64
    }

    /// Each class's scores.
    pub fn classes(&self) -> Vec<ClassScores> {
        class_scores(&self.confusion)
    }
}

/// What follows from a confusion matrix.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct Scores {
    /// Of each class.
    pub classes: Vec<ClassScores>,
    /// The most frequent mistakes, most frequent first.
    pub mistakes: Vec<Mistake>,
}

impl Scores {
    /// Each class's scores and the `most_mistakes` most frequent mistakes.
    pub fn new(confusion: &[Vec<u32>], most_mistakes: usize) -> Self {
        Self { classes: class_scores(confusion), mistakes: mistakes(confusion, most_mistakes) }
    }
}

/// Each class's scores from a confusion matrix, `confusion[label][predicted]`.
pub fn class_scores(confusion: &[Vec<u32>]) -> Vec<ClassScores> {
    let share = |part: u32, whole: u32| (whole > 0).then(|| f64::from(part) / f64::from(whole));
    (0..confusion.len())
        .map(|i| {
            let support: u32 = confusion[i].iter().sum();
            let predicted: u32 = confusion.iter().map(|row| row[i]).sum();
            let found = confusion[i][i];
            ClassScores {
                precision: share(found, predicted),
                recall: share(found, support),
                f1: share(2 * found, support + predicted),
                support,
            }
        })
        .collect()
}

/// The mean of the classes' F1, as scikit-learn's `f1_score(average="macro")` has it: over the classes that occur among the
/// labels or the predictions, with 0 for one that was never predicted (`zero_division=0`). `None` where nothing was evaluated.
pub fn macro_f1(confusion: &[Vec<u32>]) -> Option<f64> {
    let scores: Vec<f64> = class_scores(confusion).iter().filter_map(|scores| scores.f1).collect();
    (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64)
}

/// The share of images on the diagonal of a confusion matrix.
pub fn accuracy(confusion: &[Vec<u32>]) -> f64 {
    let total: u32 = confusion.iter().flatten().sum();
    let right: u32 = (0..confusion.len()).map(|i| confusion[i][i]).sum();
    f64::from(right) / f64::from(total.max(1))
}

/// The confusion matrix between groups of classes: how good a network of all classes is on merged ones.
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

/// A pair of classes that the network confuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct Mistake {
    /// The true class.
    pub label: usize,
    /// The predicted class.
    pub predicted: usize,
    /// Images of that label with that prediction.
    pub count: u32,
}

/// The `most` most frequent mistakes, most frequent first.
pub fn mistakes(confusion: &[Vec<u32>], most: usize) -> Vec<Mistake> {
    let cells = confusion.iter().enumerate().flat_map(|(label, row)| {
        row.iter().enumerate().map(move |(predicted, &count)| Mistake { label, predicted, count })
    });
    let mut list: Vec<Mistake> = cells.filter(|cell| cell.label != cell.predicted && cell.count > 0).collect();
    list.sort_by_key(|cell| std::cmp::Reverse(cell.count));
    list.truncate(most);
    list
}

/// How many outputs come before the label's: larger ones, and equal ones to its left.
fn rank(z: &[f32], label: usize) -> usize {
    z.iter().enumerate().filter(|&(i, &other)| other > z[label] || (other == z[label] && i < label)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_a_small_case() {
        let mut evaluation = Evaluation::new(3);
        evaluation.add(&[2.0, 1.0, 0.0, 0.0, 3.0, 1.0, 5.0, 0.0, 1.0], &[0, 1, 2], &Loss::default());
        assert_eq!(evaluation.confusion, [[1, 0, 0], [0, 1, 0], [1, 0, 0]]);
        assert!((evaluation.accuracy() - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(evaluation.top_5_accuracy(), 1.0);
        let scores = evaluation.classes();
        assert_eq!((scores[0].precision, scores[0].recall, scores[2].f1), (Some(0.5), Some(1.0), Some(0.0)));
    }

    #[test]
    fn a_class_that_does_not_occur_has_no_scores() {
        // Eight of ten images of class 0 are found, one other is predicted as it; class 2 has no images and no predictions.
        let confusion = [vec![8, 2, 0], vec![1, 4, 0], vec![0, 0, 0]];
        let scores = class_scores(&confusion);
        let expected = |precision, recall, f1, support| ClassScores {
            precision: Some(precision),
            recall: Some(recall),
            f1: Some(f1),
            support,
        };
        assert_eq!(scores[0], expected(8.0 / 9.0, 0.8, 16.0 / 19.0, 10));
        assert_eq!(scores[1], expected(4.0 / 6.0, 0.8, 8.0 / 11.0, 5));
        assert_eq!(scores[2], ClassScores { precision: None, recall: None, f1: None, support: 0 });
        assert_eq!(macro_f1(&confusion), Some((16.0 / 19.0 + 8.0 / 11.0) / 2.0));
        assert_eq!(macro_f1(&[vec![0]]), None);
    }

    #[test]
    fn a_class_that_is_never_predicted_has_no_precision_and_an_f1_of_zero() {
        let confusion = [vec![3, 0], vec![2, 0]];
        let scores = class_scores(&confusion);
        assert_eq!(scores[1], ClassScores { precision: None, recall: Some(0.0), f1: Some(0.0), support: 2 });
        // sklearn.metrics.f1_score([0, 0, 0, 1, 1], [0, 0, 0, 0, 0], average="macro", zero_division=0)
        assert_eq!(macro_f1(&confusion), Some(0.375));
        let json = serde_json::to_value(scores[1]).unwrap();
        assert_eq!(json["precision"], serde_json::Value::Null);
    }

    #[test]
    fn merged_classes_forgive_mistakes_within_a_group() {
        let confusion = vec![vec![5, 1, 2], vec![0, 7, 1], vec![3, 0, 6]];
        let merged = merge_confusion(&confusion, &[vec![0, 2], vec![1]]).unwrap();
        assert_eq!(merged, [[16, 1], [1, 7]]);
        assert_eq!((accuracy(&confusion), accuracy(&merged)), (18.0 / 25.0, 23.0 / 25.0));
        for groups in [vec![vec![0], vec![1]], vec![vec![0, 1], vec![1, 2]], vec![vec![0, 1, 2, 3]]] {
            assert!(merge_confusion(&confusion, &groups).is_err(), "{groups:?}");
        }
        let (first, second) =
            (Mistake { label: 2, predicted: 0, count: 3 }, Mistake { label: 0, predicted: 2, count: 2 });
        assert_eq!(mistakes(&confusion, 2), [first, second]);
    }

    #[test]
    fn mistakes_are_the_most_frequent_first() {
        let confusion = [vec![90, 3, 0], vec![7, 80, 1], vec![0, 0, 70]];
        let (first, second) =
            (Mistake { label: 1, predicted: 0, count: 7 }, Mistake { label: 0, predicted: 1, count: 3 });
        assert_eq!(mistakes(&confusion, 2), [first, second]);
    }
}
