//! The JavaScript interface of the parts that do not train: cost sheets, scripts for other frameworks, reports. It is a
//! separate module, which the page loads on demand. It contains only conversions.

use super::convert::{JsResult, from_js, throw, to_js};
use crate::base::error::Error;
use crate::cost::{Cost, CostSheet, Question, Separable};
use crate::experiment::Experiment;
use crate::export::{self, Target};
use crate::report::Report;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// An experiment document.
    #[wasm_bindgen(typescript_type = "Experiment")]
    pub type JsExperiment;
    /// The numbers from which the times are computed.
    #[wasm_bindgen(typescript_type = "CostQuestion")]
    pub type JsQuestion;
    /// A cost sheet and its times.
    #[wasm_bindgen(typescript_type = "Cost")]
    pub type JsCost;
    /// The counts of a depthwise separable convolution.
    #[wasm_bindgen(typescript_type = "Separable")]
    pub type JsSeparable;
    /// The target framework.
    #[wasm_bindgen(typescript_type = "\"keras\" | \"pytorch\"")]
    pub type JsTarget;
    /// The contents of a report.
    #[wasm_bindgen(typescript_type = "ReportInput")]
    pub type JsReport;
}

fn experiment(value: JsExperiment) -> JsResult<Experiment> {
    Experiment::from_value(from_js(value.into())?).map_err(throw)
}

/// The cost sheet of an experiment, and the times that can be computed from the given numbers.
///
/// # Errors
/// Throws if the experiment is invalid or a number is out of range.
#[wasm_bindgen]
pub fn cost(spec: JsExperiment, question: JsQuestion) -> JsResult<JsCost> {
    let question: Question = from_js(question.into())?;
    let sheet = CostSheet::on(question.lanes.unwrap_or(1), &experiment(spec)?, question.batch).map_err(throw)?;
    let time = question.times(&sheet).map_err(throw)?;
    to_js(&Cost { sheet, time })
}

/// A D × D convolution from M to N channels, ordinary and depthwise separable.
///
/// # Errors
/// Throws if a number is out of range.
#[wasm_bindgen]
pub fn separable(d: f64, m: f64, n: f64) -> JsResult<JsSeparable> {
    to_js(&Separable::new(d as u64, m as u64, n as u64).map_err(throw)?)
}

/// The Python script that rebuilds an experiment's network and loads its weights.
///
/// # Errors
/// Throws if the experiment or the target is invalid.
#[wasm_bindgen]
pub fn script(spec: JsExperiment, target: JsTarget) -> JsResult<String> {
    let target: &JsValue = target.as_ref();
    let target = match target.as_string().as_deref() {
        Some("keras") => Target::Keras,
        Some("pytorch") => Target::Pytorch,
        _ => return Err(throw(Error::Spec(format!("a script is \"keras\" or \"pytorch\". Received: {target:?}")))),
    };
    export::script(&experiment(spec)?, target).map(|script| script.text).map_err(throw)
}

/// The report of a run, as HTML or Markdown.
///
/// # Errors
/// Throws if the experiment is invalid or the report's data do not fit it.
#[wasm_bindgen]
pub fn report(input: JsReport, html: bool) -> JsResult<String> {
    let report = Report::of(from_js(input.into())?).map_err(throw)?;
    Ok(if html { report.html() } else { report.markdown() })
}
