//! The JavaScript interface of assignments and of the check of a class. It contains only conversions.

use super::convert::{JsResult, from_js, throw, to_js};
use crate::base::document;
use crate::base::error::Error;
use crate::experiment::Experiment;
use crate::submission::assigned::Assigned;
use crate::submission::assignment::Assignment;
use crate::submission::check::{Check, Outcome, ReplayFailure};
use crate::submission::class::{Entry, Line};
use crate::submission::handed::Pile;
use crate::submission::known::Known;
use crate::submission::overview;
use serde_json::Value;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The documents of the built-in experiments.
    #[wasm_bindgen(typescript_type = "Experiment[]")]
    pub type JsPresets;
    /// An assignment as a card shows it.
    #[wasm_bindgen(typescript_type = "Assigned")]
    pub type JsAssigned;
    /// Replays to make.
    #[wasm_bindgen(typescript_type = "ReplayJob[]")]
    pub type JsJobs;
    /// A job's replays.
    #[wasm_bindgen(typescript_type = "(Submission | ReplayFailure)[]")]
    pub type JsOutcomes;
    /// A line for each file.
    #[wasm_bindgen(typescript_type = "ClassLine[]")]
    pub type JsLines;
    /// A submission.
    #[wasm_bindgen(typescript_type = "Submission | undefined")]
    pub type JsMaybeSubmission;
}

/// An assignment, or an experiment's document or the id of a built-in one as an assignment.
fn read(text: &str, presets: JsPresets) -> JsResult<Assignment> {
    let presets: Vec<Value> = from_js(presets.into())?;
    let find = |id: &str| {
        let found = presets.iter().find(|preset| preset["name"] == id);
        found.map_or_else(
            || {
                let ids: Vec<&str> = presets.iter().filter_map(|preset| preset["name"].as_str()).collect();
                Err(Error::Spec(format!(
                    "there is no preset of this name; there are {}. Received: \"{id}\"",
                    ids.join(", ")
                )))
            },
            |preset| Experiment::from_value(preset.clone()),
        )
    };
    if text.trim_start().starts_with('{') {
        return Assignment::from_json(text, &find).map_err(throw);
    }
    find(text.trim()).and_then(Assignment::of).map_err(throw)
}

/// An assignment as a card shows it, with the seed of a student's name if there is one.
///
/// # Errors
/// Throws if the document breaks a rule, or this student cannot hand in a run of it here.
#[wasm_bindgen]
pub fn assigned(text: &str, presets: JsPresets, student: Option<String>) -> JsResult<JsAssigned> {
    let assignment = read(text, presets)?;
    to_js(&Assigned::new(&assignment, student.as_deref()).map_err(throw)?)
}

/// The files of a class and their check.
#[wasm_bindgen]
#[derive(Default)]
pub struct ClassCheck {
    pile: Pile,
    check: Option<Check>,
    /// Verdicts of replays, by the checksums of file and assignment.
    known: Known,
    /// Those of earlier visits of the page, where the images are known to be the same.
    earlier: Known,
    from_earlier: usize,
}

#[wasm_bindgen]
impl ClassCheck {
    /// Without files.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file that was last written at a time in seconds of Unix time, or all files of an archive.
    pub fn add(&mut self, name: &str, modified: Option<f64>, bytes: &[u8]) {
        self.reopen();
        self.pile.add(name, modified.map(|seconds| seconds as i64), bytes);
    }

    /// Adds a file that cannot be read.
    pub fn refuse(&mut self, name: &str, reason: &str) {
        self.reopen();
        self.pile.refuse(name, reason);
    }

    /// Takes the files back from the last check.
    fn reopen(&mut self) {
        if let Some(check) = self.check.take() {
            self.pile.handed = check.into_handed();
        }
    }

    /// Takes verdicts of earlier visits of the page: lines that [`settle`](Self::settle) returned.
    pub fn recall(&mut self, lines: &str) {
        self.earlier = Known::read(lines);
    }

    /// How many files of the last plan have their verdict from an earlier visit.
    pub fn from_earlier(&self) -> usize {
        self.from_earlier
    }

    /// Checks all files against an assignment, as far as that needs no replay, and returns the replays to make. Verdicts of
    /// replays under the same rules are kept.
    ///
    /// # Errors
    /// Throws if the assignment breaks a rule; nothing is changed then.
    pub fn plan(&mut self, text: &str, presets: JsPresets) -> JsResult<JsJobs> {
        let assignment = read(text, presets)?;
        self.reopen();
        let keys: Vec<String> = (0..self.pile.sha256.len()).map(|index| self.key(&assignment, index)).collect();
        let earlier = assignment.fixes_images().then_some(&self.earlier);
        let earlier = |key: &str| earlier.and_then(|earlier| earlier.get(key));
        let is_earlier = |key: &&String| self.known.get(key).is_none() && earlier(key).is_some();
        self.from_earlier = keys.iter().filter(is_earlier).count();
        let known = |index: usize| self.known.get(&keys[index]).or_else(|| earlier(&keys[index])).cloned();
        let check = Check::new(Some(assignment), std::mem::take(&mut self.pile.handed), &known);
        let jobs = to_js(&check.jobs());
        self.check = Some(check);
        jobs
    }

    fn key(&self, assignment: &Assignment, index: usize) -> String {
        format!("{} {}", self.pile.sha256[index], assignment.check_sha256())
    }

    /// Judges the files of a job by its replays. Returns lines for [`recall`](Self::recall), which are empty where the verdicts
    /// depend on the images that are here.
    ///
    /// # Errors
    /// Throws if a replay used other images than those that the assignment names.
    pub fn settle(&mut self, job: usize, outcomes: JsOutcomes) -> JsResult<String> {
        let outcomes: Vec<Value> = from_js(outcomes.into())?;
        let read = |value: &Value| -> Result<Outcome, Error> {
            if value.get("diverged").is_some() {
                let failure: ReplayFailure = document::read(value).map_err(Error::Spec)?;
                return Ok(Err(failure));
            }
            document::read(value).map(Ok).map_err(Error::Spec)
        };
        let outcomes = outcomes.iter().map(read).collect::<Result<Vec<Outcome>, Error>>().map_err(throw)?;
        let Some(mut check) = self.check.take() else { return Ok(String::new()) };
        let images = outcomes.iter().flatten().map(|replay| replay.data.sha256.as_str());
        let right = images.into_iter().try_for_each(|sha256| match check.assignment() {
            Some(assignment) => assignment.check_images(sha256),
            None => Ok(()),
        });
        let mut lines = String::new();
        if right.is_ok() {
            for index in check.settle(job, &outcomes) {
                let (Some(judgement), Some(assignment)) = (check.judgement(index), check.assignment()) else {
                    continue;
                };
                let line = self.known.add(&self.key(assignment, index), judgement);
                lines += &line.filter(|_| assignment.fixes_images()).unwrap_or_default();
            }
        }
        self.check = Some(check);
        right.map_err(throw)?;
        Ok(lines)
    }

    /// A line for each file; those without a verdict wait for a replay.
    pub fn lines(&self) -> JsResult<JsLines> {
        let Some(check) = &self.check else {
            return to_js(&self.pile.handed.iter().map(|handed| Line::new(handed, None)).collect::<Vec<_>>());
        };
        let line = |(index, handed)| Line::new(handed, check.entry(index));
        to_js(&check.handed().iter().enumerate().map(line).collect::<Vec<_>>())
    }

    /// A file's submission.
    pub fn submission(&self, index: usize) -> JsResult<JsMaybeSubmission> {
        let handed = self.check.as_ref().map_or(&self.pile.handed[..], Check::handed);
        match handed.get(index).and_then(|handed| handed.submission.as_ref().ok()) {
            Some(submission) => to_js::<JsMaybeSubmission>(submission),
            None => Ok(JsValue::UNDEFINED.unchecked_into()),
        }
    }

    /// The judged files as a table for a spreadsheet.
    ///
    /// # Errors
    /// Throws if it cannot be written.
    pub fn csv(&self) -> JsResult<String> {
        overview::csv(&self.entries()).map_err(throw)
    }

    /// The judged files as one HTML page.
    pub fn html(&self) -> String {
        overview::html(self.check.as_ref().and_then(Check::assignment), &self.entries())
    }

    fn entries(&self) -> Vec<Entry> {
        let Some(check) = &self.check else { return Vec::new() };
        (0..check.handed().len()).filter_map(|index| check.entry(index)).collect()
    }
}
