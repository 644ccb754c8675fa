//! The JavaScript interface of the parts that do not train: cost sheets, scripts for other frameworks, reports. It is a
//! separate module, which the page loads on demand. It contains only conversions.

use super::convert::{JsResult, from_js, throw, to_js};
use crate::base::error::Error;
use crate::base::text;
use crate::cost::{Cost, CostSheet, Question, Separable};
use crate::experiment::Experiment;
use crate::export::{self, Target};
use crate::network;
use crate::network::edit::edit;
use crate::network::graph::Graph;
use crate::network::summary::Summary;
use crate::report::{ComparisonReport, Report};
use crate::results::compare::compare;
use crate::results::curves::Curves;
use crate::results::history::{Epoch, History};
use crate::results::metrics::{Scores, accuracy, merge_confusion};
use crate::results::overfitting::overfitting;
use crate::results::run::Run;
use serde_json::{Map, Value};
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
    #[wasm_bindgen(typescript_type = "\"keras\" | \"pytorch\" | \"notebook\"")]
    pub type JsTarget;
    /// The contents of a report.
    #[wasm_bindgen(typescript_type = "ReportInput")]
    pub type JsReport;
    /// The contents of a comparison's report.
    #[wasm_bindgen(typescript_type = "ComparisonInput")]
    pub type JsComparisonReport;
    /// `confusion[label][predicted]`.
    #[wasm_bindgen(typescript_type = "number[][]")]
    pub type JsConfusion;
    /// Groups of classes.
    #[wasm_bindgen(typescript_type = "number[][]")]
    pub type JsGroups;
    /// What follows from a confusion matrix.
    #[wasm_bindgen(typescript_type = "Scores")]
    pub type JsScores;
    /// The curves of each class.
    #[wasm_bindgen(typescript_type = "Curves")]
    pub type JsCurves;
    /// The epochs of a run.
    #[wasm_bindgen(typescript_type = "HistoryEpoch[]")]
    pub type JsEpochs;
    /// Groups of runs.
    #[wasm_bindgen(typescript_type = "RunFile[][]")]
    pub type JsRuns;
    /// Their figures.
    #[wasm_bindgen(typescript_type = "Comparison")]
    pub type JsComparison;
    /// The layers of an experiment.
    #[wasm_bindgen(typescript_type = "LayerSpec[]")]
    pub type JsLayers;
    /// An edit of the layers.
    #[wasm_bindgen(typescript_type = "LayerEdit")]
    pub type JsEdit;
}

pub(super) fn experiment(value: JsExperiment) -> JsResult<Experiment> {
    Experiment::from_value(from_js(value.into())?).map_err(throw)
}

/// The cost sheet of an experiment, and the times that can be computed from the given numbers.
///
/// # Errors
/// Throws if the experiment is invalid or a number is out of range.
#[wasm_bindgen]
pub fn cost(spec: JsExperiment, question: JsQuestion) -> JsResult<JsCost> {
    let question: Question = from_js(question.into())?;
    let sheet = CostSheet::on(question.device_cores.unwrap_or(1), &experiment(spec)?, question.batch).map_err(throw)?;
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

/// The Python script that rebuilds an experiment's network and loads its weights, or the notebook that trains it.
///
/// # Errors
/// Throws if the experiment or the target is invalid.
#[wasm_bindgen]
pub fn script(spec: JsExperiment, target: JsTarget) -> JsResult<String> {
    let target: &JsValue = target.as_ref();
    let target = target.as_string().as_deref().and_then(Target::from_name).ok_or_else(|| {
        let known = Target::ALL.map(Target::name).join(", ");
        throw(Error::Spec(format!("a script's target is one of {known}. Received: {target:?}")))
    })?;
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

/// The report of several runs side by side, as HTML or Markdown.
///
/// # Errors
/// Throws if a run is damaged.
#[wasm_bindgen]
pub fn comparison_report(input: JsComparisonReport, html: bool) -> JsResult<String> {
    let report = ComparisonReport::of(from_js(input.into())?).map_err(throw)?;
    Ok(if html { report.html() } else { report.markdown() })
}

/// The layers and counts of an experiment as the table that Keras prints.
#[wasm_bindgen]
pub fn summary_text(spec: JsExperiment) -> JsResult<String> {
    let spec = experiment(spec)?;
    Ok(Summary::new(&Graph::new(&spec).map_err(throw)?).to_text(&spec.name))
}

/// The layers of an experiment, edited; neither need be valid ones.
#[wasm_bindgen]
pub fn edit_layers(layers: JsLayers, change: JsEdit) -> JsResult<JsLayers> {
    let layers: Vec<Map<String, Value>> = from_js(layers.into())?;
    to_js(&edit(&layers, from_js(change.into())?))
}

/// The text of a file in UTF-8 or UTF-16, with or without a byte-order mark.
#[wasm_bindgen]
pub fn text_of(bytes: &[u8]) -> JsResult<String> {
    text::decode(bytes).ok_or_else(|| throw(Error::Spec("this is not a text file (UTF-8 or UTF-16)".to_string())))
}

/// An experiment fitted to images of a size and to a number of classes.
///
/// # Errors
/// Throws if the network cannot be fitted.
#[wasm_bindgen]
pub fn fit(spec: JsExperiment, height: usize, width: usize, channels: usize, classes: usize) -> JsResult<JsExperiment> {
    to_js(&network::fit::fit(experiment(spec)?, [height, width, channels], classes).map_err(throw)?)
}

/// Each class's scores, and the most frequent mistakes.
#[wasm_bindgen]
pub fn scores(confusion: JsConfusion, most_mistakes: usize) -> JsResult<JsScores> {
    let confusion: Vec<Vec<u32>> = from_js(confusion.into())?;
    to_js(&Scores::new(&confusion, most_mistakes))
}

/// Precision–recall and ROC curves of each class, and the calibration, from rows of a label and the probability of every class.
///
/// # Errors
/// Throws if the values are not whole rows.
#[wasm_bindgen]
pub fn curves(rows: &[f32], classes: usize) -> JsResult<JsCurves> {
    to_js(&Curves::new(rows, classes).map_err(throw)?)
}

/// The accuracy after a confusion matrix is summed up within groups of classes.
#[wasm_bindgen]
pub fn merged_accuracy(confusion: JsConfusion, groups: JsGroups) -> JsResult<f64> {
    let confusion: Vec<Vec<u32>> = from_js(confusion.into())?;
    let groups: Vec<Vec<u8>> = from_js(groups.into())?;
    merge_confusion(&confusion, &groups).map(|merged| accuracy(&merged)).map_err(throw)
}

/// Where a run overfits, in two sentences; nothing where there was no validation.
#[wasm_bindgen]
pub fn overfitting_text(epochs: JsEpochs, is_over: bool) -> JsResult<Option<String>> {
    let epochs: Vec<Epoch> = from_js(epochs.into())?;
    Ok(overfitting(&epochs).map(|found| found.text(is_over)))
}

/// The epochs of a run as CSV.
#[wasm_bindgen]
pub fn history_csv(epochs: JsEpochs) -> JsResult<String> {
    Ok(History { epochs: from_js(epochs.into())?, ..History::default() }.to_csv())
}

/// Checks a run file; throws what is wrong with it.
#[wasm_bindgen]
pub fn check_run(text: &str) -> JsResult<()> {
    Run::from_json(text).map(drop).map_err(throw)
}

/// The figures of runs side by side, each group of runs that differ in their seeds only.
#[wasm_bindgen(js_name = compare)]
pub fn compare_runs(groups: JsRuns) -> JsResult<JsComparison> {
    let groups: Vec<Vec<Value>> = from_js(groups.into())?;
    let read = |runs: &Vec<Value>| runs.iter().map(Run::from_value).collect::<Result<Vec<Run>, Error>>();
    let groups = groups.iter().map(read).collect::<Result<Vec<_>, Error>>().map_err(throw)?;
    to_js(&compare(&groups))
}
