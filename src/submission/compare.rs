//! Compares a submission with its replay: bit for bit if both used the same arithmetic, else within a tolerance,
//! because rounding differs between engines and training amplifies small differences.

use super::Submission;
use crate::results::history::Epoch;
use serde::Serialize;

/// Allowed absolute difference of an accuracy, in addition to the sampling error.
pub const ACCURACY_TOLERANCE: f64 = 0.03;
/// Allowed difference of a loss, relative to the replayed one.
pub const LOSS_TOLERANCE: f64 = 0.1;

/// A figure that differs from the replay.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// The figure's name.
    pub what: String,
    /// The value in the file.
    pub submitted: String,
    /// The value of the replay.
    pub replayed: String,
}

/// The result of a comparison.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// The figures agree.
    Confirmed {
        /// Whether they agree bit for bit.
        exact: bool,
    },
    /// Figures differ.
    Refuted {
        /// The differences.
        differences: Vec<Difference>,
    },
}

/// Compares a submission with its replay. With `must_be_exact` a difference of a single bit refutes it.
pub fn compare(submitted: &Submission, replay: &Submission, must_be_exact: bool) -> Verdict {
    let mut found = Comparison { tolerant: false, differences: Vec::new() };
    found.all(submitted, replay);
    if found.differences.is_empty() {
        return Verdict::Confirmed { exact: true };
    }
    if !must_be_exact {
        found = Comparison { tolerant: true, differences: Vec::new() };
        found.all(submitted, replay);
        if found.differences.is_empty() {
            return Verdict::Confirmed { exact: false };
        }
    }
    Verdict::Refuted { differences: found.differences }
}

struct Comparison {
    tolerant: bool,
    differences: Vec<Difference>,
}

impl Comparison {
    fn all(&mut self, submitted: &Submission, replay: &Submission) {
        self.same("the images' checksum", &submitted.data.sha256, &replay.data.sha256);
        self.same("the seed", &submitted.history.seed, &replay.history.seed);
        let (theirs, ours) = (&submitted.history.epochs, &replay.history.epochs);
        self.same("the number of epochs", &theirs.len(), &ours.len());
        for (theirs, ours) in theirs.iter().zip(ours) {
            self.epoch(theirs, ours, replay);
        }
        let images = replay.data.test;
        self.loss("the test loss", Some(submitted.test.test_loss), Some(replay.test.test_loss));
        let accuracies = (Some(submitted.test.test_accuracy), Some(replay.test.test_accuracy));
        self.accuracy("the test accuracy", accuracies, images);
        self.confusion(submitted, replay);
        if !self.tolerant {
            self.same("the final weights' checksum", &submitted.weights_sha256, &replay.weights_sha256);
        }
    }

    fn epoch(&mut self, theirs: &Epoch, ours: &Epoch, replay: &Submission) {
        let named = |what: &str| format!("epoch {}'s {what}", ours.epoch);
        // The validation set is assumed to be about as large as the test set.
        let images = replay.data.test;
        self.same(&named("number"), &theirs.epoch, &ours.epoch);
        self.loss(&named("loss"), Some(theirs.loss), Some(ours.loss));
        self.accuracy(&named("accuracy"), (Some(theirs.accuracy), Some(ours.accuracy)), replay.data.train);
        self.loss(&named("val_loss"), theirs.val_loss, ours.val_loss);
        self.accuracy(&named("val_accuracy"), (theirs.val_accuracy, ours.val_accuracy), images);
        let rate = close(theirs.learning_rate, ours.learning_rate, 1e-9 * ours.learning_rate.abs());
        self.unless(rate, &named("learning rate"), theirs.learning_rate, ours.learning_rate);
    }

    /// Allows, in addition to the tolerance, four standard deviations of the sampling error over this many images.
    fn accuracy(&mut self, what: &str, (theirs, ours): (Option<f64>, Option<f64>), images: usize) {
        let chance = |share: f64| 4.0 * (share * (1.0 - share) / images.max(1) as f64).sqrt();
        self.figure(what, theirs, ours, |ours| ACCURACY_TOLERANCE + chance(ours));
    }

    fn loss(&mut self, what: &str, theirs: Option<f64>, ours: Option<f64>) {
        self.figure(what, theirs, ours, |ours| LOSS_TOLERANCE * ours.abs() + 0.05);
    }

    fn figure(&mut self, what: &str, theirs: Option<f64>, ours: Option<f64>, tolerance: impl Fn(f64) -> f64) {
        let same = match (theirs, ours) {
            (Some(theirs), Some(ours)) if self.tolerant => close(theirs, ours, tolerance(ours)),
            (theirs, ours) => theirs == ours,
        };
        let shown = |value: Option<f64>| value.map_or_else(|| "absent".to_string(), |value| value.to_string());
        self.unless(same, what, shown(theirs), shown(ours));
    }

    /// The confusion matrix must be consistent with the submitted accuracy.
    fn confusion(&mut self, submitted: &Submission, replay: &Submission) {
        let (theirs, ours) = (&submitted.test.confusion, &replay.test.confusion);
        if !self.tolerant {
            return self.unless(theirs == ours, "the confusion matrix", "another matrix", "this one");
        }
        let total: u64 = theirs.iter().flatten().map(|&count| u64::from(count)).sum();
        let right: u64 =
            theirs.iter().enumerate().map(|(i, row)| row.get(i).map_or(0, |&count| u64::from(count))).sum();
        self.same("the images in the confusion matrix", &total, &(replay.data.test as u64));
        let accuracy = right as f64 / total.max(1) as f64;
        let agrees = close(accuracy, submitted.test.test_accuracy, 1e-9);
        self.unless(agrees, "the test accuracy, by its confusion matrix", submitted.test.test_accuracy, accuracy);
    }

    fn same<T: PartialEq + ToString>(&mut self, what: &str, theirs: &T, ours: &T) {
        self.unless(theirs == ours, what, theirs.to_string(), ours.to_string());
    }

    fn unless(&mut self, same: bool, what: &str, theirs: impl ToString, ours: impl ToString) {
        if !same {
            let (submitted, replayed) = (theirs.to_string(), ours.to_string());
            self.differences.push(Difference { what: what.into(), submitted, replayed });
        }
    }
}

fn close(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance
}
