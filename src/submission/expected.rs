//! The checks of a submission that need no replay: whether it describes the assigned run, and whether its parts agree.

use super::Submission;
use super::assignment::{AllowedBuild, Assignment};
use super::canonical::{canonical, differing};
use super::verdict::Judgement;
use super::work::{is_affordable, is_too_long};
use crate::base::text::{plain, shortened};
use crate::data::may_have_validation;
use crate::experiment::{Experiment, Validation};
use crate::network::graph::Graph;

/// The builds of Convlab's engines.
const BUILDS: [&str; 3] = ["simd128", "relaxed-simd", "native"];

/// The most characters of a foreign value in a reason.
const SHOWN: usize = 80;

/// What is left to do for a submission.
#[derive(Debug)]
pub enum Examined {
    /// Nothing: it is not the assigned run.
    Settled(Judgement),
    /// To repeat this experiment, and to compare the figures.
    Replay(Box<Experiment>),
}

/// Checks all that needs no replay.
pub fn examine(assignment: &Assignment, submission: &Submission) -> Examined {
    let experiment = match submission.spec().and_then(|spec| Graph::new(&spec).map(|_| spec)) {
        Ok(experiment) => experiment,
        Err(error) => return Examined::Settled(Judgement::unreadable(format!("its experiment is not valid: {error}"))),
    };
    let checks = || {
        is_assigned(assignment, submission, &experiment)?;
        is_affordable(assignment, &experiment, submission)?;
        is_replayable(assignment, submission)?;
        agrees(submission)?;
        fits(submission, &experiment)
    };
    if let Err(reason) = checks() {
        return Examined::Settled(Judgement::refuted(reason));
    }
    match is_too_long(assignment, &experiment, submission) {
        Some(reason) => Examined::Settled(Judgement::unreadable(reason)),
        None => Examined::Replay(Box::new(experiment)),
    }
}

/// Student, experiment, seed and data.
fn is_assigned(
    assignment: &Assignment,
    submission: &Submission,
    experiment: &Experiment,
) -> std::result::Result<(), String> {
    let student = submission.student.as_deref();
    if !assignment.is_listed(student) {
        return Err(match student {
            None => "it has no student's name, and this assignment lists the students who may hand in".into(),
            Some(name) => format!("{} is not among the students of this assignment", quoted(name)),
        });
    }
    if let Some(path) = changed(assignment, experiment) {
        return Err(format!("its {} is not that of the assigned experiment", shown(&path)));
    }
    if let Some(seed) = assignment.seed(student)?
        && experiment.seed != seed
    {
        let whose = if assignment.has_own_seeds() { "the seed of this student" } else { "the assigned one" };
        return Err(format!("its seed is {}; {whose} is {seed}", experiment.seed));
    }
    if submission.history.seed != experiment.seed {
        return Err(format!(
            "its history is of seed {}, its experiment of {}",
            submission.history.seed, experiment.seed
        ));
    }
    if submission.data.name != experiment.dataset.name {
        return Err(format!("its data set is {}, not that of its experiment", quoted(&submission.data.name)));
    }
    match &assignment.document.data_sha256 {
        Some(sha256) if !sha256.eq_ignore_ascii_case(&submission.data.sha256) => {
            Err("it was trained on other images than those of the assignment".into())
        }
        _ => Ok(()),
    }
}

/// The path of an option that differs from the assigned one and must not.
fn changed(assignment: &Assignment, experiment: &Experiment) -> Option<String> {
    let paths = differing(&canonical(&assignment.experiment), &canonical(experiment));
    paths.into_iter().find(|path| !assignment.may_change(path))
}

/// Whether a run of this engine and build can be repeated under the assignment. What the file says about them gives no rights: it
/// can only exclude a run.
fn is_replayable(assignment: &Assignment, submission: &Submission) -> std::result::Result<(), String> {
    let places = submission.places();
    for (engine, build) in &places {
        if !["cpu", "gpu"].contains(engine) || !BUILDS.contains(build) {
            return Err(format!(
                "it names the engine {} and the build {}, which Convlab does not have",
                quoted(engine),
                quoted(build)
            ));
        }
    }
    if !submission.history.events.is_empty() {
        return Err("its learning rate was changed by hand during the run".into());
    }
    if submission.used_gpu() {
        if assignment.allows_gpu() {
            return Ok(());
        }
        let what = if submission.moved() { "the run moved between engines" } else { "the run used the GPU" };
        return Err(format!(
            "cannot be replayed exactly: {what}, and this assignment asks for the CPU engine from start to end. A device can \
             be lost through nobody's fault; please run it again with the engine set to CPU"
        ));
    }
    let allowed = match assignment.build() {
        AllowedBuild::Any if submission.moved_between_builds() && !assignment.allows_tolerance() => {
            return Err(
                "cannot be replayed exactly: the run moved between builds of the engine. Please run it again".into()
            );
        }
        AllowedBuild::Any => return Ok(()),
        AllowedBuild::Simd128 => "simd128",
        AllowedBuild::RelaxedSimd => "relaxed-simd",
        AllowedBuild::Native => "native",
    };
    match places.into_iter().map(|(_, build)| build).find(|build| *build != allowed) {
        None => Ok(()),
        Some(other) => Err(format!(
            "cannot be replayed exactly: the run used the {other} build, and this assignment asks for {allowed}, which a locked \
             card uses. Please run it again there"
        )),
    }
}

/// Whether the test figures agree with each other.
fn agrees(submission: &Submission) -> std::result::Result<(), String> {
    let (test, confusion) = (&submission.test, &submission.test.confusion);
    if confusion.iter().any(|row| row.len() != confusion.len()) {
        return Err("its confusion matrix is not square".into());
    }
    let total: u64 = confusion.iter().flatten().map(|&count| u64::from(count)).sum();
    if total != submission.data.test as u64 {
        return Err(format!("its confusion matrix counts {total} images, its data set {}", submission.data.test));
    }
    let right: u64 = confusion.iter().enumerate().map(|(i, row)| u64::from(row[i])).sum();
    let accuracy = right as f64 / total.max(1) as f64;
    if (accuracy - test.test_accuracy).abs() > 1e-9 {
        return Err(format!("its test accuracy is {}, by its confusion matrix {accuracy}", test.test_accuracy));
    }
    if !(test.test_accuracy - 1e-9..=1.0).contains(&test.test_top_5_accuracy) {
        return Err(format!("its top-5 accuracy is {}, its test accuracy {accuracy}", test.test_top_5_accuracy));
    }
    Ok(())
}

/// Whether the history has as many epochs and steps as the experiment takes, so that a short file cannot ask for a long replay.
fn fits(submission: &Submission, experiment: &Experiment) -> std::result::Result<(), String> {
    let (history, images, dataset) = (&submission.history, submission.data.train, &experiment.dataset);
    let (rows, steps, most) = (history.epochs.len(), history.learning_rates.len(), experiment.epochs.count());
    if rows > most || rows == 0 || (rows < most && experiment.early_stopping.is_none()) {
        return Err(format!("the number of epochs in its history is {rows}; its experiment has {}", experiment.epochs));
    }
    if let Some(limit) = dataset.limit.and_then(|limit| limit.train)
        && images > limit
    {
        return Err(format!("the number of training images is {images}; its dataset.limit.train is {limit}"));
    }
    // Early stopping ends a run after a whole epoch, or after the last one.
    let steps_of = |images: usize| {
        let per_epoch = images.div_ceil(experiment.batch_size);
        if rows < most { rows * per_epoch } else { experiment.epochs.steps(per_epoch) }
    };
    // How many of the images are the set's own for validation is known only where its files are.
    let possible = match dataset.validation {
        _ if may_have_validation(&dataset.name) => rows..=steps_of(images),
        Some(Validation::Split(split)) => steps_of(split.training(images))..=steps_of(split.training(images)),
        _ => steps_of(images)..=steps_of(images),
    };
    if possible.contains(&steps) {
        return Ok(());
    }
    let at_most = if possible.start() < possible.end() { "at most " } else { "" };
    Err(format!(
        "the number of steps in its history is {steps}; its experiment takes {at_most}{} for {images} training images",
        possible.end()
    ))
}

fn shown(text: &str) -> String {
    plain(&shortened(text, SHOWN)).into_owned()
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", shown(text))
}
