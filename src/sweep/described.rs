//! A sweep and its outcomes as the page reads them.

use super::importance::importance;
use super::outcome::{Configuration, HOPELESS, Outcome, Status, configurations};
use super::plan::Plan;
use super::run::Run;
use crate::base::document;
use crate::base::error::{Error, Result};
use crate::experiment::Experiment;
use crate::experiment::monitor::Monitor;
use crate::results::history::History;
use crate::train::Done;
use serde::Serialize;
use serde_json::{Map, Value};
use ts_rs::TS;

/// A run with its experiment.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(rename = "SweepRun")]
pub struct DescribedRun {
    /// Its number, from 1.
    pub run: usize,
    /// The values of the fields that the sweep sets.
    #[ts(type = "{ [field: string]: unknown }")]
    pub values: Map<String, Value>,
    /// The seed.
    pub seed: u32,
    /// The experiment with these values.
    pub experiment: Experiment,
}

/// The runs of a sweep.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(rename = "Sweep")]
pub struct Described {
    /// The document, with its defaults.
    #[ts(type = "{ [option: string]: unknown }")]
    pub sweep: Value,
    /// The figure that ranks the runs.
    pub monitor: Monitor,
    /// Whether a larger figure is a better one.
    pub more_is_better: bool,
    /// The runs, in order.
    pub runs: Vec<DescribedRun>,
}

/// What came of the runs so far.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(rename = "SweepResults")]
pub struct Results {
    /// The configurations, the best first.
    pub configurations: Vec<Configuration>,
    /// For each field, the share of the differences that it explains.
    #[ts(type = "{ [field: string]: number }")]
    pub importance: Map<String, Value>,
}

impl Results {
    /// The results of these outcomes.
    pub fn new(outcomes: &[Outcome], monitor: Monitor) -> Self {
        Self { configurations: configurations(outcomes, monitor), importance: importance(outcomes) }
    }
}

impl Plan {
    /// The runs with their experiments.
    pub fn describe(&self) -> Described {
        let run = |run: &Run| DescribedRun {
            run: run.run,
            values: run.values.clone(),
            seed: run.seed,
            experiment: run.experiment.clone(),
        };
        Described {
            sweep: document::write(&self.sweep),
            monitor: self.monitor,
            more_is_better: self.monitor.more_is_better(),
            runs: self.runs.iter().map(run).collect(),
        }
    }

    /// The outcome of a run, from 1.
    ///
    /// # Errors
    /// [`Error::Spec`] if there is no such run.
    pub fn outcome(
        &self,
        number: usize,
        history: &History,
        done: Option<&Done>,
        status: Status,
        reason: Option<String>,
    ) -> Result<Outcome> {
        let run = number.checked_sub(1).and_then(|at| self.runs.get(at));
        let run =
            run.ok_or_else(|| Error::Spec(format!("the sweep has {} runs. Received: {number}", self.runs.len())))?;
        let outcome = Outcome::new(run, self.monitor, history, done);
        let reason = reason.or_else(|| (status == Status::Stopped).then(|| HOPELESS.into()));
        Ok(Outcome { status, reason, ..outcome })
    }
}
