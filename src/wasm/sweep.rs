//! The JavaScript interface of sweeps and of the learning-rate range test: what to run, when to stop, what came of it.

use super::convert::{JsResult, from_js, throw, to_js};
use super::tools::{JsEpochs, JsExperiment, experiment};
use crate::results::history::{Epoch, History};
use crate::sweep::{self, Outcome, Plan, Results, Status, range_test, rates, tested};
use crate::train::Done;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The runs of a sweep.
    #[wasm_bindgen(typescript_type = "Sweep")]
    pub type JsPlan;
    /// What came of a run.
    #[wasm_bindgen(typescript_type = "SweepOutcome")]
    pub type JsOutcome;
    /// What came of the runs so far.
    #[wasm_bindgen(typescript_type = "SweepOutcome[]")]
    pub type JsOutcomes;
    /// How a run ended.
    #[wasm_bindgen(typescript_type = "SweepStatus")]
    pub type JsStatus;
    /// The history of a run.
    #[wasm_bindgen(typescript_type = "History")]
    pub type JsRunHistory;
    /// The last event of a run; null of one that was stopped.
    #[wasm_bindgen(typescript_type = "Done | null")]
    pub type JsMaybeDone;
    /// Configurations and importance.
    #[wasm_bindgen(typescript_type = "SweepResults")]
    pub type JsResults;
    /// What a range test shows.
    #[wasm_bindgen(typescript_type = "RangeTest")]
    pub type JsRange;
}

/// A sweep's document, as text, with its runs.
#[wasm_bindgen]
pub struct SweepPlan(Plan);

#[wasm_bindgen]
impl SweepPlan {
    /// Reads a document and makes its runs.
    ///
    /// # Errors
    /// Throws if the document is invalid, or a run's experiment is.
    #[wasm_bindgen(constructor)]
    pub fn new(text: &str) -> JsResult<SweepPlan> {
        Plan::from_json(text).map(Self).map_err(throw)
    }

    /// The runs and the monitored figure.
    pub fn describe(&self) -> JsResult<JsPlan> {
        to_js(&self.0.describe())
    }

    /// Whether to stop a run after its last epoch.
    pub fn is_hopeless(&self, epochs: JsEpochs, before: JsOutcomes) -> JsResult<bool> {
        let epochs: Vec<Epoch> = from_js(epochs.into())?;
        let before: Vec<Outcome> = from_js(before.into())?;
        Ok(self.0.is_hopeless(&History { epochs, ..History::default() }, &before))
    }

    /// The outcome of a run, from 1.
    ///
    /// # Errors
    /// Throws if there is no such run.
    pub fn outcome(
        &self,
        run: usize,
        history: JsRunHistory,
        done: JsMaybeDone,
        status: JsStatus,
        reason: Option<String>,
    ) -> JsResult<JsOutcome> {
        let history: History = from_js(history.into())?;
        let done: Option<Done> = from_js(done.into())?;
        let status: Status = from_js(status.into())?;
        to_js(&self.0.outcome(run, &history, done.as_ref(), status, reason).map_err(throw)?)
    }

    /// What came of the runs so far.
    pub fn results(&self, outcomes: JsOutcomes) -> JsResult<JsResults> {
        let outcomes: Vec<Outcome> = from_js(outcomes.into())?;
        to_js(&Results::new(&outcomes, self.0.monitor))
    }
}

/// The outcomes of a sweep as a table for spreadsheets.
#[wasm_bindgen]
pub fn sweep_table(outcomes: JsOutcomes) -> JsResult<String> {
    let outcomes: Vec<Outcome> = from_js(outcomes.into())?;
    sweep::table(&outcomes).map_err(throw)
}

/// The experiment that a range test trains.
///
/// # Errors
/// Throws if the experiment is invalid.
#[wasm_bindgen]
pub fn range_experiment(spec: JsExperiment) -> JsResult<JsExperiment> {
    to_js(&tested(experiment(spec)?))
}

/// The losses of single steps, from the means over the epoch so far, which the engine reports.
#[wasm_bindgen]
pub struct StepLosses(sweep::StepLosses);

#[wasm_bindgen]
impl StepLosses {
    /// For the steps of an experiment with so many training images.
    ///
    /// # Errors
    /// Throws if the experiment is invalid.
    #[wasm_bindgen(constructor)]
    pub fn new(spec: JsExperiment, samples: usize) -> JsResult<StepLosses> {
        Ok(Self(sweep::StepLosses::new(experiment(spec)?.batch_size, samples)))
    }

    /// The loss of a step, from its number in the epoch, from 1, and the mean over the epoch so far.
    pub fn of_step(&mut self, step: usize, mean: f64) -> f64 {
        self.0.of_step(step, mean)
    }
}

/// The rates of a range test.
///
/// # Errors
/// Throws if the range does not rise, or the number of steps is out of range.
#[wasm_bindgen]
pub fn range_rates(low: f64, high: f64, steps: usize) -> JsResult<Vec<f64>> {
    rates(low, high, steps).map_err(throw)
}

/// The rate that the losses of a range test propose.
#[wasm_bindgen(js_name = range_test)]
pub fn read_range(rates: Vec<f64>, losses: Vec<f64>) -> JsResult<JsRange> {
    to_js(&range_test(&rates, &losses))
}
