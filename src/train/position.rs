//! Where a run stands.

use crate::results::metrics::Evaluation;
use serde::{Deserialize, Serialize};

/// Where a run stands; a checkpoint holds it, and a run goes on from it exactly.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Position {
    /// Epochs done.
    pub(super) epoch: usize,
    /// Steps done in this epoch.
    pub(super) step_in_epoch: usize,
    /// Steps done.
    pub(super) step: usize,
    /// Pictures trained on in this epoch.
    pub(super) rows: usize,
    /// Their loss, penalties included.
    pub(super) loss_sum: f64,
    /// How many were right.
    pub(super) correct: usize,
    /// Seconds of this epoch.
    pub(super) epoch_seconds: f64,
    /// Seconds of training steps, all epochs.
    pub(super) train_seconds: f64,
    /// Pictures trained on, all epochs.
    pub(super) train_rows: usize,
    /// Set once early stopping has spoken.
    pub(super) stopped_early: bool,
}

/// What comes next.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Phase {
    Train,
    Validate(Evaluation, usize),
    Test(Evaluation, usize),
    Done,
}
