//! The fit loop as a step machine: [`Trainer::advance`] runs a little, says what happened and comes back, so that
//! whoever drives it can pause, stop or draw between two calls.

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
mod steps;

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
use snapshot::Kept;
use std::cell::OnceCell;
use std::ops::Range;
use std::sync::Arc;
use ts_rs::TS;
use web_time::Instant;

/// Pictures that are evaluated between two looks at the clock.
const EVALUATION_PIECE: usize = 512;

/// How a run differs from what its spec says.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(rename = "SessionOptions")]
pub struct Options {
    /// Which engine.
    #[ts(as = "Option<_>", optional)]
    pub engine: Choice,
    /// Take the training pictures in a new random order each epoch.
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
    /// What an engine is made from, for when another one is needed.
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
    /// The best epoch's weights, where `model_checkpoint` asks for them.
    saved: Option<Arc<Parameters>>,
    history: History,
    last_report: Option<Instant>,
    /// How long a step took lately; none has run yet where it is not known.
    step_ms: Option<f64>,
    /// Which pictures these are; worked out when it is first asked for.
    fingerprint: OnceCell<String>,
    /// Where to go on from should the device fail, and how often it has since.
    kept: Option<Kept>,
    failures: usize,
    /// What the next [`Self::advance`] has to tell besides.
    told: Vec<Event>,
}

impl Trainer {
    /// What runs where.
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

    /// The data, labels merged.
    pub fn data(&self) -> &Arc<Dataset> {
        &self.data
    }

    /// What has happened so far.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// True once the test set is evaluated.
    pub fn is_done(&self) -> bool {
        self.phase == Phase::Done
    }

    /// From the next step on, this learning rate; the history keeps the change.
    ///
    /// # Errors
    /// [`Error::Spec`] where it is not a learning rate.
    pub fn set_learning_rate(&mut self, learning_rate: f64) -> Result<()> {
        let Position { step, epoch, .. } = self.position;
        self.callbacks.set_learning_rate(&self.spec, self.moment(step), learning_rate)?;
        self.history.events.push(Change::LearningRate { step, epoch: epoch + 1, learning_rate });
        Ok(())
    }

    /// Runs for about `budget_ms` milliseconds (at least one step; with a budget of 0 exactly one) and tells what
    /// happened.
    ///
    /// # Errors
    /// [`Error::Diverged`] where the loss is no number; [`Error::Engine`] where the device fails.
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
            self.keep_up().await?;
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
                        self.keep_up().await?;
                    }
                }
                Phase::Done => return Ok(()),
            }
            self.position.epoch_seconds += lap.elapsed().as_secs_f64();
            // One look at the clock for both: whoever pauses after this sees how far the run has come.
            let is_over = left(&start) <= 0.0;
            if trains {
                self.report(is_over, events);
            }
            self.close_epoch(events).await?;
            if is_over {
                return Ok(());
            }
        }
    }

    fn steps_per_epoch(&self) -> usize {
        self.train_count.div_ceil(self.spec.batch_size)
    }

    fn total_steps(&self) -> usize {
        self.steps_per_epoch() * self.spec.epochs
    }
}
