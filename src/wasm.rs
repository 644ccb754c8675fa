//! What JavaScript sees: the only place with `wasm_bindgen`. It translates, and holds no logic of its own.
//!
//! Every call throws a JavaScript `Error` with `kind` (and `layer` where one is at fault) beside its message.

use crate::data::{Dataset as Data, Images, Loader, synthetic};
use crate::engine::Source;
use crate::engine::cpu::remote::{LaneHost, Local, Pool, RemoteLane, Reply, Request};
use crate::error::Error;
use crate::graph::Graph;
use crate::plan::SHARDS;
use crate::spec::Experiment;
use crate::submission::Submission;
use crate::train::{self, Options, Trainer};
use crate::wasm_js::{JsResult, from_js, throw, to_js};
use crate::{inspect, presets, summary};
use js_sys::{Function, Promise, Uint8Array};
use serde::Serialize;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// The types of the objects that cross the border.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("wasm.d.ts");

#[wasm_bindgen]
extern "C" {
    /// An experiment document.
    #[wasm_bindgen(typescript_type = "Experiment")]
    pub type JsExperiment;
    /// The presets.
    #[wasm_bindgen(typescript_type = "Preset[]")]
    pub type JsPresets;
    /// A network's layers and counts.
    #[wasm_bindgen(typescript_type = "Summary")]
    pub type JsSummary;
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
    /// `(done, total) => void`.
    #[wasm_bindgen(typescript_type = "((done: number, total: number) => void) | undefined")]
    pub type JsProgress;
    /// `"train"` or `"test"`.
    #[wasm_bindgen(typescript_type = "\"train\" | \"test\"")]
    pub type JsSplit;
}

/// Makes a panic, which would be our bug, tell where it happened.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

fn experiment(value: JsExperiment) -> JsResult<Experiment> {
    Experiment::from_value(from_js(value.into())?).map_err(throw)
}

fn source(split: &JsSplit) -> JsResult<Source> {
    let split: &JsValue = split.as_ref();
    match split.as_string().as_deref() {
        Some("train") => Ok(Source::Train),
        Some("test") => Ok(Source::Test),
        _ => Err(throw(Error::Data(format!("a split is \"train\" or \"test\". Received: {split:?}")))),
    }
}

/// Calls back with progress; what the callback throws is its own affair.
fn report(progress: JsProgress) -> impl FnMut(usize, usize) {
    let callback = JsValue::from(progress).dyn_into::<Function>().ok();
    move |done, total| {
        if let Some(callback) = &callback {
            let _ = callback.call2(&JsValue::NULL, &(done as f64).into(), &(total as f64).into());
        }
    }
}

/// The built-in experiments.
#[wasm_bindgen]
pub fn list() -> JsResult<JsPresets> {
    to_js(&presets::list())
}

/// The layers and counts of an experiment; throws where it is not a valid one.
#[wasm_bindgen(js_name = summary)]
pub fn summarize(spec: JsExperiment) -> JsResult<JsSummary> {
    let graph = Graph::new(&experiment(spec)?).map_err(throw)?;
    to_js(&summary::Summary::new(&graph))
}

/// What run a checkpoint belongs to.
#[wasm_bindgen]
pub fn checkpoint_info(bytes: &[u8]) -> JsResult<JsCheckpointInfo> {
    to_js(&train::checkpoint_info(bytes).map_err(throw)?)
}

/// Takes the official files one by one, in any order.
#[wasm_bindgen]
pub struct DatasetLoader(Loader);

#[wasm_bindgen]
impl DatasetLoader {
    /// For the data set called `name`.
    #[wasm_bindgen(constructor)]
    pub fn new(name: &str) -> JsResult<DatasetLoader> {
        Loader::new(name).map(Self).map_err(throw)
    }

    /// CIFAR-100's 20 superclasses instead of its 100 classes.
    pub fn coarse_labels(&mut self, coarse: bool) -> JsResult<()> {
        self.0.coarse_labels(coarse).map_err(throw)
    }

    /// Decodes a file; returns what it was recognised as.
    pub fn add(&mut self, file_name: &str, bytes: &[u8], progress: JsProgress) -> JsResult<String> {
        self.0.add(file_name, bytes, &mut report(progress)).map_err(throw)
    }

    /// What is still needed.
    pub fn missing(&self) -> Vec<String> {
        self.0.missing()
    }

    /// The data set; throws where something is missing.
    pub fn finish(self) -> JsResult<Dataset> {
        self.0.finish().map(|data| Dataset(Arc::new(data))).map_err(throw)
    }
}

/// A decoded data set; sessions share it.
#[wasm_bindgen]
pub struct Dataset(Arc<Data>);

#[derive(Serialize)]
struct DatasetInfo<'a> {
    name: &'a str,
    title: &'a str,
    synthetic: bool,
    classes: &'a [String],
    height: usize,
    width: usize,
    channels: usize,
    train: usize,
    test: usize,
    class_counts: Vec<usize>,
}

#[wasm_bindgen]
impl Dataset {
    /// Draws a built-in synthetic set.
    pub fn synthetic(name: &str, seed: u32, train: usize, test: usize, progress: JsProgress) -> JsResult<Dataset> {
        let data = synthetic::generate(name, seed, train, test, &mut report(progress)).map_err(throw)?;
        Ok(Self(Arc::new(data)))
    }

    /// What it holds.
    pub fn info(&self) -> JsResult<JsDatasetInfo> {
        let Data { name, title, synthetic, classes, train, test } = &*self.0;
        to_js(&DatasetInfo {
            name,
            title,
            synthetic: *synthetic,
            classes,
            height: train.height,
            width: train.width,
            channels: train.channels,
            train: train.len(),
            test: test.len(),
            class_counts: train.class_counts(classes.len()),
        })
    }

    /// Pixels of pictures, `(n, height, width, channels)`, 0 to 255.
    pub fn images(&self, split: JsSplit, indices: &[u32]) -> JsResult<Vec<u8>> {
        let images = self.split(&split)?;
        checked(images, indices)?;
        Ok(indices.iter().flat_map(|&index| images.picture(index as usize)).copied().collect())
    }

    /// Labels of pictures.
    pub fn labels(&self, split: JsSplit, indices: &[u32]) -> JsResult<Vec<u8>> {
        let images = self.split(&split)?;
        checked(images, indices)?;
        Ok(indices.iter().map(|&index| images.labels[index as usize]).collect())
    }

    /// Training pictures as an experiment's augmentation shows them in an epoch, counted from 0.
    pub fn augmented(&self, spec: JsExperiment, epoch: u32, indices: &[u32]) -> JsResult<Vec<u8>> {
        let (spec, images) = (experiment(spec)?, &self.0.train);
        checked(images, indices)?;
        Ok(inspect::augmented(&spec.augmentation, images, spec.seed, epoch, indices))
    }

    fn split(&self, split: &JsSplit) -> JsResult<&Images> {
        Ok(match source(split)? {
            Source::Train => &self.0.train,
            Source::Test => &self.0.test,
        })
    }
}

fn checked(images: &Images, indices: &[u32]) -> JsResult<()> {
    match indices.iter().find(|&&index| index as usize >= images.len()) {
        None => Ok(()),
        Some(index) => {
            Err(throw(Error::Data(format!("there are {} pictures, counted from 0. Received: {index}", images.len()))))
        }
    }
}

#[wasm_bindgen]
extern "C" {
    /// Gives lanes on other workers.
    #[wasm_bindgen(typescript_type = "LanePool")]
    pub type JsPool;
    #[wasm_bindgen(method, getter)]
    fn lanes(this: &JsPool) -> usize;
    #[wasm_bindgen(method)]
    fn spawn(this: &JsPool, experiment: &JsValue, index: usize, lanes: usize, batch: usize) -> Promise;

    type JsLane;
    #[wasm_bindgen(method)]
    fn send(this: &JsLane, request: Uint8Array) -> Promise;
    #[wasm_bindgen(method)]
    fn close(this: &JsLane);

    /// A pool, or nothing.
    #[wasm_bindgen(typescript_type = "LanePool | undefined")]
    pub type JsMaybePool;
}

/// One experiment's lanes on other workers.
struct SessionPool {
    pool: JsPool,
    experiment: JsValue,
}

struct PortedLane {
    lane: JsLane,
    answers: RefCell<VecDeque<JsFuture>>,
}

/// A worker that failed, with its own words.
fn lane_error(error: &JsValue) -> Error {
    let reason = error.dyn_ref::<js_sys::Error>().map_or_else(|| format!("{error:?}"), |error| error.message().into());
    Error::Engine { engine: "cpu", message: format!("a worker failed: {reason}") }
}

impl Pool for SessionPool {
    fn lanes(&self) -> usize {
        self.pool.lanes().clamp(1, SHARDS).next_power_of_two()
    }

    fn spawn(&self, index: usize, batch: usize) -> Local<'_, crate::Result<Box<dyn RemoteLane>>> {
        let lane = JsFuture::from(self.pool.spawn(&self.experiment, index, Pool::lanes(self), batch));
        Box::pin(async move {
            let lane = lane.await.map_err(|error| lane_error(&error))?.unchecked_into();
            Ok(Box::new(PortedLane { lane, answers: RefCell::default() }) as Box<dyn RemoteLane>)
        })
    }
}

impl RemoteLane for PortedLane {
    fn send(&self, request: Request) -> crate::Result<()> {
        let answer = self.lane.send(Uint8Array::from(&request.encode()[..]));
        self.answers.borrow_mut().push_back(JsFuture::from(answer));
        Ok(())
    }

    fn receive(&self) -> Local<'_, crate::Result<Reply>> {
        Box::pin(async {
            let answer = self.answers.borrow_mut().pop_front();
            let answer = answer.ok_or_else(|| lane_error(&"nothing was asked of it".into()))?;
            let bytes = answer.await.map_err(|error| lane_error(&error))?;
            Reply::decode(&bytes.unchecked_into::<Uint8Array>().to_vec())
        })
    }
}

impl Drop for PortedLane {
    fn drop(&mut self) {
        self.lane.close();
    }
}

/// A lane of another worker's session, on this worker.
#[wasm_bindgen]
pub struct LaneWorker(LaneHost);

#[wasm_bindgen]
impl LaneWorker {
    /// Lane `index` of `lanes` for batches of up to `batch` pictures of an experiment.
    #[wasm_bindgen(constructor)]
    pub fn new(spec: JsExperiment, index: usize, lanes: usize, batch: usize) -> JsResult<LaneWorker> {
        let spec = experiment(spec)?;
        let graph = Graph::new(&spec).map_err(throw)?;
        LaneHost::new(Arc::new(graph), index, lanes, batch, spec.seed).map(Self).map_err(throw)
    }

    /// Does what a request asks; both are opaque bytes.
    pub fn run(&mut self, request: &[u8]) -> JsResult<Vec<u8>> {
        let request = Request::decode(request).map_err(throw)?;
        Ok(self.0.run(request).encode())
    }
}

/// One run of one experiment.
#[wasm_bindgen]
pub struct Session(Trainer);

#[derive(Serialize)]
struct Figures {
    loss: f64,
    accuracy: f64,
    top_5_accuracy: f64,
    confusion: Vec<Vec<u32>>,
}

#[wasm_bindgen]
impl Session {
    /// Checks everything and starts the engine; pipelines are compiled here. With a `pool` the CPU engine works on
    /// several workers.
    pub async fn create(
        spec: JsExperiment,
        dataset: &Dataset,
        options: JsOptions,
        pool: JsMaybePool,
    ) -> JsResult<Session> {
        let data = dataset.0.clone();
        let options: JsValue = options.into();
        let options = if options.is_falsy() { Options::default() } else { from_js(options)? };
        let document: JsValue = spec.clone();
        let pool: JsValue = pool.into();
        let pool = (!pool.is_falsy())
            .then(|| Rc::new(SessionPool { pool: pool.unchecked_into(), experiment: document }) as Rc<dyn Pool>);
        Trainer::with_pool(experiment(spec)?, data, options, pool).await.map(Self).map_err(throw)
    }

    /// What runs where.
    pub fn info(&self) -> JsResult<JsInfo> {
        to_js(self.0.info())
    }

    /// Runs for about `budget_ms` milliseconds; what happened. Nothing once the run is done.
    pub async fn advance(&mut self, budget_ms: f64) -> JsResult<JsEvents> {
        let events = self.0.advance(budget_ms).await.map_err(throw)?;
        to_js(&events)
    }

    /// From the next step on, this learning rate.
    pub fn set_learning_rate(&mut self, learning_rate: f64) -> JsResult<()> {
        self.0.set_learning_rate(learning_rate).map_err(throw)
    }

    /// The test set, now.
    pub async fn evaluate(&mut self) -> JsResult<JsEvaluation> {
        let (loss, evaluation) = self.0.evaluate().await.map_err(throw)?;
        to_js(&Figures {
            loss,
            accuracy: evaluation.accuracy(),
            top_5_accuracy: evaluation.top_5_accuracy(),
            confusion: evaluation.confusion,
        })
    }

    /// One picture's probabilities.
    pub async fn predict(&mut self, split: JsSplit, index: usize) -> JsResult<JsPrediction> {
        let prediction = self.0.predict(source(&split)?, index).await.map_err(throw)?;
        to_js(&prediction)
    }

    /// For every test picture its class, the predicted one, and the probability given to that.
    pub async fn predictions(&mut self) -> JsResult<Vec<f32>> {
        self.0.predictions().await.map_err(throw)
    }

    /// The output of every layer for a picture of the input shape, 0 to 255, one layer after another; logits come last.
    pub async fn outputs(&mut self, pixels: Vec<u8>) -> JsResult<Vec<f32>> {
        self.0.outputs(&pixels).await.map_err(throw)
    }

    /// How each layer fares now.
    pub async fn health(&mut self) -> JsResult<JsHealth> {
        to_js(&self.0.health().await.map_err(throw)?)
    }

    /// The same pictures through both engines, and the gradient against finite differences.
    pub async fn numbers(&mut self) -> JsResult<JsNumbers> {
        to_js(&self.0.numbers().await.map_err(throw)?)
    }

    /// The weights as a safetensors file.
    pub async fn weights(&mut self) -> JsResult<Vec<u8>> {
        self.0.weights().await.map_err(throw)
    }

    /// The best epoch's weights as a safetensors file, where the experiment has a `model_checkpoint`.
    pub fn best_weights(&self) -> JsResult<Option<Vec<u8>>> {
        self.0.best_weights().transpose().map_err(throw)
    }

    /// Starts from the weights of a safetensors file.
    pub async fn load_weights(&mut self, bytes: Vec<u8>) -> JsResult<()> {
        self.0.load_weights(&bytes).await.map_err(throw)
    }

    /// The run as a file, to go on from later.
    pub async fn checkpoint(&mut self) -> JsResult<Vec<u8>> {
        self.0.checkpoint().await.map_err(throw)
    }

    /// Goes on from such a file.
    pub async fn resume(&mut self, bytes: Vec<u8>) -> JsResult<()> {
        self.0.resume(&bytes).await.map_err(throw)
    }

    /// The run to hand in, given its last event.
    pub async fn submission(&mut self, done: JsDone) -> JsResult<JsSubmission> {
        let submission = Submission::new(&mut self.0, from_js(done.into())?).await.map_err(throw)?;
        to_js(&submission)
    }

    /// The run so far.
    pub fn history(&self) -> JsResult<JsHistory> {
        to_js(self.0.history())
    }
}
