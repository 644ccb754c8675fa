//! The experiment document: the contract's JSON as Rust types. Everything is checked on the way in; unknown keys and
//! unknown names are errors that say what was received.

mod place;

use crate::augment::Augmentation;
use crate::error::{Error, Result};
use crate::optimizer::Optimizer;
use crate::schedule::Schedule;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One experiment.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Experiment {
    /// A short id: `net-1`.
    pub name: String,
    /// A title for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Markdown for people: the question, what to look for, what was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What it trains on.
    pub dataset: DatasetSpec,
    /// Height, width and channels of a picture.
    pub input_shape: [usize; 3],
    /// The layers, each an object with `type`, optional `name` and `inputs`, and the type's own options.
    pub layers: Vec<Map<String, Value>>,
    /// The loss.
    pub loss: LossKind,
    /// The update rule.
    pub optimizer: Optimizer,
    /// How the learning rate changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learning_rate_schedule: Option<Schedule>,
    /// Random changes of the training pictures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub augmentation: Vec<Augmentation>,
    /// When to stop before the last epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub early_stopping: Option<EarlyStopping>,
    /// Keep a copy of the weights of the best epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_checkpoint: Option<ModelCheckpoint>,
    /// Pictures a step.
    #[serde(default = "batch_size")]
    pub batch_size: usize,
    /// Compute a batch in pieces of at most this many pictures; the update is the whole batch's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub micro_batch_size: Option<usize>,
    /// Passes over the training set.
    #[serde(default = "epochs")]
    pub epochs: usize,
    /// Where all randomness comes from.
    #[serde(default)]
    pub seed: u32,
}

fn batch_size() -> usize {
    32
}
fn epochs() -> usize {
    1
}

/// The data and how it is divided.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatasetSpec {
    /// `mnist`, `cifar10`, …
    pub name: String,
    /// `merge_classes[new]` lists the old classes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merge_classes: Option<Vec<Vec<u8>>>,
    /// Where validation pictures come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation: Option<Validation>,
    /// Use only the first pictures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    /// Class names of a `custom` data set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classes: Option<Vec<String>>,
    /// CIFAR-100's `fine` (100) or `coarse` (20) labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_mode: Option<LabelMode>,
}

/// Which of CIFAR-100's labels to learn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelMode {
    /// 100 classes.
    Fine,
    /// 20 superclasses.
    Coarse,
}

/// Validation pictures.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "\"test\", {\"split\": 0.2} or null")]
pub enum Validation {
    /// A named source.
    Named(NamedValidation),
    /// The last share of the training set, in file order.
    Split(Split),
}

/// A named source of validation pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NamedValidation {
    /// The test set.
    Test,
}

/// A share of the training set.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// Between 0 and 1.
    pub split: f64,
}

/// The first so many pictures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Of the training set, before the validation split.
    #[serde(default)]
    pub train: Option<usize>,
    /// Of the test set.
    #[serde(default)]
    pub test: Option<usize>,
}

/// The two names of one loss: labels as numbers, or as one-hot rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LossKind {
    /// Labels as numbers.
    SparseCategoricalCrossentropy,
    /// Labels as one-hot rows.
    CategoricalCrossentropy,
}

/// Stop where nothing gets better any more.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EarlyStopping {
    /// What is watched.
    #[serde(default)]
    pub monitor: Monitor,
    /// The least change that counts.
    #[serde(default)]
    pub min_delta: f64,
    /// Epochs without one before the run stops.
    #[serde(default)]
    pub patience: usize,
    /// Go back to the weights of the best epoch.
    #[serde(default)]
    pub restore_best_weights: bool,
}

/// Keeps the best epoch's weights while the run goes on to its end.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelCheckpoint {
    /// What makes an epoch the best.
    #[serde(default)]
    pub monitor: Monitor,
}

/// A figure of the history.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Monitor {
    /// Training loss.
    Loss,
    /// Training accuracy.
    Accuracy,
    /// Validation loss.
    #[default]
    ValLoss,
    /// Validation accuracy.
    ValAccuracy,
}

impl Monitor {
    /// True for accuracies, where more is better.
    pub fn more_is_better(self) -> bool {
        matches!(self, Self::Accuracy | Self::ValAccuracy)
    }

    /// True where it needs validation pictures.
    pub fn needs_validation(self) -> bool {
        matches!(self, Self::ValLoss | Self::ValAccuracy)
    }
}

/// The data set of networks that are only counted: its pictures do not fit into a browser tab.
pub const COST_SHEET_DATA: &str = "imagenet";

/// The most epochs a run may have.
pub const MAX_EPOCHS: usize = 1_000_000;

/// The most pictures a batch may have.
pub const MAX_BATCH: usize = 65_536;

impl Experiment {
    /// Reads and checks a document.
    ///
    /// # Errors
    /// [`Error::Spec`] says where the JSON is wrong and what was expected there.
    pub fn from_json(text: &str) -> Result<Self> {
        // By way of a value, so that the types are read by one deserialiser only: the page loads the code for it.
        let value = serde_json::from_str(text).map_err(|error| Error::Spec(format!("this is not JSON ({error})")))?;
        Self::from_value(value)
    }

    /// Reads and checks a document that is parsed already.
    ///
    /// # Errors
    /// As [`Self::from_json`].
    pub fn from_value(value: Value) -> Result<Self> {
        let spec: Self = serde_json::from_value(value.clone())
            .map_err(|error| Error::Spec(place::explain::<Self>(&value, &error.to_string())))?;
        spec.check()?;
        Ok(spec)
    }

    /// Checks everything that belongs to no layer; the graph checks the layers.
    ///
    /// # Errors
    /// [`Error::Spec`] names the field, the rule and what was received.
    pub fn check(&self) -> Result<()> {
        let between = |what: &str, value: usize, most: usize| {
            if (1..=most).contains(&value) {
                return Ok(());
            }
            Err(Error::Spec(format!("{what} must be between 1 and {most}. Received: {value}")))
        };
        between("batch_size", self.batch_size, MAX_BATCH)?;
        between("epochs", self.epochs, MAX_EPOCHS)?;
        if let Some(size) = self.micro_batch_size {
            between("micro_batch_size", size, self.batch_size)?;
        }
        for axis in self.input_shape {
            between("each axis of input_shape", axis, 8192)?;
        }
        if let Some(Validation::Split(Split { split })) = self.dataset.validation
            && !(split > 0.0 && split < 1.0)
        {
            return Err(Error::Spec(format!("validation split must lie between 0 and 1. Received: {split}")));
        }
        self.check_data()?;
        self.check_monitors()?;
        self.learning_rate_schedule.iter().try_for_each(Schedule::check)?;
        self.augmentation.iter().try_for_each(|augmentation| augmentation.check(self.input_shape))
    }

    fn check_data(&self) -> Result<()> {
        let (name, known) = (&self.dataset.name, crate::data::names());
        if known.contains(&name.as_str()) || name == COST_SHEET_DATA {
            return Ok(());
        }
        let known = known.join(", ");
        Err(Error::Spec(format!("dataset.name must be one of {known}. Received: \"{name}\"")))
    }

    fn check_monitors(&self) -> Result<()> {
        let stopping = self.early_stopping.as_ref().map(|stopping| ("early_stopping", stopping.monitor));
        let plateau = self.learning_rate_schedule.as_ref().and_then(Schedule::monitor);
        let plateau = plateau.map(|monitor| ("reduce_on_plateau", monitor));
        let keeping = self.model_checkpoint.as_ref().map(|keeping| ("model_checkpoint", keeping.monitor));
        for (what, monitor) in [stopping, plateau, keeping].into_iter().flatten() {
            if monitor.needs_validation() && self.dataset.validation.is_none() {
                return Err(Error::Spec(format!(
                    "{what} watches {monitor:?} but dataset.validation is null; set a split or \"test\", or watch loss or \
                     accuracy"
                )));
            }
        }
        Ok(())
    }
}
