//! The experiment document as Rust types. Reading checks everything; unknown keys and unknown names are errors that say
//! what was received.

#[cfg(feature = "extended")]
mod alpha;
pub mod augment;
mod check;
mod dataset;
mod epochs;
#[cfg(feature = "extended")]
mod loss;
pub mod monitor;
pub mod optimizer;
pub mod presets;
pub mod schedule;
#[cfg(feature = "extended")]
mod test_time;

#[cfg(feature = "extended")]
pub use alpha::Alpha;
pub use dataset::{
    COST_SHEET_DATA, DatasetSpec, EmnistSplit, ImageSource, LabelMode, Limit, MAX_SIDE, NamedValidation, Split,
    Validation,
};
pub use epochs::Epochs;
#[cfg(feature = "extended")]
pub use test_time::TestTimeAugmentation;

use crate::base::document;
use crate::base::error::{Error, Result};
use augment::Augmentation;
use monitor::Monitor;
use optimizer::Optimizer;
use schedule::Schedule;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
#[cfg(feature = "extended")]
use std::collections::BTreeMap;
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
    /// Share of the label that is spread evenly over all classes, 0 to 1.
    #[cfg(feature = "extended")]
    #[serde(default, skip_serializing_if = "is_zero")]
    #[schemars(range(min = 0.0, max = 1.0))]
    #[ts(as = "Option<_>", optional)]
    pub label_smoothing: f64,
    /// Weights of the images of a class in the training loss, by the number of the class; 1 for classes that are not named.
    #[cfg(feature = "extended")]
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[ts(as = "Option<_>", optional)]
    pub class_weight: BTreeMap<String, f64>,
    /// Of `categorical_focal_crossentropy`: the factor of the loss, or one for each class; 0.25 if not set.
    #[cfg(feature = "extended")]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub alpha: Option<Alpha>,
    /// Of `categorical_focal_crossentropy`: how much less an image counts that is classified with certainty; 2 if not set.
    #[cfg(feature = "extended")]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0))]
    #[ts(optional)]
    pub gamma: Option<f64>,
    /// The optimiser: how a step updates the weights.
    #[schemars(with = "optimizer::Rule")]
    #[ts(as = "document::Typed")]
    pub optimizer: Optimizer,
    /// How the learning rate changes during the run; it is constant if this is not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(as = "Option<document::Typed>", optional = nullable)]
    pub learning_rate_schedule: Option<Schedule>,
    /// Random changes of the training images, applied in order; at most 64.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = MAX_AUGMENTATIONS))]
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
    /// Passes over the training set, above 0 and at most 1 000 000. Of a fraction, the run ends within its last epoch.
    #[serde(default = "default_epochs")]
    #[schemars(with = "f64", range(max = MAX_EPOCHS), extend("exclusiveMinimum" = 0))]
    #[ts(as = "Option<f64>", optional)]
    pub epochs: Epochs,
    /// Test with an average over several views of each image.
    #[cfg(feature = "extended")]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub test_time_augmentation: Option<TestTimeAugmentation>,
    /// Seed of all random numbers: the same seed gives the same run.
    #[serde(default)]
    #[ts(as = "Option<_>", optional)]
    pub seed: u32,
}

fn default_batch_size() -> usize {
    32
}

fn default_epochs() -> Epochs {
    1.into()
}

/// The loss function: cross-entropy, with labels as class indices or as one-hot vectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum LossKind {
    /// Labels as class indices.
    SparseCategoricalCrossentropy,
    /// Labels as one-hot vectors.
    CategoricalCrossentropy,
    /// Cross-entropy that counts images less that are classified with certainty.
    #[cfg(feature = "extended")]
    CategoricalFocalCrossentropy,
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

/// The maximum number of epochs.
pub const MAX_EPOCHS: usize = 1_000_000;

/// The maximum number of random changes of the images: each has random streams of its own, and those from `SYNTHETIC` on are in use.
pub const MAX_AUGMENTATIONS: usize = 64;

/// The maximum batch size.
pub const MAX_BATCH: usize = 65_536;

#[cfg(feature = "extended")]
fn is_zero(value: &f64) -> bool {
    *value == 0.0
}

impl Experiment {
    /// Reads and checks a document.
    ///
    /// # Errors
    /// [`Error::Spec`] if the document is invalid; it names the field and what was expected there.
    pub fn from_json(text: &str) -> Result<Self> {
        let value = document::parse(text).map_err(|why| Error::Spec(format!("this document cannot be read: {why}")))?;
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
}
