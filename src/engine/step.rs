//! What goes into a training step and what comes out of it, the same for both engines.

use crate::data::images::Images;
use crate::tensor::transform::Transform;

/// Which pictures an index means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The training file(s); validation pictures are its last share.
    Train,
    /// The test file.
    Test,
}

/// The pictures that an engine keeps at hand.
#[derive(Debug, Clone, Copy)]
pub struct Pictures<'a> {
    /// The training file(s).
    pub train: &'a Images,
    /// The test file.
    pub test: &'a Images,
}

/// One training step.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    /// The training pictures of the batch.
    pub indices: &'a [u32],
    /// How each one is changed; empty where nothing is.
    pub transforms: &'a [Transform],
    /// Steps done before this one.
    pub step: u32,
    /// This step's learning rate.
    pub learning_rate: f64,
}

/// What one training step measured, before its update.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct StepFigures {
    /// Pictures in the batch.
    pub rows: usize,
    /// Sum of the cross-entropies (nats).
    pub loss_sum: f64,
    /// Pictures whose largest output was the right one.
    pub correct: usize,
    /// Regularisation penalties.
    pub penalty: f64,
}

/// All that training has changed: a run goes on from here as if it had never stopped.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters {
    /// Trainable parameters, flat.
    pub weights: Vec<f32>,
    /// The others (moving statistics), flat.
    pub state: Vec<f32>,
    /// The optimiser's slots, each as long as `weights`.
    pub slots: Vec<Vec<f32>>,
}
