//! A class at a glance: a line for each file that was handed in.

use super::Submission;
use super::assignment::Assignment;
use super::moment::{is_late, written};
use super::rubric::{answers, points};
use super::verdict::{Difference, Judgement, Verdict};
use crate::base::text::shortened;
use crate::data::members::FileTime;
use serde::Serialize;
use ts_rs::TS;

/// The most characters that are shown of what is a short word in an honest file.
const SHOWN: usize = 100;

/// A file that was handed in.
#[derive(Debug, Clone)]
pub struct HandedIn {
    /// Its name, with folders.
    pub file: String,
    /// When it was last written, by the teacher's own copy.
    pub modified: Option<FileTime>,
    /// Its contents, or why they are not a submission.
    pub submission: Result<Submission, String>,
}

/// The line of a file that has a verdict.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(rename = "ClassEntry", optional_fields = nullable)]
pub struct Entry {
    /// The file's name.
    pub file: String,
    /// The student's name, as entered.
    pub student: Option<String>,
    /// The verdict.
    pub verdict: Verdict,
    /// Whether every figure is that of a replay to the last bit.
    pub exact: bool,
    /// Why, in a sentence.
    pub reason: String,
    /// The figures that differ from the replay.
    #[serde(skip)]
    #[ts(skip)]
    pub judgement: Option<Judgement>,
    /// The experiment's name, according to the file.
    pub experiment: Option<String>,
    /// The seed, according to the file.
    pub seed: Option<u32>,
    /// The engine, according to the file.
    pub engine: Option<String>,
    /// The build, according to the file.
    pub build: Option<String>,
    /// The test accuracy; that of the file, where it is refuted.
    pub test_accuracy: Option<f64>,
    /// The guessed accuracy.
    pub guess: Option<f64>,
    /// Pairs of question and answer.
    pub answers: Vec<(String, String)>,
    /// Seconds of training and validation, according to the file.
    pub seconds: Option<f64>,
    /// When the file was last written, such as `2026-12-04 17:00 UTC`, or `2026-12-04 18:00 without a zone`.
    pub modified: Option<String>,
    /// Whether that was after the deadline. A time without a zone is taken for one in the deadline's zone.
    pub late: Option<bool>,
    /// The points of the rubric.
    pub points: Option<f64>,
    /// Other files of which this may be a copy.
    pub duplicates_of: Vec<String>,
    /// What they have in common, such as `weights`.
    pub duplicate_parts: Vec<&'static str>,
}

/// A file in the table of a class, also while it has no verdict.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(rename = "ClassLine", optional_fields = nullable)]
pub struct Line {
    /// The file's name.
    pub file: String,
    /// The student's name, as entered.
    pub student: Option<String>,
    /// Its verdict and all that the table shows.
    pub entry: Option<Entry>,
    /// The figures that differ from the replay.
    pub differences: Vec<Difference>,
}

impl Line {
    /// The line of a file.
    pub fn new(handed: &HandedIn, entry: Option<Entry>) -> Self {
        let differences = entry.as_ref().and_then(|entry| entry.judgement.as_ref()).map(|one| one.differences.clone());
        Self {
            file: handed.file.clone(),
            student: handed.submission.as_ref().ok().and_then(|run| run.student.clone()),
            entry,
            differences: differences.unwrap_or_default(),
        }
    }
}

impl Entry {
    /// The line of a file.
    pub fn new(
        assignment: Option<&Assignment>,
        handed: &HandedIn,
        judgement: &Judgement,
        (duplicates_of, duplicate_parts): (Vec<String>, Vec<&'static str>),
    ) -> Self {
        let run = handed.submission.as_ref().ok();
        let graded = assignment.zip(run).and_then(|(Assignment { document, .. }, run)| {
            points((&document.questions, &document.rubric), run, judgement.verdict)
        });
        let history = run.map(|run| &run.history);
        let short = |text: &str| shortened(text, SHOWN).into_owned();
        Self {
            file: handed.file.clone(),
            student: run.and_then(|run| run.student.clone()),
            verdict: judgement.verdict,
            exact: judgement.verdict == Verdict::Confirmed,
            reason: judgement.reason.clone(),
            judgement: Some(judgement.clone()),
            experiment: run.and_then(|run| run.experiment["name"].as_str().map(short)),
            seed: history.map(|history| history.seed),
            engine: history.map(|history| short(&history.engine)),
            build: history.map(|history| short(&history.build)),
            test_accuracy: run.map(|run| run.test.test_accuracy),
            guess: run.and_then(|run| run.guess),
            answers: run.map(answers).unwrap_or_default(),
            seconds: history
                .map(|history| history.epochs.iter().map(|epoch| epoch.seconds).sum())
                .filter(|seconds: &f64| seconds.is_finite()),
            modified: handed.modified.map(written),
            late: assignment
                .and_then(|one| one.deadline)
                .zip(handed.modified)
                .map(|(deadline, modified)| is_late(modified, deadline)),
            points: graded,
            duplicates_of,
            duplicate_parts,
        }
    }
}
