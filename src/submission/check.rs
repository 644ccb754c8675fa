//! The check of a class: which runs its files need repeated, and what each file comes to. The replays themselves are made by
//! the command line or the page.

use super::Submission;
use super::assignment::Assignment;
use super::canonical::canonical;
use super::class::{Entry, HandedIn};
use super::compare::judge;
use super::duplicates::Duplicates;
use super::expected::{Examined, examine};
use super::verdict::{Judgement, Verdict};
use crate::base::error::Error;
use crate::experiment::Experiment;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use ts_rs::TS;

/// A run to repeat, for one or more files.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(rename = "ReplayJob")]
pub struct Job {
    /// The experiment.
    pub experiment: Experiment,
    /// Whether to use the portable build's arithmetic, in the order to try.
    pub portable: Vec<bool>,
    /// The places of the files.
    pub files: Vec<usize>,
}

/// Why a run could not be repeated.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
pub struct ReplayFailure {
    /// Whether training itself failed, by a loss or a weight that is NaN or infinite.
    pub diverged: bool,
    /// A sentence.
    pub message: String,
}

impl From<Error> for ReplayFailure {
    fn from(error: Error) -> Self {
        Self { diverged: matches!(error, Error::Diverged(_)), message: error.to_string() }
    }
}

/// A replay, or why there is none.
pub type Outcome = Result<Submission, ReplayFailure>;

/// The files of a class and what is known of them.
#[derive(Debug)]
pub struct Check {
    assignment: Option<Assignment>,
    handed: Vec<HandedIn>,
    judgements: Vec<Option<Judgement>>,
    duplicates: Option<Duplicates>,
    jobs: Vec<Job>,
}

impl Check {
    /// Judges all files that need no replay, and finds the replays that the others need. Without an assignment the figures of
    /// each file are checked against its own experiment. `known` has verdicts of earlier checks of the same files.
    pub fn new(
        assignment: Option<Assignment>,
        handed: Vec<HandedIn>,
        known: &dyn Fn(usize) -> Option<Judgement>,
    ) -> Self {
        let judgements = vec![None; handed.len()];
        let mut check = Self { assignment, handed, judgements, duplicates: None, jobs: Vec::new() };
        check.plan(known);
        if check.tells_students_apart() || check.judgements.iter().all(Option::is_some) {
            check.find_duplicates();
        }
        check
    }

    fn plan(&mut self, known: &dyn Fn(usize) -> Option<Judgement>) {
        let mut places: HashMap<String, usize> = HashMap::new();
        for index in 0..self.handed.len() {
            let (assignment, experiment) = match self.first_look(index, known) {
                Err(judgement) => {
                    self.judgements[index] = Some(judgement);
                    continue;
                }
                Ok(found) => found,
            };
            let portable = assignment.portable().to_vec();
            let key = format!("{} {} {portable:?}", canonical(&experiment), experiment.seed);
            let job = *places.entry(key).or_insert_with(|| {
                self.jobs.push(Job { experiment, portable, files: Vec::new() });
                self.jobs.len() - 1
            });
            self.jobs[job].files.push(index);
        }
    }

    /// What a file's replay must be, or its verdict if it needs none.
    fn first_look(
        &self,
        index: usize,
        known: &dyn Fn(usize) -> Option<Judgement>,
    ) -> Result<(Assignment, Experiment), Judgement> {
        if let Some(judgement) = known(index) {
            return Err(judgement);
        }
        let submission = self.handed[index].submission.as_ref().map_err(Judgement::unreadable)?;
        let assignment = match &self.assignment {
            Some(assignment) => assignment.clone(),
            None => Assignment::open(submission)
                .map_err(|error| Judgement::unreadable(format!("its experiment is not valid: {error}")))?,
        };
        match examine(&assignment, submission) {
            Examined::Settled(judgement) => Err(judgement),
            Examined::Replay(experiment) => Ok((assignment, *experiment)),
        }
    }

    /// The replays that are needed.
    pub fn jobs(&self) -> &[Job] {
        &self.jobs
    }

    /// The assignment.
    pub fn assignment(&self) -> Option<&Assignment> {
        self.assignment.as_ref()
    }

    /// The files.
    pub fn handed(&self) -> &[HandedIn] {
        &self.handed
    }

    /// Gives the files back.
    pub fn into_handed(self) -> Vec<HandedIn> {
        self.handed
    }

    /// The verdict of a file, if there is one yet.
    pub fn judgement(&self, index: usize) -> Option<&Judgement> {
        self.judgements.get(index)?.as_ref()
    }

    /// Judges the files of a job by its replays, each with other rounding, and returns their places.
    pub fn settle(&mut self, job: usize, outcomes: &[Outcome]) -> Vec<usize> {
        let files = self.jobs.get(job).map(|job| job.files.clone()).unwrap_or_default();
        for &index in &files {
            let judgement = self.judge(index, outcomes);
            self.judgements[index] = Some(judgement);
        }
        if self.duplicates.is_none() && self.judgements.iter().all(Option::is_some) {
            self.find_duplicates();
        }
        files
    }

    fn judge(&self, index: usize, outcomes: &[Outcome]) -> Judgement {
        let submission = match &self.handed[index].submission {
            Ok(submission) => submission,
            Err(reason) => return Judgement::unreadable(reason),
        };
        let replays: Vec<&Submission> = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok()).collect();
        if let Some(failure) = outcomes.iter().find_map(|outcome| outcome.as_ref().err())
            && replays.is_empty()
        {
            let ReplayFailure { diverged, message } = failure;
            return match diverged {
                true => Judgement::refuted(format!("its repetition does not reach the end: {message}")),
                false => Judgement::unreadable(format!("it cannot be repeated here: {message}")),
            };
        }
        match &self.assignment {
            Some(assignment) => judge(assignment, submission, &replays),
            None => match Assignment::open(submission) {
                Ok(assignment) => judge(&assignment, submission, &replays),
                Err(error) => Judgement::unreadable(error.to_string()),
            },
        }
    }

    fn tells_students_apart(&self) -> bool {
        self.assignment.as_ref().is_some_and(Assignment::tells_students_apart)
    }

    /// Whether copies are known: where all students have one seed, only after the last verdict.
    pub fn knows_duplicates(&self) -> bool {
        self.duplicates.is_some()
    }

    fn find_duplicates(&mut self) {
        let tells = |judgement: &Option<Judgement>| {
            self.tells_students_apart() || judgement.as_ref().is_some_and(|one| one.verdict == Verdict::Refuted)
        };
        let telling: Vec<bool> = self.judgements.iter().map(tells).collect();
        let questions = self.assignment.as_ref().map(|one| one.document.questions.as_slice()).unwrap_or_default();
        self.duplicates = Some(Duplicates::find(&self.handed, &telling, questions));
    }

    /// The line of a file that has a verdict, with its copies as far as they are known.
    pub fn entry(&self, index: usize) -> Option<Entry> {
        let judgement = self.judgement(index)?;
        let duplicates = self.duplicates.as_ref().map(|all| all.of(index, &self.handed)).unwrap_or_default();
        Some(Entry::new(self.assignment.as_ref(), &self.handed[index], judgement, duplicates))
    }
}
