//! What a run tells while it goes on: the same objects on the command line, in the page and in the package.

use crate::results::history::Epoch;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Something happened.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "event", rename_all = "snake_case")]
#[ts(rename = "TrainEvent")]
pub enum Event {
    /// Training steps; the figures are means over the epoch so far.
    Step {
        /// Steps done in the run.
        step: usize,
        /// The epoch under way, from 1.
        epoch: usize,
        /// Steps done in it.
        step_in_epoch: usize,
        /// Steps it has.
        steps_per_epoch: usize,
        /// Steps of the run.
        total_steps: usize,
        /// Training loss with penalties.
        loss: f64,
        /// Training accuracy.
        accuracy: f64,
        /// Of the last step.
        learning_rate: f64,
        /// Training speed of the run so far.
        images_per_s: f64,
    },
    /// An epoch is complete.
    Epoch(Epoch),
    /// The run is complete.
    Done(Done),
    /// The device failed, or was beaten; the run went on from its last snapshot.
    Interrupted {
        /// Steps done when it happened.
        step: usize,
        /// Steps done at the snapshot, from which they are counted on.
        resumed_step: usize,
        /// The epoch under way at the snapshot, from 1.
        epoch: usize,
        /// Steps that the snapshot has of it.
        step_in_epoch: usize,
        /// Steps it has.
        steps_per_epoch: usize,
        /// What the run goes on with: `cpu` or `gpu`.
        #[ts(type = "\"cpu\" | \"gpu\"")]
        engine: String,
        /// And on what.
        device: String,
        /// Why on that.
        reason: String,
        /// What happened, for people.
        message: String,
    },
    /// Something that the user should know.
    Notice {
        /// In a sentence.
        message: String,
    },
}

/// The end of a run.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct Done {
    /// On the whole test set, penalties included.
    pub test_loss: f64,
    /// On the whole test set.
    pub test_accuracy: f64,
    /// The right class among the five likeliest.
    pub test_top_5_accuracy: f64,
    /// `confusion[label][predicted]`.
    pub confusion: Vec<Vec<u32>>,
    /// `cpu` or `gpu`.
    #[ts(type = "\"cpu\" | \"gpu\"")]
    pub engine: String,
    /// What it ran on.
    pub device: String,
    /// Which build of the arithmetic.
    pub build: String,
    /// Training speed, data path included, evaluation not.
    pub images_per_s: f64,
    /// Training and validation.
    pub seconds: f64,
    /// Whether early stopping ended it.
    pub stopped_early: bool,
}

/// What runs where.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[ts(rename = "SessionInfo")]
pub struct Info {
    /// `cpu` or `gpu`.
    #[ts(type = "\"cpu\" | \"gpu\"")]
    pub engine: String,
    /// What it runs on.
    pub device: String,
    /// Why this engine.
    pub reason: String,
    /// Something that the user should know.
    pub notice: Option<String>,
    /// Which build of the arithmetic: `native`, `simd128` or `relaxed-simd`.
    #[ts(type = "\"simd128\" | \"relaxed-simd\"")]
    pub build: String,
    /// The experiment's seed.
    pub seed: u32,
    /// Steps an epoch.
    pub steps_per_epoch: usize,
    /// Epochs of the run.
    pub epochs: usize,
    /// Pictures trained on.
    pub train_samples: usize,
    /// Pictures validated on.
    pub validation_samples: usize,
    /// Pictures tested on.
    pub test_samples: usize,
    /// Class names, merged ones joined.
    pub classes: Vec<String>,
}

/// One picture's probabilities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Prediction {
    /// Its place in the file.
    pub index: usize,
    /// The right class.
    pub label: usize,
    /// The likeliest class.
    pub predicted: usize,
    /// Of each class; they add up to 1.
    pub probabilities: Vec<f32>,
}
