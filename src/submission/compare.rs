//! Does a replay bear a submission out? To the last bit where both had the same arithmetic, else within a tolerance:
//! roundings differ, and training makes small differences larger.

use super::Submission;
use crate::results::history::Epoch;
use serde::Serialize;

/// How far an accuracy may be from the replayed one, besides chance.
pub const ACCURACY_TOLERANCE: f64 = 0.03;
/// How far a loss may be, as a share of the replayed one.
pub const LOSS_TOLERANCE: f64 = 0.1;

/// A figure that is not what the replay gives.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// Which figure.
    pub what: String,
    /// In the file.
    pub submitted: String,
    /// In the replay.
    pub replayed: String,
}

/// What a replay says.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// The same figures.
    Confirmed {
        /// Whether to the last bit.
        exact: bool,
    },
    /// Other figures.
    Refuted {
        /// In what.
        differences: Vec<Difference>,
    },
}

/// Compares a submission with its replay. With `must_be_exact` a single other bit refutes it.
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
        self.same("the pictures' checksum", &submitted.data.sha256, &replay.data.sha256);
        self.same("the seed", &submitted.history.seed, &replay.history.seed);
        let (theirs, ours) = (&submitted.history.epochs, &replay.history.epochs);
        self.same("the number of epochs", &theirs.len(), &ours.len());
        for (theirs, ours) in theirs.iter().zip(ours) {
            self.epoch(theirs, ours, replay);
        }
        let pictures = replay.data.test;
        self.loss("the test loss", Some(submitted.test.test_loss), Some(replay.test.test_loss));
        let accuracies = (Some(submitted.test.test_accuracy), Some(replay.test.test_accuracy));
        self.accuracy("the test accuracy", accuracies, pictures);
        self.confusion(submitted, replay);
        if !self.tolerant {
            self.same("the final weights' checksum", &submitted.weights_sha256, &replay.weights_sha256);
        }
    }

    fn epoch(&mut self, theirs: &Epoch, ours: &Epoch, replay: &Submission) {
        let named = |what: &str| format!("epoch {}'s {what}", ours.epoch);
        // Validation sets are about as large as test sets.
        let pictures = replay.data.test;
        self.same(&named("number"), &theirs.epoch, &ours.epoch);
        self.loss(&named("loss"), Some(theirs.loss), Some(ours.loss));
        self.accuracy(&named("accuracy"), (Some(theirs.accuracy), Some(ours.accuracy)), replay.data.train);
        self.loss(&named("val_loss"), theirs.val_loss, ours.val_loss);
        self.accuracy(&named("val_accuracy"), (theirs.val_accuracy, ours.val_accuracy), pictures);
        let rate = close(theirs.learning_rate, ours.learning_rate, 1e-9 * ours.learning_rate.abs());
        self.unless(rate, &named("learning rate"), theirs.learning_rate, ours.learning_rate);
    }

    /// Besides the tolerance, four standard deviations of chance over so many pictures.
    fn accuracy(&mut self, what: &str, (theirs, ours): (Option<f64>, Option<f64>), pictures: usize) {
        let chance = |share: f64| 4.0 * (share * (1.0 - share) / pictures.max(1) as f64).sqrt();
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

    /// The matrix must say what the accuracy says, whoever computed it.
    fn confusion(&mut self, submitted: &Submission, replay: &Submission) {
        let (theirs, ours) = (&submitted.test.confusion, &replay.test.confusion);
        if !self.tolerant {
            return self.unless(theirs == ours, "the confusion matrix", "another matrix", "this one");
        }
        let total: u64 = theirs.iter().flatten().map(|&count| u64::from(count)).sum();
        let right: u64 =
            theirs.iter().enumerate().map(|(i, row)| row.get(i).map_or(0, |&count| u64::from(count))).sum();
        self.same("the pictures in the confusion matrix", &total, &(replay.data.test as u64));
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
