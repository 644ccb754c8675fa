//! A run: the JavaScript interface of the trainer.

use super::convert::{JsResult, from_js, throw, to_js};
use super::data::Dataset;
use super::engine::{
    JsDone, JsEvaluation, JsEvents, JsExperiment, JsHealth, JsHistory, JsInfo, JsNumbers, JsOptions, JsPrediction,
    JsSplit, JsSubmission, experiment, source,
};
use super::lanes::{JsMaybePool, SessionPool};
use crate::engine::cpu::remote::Pool;
use crate::results::overfitting::best_epoch;
use crate::submission::Submission;
use crate::train::{Options, Trainer};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// One run of one experiment.
#[wasm_bindgen]
pub struct Session(Trainer);

#[wasm_bindgen]
impl Session {
    /// Checks the experiment and the data, and starts the engine, including the compilation of GPU pipelines. With a
    /// `pool` the CPU engine runs on several workers.
    ///
    /// # Errors
    /// Throws if the run cannot start.
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

    /// The engine, the device and the sizes of the run.
    pub fn info(&self) -> JsResult<JsInfo> {
        to_js(self.0.info())
    }

    /// Runs for about `budget_ms` milliseconds and returns the events; none once the run is complete.
    ///
    /// # Errors
    /// Throws if the loss is NaN or infinite, or the device fails and the run cannot continue.
    pub async fn advance(&mut self, budget_ms: f64) -> JsResult<JsEvents> {
        let events = self.0.advance(budget_ms).await.map_err(throw)?;
        to_js(&events)
    }

    /// Measures the CPU engine beside a run on the GPU. If the CPU is clearly faster, the run moves there. Returns
    /// whether it moved.
    pub async fn contest(&mut self) -> JsResult<bool> {
        self.0.contest().await.map_err(throw)
    }

    /// Sets the learning rate from the next step on.
    pub fn set_learning_rate(&mut self, learning_rate: f64) -> JsResult<()> {
        self.0.set_learning_rate(learning_rate).map_err(throw)
    }

    /// Evaluates the test set with the current weights.
    pub async fn evaluate(&mut self) -> JsResult<JsEvaluation> {
        let (loss, evaluation) = self.0.evaluate().await.map_err(throw)?;
        to_js(&evaluation.figures(loss))
    }

    /// The prediction for one image.
    pub async fn predict(&mut self, split: JsSplit, index: usize) -> JsResult<JsPrediction> {
        let prediction = self.0.predict(source(&split)?, index).await.map_err(throw)?;
        to_js(&prediction)
    }

    /// Three values for each test image: its label, the predicted class, and the probability of the predicted class; with `all` its
    /// label and the probability of every class.
    pub async fn predictions(&mut self, all: Option<bool>) -> JsResult<Vec<f32>> {
        self.0.predictions(all.unwrap_or_default()).await.map_err(throw)
    }

    /// The outputs of all layers, concatenated in layer order, for an image of the input shape, 0 to 255. The last
    /// values are the logits.
    pub async fn outputs(&mut self, pixels: Vec<u8>) -> JsResult<Vec<f32>> {
        self.0.outputs(&pixels).await.map_err(throw)
    }

    /// Statistics of each layer at the current step.
    pub async fn health(&mut self) -> JsResult<JsHealth> {
        to_js(&self.0.health().await.map_err(throw)?)
    }

    /// Compares the outputs of both engines, and the gradient with finite differences.
    pub async fn numbers(&mut self) -> JsResult<JsNumbers> {
        to_js(&self.0.numbers().await.map_err(throw)?)
    }

    /// The weights as a safetensors file.
    pub async fn weights(&mut self) -> JsResult<Vec<u8>> {
        self.0.weights().await.map_err(throw)
    }

    /// The best epoch's weights as a safetensors file, if the experiment has a `model_checkpoint`.
    pub fn best_weights(&self) -> JsResult<Option<Vec<u8>>> {
        self.0.best_weights().map_err(throw)
    }

    /// Sets the weights from a safetensors file.
    pub async fn load_weights(&mut self, bytes: Vec<u8>) -> JsResult<()> {
        self.0.load_weights(&bytes).await.map_err(throw)
    }

    /// The run's state as a checkpoint file.
    pub async fn checkpoint(&mut self) -> JsResult<Vec<u8>> {
        self.0.checkpoint().await.map_err(throw)
    }

    /// Resumes from a checkpoint file.
    pub async fn resume(&mut self, bytes: Vec<u8>) -> JsResult<()> {
        self.0.resume(&bytes).await.map_err(throw)
    }

    /// The submission of a complete run, given its last event.
    pub async fn submission(&mut self, done: JsDone) -> JsResult<JsSubmission> {
        let submission = Submission::new(&mut self.0, from_js(done.into())?).await.map_err(throw)?;
        to_js(&submission)
    }

    /// The epoch with the lowest validation loss, from 1; `None` without validation.
    pub fn best_epoch(&self) -> Option<usize> {
        best_epoch(&self.0.history().epochs)
    }

    /// The history so far.
    pub fn history(&self) -> JsResult<JsHistory> {
        to_js(self.0.history())
    }
}
