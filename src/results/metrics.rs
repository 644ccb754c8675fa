//! What an evaluation measures: loss, accuracy, top-5 accuracy, the confusion matrix and what follows from it.

use crate::tensor::loss::{arg_max, softmax_cross_entropy};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Sums over evaluated pictures; add logits piece by piece, then read the figures.
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

/// Precision, recall and F1 of one class; 0 where there is nothing to divide by.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ClassScores {
    /// Of the pictures called this class, the share that is.
    pub precision: f64,
    /// Of the pictures of this class, the share that was found.
    pub recall: f64,
    /// The harmonic mean of the two.
    pub f1: f64,
    /// Pictures of this class.
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

    /// Whether this can be what `rows` pictures of `classes` classes gave.
    pub fn fits(&self, classes: usize, rows: usize) -> bool {
        let square = self.confusion.len() == classes && self.confusion.iter().all(|row| row.len() == classes);
        let counted: u64 = self.confusion.iter().flatten().map(|&count| u64::from(count)).sum();
        square && self.rows == rows && counted == rows as u64 && self.top_5 <= rows && self.loss_sum.is_finite()
    }

    /// Adds pictures: logits `(n, classes)` and their labels.
    pub fn add(&mut self, logits: &[f32], labels: &[u8]) {
        self.rows += labels.len();
        self.loss_sum += softmax_cross_entropy(logits, labels, 1.0, None).loss;
        for (z, &label) in logits.chunks_exact(self.confusion.len()).zip(labels) {
            let label = usize::from(label);
            self.confusion[label][arg_max(z)] += 1;
            self.top_5 += usize::from(rank(z, label) < 5);
        }
    }

    /// Mean cross-entropy in nats.
    pub fn loss(&self) -> f64 {
        self.loss_sum / self.rows.max(1) as f64
    }

    /// The share of pictures whose largest output is the right one.
    pub fn accuracy(&self) -> f64 {
        let right: u32 = (0..self.confusion.len()).map(|i| self.confusion[i][i]).sum();
        f64::from(right) / self.rows.max(1) as f64
    }

    /// The share of pictures whose right class is among the five largest outputs.
    pub fn top_5_accuracy(&self) -> f64 {
        self.top_5 as f64 / self.rows.max(1) as f64
    }

    /// Each class's scores.
    pub fn classes(&self) -> Vec<ClassScores> {
        class_scores(&self.confusion)
    }
}

/// Each class's scores from a confusion matrix.
pub fn class_scores(confusion: &[Vec<u32>]) -> Vec<ClassScores> {
    let share = |part: u32, whole: u32| if whole == 0 { 0.0 } else { f64::from(part) / f64::from(whole) };
    (0..confusion.len())
        .map(|i| {
            let support = confusion[i].iter().sum();
            let precision = share(confusion[i][i], confusion.iter().map(|row| row[i]).sum());
            let recall = share(confusion[i][i], support);
            let f1 = if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 };
            ClassScores { precision, recall, f1, support }
        })
        .collect()
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
        evaluation.add(&[2.0, 1.0, 0.0, 0.0, 3.0, 1.0, 5.0, 0.0, 1.0], &[0, 1, 2]);
        assert_eq!(evaluation.confusion, [[1, 0, 0], [0, 1, 0], [1, 0, 0]]);
        assert!((evaluation.accuracy() - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(evaluation.top_5_accuracy(), 1.0);
        let scores = evaluation.classes();
        assert_eq!((scores[0].precision, scores[0].recall, scores[2].f1), (0.5, 1.0, 0.0));
    }
}
