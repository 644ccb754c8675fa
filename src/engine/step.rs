//! The inputs and outputs of a training step, the same for both engines.

use crate::data::images::Images;
use crate::network::graph::Param;
use crate::tensor::transform::Transform;

/// The file(s) that image indices refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The training file(s), validation images included: they are the last part.
    Train,
    /// The test file.
    Test,
}

/// The images that an engine reads.
#[derive(Debug, Clone, Copy)]
pub struct ImageSets<'a> {
    /// The training file(s).
    pub train: &'a Images,
    /// The test file.
    pub test: &'a Images,
}

/// The arguments of one training step.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    /// The indices of the batch's training images.
    pub indices: &'a [u32],
    /// The augmentation of each image; empty without augmentation.
    pub transforms: &'a [Transform],
    /// The number of steps before this one.
    pub step: u32,
    /// The learning rate of this step.
    pub learning_rate: f64,
}

/// The metrics of one training step, computed before its update.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct StepFigures {
    /// The number of images in the batch.
    pub rows: usize,
    /// The sum of the cross-entropies, in nats.
    pub loss_sum: f64,
    /// The number of images that were classified correctly.
    pub correct: usize,
    /// The sum of the regularisation penalties.
    pub penalty: f64,
}

/// All values that training changes. With them a run continues exactly as if it had not been interrupted.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters {
    /// Trainable parameters, flat.
    pub weights: Vec<f32>,
    /// Non-trainable parameters (moving statistics), flat.
    pub state: Vec<f32>,
    /// The optimiser's slots, each as long as `weights`; Lookahead's has the values of `state` after them.
    pub slots: Vec<Vec<f32>>,
}

impl Parameters {
    /// The values of one parameter.
    pub fn values(&self, param: &Param) -> &[f32] {
        let flat = if param.spec.trainable { &self.weights } else { &self.state };
        &flat[param.range()]
    }
}
