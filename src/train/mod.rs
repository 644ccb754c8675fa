//! The training loop as a state machine: [`Trainer::advance`] runs for a limited time and returns the events. Between
//! two calls the caller can pause, stop or draw.

mod callbacks;
pub mod checkpoint;
mod contest;
mod diverged;
mod epoch_end;
mod evaluation;
mod event;
mod inside;
pub mod numbers;
mod position;
mod prepare;
mod recovery;
mod snapshot;
#[cfg(feature = "extended")]
mod statistics;
mod steps;
#[cfg(feature = "extended")]
mod test_time;
#[cfg(feature = "extended")]
mod whitening;

pub use event::{Done, Event, Info, Prediction};

use crate::base::error::Result;
use crate::data::Dataset;
use crate::engine::choose::Choice;
use crate::engine::{Engine, Parameters, Setup, Source};
use crate::experiment::Experiment;
use crate::network::graph::Graph;
use crate::results::history::{Change, History};
use crate::tensor::transform::Transform;
use callbacks::Callbacks;
use position::{Phase, Position};
use serde::{Deserialize, Serialize};
use snapshot::KeptSnapshot;
use std::cell::OnceCell;
use std::ops::Range;
use std::sync::Arc;
use ts_rs::TS;
use web_time::Instant;

/// Images that are evaluated between two checks of the time budget.
const EVALUATION_PIECE: usize = 512;

/// Options of a run that are not part of its experiment.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(rename = "SessionOptions")]
pub struct Options {
    /// The engine.
    #[ts(as = "Option<_>", optional)]
    pub engine: Choice,
    /// Shuffle the training images before each epoch.
    #[ts(as = "Option<_>", optional)]
    pub shuffle: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { engine: Choice::Auto, shuffle: true }
    }
}

/// One run of one experiment.
pub struct Trainer {
    spec: Experiment,
    graph: Arc<Graph>,
    data: Arc<Dataset>,
    /// What an engine is built from; kept to build another one later.
    setup: Setup,
    engine: Engine,
    info: Info,
    shuffle: bool,
    train_count: usize,
    validation: Option<(Source, Range<u32>)>,
    test_count: usize,
    position: Position,
    /// Steps given to the engine, which may be ahead of `position.step`.
    submitted: usize,
    phase: Phase,
    order: Vec<u32>,
    transforms: Vec<Transform>,
    callbacks: Callbacks,
    best: Option<Arc<Parameters>>,
    /// The best epoch's weights, if the experiment has a `model_checkpoint`.
    saved: Option<Arc<Parameters>>,
    history: History,
    last_report: Option<Instant>,
    /// Duration of a recent step in milliseconds; `None` before the first step.
    step_ms: Option<f64>,
    /// A fingerprint of the images, computed at its first use.
    fingerprint: OnceCell<String>,
    /// The snapshot to resume from if the device fails, and the number of failures since it was taken.
    kept: Option<KeptSnapshot>,
    failures: usize,
    /// Further events for the next [`Self::advance`] to return.
    told: Vec<Event>,
}

impl Trainer {
    /// The engine, the device and the sizes of the run.
    pub fn info(&self) -> &Info {
        &self.info
    }

    /// The checked network.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The experiment.
    pub fn spec(&self) -> &Experiment {
        &self.spec
    }

    /// The data, with merged classes.
    pub fn data(&self) -> &Arc<Dataset> {
        &self.data
    }

    /// The history so far.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Whether each epoch draws a new order of the images.
    pub fn shuffles(&self) -> bool {
        self.shuffle
    }

    /// True once the test set is evaluated.
    pub fn is_done(&self) -> bool {
        self.phase == Phase::Done
    }

    /// Sets the learning rate from the next step on; the history records the change.
    ///
    /// # Errors
    /// [`Error::Spec`] if it is not above zero, or if the schedule's rate is zero and cannot be scaled.
    pub fn set_learning_rate(&mut self, learning_rate: f64) -> Result<()> {
        let Position { step, epoch, .. } = self.position;
        self.callbacks.set_learning_rate(&self.spec, self.moment(step), learning_rate)?;
        self.history.events.push(Change::LearningRate { step, epoch: epoch + 1, learning_rate });
        Ok(())
    }

    /// Runs for about `budget_ms` milliseconds (at least one step; with a budget of 0 exactly one) and returns the
    /// events. A call ends with the epoch: a caller sees the run as it is after every epoch, however fast the device is
    /// and however large the budget, and an error of the next epoch loses no event of this one.
    ///
    /// # Errors
    /// [`Error::Diverged`] if the loss is NaN or infinite; [`Error::Engine`] if the device fails.
    pub async fn advance(&mut self, budget_ms: f64) -> Result<Vec<Event>> {
        let mut events = Vec::new();
        if let Err(error) = self.work(budget_ms, &mut events).await {
            self.recover(error).await?;
        }
        events.append(&mut self.told);
        Ok(events)
    }

    async fn work(&mut self, budget_ms: f64, events: &mut Vec<Event>) -> Result<()> {
        let start = Instant::now();
        let left = |start: &Instant| budget_ms - start.elapsed().as_secs_f64() * 1e3;
        loop {
            self.update_snapshot().await?;
            let lap = Instant::now();
            let trains = self.phase == Phase::Train;
            match self.phase.clone() {
                Phase::Train => {
                    self.train(left(&start)).await?;
                    self.position.train_seconds += lap.elapsed().as_secs_f64();
                }
                Phase::Validate(evaluation, next) => self.validate(evaluation, next).await?,
                Phase::Test(evaluation, next) => {
                    self.test(evaluation, next, events).await?;
                    if self.is_done() {
                        self.update_snapshot().await?;
                    }
                }
                Phase::Done => return Ok(()),
            }
            self.position.epoch_seconds += lap.elapsed().as_secs_f64();
            // One reading of the clock decides both, so that the last call before a pause reports the current step.
            let is_over = left(&start) <= 0.0;
            if trains {
                self.report(is_over, events);
            }
            let epoch_ended = self.close_epoch(events).await?;
            if is_over || epoch_ended {
                return Ok(());
            }
        }
    }

    fn steps_per_epoch(&self) -> usize {
        self.train_count.div_ceil(self.spec.batch_size)
    }

    fn total_steps(&self) -> usize {
        self.spec.epochs.steps(self.steps_per_epoch())
    }

    /// The steps of an epoch, from 0; of the last one there may be fewer than of the others.
    fn steps_in(&self, epoch: usize) -> usize {
        self.steps_per_epoch().min(self.total_steps().saturating_sub(epoch * self.steps_per_epoch()))
    }

    /// The steps of the current epoch.
    fn steps_in_epoch(&self) -> usize {
        self.steps_in(self.position.epoch)
    }
}
