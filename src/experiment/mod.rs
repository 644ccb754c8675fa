//! The experiment document: the contract's JSON as Rust types. Everything is checked on the way in; unknown keys and
//! unknown names are errors that say what was received.

pub mod augment;
pub mod monitor;
pub mod optimizer;
pub mod presets;
pub mod schedule;

use crate::base::error::{Error, Result};
use crate::base::number::Plain;
use crate::base::record::{Read, Reading, Write, Wrong};
use augment::Augmentation;
use monitor::Monitor;
use optimizer::Optimizer;
use schedule::Schedule;
use serde_json::{Map, Value};

/// One experiment.
#[derive(Debug, Clone)]
pub struct Experiment {
    /// A short id: `net-1`.
    pub name: String,
    /// A title for people.
    pub title: Option<String>,
    /// Markdown for people: the question, what to look for, what was found.
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
    pub learning_rate_schedule: Option<Schedule>,
    /// Random changes of the training pictures.
    pub augmentation: Vec<Augmentation>,
    /// When to stop before the last epoch.
    pub early_stopping: Option<EarlyStopping>,
    /// Keep a copy of the weights of the best epoch.
    pub model_checkpoint: Option<ModelCheckpoint>,
    /// Pictures a step.
    pub batch_size: usize,
    /// Compute a batch in pieces of at most this many pictures; the update is the whole batch's.
    pub micro_batch_size: Option<usize>,
    /// Passes over the training set.
    pub epochs: usize,
    /// Where all randomness comes from.
    pub seed: u32,
}

crate::record!(Experiment {
    name,
    title: optional,
    text: optional,
    dataset,
    input_shape,
    layers,
    loss,
    optimizer,
    learning_rate_schedule: optional,
    augmentation: optional,
    early_stopping: optional,
    model_checkpoint: optional,
    batch_size = 32,
    micro_batch_size: optional,
    epochs = 1,
    seed = 0,
});

/// The data and how it is divided.
#[derive(Debug, Clone)]
pub struct DatasetSpec {
    /// `mnist`, `cifar10`, …
    pub name: String,
    /// `merge_classes[new]` lists the old classes.
    pub merge_classes: Option<Vec<Vec<u8>>>,
    /// Where validation pictures come from.
    pub validation: Option<Validation>,
    /// Use only the first pictures.
    pub limit: Option<Limit>,
    /// Class names of a `custom` data set.
    pub classes: Option<Vec<String>>,
    /// CIFAR-100's `fine` (100) or `coarse` (20) labels.
    pub label_mode: Option<LabelMode>,
}
crate::record!(DatasetSpec {
    name,
    merge_classes: optional,
    validation: optional,
    limit: optional,
    classes: optional,
    label_mode: optional,
});

/// Which of CIFAR-100's labels to learn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LabelMode {
    /// 100 classes.
    Fine,
    /// 20 superclasses.
    Coarse,
}
crate::names!(LabelMode { "fine" => Fine, "coarse" => Coarse });

/// Validation pictures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Validation {
    /// A named source.
    Named(NamedValidation),
    /// The last share of the training set, in file order.
    Split(Split),
}

impl Read for Validation {
    fn read(value: &Value) -> Reading<Self> {
        let read = if value.is_object() {
            Split::read(value).map(Self::Split)
        } else {
            NamedValidation::read(value).map(Self::Named)
        };
        read.map_err(|_| Wrong::mismatch(value, r#""test", {"split": 0.2} or null"#))
    }
}

impl Write for Validation {
    fn write(&self) -> Value {
        match self {
            Self::Named(named) => named.write(),
            Self::Split(split) => split.write(),
        }
    }
}

/// A named source of validation pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedValidation {
    /// The test set.
    Test,
}
crate::names!(NamedValidation { "test" => Test });

/// A share of the training set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Split {
    /// Between 0 and 1.
    pub split: f64,
}
crate::record!(Split { split });

impl Split {
    /// How many of so many images stay for training: the first `floor(images * (1 - split))`, in file order and before any
    /// shuffling, as Keras 3 cuts them for `validation_split`. The others are for validation.
    pub fn training(self, images: usize) -> usize {
        (images as f64 * (1.0 - self.split)).floor() as usize
    }
}

/// The first so many pictures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limit {
    /// Of the training set, before the validation split.
    pub train: Option<usize>,
    /// Of the test set.
    pub test: Option<usize>,
}
crate::record!(Limit { train, test });

/// The two names of one loss: labels as numbers, or as one-hot rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LossKind {
    /// Labels as numbers.
    SparseCategoricalCrossentropy,
    /// Labels as one-hot rows.
    CategoricalCrossentropy,
}
crate::names!(LossKind {
    "sparse_categorical_crossentropy" => SparseCategoricalCrossentropy,
    "categorical_crossentropy" => CategoricalCrossentropy,
});

/// Stop where nothing gets better any more.
#[derive(Debug, Clone)]
pub struct EarlyStopping {
    /// What is watched.
    pub monitor: Monitor,
    /// The least change that counts.
    pub min_delta: f64,
    /// Epochs without one before the run stops.
    pub patience: usize,
    /// Go back to the weights of the best epoch.
    pub restore_best_weights: bool,
}
crate::record!(EarlyStopping {
    monitor = Monitor::ValLoss,
    min_delta = 0.0,
    patience = 0,
    restore_best_weights = false,
});

/// Keeps the best epoch's weights while the run goes on to its end.
#[derive(Debug, Clone)]
pub struct ModelCheckpoint {
    /// What makes an epoch the best.
    pub monitor: Monitor,
}
crate::record!(ModelCheckpoint { monitor = Monitor::ValLoss });

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
        let value = serde_json::from_str(text).map_err(|error| Error::Spec(format!("this is not JSON ({error})")))?;
        Self::from_value(value)
    }

    /// Reads and checks a document that is parsed already.
    ///
    /// # Errors
    /// As [`Self::from_json`].
    pub fn from_value(value: Value) -> Result<Self> {
        let spec = Self::read(&value).map_err(|wrong| Error::Spec(wrong.to_string()))?;
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
            return Err(Error::Spec(format!("validation split must lie between 0 and 1. Received: {}", Plain(split))));
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
