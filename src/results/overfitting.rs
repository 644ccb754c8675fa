//! Where a run began to overfit.

use crate::results::history::Epoch;
use serde::Serialize;
use ts_rs::TS;

/// Where validation was best, and how the gap to training grew afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, TS)]
pub struct Overfitting {
    /// The epoch of lowest validation loss, from 1; the run overfits after it.
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

/// Reads it off the epochs of a run; `None` where there was no validation.
pub fn overfitting(epochs: &[Epoch]) -> Option<Overfitting> {
    struct Row<'a>(&'a Epoch, f64, f64);
    let rows: Vec<Row> = epochs.iter().filter_map(|row| Some(Row(row, row.val_loss?, row.val_accuracy?))).collect();
    // The first of equal ones; a loss that is no number is never the lowest.
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

/// The epoch of lowest validation loss, the first one of equals, from 1; from there on the run overfits.
pub fn best_epoch(epochs: &[Epoch]) -> Option<usize> {
    overfitting(epochs).map(|found| found.epoch)
}

impl Overfitting {
    /// In two sentences; `is_over` says whether the run has come to its end.
    pub fn text(&self, is_over: bool) -> String {
        let head = format!(
            "Validation loss is lowest after epoch {} ({:.4}, accuracy {:.2} %); there it is {:.4} {} training loss.",
            self.epoch,
            self.val_loss,
            100.0 * self.val_accuracy,
            self.loss_gap.abs(),
            if self.loss_gap < 0.0 { "below" } else { "above" }
        );
        let tail = match (self.epochs_after, is_over) {
            (0, true) => "That is the last epoch: this run had not begun to overfit.".to_string(),
            (0, false) => "That is the latest epoch so far: the network has not begun to overfit yet.".to_string(),
            (after, _) => format!(
                "From there on the network overfits: {after} epoch{} later the gap is {:+.4} in loss and {:.2} points in accuracy.",
                if after == 1 { "" } else { "s" },
                self.last_loss_gap,
                100.0 * self.last_accuracy_gap
            ),
        };
        format!("{head} {tail}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epochs(rows: &[(f64, f64)]) -> Vec<Epoch> {
        let epoch = |(i, &(loss, val_loss)): (usize, &(f64, f64))| Epoch {
            epoch: i + 1,
            loss,
            accuracy: 0.9,
            val_loss: Some(val_loss),
            val_accuracy: Some(0.5),
            learning_rate: 0.1,
            seconds: 1.0,
            partial: false,
        };
        rows.iter().enumerate().map(epoch).collect()
    }

    #[test]
    fn overfitting_starts_where_validation_loss_is_lowest() {
        let rows = epochs(&[(2.0, 1.9), (1.0, 1.2), (0.5, 1.2), (0.1, 1.6)]);
        let found = overfitting(&rows).unwrap();
        assert_eq!((found.epoch, found.epochs_after, found.val_loss), (2, 2, 1.2));
        assert!((found.loss_gap - 0.2).abs() < 1e-12 && (found.last_loss_gap - 1.5).abs() < 1e-12);
        assert!((found.last_accuracy_gap - 0.4).abs() < 1e-12);
        assert!(found.text(true).contains("2 epochs later the gap is +1.5000 in loss and 40.00 points"));
        assert!(overfitting(&rows[..3]).unwrap().text(true).contains("overfits: 1 epoch later"));
        let still = overfitting(&rows[..2]).unwrap();
        assert!(still.text(true).contains("had not begun to overfit"));
        assert!(still.text(false).contains("has not begun to overfit yet"));
    }

    #[test]
    fn the_best_epoch_is_the_first_one_of_lowest_validation_loss() {
        assert_eq!(best_epoch(&epochs(&[(1.0, 1.2), (1.0, 0.9), (1.0, 0.9), (1.0, 1.1)])), Some(2));
        assert_eq!(best_epoch(&epochs(&[(1.0, f64::NAN), (1.0, 2.0)])), Some(2));
        assert_eq!(best_epoch(&[]), None);
        let unvalidated = Epoch { val_loss: None, val_accuracy: None, ..epochs(&[(1.0, 1.0)])[0].clone() };
        assert_eq!(best_epoch(&[unvalidated]), None);
    }
}
