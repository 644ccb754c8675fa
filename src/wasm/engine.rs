//! The engine's module: its types for JavaScript, and the summary of a network.

use super::convert::{JsResult, from_js, throw, to_js};
use crate::base::error::Error;
use crate::base::text;
use crate::engine::{Engine, Setup, Source, cpu};
use crate::experiment::Experiment;
#[cfg(feature = "extended")]
use crate::inspect::gradient::{Target, differentiate, on_gpu};
use crate::network::graph::Graph;
use crate::network::{names, summary};
#[cfg(feature = "extended")]
use crate::results::weights::load;
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
    /// A data set's name, classes and image shape.
    #[wasm_bindgen(typescript_type = "DatasetHead")]
    pub type JsDatasetHead;
    /// A data set's name, classes and counts.
    #[wasm_bindgen(typescript_type = "DatasetInfo")]
    pub type JsDatasetInfo;
    /// Options of a run.
    #[wasm_bindgen(typescript_type = "SessionOptions | undefined")]
    pub type JsOptions;
    /// The engine, the device and the sizes of a run.
    #[wasm_bindgen(typescript_type = "SessionInfo")]
    pub type JsInfo;
    /// Events of a run.
    #[wasm_bindgen(typescript_type = "TrainEvent[]")]
    pub type JsEvents;
    /// Test figures.
    #[wasm_bindgen(typescript_type = "Evaluation")]
    pub type JsEvaluation;
    /// The prediction for one image.
    #[wasm_bindgen(typescript_type = "Prediction")]
    pub type JsPrediction;
    /// Statistics of all layers.
    #[wasm_bindgen(typescript_type = "Health")]
    pub type JsHealth;
    /// The result of a numerical check.
    #[wasm_bindgen(typescript_type = "Numbers")]
    pub type JsNumbers;
    /// The run that a checkpoint belongs to.
    #[wasm_bindgen(typescript_type = "CheckpointInfo")]
    pub type JsCheckpointInfo;
    /// The history of a run.
    #[wasm_bindgen(typescript_type = "History")]
    pub type JsHistory;
    /// The result of a complete run.
    #[wasm_bindgen(typescript_type = "DoneEvent")]
    pub type JsDone;
    /// A submission.
    #[wasm_bindgen(typescript_type = "Submission")]
    pub type JsSubmission;
    /// `"train"` or `"test"`.
    #[wasm_bindgen(typescript_type = "\"train\" | \"test\"")]
    pub type JsSplit;
}

/// Prints the location of a panic on the console. A panic is always a bug.
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

/// The layers and counts of an experiment's network.
///
/// # Errors
/// Throws if the experiment is invalid.
#[wasm_bindgen(js_name = summary)]
pub fn summarize(spec: JsExperiment) -> JsResult<JsSummary> {
    let graph = Graph::new(&experiment(spec)?).map_err(throw)?;
    to_js(&summary::Summary::new(&graph))
}

/// The names of layers, which need not be valid; Keras's default names where none are given.
#[wasm_bindgen]
pub fn layer_names(layers: JsLayers) -> JsResult<Vec<String>> {
    let layers: Vec<Map<String, Value>> = from_js(layers.into())?;
    Ok(names::layer_names(&layers))
}

/// The Keras class of a layer type.
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

/// The number of lanes of the CPU engine on a device with so many cores.
#[wasm_bindgen]
pub fn lane_count(cores: usize) -> usize {
    cpu::lane_count(cores)
}

/// Compiles the WebGPU pipelines of an experiment in advance, so that a run starts at once.
///
/// # Errors
/// Throws if the experiment is invalid or the device fails.
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

/// The gradients by the input and by the output of every layer for one image of the input shape, 0 to 255, concatenated in this order:
/// of the logit of a class, or with `of_loss` of the cross-entropy with it as the true class.
///
/// # Errors
/// Throws if the experiment is invalid, or the weights or the image do not fit it.
#[cfg(feature = "extended")]
#[wasm_bindgen]
pub fn gradients(spec: JsExperiment, weights: &[u8], pixels: &[u8], class: usize, of_loss: bool) -> JsResult<Vec<f32>> {
    let spec = experiment(spec)?;
    let graph = Graph::new(&spec).map_err(throw)?;
    let parameters = load(&graph, spec.seed, weights).map_err(throw)?;
    let image: Vec<f32> = pixels.iter().map(|&pixel| f32::from(pixel) / 255.0).collect();
    let flat = (&parameters.weights[..], &parameters.state[..]);
    let found = differentiate(&graph, flat, &image, target(class, of_loss)).map_err(throw)?;
    Ok(found.gradients.concat())
}

/// The gradient by the input alone, as in [`gradients`], computed on the GPU.
///
/// # Errors
/// As [`gradients`]; throws if there is no device, or it fails.
#[cfg(feature = "extended")]
#[wasm_bindgen]
pub async fn input_gradient(
    spec: JsExperiment,
    weights: Vec<u8>,
    pixels: Vec<u8>,
    class: usize,
    of_loss: bool,
) -> JsResult<Vec<f32>> {
    let spec = experiment(spec)?;
    let graph = Graph::new(&spec).map_err(throw)?.of_input();
    let parameters = load(&graph, spec.seed, &weights).map_err(throw)?;
    on_gpu(&graph, &parameters, &pixels, target(class, of_loss)).await.map_err(throw)
}

#[cfg(feature = "extended")]
fn target(class: usize, of_loss: bool) -> Target {
    if of_loss { Target::Loss(class) } else { Target::Score(class) }
}

/// The run that a checkpoint belongs to.
///
/// # Errors
/// Throws if the file is damaged or not a checkpoint.
#[wasm_bindgen]
pub fn checkpoint_info(bytes: &[u8]) -> JsResult<JsCheckpointInfo> {
    to_js(&train::checkpoint::checkpoint_info(bytes).map_err(throw)?)
}
