//! Checkpoints: everything a run needs to go on as if it had never stopped. Randomness is a function of counters, so the
//! position in the run is all there is to know about it.

use super::{Phase, Position, Trainer, callbacks::Callbacks};
use crate::error::{Error, Result};
use crate::history::History;
use crate::metrics::Evaluation;
use crate::spec::Experiment;
use crate::weights;
use serde::{Deserialize, Serialize};

/// The run's state besides its tensors.
#[derive(Serialize, Deserialize)]
struct State {
    spec: Experiment,
    shuffle: bool,
    position: Position,
    callbacks: Callbacks,
    history: History,
    evaluation: Option<(Evaluation, usize)>,
    testing: bool,
    done: bool,
}

impl Trainer {
    /// The run as a file, at a moment when no step is under way.
    ///
    /// # Errors
    /// [`Error::Engine`] where the device fails.
    pub async fn checkpoint(&mut self) -> Result<Vec<u8>> {
        let evaluation = match &self.phase {
            Phase::Validate(evaluation, next) | Phase::Test(evaluation, next) => Some((evaluation.clone(), *next)),
            Phase::Train | Phase::Done => None,
        };
        let state = State {
            spec: self.spec.clone(),
            shuffle: self.shuffle,
            position: self.position.clone(),
            callbacks: self.callbacks.clone(),
            history: self.history.clone(),
            evaluation,
            testing: matches!(self.phase, Phase::Test(..)),
            done: self.is_done(),
        };
        let state = serde_json::to_value(&state).map_err(|error| Error::Weights(error.to_string()))?.to_string();
        let parameters = self.engine.parameters().await?;
        weights::save_checkpoint(&self.graph, &parameters, [self.best.as_ref(), self.saved.as_ref()], state)
    }

    /// Goes on from a checkpoint of the same experiment.
    ///
    /// # Errors
    /// [`Error::Weights`] where the file is damaged or of another experiment.
    pub async fn resume(&mut self, bytes: &[u8]) -> Result<()> {
        let file = weights::File::parse(bytes)?;
        let state = file.state.as_deref().ok_or_else(|| {
            Error::Weights("this is a weights file, not a checkpoint; load it as weights instead".into())
        })?;
        let state: State = serde_json::from_str(state)
            .and_then(serde_json::from_value)
            .map_err(|error| Error::Weights(format!("the checkpoint's state cannot be read ({error})")))?;
        self.check_same(&state.spec)?;
        let now = self.engine.parameters().await?;
        let (parameters, [best, saved]) = file.checkpoint(&self.graph, &now)?;
        self.engine.set_parameters(&parameters)?;
        (self.best, self.saved) = (best, saved);
        self.shuffle = state.shuffle;
        self.position = state.position;
        self.callbacks = state.callbacks;
        let (engine, device, build) = (self.info.engine.clone(), self.info.device.clone(), self.info.build.clone());
        self.history = History { engine, device, build, ..state.history };
        self.order.clear();
        // A run that came to its end goes on where it is asked for more epochs; not from restored best weights, since
        // those are not the ones it stopped with.
        let ended = state.done || state.testing;
        let longer = self.position.epoch < self.spec.epochs && !self.position.stopped_early && self.best.is_none();
        self.phase = match (state.evaluation, state.testing, state.done) {
            _ if ended && longer => Phase::Train,
            (_, _, true) => Phase::Done,
            (None, ..) => Phase::Train,
            (Some((evaluation, next)), true, _) => Phase::Test(evaluation, next),
            (Some((evaluation, next)), false, _) => Phase::Validate(evaluation, next),
        };
        Ok(())
    }

    /// Everything but the number of epochs must be the same: a longer run may go on from a shorter one.
    fn check_same(&self, other: &Experiment) -> Result<()> {
        let plain = |spec: &Experiment| {
            let mut value = serde_json::to_value(spec).unwrap_or_default();
            if let Some(object) = value.as_object_mut() {
                ["epochs", "title", "text", "name"].iter().for_each(|key| drop(object.remove(*key)));
            }
            value
        };
        let (ours, theirs) = (plain(&self.spec), plain(other));
        if ours == theirs {
            return Ok(());
        }
        let differs = ours.as_object().into_iter().flatten().find(|(key, value)| theirs.get(key) != Some(value));
        let key = differs.map_or("options", |(key, _)| key.as_str());
        Err(Error::Weights(format!("the checkpoint belongs to another experiment: its {key} differs")))
    }

    /// The weights as a safetensors file.
    ///
    /// # Errors
    /// [`Error::Engine`] where the device fails.
    pub async fn weights(&mut self) -> Result<Vec<u8>> {
        let parameters = self.engine.parameters().await?;
        weights::save(&self.graph, &parameters)
    }

    /// The weights that `model_checkpoint` kept, as a safetensors file; none before the first good epoch.
    ///
    /// # Errors
    /// As [`Self::weights`].
    pub fn best_weights(&self) -> Option<Result<Vec<u8>>> {
        self.saved.as_ref().map(|saved| weights::save(&self.graph, saved))
    }

    /// Starts from the weights of a safetensors file.
    ///
    /// # Errors
    /// [`Error::Weights`] where they do not fit the network.
    pub async fn load_weights(&mut self, bytes: &[u8]) -> Result<()> {
        let now = self.engine.parameters().await?;
        let parameters = weights::File::parse(bytes)?.parameters(&self.graph, &now)?;
        self.engine.set_parameters(&parameters)
    }
}
