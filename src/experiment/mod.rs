//! The experiment document as Rust types. Reading checks everything; unknown keys and unknown names are errors that say
//! what was received.

pub mod augment;
pub mod monitor;
pub mod optimizer;
pub mod presets;
pub mod schedule;

use crate::base::document;
use crate::base::error::{Error, Result};
use crate::base::number::PlainNumber;
use augment::Augmentation;
use monitor::Monitor;
use optimizer::Optimizer;
use schedule::Schedule;
use schemars::JsonSchema;
use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use std::fmt;
use ts_rs::TS;

/// A Convlab experiment: data, network, loss, optimiser and all other options that determine the result of a run.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Convlab experiment")]
pub struct Experiment {
    /// Address of this JSON Schema, for editors; Convlab ignores it.
    #[serde(rename = "$schema", default, skip_serializing)]
    #[ts(skip)]
    _schema: Option<String>,
    /// A short id, such as `net-1`.
    pub name: String,
    /// A title for the reader.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub title: Option<String>,
    /// Markdown for the reader: the question, what to look for, what was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub text: Option<String>,
    /// The data and how it is divided.
    pub dataset: DatasetSpec,
    /// Height, width and channels of an image.
    #[schemars(inner(range(min = 1, max = MAX_SIDE)))]
    pub input_shape: [usize; 3],
    /// The layers, in order; the last one gives one value for each class.
    #[ts(type = "Array<LayerSpec>")]
    pub layers: Vec<Map<String, Value>>,
    /// The loss function that training minimises.
    pub loss: LossKind,
    /// The optimiser: how a step updates the weights.
    #[schemars(with = "optimizer::Rule")]
    #[ts(as = "document::Typed")]
    pub optimizer: Optimizer,
    /// How the learning rate changes during the run; it is constant if this is not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(as = "Option<document::Typed>", optional = nullable)]
    pub learning_rate_schedule: Option<Schedule>,
    /// Random changes of the training images, applied in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<document::Typed>>", optional)]
    pub augmentation: Vec<Augmentation>,
    /// When to stop before the last epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub early_stopping: Option<EarlyStopping>,
    /// Keep a copy of the best epoch's weights.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub model_checkpoint: Option<ModelCheckpoint>,
    /// Images in a step, 1 to 65 536.
    #[serde(default = "default_batch_size")]
    #[schemars(range(min = 1, max = MAX_BATCH))]
    #[ts(as = "Option<_>", optional)]
    pub batch_size: usize,
    /// Compute a batch in micro-batches of at most this many images, to save memory; their gradients are summed before
    /// the update. 1 to `batch_size`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = MAX_BATCH))]
    #[ts(optional = nullable)]
    pub micro_batch_size: Option<usize>,
    /// Passes over the training set, 1 to 1 000 000.
    #[serde(default = "default_epochs")]
    #[schemars(range(min = 1, max = MAX_EPOCHS))]
    #[ts(as = "Option<_>", optional)]
    pub epochs: usize,
    /// Seed of all random numbers: the same seed gives the same run.
    #[serde(default)]
    #[ts(as = "Option<_>", optional)]
    pub seed: u32,
}

fn default_batch_size() -> usize {
    32
}

fn default_epochs() -> usize {
    1
}

/// The data and how it is divided.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct DatasetSpec {
    /// The data set: `mnist`, `cifar10`, …; `imagenet` for networks that are only counted.
    #[schemars(extend("enum" = dataset_names()))]
    pub name: String,
    /// Merge classes: the n-th list holds the original classes that form the new class n.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merge_classes: Option<Vec<Vec<u8>>>,
    /// Where validation images come from: `"test"` for the test set, `{"split": 0.2}` for the last share of the training
    /// set, null for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validation: Option<Validation>,
    /// Use only the first images.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    /// Class names of a `custom` data set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub classes: Option<Vec<String>>,
    /// Which of CIFAR-100's labels to learn: `fine` (100 classes) or `coarse` (20).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label_mode: Option<LabelMode>,
}

/// Which of CIFAR-100's labels to learn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum LabelMode {
    /// 100 classes.
    Fine,
    /// 20 superclasses.
    Coarse,
}

/// Where validation images come from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema, TS)]
#[serde(untagged)]
pub enum Validation {
    /// A named source.
    Named(NamedValidation),
    /// The last share of the training set, in file order.
    Split(Split),
}

impl<'de> Deserialize<'de> for Validation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct NameOrSplit;

        impl<'de> Visitor<'de> for NameOrSplit {
            type Value = Validation;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str(r#""test", {"split": 0.2} or null"#)
            }

            fn visit_str<E: de::Error>(self, name: &str) -> std::result::Result<Validation, E> {
                let named = NamedValidation::deserialize(StrDeserializer::<E>::new(name));
                named.map(Validation::Named).map_err(|_| E::invalid_value(de::Unexpected::Str(name), &self))
            }

            fn visit_map<A: MapAccess<'de>>(self, fields: A) -> std::result::Result<Validation, A::Error> {
                Split::deserialize(MapAccessDeserializer::new(fields)).map(Validation::Split)
            }
        }

        deserializer.deserialize_any(NameOrSplit)
    }
}

/// A named source of validation images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum NamedValidation {
    /// The test set.
    Test,
}

/// The last share of the training set, in file order.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// The share, between 0 and 1.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 1))]
    pub split: f64,
}

impl Split {
    /// How many of `images` are for training: the first `floor(images * (1 - split))`, in file order and before any
    /// shuffling, as in Keras 3's `validation_split`. The others are for validation.
    pub fn training(self, images: usize) -> usize {
        (images as f64 * (1.0 - self.split)).floor() as usize
    }
}

/// Use only the first images.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct Limit {
    /// Number of images of the training set, before the validation split.
    pub train: Option<usize>,
    /// Number of images of the test set.
    pub test: Option<usize>,
}

/// The loss function: cross-entropy, with labels as class indices or as one-hot vectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum LossKind {
    /// Labels as class indices.
    SparseCategoricalCrossentropy,
    /// Labels as one-hot vectors.
    CategoricalCrossentropy,
}

/// Stops the run when the monitored figure no longer improves.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema, TS)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{"patience": 5, "restore_best_weights": true}]))]
pub struct EarlyStopping {
    /// The figure to monitor; the validation figures need validation images.
    #[ts(as = "Option<_>", optional)]
    pub monitor: Monitor,
    /// The smallest change of the figure that counts as an improvement.
    #[ts(as = "Option<_>", optional)]
    pub min_delta: f64,
    /// Epochs without an improvement before the run stops.
    #[ts(as = "Option<_>", optional)]
    pub patience: usize,
    /// Restore the weights of the best epoch.
    #[ts(as = "Option<_>", optional)]
    pub restore_best_weights: bool,
}

/// Keeps the best epoch's weights, without stopping the run.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema, TS)]
#[serde(default, deny_unknown_fields)]
pub struct ModelCheckpoint {
    /// The figure that determines the best epoch.
    #[ts(as = "Option<_>", optional)]
    pub monitor: Monitor,
}

/// The names that `dataset.name` may have.
fn dataset_names() -> Vec<&'static str> {
    crate::data::names().iter().copied().chain([COST_SHEET_DATA]).collect()
}

/// The data set of networks that are only counted: its images do not fit into a browser tab's memory.
pub const COST_SHEET_DATA: &str = "imagenet";

/// The maximum number of epochs.
pub const MAX_EPOCHS: usize = 1_000_000;

/// The maximum height, width and number of channels of an image.
pub const MAX_SIDE: usize = 8192;

/// The maximum batch size.
pub const MAX_BATCH: usize = 65_536;

impl Experiment {
    /// Reads and checks a document.
    ///
    /// # Errors
    /// [`Error::Spec`] if the document is invalid; it names the field and what was expected there.
    pub fn from_json(text: &str) -> Result<Self> {
        let value = serde_json::from_str(text).map_err(|error| Error::Spec(format!("this is not JSON ({error})")))?;
        Self::from_value(value)
    }

    /// Reads and checks a parsed document.
    ///
    /// # Errors
    /// As [`Self::from_json`].
    pub fn from_value(value: Value) -> Result<Self> {
        let spec: Self = document::read(&value).map_err(Error::Spec)?;
        spec.check()?;
        Ok(spec)
    }

    /// Checks everything but the layers, which the network's graph checks.
    ///
    /// # Errors
    /// [`Error::Spec`] if a rule is broken; it names the field, the rule and the received value.
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
            between("each axis of input_shape", axis, MAX_SIDE)?;
        }
        if let Some(Validation::Split(Split { split })) = self.dataset.validation
            && !(split > 0.0 && split < 1.0)
        {
            return Err(Error::Spec(format!(
                "validation split must lie between 0 and 1. Received: {}",
                PlainNumber(split)
            )));
        }
        self.check_data()?;
        self.check_monitors()?;
        self.learning_rate_schedule.iter().try_for_each(|schedule| schedule.check())?;
        let [height, width, _] = self.input_shape;
        self.augmentation.iter().try_for_each(|augmentation| augmentation.check((height, width)))
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
        let plateau = self.learning_rate_schedule.as_ref().and_then(|schedule| schedule.monitor());
        let plateau = plateau.map(|monitor| ("reduce_on_plateau", monitor));
        let keeping = self.model_checkpoint.as_ref().map(|keeping| ("model_checkpoint", keeping.monitor));
        for (what, monitor) in [stopping, plateau, keeping].into_iter().flatten() {
            if monitor.needs_validation() && self.dataset.validation.is_none() {
                return Err(Error::Spec(format!(
                    "{what} monitors {monitor:?} but dataset.validation is null; set a split or \"test\", or monitor loss or \
                     accuracy"
                )));
            }
        }
        Ok(())
    }
}
