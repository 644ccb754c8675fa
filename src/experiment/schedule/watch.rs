//! Watches a figure, as Keras's callbacks do.

use crate::experiment::monitor::Monitor;
use serde::{Deserialize, Serialize};

/// A figure that is watched for getting better.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Watch {
    /// The best value so far.
    pub best: Option<f64>,
    /// Epochs since.
    pub wait: usize,
    /// Epochs of rest left.
    pub cooldown: usize,
}

impl Watch {
    /// Nothing seen yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// True where `value` beats the best by more than `min_delta`.
    pub fn improves(&self, value: f64, monitor: Monitor, min_delta: f64) -> bool {
        let Some(best) = self.best else { return !value.is_nan() };
        if monitor.more_is_better() { value - min_delta > best } else { value + min_delta < best }
    }
}
