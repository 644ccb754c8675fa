//! The engine's module: its types, summaries.

use super::convert::{JsResult, from_js, throw, to_js};
use crate::base::error::Error;
use crate::base::text;
use crate::engine::{Engine, Setup, Source, cpu};
use crate::experiment::Experiment;
use crate::network::graph::Graph;
use crate::network::{names, summary};
use crate::train;
use serde_json::{Map, Value};
use std::sync::Arc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// An experiment document.
    #[wasm_bindgen(typescript_type = "Experiment")]
    pub type JsExperiment;
    /// The layers of an experiment.
    #[wasm_bindgen(typescript_type = "LayerSpec[]")]
    pub type JsLayers;
    /// A network's layers and counts.
    #[wasm_bindgen(typescript_type = "Summary")]
    pub type JsSummary;
    /// What a data set is, besides its pictures.
    #[wasm_bindgen(typescript_type = "DatasetHead")]
    pub type JsDatasetHead;
    /// What a data set holds.
    #[wasm_bindgen(typescript_type = "DatasetInfo")]
    pub type JsDatasetInfo;
    /// How to run.
    #[wasm_bindgen(typescript_type = "SessionOptions | undefined")]
    pub type JsOptions;
    /// What runs where.
    #[wasm_bindgen(typescript_type = "SessionInfo")]
    pub type JsInfo;
    /// What happened.
    #[wasm_bindgen(typescript_type = "TrainEvent[]")]
    pub type JsEvents;
    /// Test figures.
    #[wasm_bindgen(typescript_type = "Evaluation")]
    pub type JsEvaluation;
    /// One picture's probabilities.
    #[wasm_bindgen(typescript_type = "Prediction")]
    pub type JsPrediction;
    /// How the layers fare.
    #[wasm_bindgen(typescript_type = "Health")]
    pub type JsHealth;
    /// What a check of the arithmetic found.
    #[wasm_bindgen(typescript_type = "Numbers")]
    pub type JsNumbers;
    /// What run a checkpoint belongs to.
    #[wasm_bindgen(typescript_type = "CheckpointInfo")]
    pub type JsCheckpointInfo;
    /// The run so far.
    #[wasm_bindgen(typescript_type = "History")]
    pub type JsHistory;
    /// The end of a run.
    #[wasm_bindgen(typescript_type = "DoneEvent")]
    pub type JsDone;
    /// A run to hand in.
    #[wasm_bindgen(typescript_type = "Submission")]
    pub type JsSubmission;
    /// `"train"` or `"test"`.
    #[wasm_bindgen(typescript_type = "\"train\" | \"test\"")]
    pub type JsSplit;
}

/// Makes a panic, which would be our bug, tell where it happened.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

pub(super) fn experiment(value: JsExperiment) -> JsResult<Experiment> {
    Experiment::from_value(from_js(value.into())?).map_err(throw)
}

pub(super) fn source(split: &JsSplit) -> JsResult<Source> {
    let split: &JsValue = split.as_ref();
    match split.as_string().as_deref() {
        Some("train") => Ok(Source::Train),
        Some("test") => Ok(Source::Test),
        _ => Err(throw(Error::Data(format!("a split is \"train\" or \"test\". Received: {split:?}")))),
    }
}

/// The layers and counts of an experiment; throws where it is not a valid one.
#[wasm_bindgen(js_name = summary)]
pub fn summarize(spec: JsExperiment) -> JsResult<JsSummary> {
    let graph = Graph::new(&experiment(spec)?).map_err(throw)?;
    to_js(&summary::Summary::new(&graph))
}

/// The names of layers that need not be valid ones; Keras's default names where none are given.
#[wasm_bindgen]
pub fn layer_names(layers: JsLayers) -> JsResult<Vec<String>> {
    let layers: Vec<Map<String, Value>> = from_js(layers.into())?;
    Ok(names::layer_names(&layers))
}

/// Keras's class behind a layer's type.
#[wasm_bindgen]
pub fn class_name(kind: &str) -> String {
    names::class_name(kind)
}

/// Bytes as text.
#[wasm_bindgen]
pub fn bytes_text(count: f64) -> String {
    text::bytes(count as u64)
}

/// Seconds as text.
#[wasm_bindgen]
pub fn duration_text(seconds: f64) -> String {
    text::duration(seconds)
}

/// The lanes of the CPU engine on so many cores.
#[wasm_bindgen]
pub fn lanes_of(cores: usize) -> usize {
    cpu::lanes_of(cores)
}

/// Compiles ahead what the WebGPU engine needs for an experiment, so that a run starts at once.
#[wasm_bindgen]
pub async fn warm_up(spec: JsExperiment) -> JsResult<()> {
    let spec = experiment(spec)?;
    let setup = Setup {
        graph: Arc::new(Graph::new(&spec).map_err(throw)?),
        optimizer: spec.optimizer,
        batch: spec.batch_size,
        micro_batch: spec.micro_batch_size,
        seed: spec.seed,
        pool: None,
    };
    Engine::warm_up(&setup).await.map_err(throw)
}

/// What run a checkpoint belongs to.
#[wasm_bindgen]
pub fn checkpoint_info(bytes: &[u8]) -> JsResult<JsCheckpointInfo> {
    to_js(&train::checkpoint::checkpoint_info(bytes).map_err(throw)?)
}
