//! Tracks whether a figure improves, as Keras's callbacks do.

use crate::experiment::monitor::Monitor;
use serde::{Deserialize, Serialize};

/// The state of a monitored figure.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Watch {
    /// The best value so far.
    pub best: Option<f64>,
    /// Epochs since the last improvement.
    pub wait: usize,
    /// Remaining epochs of the cooldown.
    pub cooldown: usize,
}

impl Watch {
    /// The state before the first epoch.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether `value` is better than the best one by more than `min_delta`.
    pub fn improves(&self, value: f64, monitor: Monitor, min_delta: f64) -> bool {
        let Some(best) = self.best else { return !value.is_nan() };
        if monitor.more_is_better() { value - min_delta > best } else { value + min_delta < best }
    }
}
