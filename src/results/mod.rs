//! What a run leaves behind: its history, its figures, its weights.

pub mod compare;
pub mod curves;
pub mod history;
pub mod metrics;
pub mod overfitting;
pub mod run;
pub mod weights;
