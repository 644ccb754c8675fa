//! `verify`: replays submissions and checks their figures.

use super::args::DataArg;
use super::{output, session};
use crate::base::error::{Error, Result};
use crate::engine::choose::Choice;
use crate::experiment::Experiment;
use crate::kernels::cpu::rounding;
use crate::submission::Submission;
use crate::submission::compare::{Verdict, compare};
use crate::train::{Event, Options, Trainer};
use clap::Args;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// The build whose results this program reproduces bit for bit on any processor.
const PORTABLE: &str = "simd128";

#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Submission files
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    data: DataArg,
    /// The assigned experiment: a preset's id or a JSON document; all options but the seed must be equal
    #[arg(long, value_name = "EXPERIMENT")]
    experiment: Option<String>,
    /// Print one JSON object per file
    #[arg(long)]
    json: bool,
}

/// `convlab verify`
///
/// # Errors
/// [`Error::Submission`] where a file is no submission, or its figures are not those of the run that it describes; else of
/// the experiment, the data and the engine.
pub async fn verify(args: &VerifyArgs) -> Result<()> {
    let set = args.experiment.as_deref().map(session::experiment).transpose()?;
    let mut refuted = 0;
    for path in &args.files {
        let submission = Submission::parse(&output::read(path)?).map_err(|error| in_file(path, error))?;
        let spec = submission.spec().map_err(|error| in_file(path, error))?;
        let verdict = match set.as_ref().and_then(|set| other_key(set, &spec)) {
            Some(key) => Outcome::Refused(format!("its {key} differs from that of the assigned experiment")),
            None if !submission.history.events.is_empty() => {
                Outcome::Refused("its learning rate was changed manually during the run".into())
            }
            None => Outcome::Replayed(replay(&submission, spec, args.data.data.as_deref()).await?),
        };
        refuted += usize::from(!verdict.is_confirmed());
        if args.json {
            output::json(&verdict.json(path, &submission))?;
        } else {
            output::line(&format!("{}: {}", path.display(), verdict.sentence(&submission)))?;
        }
    }
    if set.is_none() && refuted < args.files.len() {
        output::note("note: only the figures were checked; give --experiment to check that it is the assigned one");
    }
    match refuted {
        0 => Ok(()),
        count => Err(Error::Submission(format!("{count} of {} refuted", args.files.len()))),
    }
}

/// Replays a submission, with the arithmetic of its build if this program has it, and compares the figures.
async fn replay(submission: &Submission, spec: Experiment, folder: Option<&Path>) -> Result<Verdict> {
    let history = &submission.history;
    let portable = history.engine == "cpu" && history.build == PORTABLE;
    rounding::set_portable(portable);
    let data = session::data(&spec, folder)?;
    let options = Options { engine: Choice::Cpu, shuffle: true };
    let mut trainer = Trainer::new(spec, data, options).await?;
    let bar = session::bar("{msg} {bar:30} {pos}/{len} steps, {eta} left").with_message("Replaying");
    let mut done = None;
    while !trainer.is_done() {
        for event in trainer.advance(200.0).await? {
            match event {
                Event::Step { step, total_steps, .. } => {
                    bar.set_length(total_steps as u64);
                    bar.set_position(step as u64);
                }
                Event::Done(event) => done = Some(event),
                _ => {}
            }
        }
    }
    bar.finish_and_clear();
    let done = done.ok_or_else(|| Error::Submission("the replay did not complete".into()))?;
    let again = Submission::new(&mut trainer, done).await?;
    Ok(compare(submission, &again, portable))
}

/// The first key in which the documents differ, except for the seed and the texts.
fn other_key(set: &Experiment, received: &Experiment) -> Option<String> {
    let plain = |spec: &Experiment| match serde_json::to_value(spec) {
        Ok(Value::Object(mut object)) => {
            ["seed", "name", "title", "text"].iter().for_each(|key| drop(object.remove(*key)));
            object
        }
        _ => serde_json::Map::new(),
    };
    let (set, received) = (plain(set), plain(received));
    set.keys().chain(received.keys()).find(|key| set.get(*key) != received.get(*key)).cloned()
}

fn in_file(path: &Path, error: Error) -> Error {
    match error {
        Error::Submission(message) | Error::Spec(message) => {
            Error::Submission(format!("{}: {message}", path.display()))
        }
        other => other,
    }
}

enum Outcome {
    Replayed(Verdict),
    Refused(String),
}

impl Outcome {
    fn is_confirmed(&self) -> bool {
        matches!(self, Self::Replayed(Verdict::Confirmed { .. }))
    }

    fn sentence(&self, submission: &Submission) -> String {
        let name = submission.experiment["name"].as_str().unwrap_or("?");
        let run = format!(
            "{name}, seed {}, {} epochs, test accuracy {:.4}",
            submission.history.seed,
            submission.history.epochs.len(),
            submission.test.test_accuracy
        );
        match self {
            Self::Replayed(Verdict::Confirmed { exact: true }) => format!("confirmed, to the last bit ({run})"),
            Self::Replayed(Verdict::Confirmed { exact: false }) => {
                format!("confirmed, within the tolerance for its {} ({run})", arithmetic(submission))
            }
            Self::Replayed(Verdict::Refuted { differences }) => match differences.as_slice() {
                [first, rest @ ..] => format!(
                    "refuted: {} is {} in the file and {} when replayed{}",
                    first.what,
                    first.submitted,
                    first.replayed,
                    if rest.is_empty() { String::new() } else { format!(", and {} more differ", rest.len()) }
                ),
                [] => "refuted".into(),
            },
            Self::Refused(why) => format!("refuted: {why}"),
        }
    }

    fn json(&self, path: &Path, submission: &Submission) -> Value {
        let (exact, differences) = match self {
            Self::Replayed(Verdict::Confirmed { exact }) => (*exact, json!([])),
            Self::Replayed(Verdict::Refuted { differences }) => (false, json!(differences)),
            Self::Refused(_) => (false, json!([])),
        };
        json!({
            "event": "verify", "file": path.display().to_string(), "student": submission.student,
            "verdict": if self.is_confirmed() { "confirmed" } else { "refuted" }, "exact": exact,
            "reason": self.sentence(submission), "differences": differences,
            "experiment": submission.experiment["name"], "seed": submission.history.seed,
            "engine": submission.history.engine, "build": submission.history.build,
            "test_accuracy": submission.test.test_accuracy,
        })
    }
}

fn arithmetic(submission: &Submission) -> &'static str {
    match (submission.history.engine.as_str(), submission.history.build.as_str()) {
        ("gpu", _) => "GPU",
        (_, "relaxed-simd") => "relaxed SIMD",
        _ => "arithmetic",
    }
}
