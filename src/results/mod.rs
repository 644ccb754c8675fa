//! What a run leaves behind: its history, its figures, its weights.

pub mod analysis;
pub mod history;
pub mod metrics;
pub mod weights;
