//! Bounds of the work and the memory of a replay: a file must not keep the verifier busy for days.

use super::Submission;
use super::assignment::Assignment;
use crate::base::error::Result;
use crate::base::text::grouped;
use crate::data::{is_synthetic, official_counts};
use crate::experiment::{Experiment, Limit, NamedValidation, Validation};
use crate::network::graph::Graph;
use crate::network::summary::Summary;

/// The most work of a student's own experiment, in runs of the assigned one.
const MOST_WORK: f64 = 20.0;

/// What one value of a layer's output costs beside its products, in multiply-accumulates: an activation function, a pooling or an
/// enlargement has none, and takes some nanoseconds a value.
const VALUE_MACS: f64 = 64.0;

/// The most multiply-accumulates of a replay without an assignment: 200 epochs of ResNet-20 on CIFAR-10 have 1.2e15.
const MOST_MACS: f64 = 1e16;

/// The least memory that counts as that of the assigned experiment, in bytes.
const LEAST_MEMORY: f64 = (1_u64 << 26) as f64;

/// The most images of a set: synthetic ones are drawn for the replay.
const MOST_IMAGES: usize = 1_000_000;

/// What a run takes.
struct Cost {
    /// Multiply-accumulates of training, validation and test, with what costs as much.
    macs: f64,
    /// Bytes of a batch's activations and of the weights.
    memory: f64,
}

impl Cost {
    /// The cost of an experiment on the data that a submission names.
    fn of(experiment: &Experiment, submission: &Submission) -> Result<Self> {
        let totals = Summary::new(&Graph::new(experiment)?).totals;
        let [train, test] = images(experiment, submission);
        let (trained, validated) = match experiment.dataset.validation {
            None => (train, 0),
            Some(Validation::Named(NamedValidation::Test)) => (train, test),
            Some(Validation::Split(split)) => (split.training(train), train - split.training(train)),
        };
        // A training step takes the forward pass and about two more for the gradients.
        // A hostile network's products are beyond 64 bits.
        let activations = totals.activation_bytes as f64;
        let passes = experiment.epochs.value() * (3.0 * trained as f64 + validated as f64) + test as f64;
        Ok(Self {
            macs: (totals.macs as f64 + totals.params as f64 + VALUE_MACS * activations / 4.0) * passes,
            memory: activations * experiment.batch_size as f64 + totals.param_bytes as f64,
        })
    }
}

/// The most training and test images that an experiment may use: those of its limit, of the complete set, or of the file, where
/// the set is one of the teacher's own files.
fn images(experiment: &Experiment, submission: &Submission) -> [usize; 2] {
    let name = experiment.dataset.full_name();
    let Limit { train, test } = experiment.dataset.limit.unwrap_or_default();
    let all = official_counts(&name).unwrap_or([submission.data.train, submission.data.test]);
    // Synthetic images are drawn, as many as the limit says.
    let most = |limit: Option<usize>, all: usize| match limit {
        Some(limit) if is_synthetic(&name) => limit,
        limit => limit.unwrap_or(all).min(all),
    };
    [most(train, all[0]), most(test, all[1])]
}

/// Bounds the work and the memory of what a student may change.
pub fn is_affordable(
    assignment: &Assignment,
    experiment: &Experiment,
    submission: &Submission,
) -> std::result::Result<(), String> {
    let limit = experiment.dataset.limit.unwrap_or_default();
    if [limit.train, limit.test].into_iter().flatten().any(|images| images > MOST_IMAGES) {
        return Err(format!("its dataset.limit is above {} images", grouped(MOST_IMAGES as u64)));
    }
    if assignment.is_open || assignment.document.may_change.is_empty() {
        return Ok(());
    }
    let cost = |experiment: &Experiment| Cost::of(experiment, submission);
    let (Ok(assigned), Ok(own)) = (cost(&assignment.experiment), cost(experiment)) else {
        return Err("its network cannot be counted".into());
    };
    let times = (own.macs / assigned.macs).max(own.memory / assigned.memory.max(LEAST_MEMORY));
    if times <= MOST_WORK {
        return Ok(());
    }
    Err(format!(
        "its experiment takes {times:.1} times the work or the memory of the assigned one; at most {MOST_WORK:.1} times are allowed"
    ))
}

/// Why a file's own experiment is not repeated where no assignment bounds it.
pub fn is_too_long(assignment: &Assignment, experiment: &Experiment, submission: &Submission) -> Option<String> {
    let macs = Cost::of(experiment, submission).map_or(f64::INFINITY, |cost| cost.macs);
    (assignment.is_open && macs > MOST_MACS).then(|| {
        format!(
            "its repetition takes {macs:.1e} multiplications; without an assignment at most {MOST_MACS:.1e} are made. Give \
             --assignment to repeat it"
        )
    })
}
