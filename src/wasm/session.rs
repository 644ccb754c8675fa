//! A run: the trainer, a call at a time.

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

    /// Whether the CPU turned out clearly faster than the graphics card that the run began on; it goes on there then.
    pub async fn contest(&mut self) -> JsResult<bool> {
        self.0.contest().await.map_err(throw)
    }

    /// From the next step on, this learning rate.
    pub fn set_learning_rate(&mut self, learning_rate: f64) -> JsResult<()> {
        self.0.set_learning_rate(learning_rate).map_err(throw)
    }

    /// The test set, now.
    pub async fn evaluate(&mut self) -> JsResult<JsEvaluation> {
        let (loss, evaluation) = self.0.evaluate().await.map_err(throw)?;
        to_js(&evaluation.figures(loss))
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
        self.0.best_weights().map_err(throw)
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

    /// The epoch of lowest validation loss, from 1; nothing where there was no validation.
    pub fn best_epoch(&self) -> Option<usize> {
        best_epoch(&self.0.history().epochs)
    }

    /// The run so far.
    pub fn history(&self) -> JsResult<JsHistory> {
        to_js(self.0.history())
    }
}
