//! One run of a sweep, before it is trained.

use crate::experiment::Experiment;
use serde::Serialize;
use serde_json::{Map, Value};

/// A run that a sweep asks for.
#[derive(Debug, Clone, Serialize)]
pub struct Run {
    /// Its number, from 1.
    pub run: usize,
    /// The values of the fields that the sweep sets.
    pub values: Map<String, Value>,
    /// The seed.
    pub seed: u32,
    /// The experiment with these values.
    #[serde(skip)]
    pub experiment: Experiment,
}
