//! The checks of a submission that need no replay: whether it describes the assigned run, and whether its parts agree.

use super::Submission;
use super::assignment::{AllowedBuild, Assignment};
use super::verdict::Judgement;
use crate::base::document;
use crate::base::error::Result;
use crate::base::text::{plain, shortened};
use crate::experiment::Experiment;
use crate::network::graph::Graph;
use crate::network::summary::Summary;
use serde_json::{Map, Value};

/// The most work of a student's own experiment, in runs of the assigned one: a file must not keep the verifier busy for days.
const MOST_WORK: f64 = 20.0;

/// The most images of a set: synthetic ones are drawn for the replay.
const MOST_IMAGES: usize = 1_000_000;

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
        is_affordable(assignment, &experiment)?;
        is_replayable(assignment, submission)?;
        agrees(submission)
    };
    match checks() {
        Err(reason) => Examined::Settled(Judgement::refuted(reason)),
        Ok(()) => Examined::Replay(Box::new(experiment)),
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
    let (assigned, received) = (canonical(&assignment.experiment), canonical(experiment));
    let mut paths = Vec::new();
    differing(String::new(), &assigned, &received, &mut paths);
    paths.into_iter().find(|path| !assignment.may_change(path))
}

/// An experiment with every layer's options written out, without what only readers use and without the seed, which has a rule of
/// its own.
pub fn canonical(experiment: &Experiment) -> Value {
    let mut fields = document::fields(experiment);
    for key in ["title", "text", "seed"] {
        fields.remove(key);
    }
    let graph = Graph::new(experiment);
    let layer = |(index, raw): (usize, &Map<String, Value>)| {
        let node = graph.as_ref().ok().and_then(|graph| graph.nodes.get(index));
        let Some(node) = node else { return Value::Object(raw.clone()) };
        let mut layer = raw.clone();
        layer.insert("name".into(), node.name.clone().into());
        layer.insert("inputs".into(), node.inputs.clone().into());
        if let Value::Object(options) = node.layer.options() {
            layer.extend(options);
        }
        layer.retain(|_, value| !value.is_null());
        Value::Object(layer)
    };
    fields.insert("layers".into(), experiment.layers.iter().enumerate().map(layer).collect());
    Value::Object(fields)
}

/// Collects the paths at which two values differ.
fn differing(path: String, a: &Value, b: &Value, into: &mut Vec<String>) {
    let below = |key: &str| if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            let keys = a.keys().chain(b.keys().filter(|key| !a.contains_key(*key)));
            for key in keys {
                differing(below(key), a.get(key).unwrap_or(&Value::Null), b.get(key).unwrap_or(&Value::Null), into);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().for_each(|(i, (a, b))| differing(below(&i.to_string()), a, b, into));
        }
        (a, b) => {
            let same = a == b || a.as_f64().zip(b.as_f64()).is_some_and(|(a, b)| a == b);
            if !same {
                into.push(path);
            }
        }
    }
}

/// Bounds the work and the memory of what a student may change.
fn is_affordable(assignment: &Assignment, experiment: &Experiment) -> std::result::Result<(), String> {
    let limit = experiment.dataset.limit.unwrap_or_default();
    if [limit.train, limit.test].into_iter().flatten().any(|images| images > MOST_IMAGES) {
        return Err(format!("its dataset.limit is above {MOST_IMAGES} images"));
    }
    if assignment.is_open || assignment.document.may_change.is_empty() {
        return Ok(());
    }
    let cost = |experiment: &Experiment| -> Result<(f64, f64)> {
        let totals = Summary::new(&Graph::new(experiment)?).totals;
        let images = experiment.dataset.limit.and_then(|limit| limit.train).unwrap_or(60_000).min(60_000) as f64;
        let work = (totals.macs + totals.params + 1) as f64 * images * experiment.epochs.value();
        let memory = (totals.activation_bytes * experiment.batch_size as u64 + totals.param_bytes) as f64;
        Ok((work, memory))
    };
    let (Ok(assigned), Ok(own)) = (cost(&assignment.experiment), cost(experiment)) else {
        return Err("its network cannot be counted".into());
    };
    let times = (own.0 / assigned.0).max(own.1 / assigned.1.max((1_u64 << 26) as f64));
    if times <= MOST_WORK {
        return Ok(());
    }
    Err(format!(
        "its experiment takes {times:.0} times the work or the memory of the assigned one; at most {MOST_WORK} times are allowed"
    ))
}

/// Whether a run of this engine and build can be repeated under the assignment. What the file says about them gives no rights: it
/// can only exclude a run.
fn is_replayable(assignment: &Assignment, submission: &Submission) -> std::result::Result<(), String> {
    let (history, test) = (&submission.history, &submission.test);
    for (engine, build) in [(&history.engine, &history.build), (&test.engine, &test.build)] {
        if !["cpu", "gpu"].contains(&engine.as_str()) || !BUILDS.contains(&build.as_str()) {
            return Err(format!(
                "it names the engine {} and the build {}, which Convlab does not have",
                quoted(engine),
                quoted(build)
            ));
        }
    }
    if !history.events.is_empty() {
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
        AllowedBuild::Any => return Ok(()),
        AllowedBuild::Simd128 => "simd128",
        AllowedBuild::RelaxedSimd => "relaxed-simd",
        AllowedBuild::Native => "native",
    };
    match [&history.build, &test.build].into_iter().find(|build| *build != allowed) {
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

fn shown(text: &str) -> String {
    plain(&shortened(text, SHOWN)).into_owned()
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", shown(text))
}
