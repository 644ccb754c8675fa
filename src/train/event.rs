//! The events of a run: the same objects on the command line, in the page and in the npm package.

use crate::results::history::Epoch;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// An event of a run.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "event", rename_all = "snake_case")]
#[ts(rename = "TrainEvent")]
pub enum Event {
    /// Progress of training; loss and accuracy are means over the epoch so far.
    Step {
        /// Completed steps of the run.
        step: usize,
        /// The current epoch, from 1.
        epoch: usize,
        /// Completed steps of this epoch.
        step_in_epoch: usize,
        /// Steps of this epoch.
        steps_per_epoch: usize,
        /// Steps of the whole run.
        total_steps: usize,
        /// Training loss, penalties included.
        loss: f64,
        /// Training accuracy, 0 to 1.
        accuracy: f64,
        /// Learning rate of the last step.
        learning_rate: f64,
        /// Training speed of the run so far, in images per second.
        images_per_s: f64,
    },
    /// An epoch is complete.
    Epoch(Epoch),
    /// The run is complete.
    Done(Done),
    /// The run moved to another device or engine, because the device failed or the CPU is faster; it resumed from its
    /// last snapshot.
    Interrupted {
        /// Completed steps before the interruption.
        step: usize,
        /// Completed steps at the snapshot; the count continues from here.
        resumed_step: usize,
        /// The epoch at the snapshot, from 1.
        epoch: usize,
        /// Completed steps of this epoch at the snapshot.
        step_in_epoch: usize,
        /// Steps per epoch.
        steps_per_epoch: usize,
        /// The engine from now on: `cpu` or `gpu`.
        #[ts(type = "\"cpu\" | \"gpu\"")]
        engine: String,
        /// The device from now on.
        device: String,
        /// Why this engine was chosen.
        reason: String,
        /// What happened, as text for the user.
        message: String,
    },
    /// A message for the user.
    Notice {
        /// One sentence.
        message: String,
    },
}

/// The result of a complete run.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct Done {
    /// Mean loss over the test set, penalties included.
    pub test_loss: f64,
    /// Accuracy on the test set, 0 to 1.
    pub test_accuracy: f64,
    /// Share of the test images whose label is among the five most probable classes, 0 to 1.
    pub test_top_5_accuracy: f64,
    /// Counts of test images, `confusion[label][predicted]`, shape (classes, classes).
    pub confusion: Vec<Vec<u32>>,
    /// `cpu` or `gpu`.
    #[ts(type = "\"cpu\" | \"gpu\"")]
    pub engine: String,
    /// The device that it ran on.
    pub device: String,
    /// The build of the engine: `native`, `simd128` or `relaxed-simd`.
    pub build: String,
    /// Training speed in images per second; it includes the data path and excludes evaluation.
    pub images_per_s: f64,
    /// Time of training and validation, in seconds.
    pub seconds: f64,
    /// Whether early stopping ended it.
    pub stopped_early: bool,
    /// The views of each test image over which its logits were averaged, if there were several.
    #[cfg(feature = "extended")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub test_time_augmentation: Option<crate::experiment::TestTimeAugmentation>,
}

/// The engine, the device and the sizes of a run.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[ts(rename = "SessionInfo")]
pub struct Info {
    /// `cpu` or `gpu`.
    #[ts(type = "\"cpu\" | \"gpu\"")]
    pub engine: String,
    /// The device that it runs on.
    pub device: String,
    /// Why this engine was chosen.
    pub reason: String,
    /// A message for the user.
    pub notice: Option<String>,
    /// The build of the engine: `native`, `simd128` or `relaxed-simd`.
    #[ts(type = "\"simd128\" | \"relaxed-simd\"")]
    pub build: String,
    /// The experiment's seed.
    pub seed: u32,
    /// Steps per epoch.
    pub steps_per_epoch: usize,
    /// Epochs of the run, the last one included if it is a part of one.
    pub epochs: usize,
    /// Number of training images.
    pub train_samples: usize,
    /// Number of validation images.
    pub validation_samples: usize,
    /// Number of test images.
    pub test_samples: usize,
    /// Class names; the names of merged classes are joined.
    pub classes: Vec<String>,
}

/// The prediction for one image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Prediction {
    /// Index of the image in its set, from 0.
    pub index: usize,
    /// The labelled class.
    pub label: usize,
    /// The most probable class.
    pub predicted: usize,
    /// Probability of each class; they sum to 1.
    pub probabilities: Vec<f32>,
}
