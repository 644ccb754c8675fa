//! The experiment document as Rust types. Reading checks everything; unknown keys and unknown names are errors that say
//! what was received.

#[cfg(feature = "extended")]
mod alpha;
pub mod augment;
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
pub use epochs::Epochs;
#[cfg(feature = "extended")]
pub use test_time::TestTimeAugmentation;

use crate::base::document;
use crate::base::error::{Error, Result};
use crate::base::number::PlainNumber;
use crate::data::{ColorMode, ImageOptions, Interpolation};
use augment::Augmentation;
use monitor::Monitor;
use optimizer::Optimizer;
use schedule::Schedule;
use schemars::JsonSchema;
use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
#[cfg(feature = "extended")]
use std::collections::BTreeMap;
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
    /// set (of `images`, for a share of each class, drawn from the seed), null for none. Validation images that a data set
    /// has of its own are used unless this is `"test"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validation: Option<Validation>,
    /// Use only the first images.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    /// Names of the classes, in the order of their labels. The data's own names in another order give the labels that order, as in
    /// Keras; other names take their place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub classes: Option<Vec<String>>,
    /// Which of CIFAR-100's labels to learn: `fine` (100 classes) or `coarse` (20).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label_mode: Option<LabelMode>,
    /// Which of EMNIST's sets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split: Option<EmnistSplit>,
    /// Of `images` and `parquet`: height and width to which they are resized; those of `input_shape` if not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(inner(range(min = 1, max = MAX_SIDE)))]
    pub image_size: Option<[usize; 2]>,
    /// Of `images` and `parquet`: their channels; those of `input_shape` if not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color_mode: Option<ColorMode>,
    /// Of `images` and `parquet`: how they are resized, `bilinear` if not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interpolation: Option<Interpolation>,
    /// Of `images` and `parquet`: whether the largest part of the right aspect ratio is cut out instead of distorting the image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crop_to_aspect_ratio: Option<bool>,
    /// Of `images` without a `test` folder and `parquet` without a test file: the share of each class that is drawn for testing, 0.2 if not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test: Option<Split>,
    /// Of `parquet`: the column of images, if the file has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_column: Option<String>,
    /// Of `parquet`: the column of labels, if the file has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label_column: Option<String>,
}

impl DatasetSpec {
    /// The name of the set, with that of its split after a slash.
    pub fn full_name(&self) -> String {
        self.split.map_or_else(|| self.name.clone(), |split| format!("{}/{}", self.name, split.name()))
    }

    /// The options of `images`, for images of `input_shape`.
    pub fn image_options(&self, [height, width, channels]: [usize; 3], seed: u32) -> ImageOptions {
        let plain = if channels == 1 { ColorMode::Grayscale } else { ColorMode::Rgb };
        ImageOptions {
            image_size: self.image_size.unwrap_or([height, width]),
            color_mode: self.color_mode.unwrap_or(plain),
            interpolation: self.interpolation.unwrap_or(Interpolation::Bilinear),
            crop_to_aspect_ratio: self.crop_to_aspect_ratio.unwrap_or_default(),
            validation: if let Some(Validation::Split(share)) = self.validation { share.split } else { 0.0 },
            test: self.test.map_or(0.2, |share| share.split),
            seed,
        }
    }
}

/// The parts of an experiment that say how image files are read.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ImageSource {
    /// The data and how it is divided.
    pub dataset: DatasetSpec,
    /// Height, width and channels of an image.
    pub input_shape: [usize; 3],
    /// The seed of the experiment.
    pub seed: u32,
}

/// Which of EMNIST's sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "lowercase")]
pub enum EmnistSplit {
    /// 47 classes with equally many images.
    Balanced,
    /// Digits, capitals and small letters.
    Byclass,
    /// The same images in 47 classes: small letters that look like their capitals are one class with them.
    Bymerge,
    /// Digits.
    Digits,
    /// Letters; capitals and small ones are one class.
    Letters,
    /// Digits, as many as MNIST has.
    Mnist,
}

impl EmnistSplit {
    fn name(self) -> &'static str {
        match self {
            Self::Balanced => "balanced",
            Self::Byclass => "byclass",
            Self::Bymerge => "bymerge",
            Self::Digits => "digits",
            Self::Letters => "letters",
            Self::Mnist => "mnist",
        }
    }
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

/// The names that `dataset.name` may have.
fn dataset_names() -> Vec<&'static str> {
    let mut names: Vec<_> = crate::data::names().iter().filter_map(|name| name.split('/').next()).collect();
    names.dedup();
    names.push(COST_SHEET_DATA);
    names
}

/// The data set of networks that are only counted: its images do not fit into a browser tab's memory.
pub const COST_SHEET_DATA: &str = "imagenet";

/// The maximum number of epochs.
pub const MAX_EPOCHS: usize = 1_000_000;

/// The maximum height, width and number of channels of an image.
pub const MAX_SIDE: usize = 8192;

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
        if !(self.epochs > 0.into() && self.epochs <= MAX_EPOCHS.into()) {
            return Err(Error::Spec(format!(
                "epochs must be above 0 and at most {MAX_EPOCHS}. Received: {}",
                self.epochs
            )));
        }
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
        #[cfg(feature = "extended")]
        self.check_loss()?;
        self.learning_rate_schedule.iter().try_for_each(|schedule| schedule.check())?;
        if self.augmentation.len() > MAX_AUGMENTATIONS {
            let found = self.augmentation.len();
            return Err(Error::Spec(format!(
                "augmentation may hold at most {MAX_AUGMENTATIONS} entries. Received: {found}"
            )));
        }
        let [height, width, _] = self.input_shape;
        #[cfg(feature = "extended")]
        self.check_colors()?;
        #[cfg(feature = "extended")]
        if self.augmentation.iter().filter(|change| change.mixes()).count() > 1 {
            return Err(Error::Spec("augmentation may hold one of mix_up and cut_mix, once".into()));
        }
        self.augmentation.iter().try_for_each(|augmentation| augmentation.check((height, width)))
    }

    /// Checks that colors are changed at most once, and only where there are colors.
    #[cfg(feature = "extended")]
    fn check_colors(&self) -> Result<()> {
        let [.., channels] = self.input_shape;
        let changes = || self.augmentation.iter().filter(|change| change.colors([0.0; 4]).is_some());
        if changes().count() > 1 {
            return Err(Error::Spec("augmentation may hold random_color_jitter once".into()));
        }
        if changes().any(|change| channels > 4 || (channels != 3 && change.needs_colors())) {
            return Err(Error::Spec(format!(
                "augmentation random_color_jitter takes saturation_factor and hue_factor for images with 3 channels, brightness_factor \
                 and contrast_factor for images with 1 to 4. Received: input_shape with {channels} channels"
            )));
        }
        Ok(())
    }

    fn check_data(&self) -> Result<()> {
        let name = &self.dataset.name;
        if name == COST_SHEET_DATA || crate::data::names().contains(&self.dataset.full_name().as_str()) {
            return Ok(());
        }
        let known = dataset_names();
        if known.contains(&name.as_str()) {
            let rule = if self.dataset.split.is_some() {
                "only emnist has splits"
            } else {
                "emnist needs a split, such as \"letters\""
            };
            return Err(Error::Spec(format!("dataset.split: {rule}. Received: {}", self.dataset.full_name())));
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
                    "{what} monitors {} but dataset.validation is null; set a split or \"test\", or monitor loss or \
                     accuracy",
                    document::write(&monitor).as_str().unwrap_or_default()
                )));
            }
        }
        Ok(())
    }
}
