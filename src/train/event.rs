//! What a run tells while it goes on: the same objects on the command line, in the page and in the package.

use crate::results::history::Epoch;

/// Something happened.
#[derive(Debug, Clone)]
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

crate::written!(Event by "event" {
    "step" => Step {
        step, epoch, step_in_epoch, steps_per_epoch, total_steps, loss, accuracy, learning_rate, images_per_s
    },
    "epoch" => Epoch(row),
    "done" => Done(done),
    "interrupted" => Interrupted {
        step, resumed_step, epoch, step_in_epoch, steps_per_epoch, engine, device, reason, message
    },
    "notice" => Notice { message },
});

/// The end of a run.
#[derive(Debug, Clone)]
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
crate::record!(lenient Done {
    test_loss,
    test_accuracy,
    test_top_5_accuracy,
    confusion,
    engine,
    device,
    build,
    images_per_s,
    seconds,
    stopped_early,
});

/// What runs where.
#[derive(Debug, Clone)]
pub struct Info {
    /// `cpu` or `gpu`.
    pub engine: String,
    /// What it runs on.
    pub device: String,
    /// Why this engine.
    pub reason: String,
    /// Something that the user should know.
    pub notice: Option<String>,
    /// Which build of the arithmetic: `native`, `simd128` or `relaxed-simd`.
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
crate::record!(lenient Info {
    engine,
    device,
    reason,
    notice,
    build,
    seed,
    steps_per_epoch,
    epochs,
    train_samples,
    validation_samples,
    test_samples,
    classes,
});

/// One picture's probabilities.
#[derive(Debug, Clone, PartialEq)]
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
crate::record!(lenient Prediction { index, label, predicted, probabilities });
