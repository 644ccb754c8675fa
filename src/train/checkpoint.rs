//! Checkpoints: the state from which a run resumes bit for bit. Random numbers are a function of counters, so the
//! position in the run determines them, and a checkpoint stores no generator state.

use super::Trainer;
use super::diverged::first_bad;
use super::event::Event;
use super::position::Phase;
use super::snapshot::{Snapshot, State};
use crate::base::document;
use crate::base::error::{Error, Result};
use crate::engine::{Parameters, Source};
use crate::experiment::Experiment;
use crate::results::weights;
use serde::Serialize;
use std::sync::Arc;
use ts_rs::TS;

/// The run that a checkpoint belongs to.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CheckpointInfo {
    /// The experiment.
    pub experiment: Experiment,
    /// Completed epochs.
    pub epoch: usize,
    /// Completed training steps.
    pub step: usize,
    /// Whether the run is complete.
    pub done: bool,
}

fn state_of(file: &weights::File) -> Result<State> {
    let state = file
        .state()
        .ok_or_else(|| Error::Weights("this is a weights file, not a checkpoint; load it as weights instead".into()))?;
    let unreadable = |why: String| Error::Weights(format!("the checkpoint's state cannot be read ({why})"));
    let value = document::parse(state).map_err(unreadable)?;
    document::read(&value).map_err(unreadable)
}

/// Reads which run a checkpoint belongs to.
///
/// # Errors
/// [`Error::Weights`] if the file is damaged or not a checkpoint; [`Error::Spec`] if its experiment is invalid.
pub fn checkpoint_info(bytes: &[u8]) -> Result<CheckpointInfo> {
    let State { spec, position, done, .. } = state_of(&weights::File::parse(bytes)?)?;
    spec.check()?;
    Ok(CheckpointInfo { experiment: spec, epoch: position.epoch, step: position.step, done })
}

impl Trainer {
    /// The run's state as the bytes of a checkpoint file.
    ///
    /// # Errors
    /// [`Error::Engine`] if the device fails; [`Error::Diverged`] if a parameter is NaN or infinite, since no run can
    /// resume from such values.
    pub async fn checkpoint(&mut self) -> Result<Vec<u8>> {
        let mut snapshot = self.snapshot().await?;
        snapshot.state.data = self.fingerprint();
        let state = document::write(&snapshot.state).to_string();
        let others = [snapshot.best.as_deref(), snapshot.saved.as_deref()];
        let bytes = weights::save_checkpoint(&self.graph, &snapshot.parameters, others, &state)?;
        self.keep(snapshot);
        Ok(bytes)
    }

    /// Resumes from a checkpoint of the same experiment.
    ///
    /// # Errors
    /// [`Error::Weights`] if the file is damaged, or belongs to another experiment or other data; [`Error::Engine`] if
    /// the device fails.
    pub async fn resume(&mut self, bytes: &[u8]) -> Result<()> {
        let file = weights::File::parse(bytes)?;
        let mut state = state_of(&file)?;
        self.check_same(&state.spec)?;
        self.check_data(&state.data)?;
        self.check_state(&state)?;
        let now = self.engine.parameters().await?;
        let (parameters, [mut best, saved]) = file.checkpoint(&self.graph, &now)?;
        drop(now);
        let ended = state.done || state.testing;
        #[cfg(feature = "extended")]
        self.check_ends_with_epoch(&state)?;
        let restored = if best.is_some() { "the best epoch's weights" } else { self.final_weights() };
        let is_changed = state.position.stopped_early || restored != LAST_WEIGHTS;
        if ended && self.spec.epochs > state.spec.epochs && is_changed {
            best = None;
            self.go_on_after_end(&mut state, restored);
        }
        let (engine, build) = (state.history.engine.clone(), state.history.build.clone());
        let snapshot = Snapshot { state, parameters, best: best.map(Arc::new), saved: saved.map(Arc::new) };
        self.restore(snapshot.clone())?;
        self.note_move(engine, build);
        self.keep(snapshot);
        Ok(())
    }

    /// Refuses to go on from a run that ended within an epoch, whose figures are then those of a part.
    #[cfg(feature = "extended")]
    fn check_ends_with_epoch(&self, State { spec, position, .. }: &State) -> Result<()> {
        let (steps, trained) = (self.steps_per_epoch(), position.step);
        let is_partial = !trained.is_multiple_of(steps) && trained == spec.epochs.steps(steps);
        if !is_partial || trained == self.total_steps() {
            return Ok(());
        }
        Err(Error::Weights(format!(
            "the checkpoint's run ended within an epoch, after {} epochs, and cannot go on from there exactly; start a new run. \
             Received: {} epochs",
            spec.epochs, self.spec.epochs
        )))
    }

    /// What a run ends with that does not go back to its best weights.
    fn final_weights(&self) -> &'static str {
        #[cfg(feature = "extended")]
        if self.setup.optimizer.averaging.is_some() {
            return "the average of its weights";
        }
        LAST_WEIGHTS
    }

    /// Prepares a run that ended by early stopping, or with its best weights restored, for more epochs: as in Keras's next `fit`,
    /// it goes on from the weights that it ended with, and early stopping starts anew.
    fn go_on_after_end(&mut self, state: &mut State, weights: &str) {
        state.position.stopped_early = false;
        state.callbacks.begin_again();
        self.told.push(Event::Notice {
            message: format!(
                "the run had ended after epoch {}; it goes on from {weights}, and early stopping starts anew",
                state.position.epoch
            ),
        });
    }

    pub(super) async fn snapshot(&mut self) -> Result<Snapshot> {
        let evaluation = match &self.phase {
            Phase::Validate(evaluation, next) | Phase::Test(evaluation, next) => Some((evaluation.clone(), *next)),
            Phase::Train | Phase::Done => None,
        };
        let mut history = self.history.clone();
        // Steps submitted to the engine but not yet counted are repeated after a resume.
        history.learning_rates.truncate(self.position.step);
        let state = State {
            spec: self.spec.clone(),
            shuffle: self.shuffle,
            data: String::new(),
            position: self.position.clone(),
            callbacks: self.callbacks.clone(),
            history,
            evaluation,
            testing: matches!(self.phase, Phase::Test(..)),
            done: self.is_done(),
        };
        let parameters = self.engine.parameters().await?;
        self.check_finite(&parameters)?;
        Ok(Snapshot { state, parameters, best: self.best.clone(), saved: self.saved.clone() })
    }

    /// Refuses NaN and infinite values: no run can resume from them.
    pub(super) fn check_finite(&self, parameters: &Parameters) -> Result<()> {
        match first_bad(&self.graph, parameters) {
            None => Ok(()),
            Some(what) => Err(Error::Diverged(format!(
                "{what} hold a value that is not a number, so they are not saved. The last checkpoint is still good"
            ))),
        }
    }

    /// Sets the run's state to a snapshot, either this run's own or one that passed the checks.
    pub(super) fn restore(&mut self, snapshot: Snapshot) -> Result<()> {
        let Snapshot { state, parameters, best, saved } = snapshot;
        self.engine.set_parameters(&parameters)?;
        (self.best, self.saved) = (best, saved);
        self.shuffle = state.shuffle;
        self.position = state.position;
        self.callbacks = state.callbacks;
        self.history = state.history;
        self.order.clear();
        // A complete run continues if the experiment now has more epochs, unless early stopping ended it or restored the best
        // weights: see `go_on_after_end`.
        let ended = state.done || state.testing;
        let longer =
            self.position.epoch < self.spec.epochs.count() && !self.position.stopped_early && self.best.is_none();
        self.phase = match (state.evaluation, state.testing, state.done) {
            _ if ended && longer => Phase::Train,
            (_, _, true) => Phase::Done,
            (None, ..) => Phase::Train,
            (Some((evaluation, next)), true, _) => Phase::Test(evaluation, next),
            (Some((evaluation, next)), false, _) => Phase::Validate(evaluation, next),
        };
        // A complete run stays that of the engine that made it.
        if !self.is_done() {
            let (history, info) = (&mut self.history, &self.info);
            history.engine.clone_from(&info.engine);
            history.device.clone_from(&info.device);
            history.build.clone_from(&info.build);
        }
        Ok(())
    }

    /// All options but the number of epochs and the texts must be equal: a longer run may continue a shorter one.
    fn check_same(&self, other: &Experiment) -> Result<()> {
        let plain = |spec: &Experiment| {
            let mut value = document::write(spec);
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

    /// A fingerprint of the images that this run uses.
    fn fingerprint(&self) -> String {
        let validation = self.validation.as_ref().filter(|(source, _)| *source == Source::Train);
        let train = validation.map_or(self.train_count, |(_, indices)| indices.end as usize);
        self.fingerprint.get_or_init(|| self.data.fingerprint(train, self.test_count)).clone()
    }

    fn check_data(&self, theirs: &str) -> Result<()> {
        let ours = self.fingerprint();
        if ours == theirs {
            return Ok(());
        }
        Err(Error::Weights(format!(
            "the checkpoint's run trained on other images ({theirs}); load the files that it began with. Received: {ours}"
        )))
    }

    /// Whether a state read from a file is possible for this run, so that no index or count in it is out of bounds.
    fn check_state(&self, state: &State) -> Result<()> {
        let State { position, history, evaluation, testing, done, .. } = state;
        let (steps, batch) = (self.steps_per_epoch(), self.spec.batch_size);
        let (epochs, epoch) = (state.spec.epochs.count().max(self.spec.epochs.count()), position.epoch);
        let total = state.spec.epochs.steps(steps);
        let training = evaluation.is_none() && !done;
        let rows = |steps_in: usize| (steps_in * batch).min(self.train_count);
        // `epoch` equals the length of the history, which the file's size limits, so that the products do not overflow.
        let counts = epoch <= epochs
            && epoch == history.epochs.len()
            && position.step_in_epoch <= steps
            && Some(position.step)
                == epoch
                    .checked_mul(steps)
                    .and_then(|done| done.checked_add(position.step_in_epoch))
                    .map(|step| step.min(total))
            && position.rows == rows(position.step_in_epoch)
            && position.correct <= position.rows
            && position.train_rows == position.step / steps * self.train_count + rows(position.step % steps);
        let records = history.learning_rates.len() == position.step;
        let evaluated = match evaluation {
            None => true,
            Some((evaluation, next)) => {
                let all = match &self.validation {
                    _ if *testing => self.test_count,
                    Some((_, indices)) => indices.len(),
                    None => return Err(damaged("it holds a validation, and the experiment has none")),
                };
                *next <= all && evaluation.fits(self.graph.classes(), *next)
            }
        };
        match () {
            () if !counts => Err(damaged("its steps do not add up")),
            () if !records => Err(damaged("its history does not fit its steps")),
            () if !evaluated => Err(damaged("its evaluation does not fit the data")),
            () if !state.callbacks.are_sane() => Err(damaged("its callbacks' counts are out of range")),
            () if training && (epoch >= self.spec.epochs.count() || position.step > self.total_steps()) => {
                Err(Error::Weights(format!(
                    "the checkpoint has {epoch} epochs done; ask for more epochs than that. Received: {}",
                    self.spec.epochs
                )))
            }
            () => Ok(()),
        }
    }

    /// The weights as a safetensors file.
    ///
    /// # Errors
    /// [`Error::Engine`] if the device fails; [`Error::Diverged`] if a parameter is NaN or infinite.
    pub async fn weights(&mut self) -> Result<Vec<u8>> {
        let parameters = self.engine.parameters().await?;
        self.check_finite(&parameters)?;
        weights::save(&self.graph, &parameters)
    }

    /// The best weights that `model_checkpoint` kept, as a safetensors file; `None` if no epoch is complete yet.
    ///
    /// # Errors
    /// As [`weights::save`].
    pub fn best_weights(&self) -> Result<Option<Vec<u8>>> {
        self.saved.as_ref().map(|saved| weights::save(&self.graph, saved)).transpose()
    }

    /// Sets the weights from a safetensors file.
    ///
    /// # Errors
    /// [`Error::Weights`] if the file is damaged or does not fit the network; [`Error::Engine`] if the device fails.
    pub async fn load_weights(&mut self, bytes: &[u8]) -> Result<()> {
        let now = self.engine.parameters().await?;
        #[cfg_attr(not(feature = "extended"), allow(unused_mut, reason = "the small engine keeps no averages"))]
        let mut parameters = weights::File::parse(bytes)?.parameters(&self.graph, &now)?;
        #[cfg(feature = "extended")]
        if let (true, Some(average)) = (self.setup.optimizer.averages_state(), parameters.slots.last_mut()) {
            *average = [&parameters.weights[..], &parameters.state[..]].concat();
        }
        self.engine.set_parameters(&parameters)?;
        // The snapshot for recovery belongs to the previous weights.
        self.kept = None;
        Ok(())
    }
}

/// What a run ends with that neither goes back to its best weights nor averages them.
const LAST_WEIGHTS: &str = "the weights of its last epoch";

fn damaged(why: &str) -> Error {
    Error::Weights(format!("the checkpoint is damaged or was changed by hand: {why}"))
}
