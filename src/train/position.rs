//! The position of a run.

use crate::results::metrics::Evaluation;
use serde::{Deserialize, Serialize};

/// The position of a run. A checkpoint holds it, and a run resumes from it exactly.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Position {
    /// Completed epochs.
    pub(super) epoch: usize,
    /// Completed steps of this epoch.
    pub(super) step_in_epoch: usize,
    /// Completed steps of the run.
    pub(super) step: usize,
    /// Images of this epoch's completed steps.
    pub(super) rows: usize,
    /// Sum of their losses, penalties included.
    pub(super) loss_sum: f64,
    /// How many of them were classified correctly.
    pub(super) correct: usize,
    /// Time of this epoch, in seconds.
    pub(super) epoch_seconds: f64,
    /// Time of the training steps of all epochs, in seconds.
    pub(super) train_seconds: f64,
    /// Images of the completed steps of all epochs.
    pub(super) train_rows: usize,
    /// Whether early stopping ended the training.
    pub(super) stopped_early: bool,
}

/// The current phase. `Validate` and `Test` hold the counts so far and the position of the next image.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Phase {
    Train,
    Validate(Evaluation, usize),
    Test(Evaluation, usize),
    Done,
}
