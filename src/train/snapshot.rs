//! Snapshots: the state of a run between two steps. Checkpoints store them, and recovery resumes from them.

use super::callbacks::Callbacks;
use super::position::Position;
use crate::engine::Parameters;
use crate::experiment::Experiment;
use crate::results::history::History;
use crate::results::metrics::Evaluation;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use web_time::Instant;

/// The run's state without its tensors.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct State {
    pub(super) spec: Experiment,
    pub(super) shuffle: bool,
    /// The fingerprint of its images; set only in checkpoints.
    pub(super) data: String,
    pub(super) position: Position,
    pub(super) callbacks: Callbacks,
    pub(super) history: History,
    pub(super) evaluation: Option<(Evaluation, usize)>,
    pub(super) testing: bool,
    pub(super) done: bool,
}

/// The state of a run between two steps.
#[derive(Debug, Clone)]
pub(super) struct Snapshot {
    pub(super) state: State,
    pub(super) parameters: Parameters,
    pub(super) best: Option<Arc<Parameters>>,
    pub(super) saved: Option<Arc<Parameters>>,
}

/// The last snapshot, and the time when the next one is due.
pub(super) struct KeptSnapshot {
    pub(super) snapshot: Snapshot,
    pub(super) due: Instant,
}

impl KeptSnapshot {
    /// Completed steps at the snapshot.
    pub fn step(&self) -> usize {
        self.snapshot.state.position.step
    }

    pub fn into_snapshot(self) -> Snapshot {
        self.snapshot
    }
}
