//! A run as a file keeps it: `history.json` of the command line, and the run files of the page, which add a few fields.

use crate::base::document;
use crate::base::error::{Error, Result};
use crate::experiment::{Experiment, MAX_EPOCHS};
use crate::network::graph::Graph;
use crate::results::history::{Epoch, History, loss};
use crate::results::metrics::{accuracy, merge_confusion};
use serde::Deserialize;
use serde_json::Value;
use ts_rs::TS;

/// A run.
#[derive(Debug, TS)]
#[ts(rename = "RunFile")]
pub struct Run {
    /// What was run.
    pub experiment: Experiment,
    /// Its network.
    #[ts(skip)]
    pub graph: Graph,
    /// Its epochs, and on what it ran.
    #[ts(flatten)]
    pub history: History,
    /// What was counted and measured besides.
    #[ts(flatten)]
    pub figures: RunFigures,
}

/// What a file says of a run besides its experiment and its history.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct RunFigures {
    /// Names of the classes.
    #[serde(default)]
    pub classes: Vec<String>,
    /// Images trained on in each epoch.
    #[serde(default)]
    pub train_samples: usize,
    /// Images of the validation set.
    #[serde(default)]
    pub validation_samples: usize,
    /// Images of the test set.
    #[serde(default)]
    pub test_samples: usize,
    /// Training speed.
    #[ts(optional = nullable)]
    pub images_per_s: Option<f64>,
    /// The test figures, where the run was evaluated.
    #[ts(optional = nullable)]
    pub test: Option<Test>,
}

/// The test figures of a run.
#[derive(Debug, Clone, Deserialize, TS)]
#[ts(rename = "TestFigures")]
pub struct Test {
    /// Mean cross-entropy and penalties.
    #[serde(deserialize_with = "loss")]
    pub test_loss: f64,
    /// The share that was right.
    pub test_accuracy: f64,
    /// The right class among the five likeliest.
    #[serde(default)]
    pub test_top_5_accuracy: f64,
    /// `confusion[label][predicted]`.
    pub confusion: Vec<Vec<u32>>,
}

impl Run {
    /// Reads a file.
    ///
    /// # Errors
    /// [`Error::Data`] says what is missing or wrong; any error of the experiment's or of its graph's.
    pub fn from_json(text: &str) -> Result<Self> {
        Self::from_value(&document::parse(text).map_err(wrong)?)
    }

    /// Reads a document that is parsed already.
    ///
    /// # Errors
    /// As [`Self::from_json`].
    pub fn from_value(value: &Value) -> Result<Self> {
        let Some(experiment) = value.get("experiment") else {
            let part = if value.is_object() { "it has no experiment" } else { "it is not a JSON object" };
            return Err(wrong(part.into()));
        };
        let experiment = Experiment::from_value(experiment.clone())?;
        let graph = Graph::new(&experiment)?;
        let history: History = document::read(value).map_err(wrong)?;
        let figures: RunFigures = document::read(value).map_err(wrong)?;
        check_epochs(&history.epochs).map_err(wrong)?;
        figures.check().map_err(wrong)?;
        Ok(Self { experiment, graph, history, figures })
    }

    /// Seconds of training and validation.
    pub fn seconds(&self) -> f64 {
        self.history.epochs.iter().map(|row| row.seconds).sum()
    }

    /// The test accuracy on merged classes of a data set: of a network of all classes after its confusion matrix is summed up
    /// within the groups. `None` where the run was not evaluated, or is of another data set or of other merged classes.
    pub fn accuracy_on(&self, groups: &[Vec<u8>], dataset: &str) -> Option<f64> {
        let test = self.figures.test.as_ref().filter(|_| self.experiment.dataset.name == dataset)?;
        match &self.experiment.dataset.merge_classes {
            Some(own) => (own == groups).then_some(test.test_accuracy),
            None => merge_confusion(&test.confusion, groups).ok().map(|merged| accuracy(&merged)),
        }
    }
}

impl RunFigures {
    fn check(&self) -> std::result::Result<(), String> {
        let Some(test) = &self.test else { return Ok(()) };
        let classes = if self.classes.is_empty() { test.confusion.len() } else { self.classes.len() };
        if test.confusion.len() != classes || test.confusion.iter().any(|row| row.len() != classes) {
            return Err(format!(
                "its confusion matrix does not have a row and a column per class, of which there are {classes}"
            ));
        }
        let wrong = [test.test_accuracy, test.test_top_5_accuracy].into_iter().find(|share| !is_share(*share));
        wrong.map_or(Ok(()), |share| Err(format!("its test accuracies must lie between 0 and 1. Received: {share}")))
    }
}

fn check_epochs(epochs: &[Epoch]) -> std::result::Result<(), String> {
    if epochs.len() > MAX_EPOCHS {
        return Err(format!("it may have at most {MAX_EPOCHS} epochs. Received: {}", epochs.len()));
    }
    for (i, row) in epochs.iter().enumerate() {
        let number = row.epoch;
        if number == 0 || number != epochs[0].epoch + i {
            return Err(format!(
                "its epochs must follow one another from 1 on. Received: {number} as number {}",
                i + 1
            ));
        }
        if row.val_loss.is_some() != row.val_accuracy.is_some() {
            return Err(format!("epoch {number} must have val_loss and val_accuracy together or not at all"));
        }
        if let Some(share) =
            [Some(row.accuracy), row.val_accuracy].into_iter().flatten().find(|share| !is_share(*share))
        {
            return Err(format!("an accuracy of epoch {number} must lie between 0 and 1. Received: {share}"));
        }
        let losses = [Some(row.loss), row.val_loss];
        if losses.into_iter().flatten().any(f64::is_infinite) {
            return Err(format!("the losses of epoch {number} must be finite, or null where the run diverged"));
        }
        if [row.learning_rate, row.seconds].iter().any(|value| !value.is_finite() || *value < 0.0) {
            return Err(format!("learning_rate and seconds of epoch {number} must not be negative"));
        }
    }
    Ok(())
}

fn is_share(value: f64) -> bool {
    (0.0..=1.0).contains(&value)
}

fn wrong(part: String) -> Error {
    Error::Data(format!(
        "this is not a run: {part}. Choose a run that the page saved, or the history.json of \"convlab train --out\""
    ))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use serde_json::json;

    /// A run of three classes and two epochs, as a file has it.
    pub(crate) fn document() -> Value {
        let row = |epoch: usize, loss: f64, val_loss: f64| {
            json!({ "epoch": epoch, "loss": loss, "accuracy": 0.5, "val_loss": val_loss, "val_accuracy": 0.4,
                "learning_rate": 0.001, "seconds": 2.0 })
        };
        json!({
            "id": "a", "saved_at": "2026-11-21T08:00:00.000Z", "version": "0.1.0",
            "experiment": {
                "name": "net", "dataset": { "name": "mnist", "validation": "test" }, "input_shape": [28, 28, 1],
                "layers": [{ "type": "flatten" }, { "type": "dense", "units": 3, "activation": "softmax" }],
                "loss": "sparse_categorical_crossentropy", "optimizer": { "type": "adam", "learning_rate": 0.001 }, "epochs": 2,
            },
            "epochs": [row(1, 2.0, 1.9), row(2, 1.0, 1.2)], "learning_rates": [0.001],
            "engine": "cpu", "device": "2 lanes", "build": "simd128", "seed": 0, "classes": ["0", "1", "2"],
            "train_samples": 100, "validation_samples": 10, "test_samples": 10, "images_per_s": 50,
            "test": { "test_loss": 1, "test_accuracy": 0.72, "test_top_5_accuracy": 1,
                "confusion": [[5, 1, 2], [0, 7, 1], [3, 0, 6]] },
        })
    }

    pub(in crate::results) fn run(document: &Value) -> Run {
        Run::from_value(document).unwrap()
    }

    #[test]
    fn files_of_the_page_and_of_the_command_line_are_read() {
        let read = run(&document());
        assert_eq!((read.history.epochs.len(), read.figures.train_samples, read.seconds()), (2, 100, 4.0));
        assert_eq!(read.figures.test.unwrap().test_accuracy, 0.72);
        let mut bare = document();
        for key in ["id", "saved_at", "classes", "validation_samples", "test_samples", "images_per_s", "test"] {
            bare.as_object_mut().unwrap().remove(key);
        }
        assert!(run(&bare).figures.test.is_none());
        bare["test"] = Value::Null;
        assert!(run(&bare).figures.test.is_none());
    }

    #[test]
    fn a_run_that_diverged_has_losses_of_null() {
        let mut diverged = document();
        diverged["epochs"][1]["loss"] = Value::Null;
        diverged["epochs"][1]["val_loss"] = Value::Null;
        diverged["test"]["test_loss"] = Value::Null;
        let read = run(&diverged);
        let last = &read.history.epochs[1];
        assert!(last.loss.is_nan() && last.val_loss.unwrap().is_nan());
        assert!(read.figures.test.as_ref().unwrap().test_loss.is_nan());
        assert_eq!(read.compared().overfitting.unwrap().epoch, 1);
    }

    #[test]
    fn accuracy_on_merged_classes() {
        let groups = [vec![0, 2], vec![1]];
        assert_eq!(run(&document()).accuracy_on(&groups, "mnist"), Some(23.0 / 25.0));
        assert_eq!(run(&document()).accuracy_on(&groups, "cifar10"), None);
        assert_eq!(run(&document()).accuracy_on(&[vec![0], vec![1]], "mnist"), None);
        let mut merging = document();
        merging["experiment"]["dataset"]["merge_classes"] = json!(groups);
        assert_eq!(run(&merging).accuracy_on(&groups, "mnist"), Some(0.72));
        assert_eq!(run(&merging).accuracy_on(&[vec![0], vec![1, 2]], "mnist"), None);
        merging["test"] = Value::Null;
        assert_eq!(run(&merging).accuracy_on(&groups, "mnist"), None);
    }

    #[test]
    fn a_file_that_is_not_a_run_is_refused_in_a_sentence() {
        let edited = |path: &str, value: Value| {
            let mut file = document();
            *file.pointer_mut(path).unwrap() = value;
            file.to_string()
        };
        let row = |index: usize| document()["epochs"][index].clone();
        let infinite = edited("/epochs", json!([row(0)])).replace("\"loss\":2.0", "\"loss\":1e999");
        for (text, part) in [
            ("{".into(), "not JSON"),
            ("null".into(), "not a JSON object"),
            ("{\"epochs\": []}".into(), "no experiment"),
            (edited("/experiment/layers", json!([])), "layer"),
            (edited("/epochs", json!(3)), "epochs"),
            (edited("/epochs/0/epoch", json!("1")), "epoch"),
            (edited("/epochs/0/epoch", json!(-5)), "epoch"),
            (edited("/epochs/0/accuracy", json!(55)), "between 0 and 1"),
            (edited("/epochs/0/seconds", json!(-1)), "must not be negative"),
            (edited("/epochs/0/val_accuracy", Value::Null), "together or not at all"),
            (edited("/epochs", json!([row(0), row(0)])), "follow one another"),
            (infinite, "run"),
            (edited("/seed", json!(-1)), "seed"),
            (edited("/seed", json!("x")), "seed"),
            (edited("/train_samples", json!(1.5)), "train_samples"),
            (edited("/test", json!({ "confusion": 3 })), "test"),
            (edited("/test/test_accuracy", json!(55)), "test accuracies"),
            (edited("/test/confusion", json!([[1, 2, 3], [4], []])), "a row and a column per class"),
            (edited("/classes", json!(["0", "1"])), "a row and a column per class"),
        ] {
            let error = Run::from_json(&text).unwrap_err().to_string();
            assert!(error.contains(part), "{part}: {error}");
        }
    }
}
