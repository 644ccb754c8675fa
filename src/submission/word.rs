//! The student's word: what of a submission is listed and not checked, since nobody else can know it or nothing depends on it.

use super::Submission;
use super::rubric::answers;
use crate::base::text::{duration, shortened};
use crate::results::history::Interruption;
use serde::Serialize;

/// The parts, in the order of the list.
const PARTS: [&str; 11] = [
    "name",
    "guess",
    "answers",
    "date",
    "device",
    "times",
    "interruptions",
    "version",
    "report",
    "title of the data",
    "title and text of the experiment",
];

/// The most characters of a text.
const LONGEST: usize = 2000;

/// The most characters of a text within a line.
const LONGEST_IN_A_LINE: usize = 60;

/// The most interruptions, and the most answers within a line.
const MOST: usize = 20;

/// The names of the parts, as a list.
pub fn parts() -> String {
    PARTS.join(", ")
}

/// What a file says and nothing confirms.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StudentsWord {
    /// The student's name.
    pub name: Option<String>,
    /// The guessed accuracy.
    pub guess: Option<f64>,
    /// Pairs of question and answer.
    pub answers: Vec<(String, String)>,
    /// The date of the run.
    pub date: String,
    /// The devices of training and of the test, once if they are the same.
    pub devices: Vec<String>,
    /// Seconds of all epochs together.
    pub epochs_seconds: f64,
    /// Seconds of the whole run.
    pub run_seconds: f64,
    /// Images per second in training.
    pub images_per_s: f64,
    /// What broke the run off on the way.
    pub interruptions: Vec<Interruption>,
    /// The version of Convlab.
    pub version: String,
    /// The report for the reader.
    pub report: String,
    /// The title of the data.
    pub data_title: String,
    /// The title of the experiment.
    pub experiment_title: Option<String>,
    /// The text of the experiment.
    pub experiment_text: Option<String>,
}

impl StudentsWord {
    /// That of a submission. Long texts are shortened: a file may be large.
    pub fn of(run: &Submission) -> Self {
        let text = |text: &str| shortened(text, LONGEST).into_owned();
        let of_experiment = |key: &str| run.experiment[key].as_str().map(text);
        let mut devices = vec![text(&run.history.device), text(&run.test.device)];
        devices.dedup();
        let interruption = |one: &Interruption| Interruption {
            step: one.step,
            repeated: one.repeated,
            message: text(&one.message),
            engine: one.engine.as_deref().map(text),
            build: one.build.as_deref().map(text),
        };
        Self {
            name: run.student.as_deref().map(text),
            guess: run.guess,
            answers: answers(run),
            date: text(&run.date),
            devices,
            epochs_seconds: run.history.epochs.iter().map(|epoch| epoch.seconds).sum(),
            run_seconds: run.test.seconds,
            images_per_s: run.test.images_per_s,
            interruptions: run.history.interruptions.iter().take(MOST).map(interruption).collect(),
            version: text(&run.version),
            report: text(&run.report),
            data_title: text(&run.data.title),
            experiment_title: of_experiment("title"),
            experiment_text: of_experiment("text"),
        }
    }

    /// The parts that the file has, as one line of text.
    pub fn to_line(&self) -> String {
        let values: [Vec<String>; 11] = [
            quoted(self.name.as_deref()),
            self.guess.iter().map(f64::to_string).collect(),
            some(self.answers.iter().map(|(id, answer)| format!("{}: {}", shown(id), shown(answer)))),
            quoted([self.date.as_str()]),
            quoted(self.devices.iter().map(String::as_str)),
            vec![
                format!("epochs {}", duration(self.epochs_seconds)),
                format!("run {}", duration(self.run_seconds)),
                format!("{:.0} images per second", self.images_per_s),
            ],
            some(self.interruptions.iter().map(|one| format!("after step {}: {}", one.step, shown(&one.message)))),
            quoted([self.version.as_str()]),
            quoted([self.report.as_str()]),
            quoted([self.data_title.as_str()]),
            quoted([&self.experiment_title, &self.experiment_text].into_iter().flatten().map(String::as_str)),
        ];
        let parts = PARTS.iter().zip(values).filter(|(_, values)| !values.is_empty());
        parts.map(|(part, values)| format!("{part}: {}", values.join(", "))).collect::<Vec<_>>().join("; ")
    }
}

fn shown(text: &str) -> String {
    format!("\"{}\"", shortened(text, LONGEST_IN_A_LINE))
}

fn quoted<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    texts.into_iter().filter(|text| !text.is_empty()).map(shown).collect()
}

/// The first texts, and how many are left out.
fn some(texts: impl ExactSizeIterator<Item = String>) -> Vec<String> {
    let left_out = texts.len().saturating_sub(MOST);
    let rest = (left_out > 0).then(|| format!("and {left_out} more"));
    texts.take(MOST).chain(rest).collect()
}
