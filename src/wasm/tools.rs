//! What JavaScript sees of the parts that do not train: cost sheets, scripts for other frameworks, reports. A module of its
//! own, so that the page loads it only where it is asked for. It translates, and holds no logic of its own.

use super::convert::{JsResult, from_js, throw, to_js};
use crate::base::error::Error;
use crate::cost::{CostSheet, Question, Separable, Times};
use crate::experiment::Experiment;
use crate::export::{self, Target};
use crate::network::edit::edit;
use crate::network::graph::Graph;
use crate::network::summary::Summary;
use crate::report::Report;
use crate::results::compare::{ComparedGroup, compare};
use crate::results::history::{Epoch, History};
use crate::results::metrics::{ClassScores, Mistake, accuracy, class_scores, merge_confusion, mistakes};
use crate::results::overfitting::overfitting;
use crate::results::run::Run;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use wasm_bindgen::prelude::*;

/// The types of the objects that cross the border.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("tools.d.ts");

#[wasm_bindgen]
extern "C" {
    /// An experiment document.
    #[wasm_bindgen(typescript_type = "Experiment")]
    pub type JsExperiment;
    /// The asker's own numbers.
    #[wasm_bindgen(typescript_type = "CostQuestion")]
    pub type JsQuestion;
    /// A cost sheet and its times.
    #[wasm_bindgen(typescript_type = "Cost")]
    pub type JsCost;
    /// A worked example.
    #[wasm_bindgen(typescript_type = "Separable")]
    pub type JsSeparable;
    /// The framework to leave for.
    #[wasm_bindgen(typescript_type = "\"keras\" | \"pytorch\"")]
    pub type JsTarget;
    /// Everything that a report tells.
    #[wasm_bindgen(typescript_type = "ReportInput")]
    pub type JsReport;
    /// `confusion[label][predicted]`.
    #[wasm_bindgen(typescript_type = "number[][]")]
    pub type JsConfusion;
    /// Groups of classes.
    #[wasm_bindgen(typescript_type = "number[][]")]
    pub type JsGroups;
    /// What follows from a confusion matrix.
    #[wasm_bindgen(typescript_type = "Scores")]
    pub type JsScores;
    /// The epochs of a run.
    #[wasm_bindgen(typescript_type = "HistoryEpoch[]")]
    pub type JsEpochs;
    /// Groups of runs.
    #[wasm_bindgen(typescript_type = "RunFile[][]")]
    pub type JsRuns;
    /// Their figures.
    #[wasm_bindgen(typescript_type = "Comparison")]
    pub type JsComparison;
    /// An edit of the layers.
    #[wasm_bindgen(typescript_type = "LayerEdit")]
    pub type JsEdit;
}

#[derive(Serialize)]
struct Scores {
    classes: Vec<ClassScores>,
    mistakes: Vec<Mistake>,
}

#[derive(Serialize)]
struct Comparison {
    groups: Vec<ComparedGroup>,
    merged_classes: Option<usize>,
}

#[derive(Serialize)]
struct Cost {
    sheet: CostSheet,
    time: Times,
}

/// What only these tools are asked and tell, in serde's words.
fn serialized<T: JsCast>(value: &impl Serialize) -> JsResult<T> {
    to_js(&serde_json::to_value(value).map_err(wrong)?)
}

fn deserialized<T: DeserializeOwned>(value: JsValue) -> JsResult<T> {
    serde_json::from_value(from_js(value)?).map_err(wrong)
}

fn wrong(error: serde_json::Error) -> JsValue {
    throw(Error::Spec(error.to_string()))
}

fn experiment(value: JsExperiment) -> JsResult<Experiment> {
    Experiment::from_value(from_js(value.into())?).map_err(throw)
}

/// The cost sheet of an experiment, and the times that the numbers allow.
#[wasm_bindgen]
pub fn cost(spec: JsExperiment, question: JsQuestion) -> JsResult<JsCost> {
    let question: Question = deserialized(question.into())?;
    let sheet = CostSheet::on(question.device_cores.unwrap_or(1), &experiment(spec)?, question.batch).map_err(throw)?;
    let time = question.times(&sheet).map_err(throw)?;
    serialized(&Cost { sheet, time })
}

/// A D × D convolution from M to N channels, whole and separated.
#[wasm_bindgen]
pub fn separable(d: f64, m: f64, n: f64) -> JsResult<JsSeparable> {
    serialized(&Separable::new(d as u64, m as u64, n as u64).map_err(throw)?)
}

/// The Python script that rebuilds an experiment's network and loads its weights.
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

/// A run as a file to hand in: HTML, or else Markdown.
#[wasm_bindgen]
pub fn report(input: JsReport, html: bool) -> JsResult<String> {
    let report = Report::of(deserialized(input.into())?).map_err(throw)?;
    Ok(if html { report.html() } else { report.markdown() })
}

/// The layers and counts of an experiment as the table that Keras prints.
#[wasm_bindgen]
pub fn summary_text(spec: JsExperiment) -> JsResult<String> {
    let spec = experiment(spec)?;
    Ok(Summary::new(&Graph::new(&spec).map_err(throw)?).to_text(&spec.name))
}

/// The experiment with its layers edited; neither need be a valid one.
#[wasm_bindgen]
pub fn edit_layers(spec: JsExperiment, change: JsEdit) -> JsResult<JsExperiment> {
    let mut document: Value = from_js(spec.into())?;
    let layers: Vec<_> = match document.get_mut("layers") {
        Some(layers) => serde_json::from_value(layers.take()).map_err(wrong)?,
        None => Vec::new(),
    };
    document["layers"] = serde_json::to_value(edit(&layers, deserialized(change.into())?)).map_err(wrong)?;
    to_js(&document)
}

/// Each class's scores, and the most frequent mistakes.
#[wasm_bindgen]
pub fn scores(confusion: JsConfusion, most_mistakes: usize) -> JsResult<JsScores> {
    let confusion: Vec<Vec<u32>> = deserialized(confusion.into())?;
    serialized(&Scores { classes: class_scores(&confusion), mistakes: mistakes(&confusion, most_mistakes) })
}

/// The accuracy after a confusion matrix is summed up within groups of classes.
#[wasm_bindgen]
pub fn merged_accuracy(confusion: JsConfusion, groups: JsGroups) -> JsResult<f64> {
    let (confusion, groups): (Vec<Vec<u32>>, Vec<Vec<u8>>) =
        (deserialized(confusion.into())?, deserialized(groups.into())?);
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
    let (groups, merged_classes) = compare(&groups);
    serialized(&Comparison { groups, merged_classes })
}
