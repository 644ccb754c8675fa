//! The end of an epoch: its row of the history, the callbacks, and the next phase.

use super::Trainer;
use super::event::Event;
use super::position::{Phase, Position};
use crate::base::error::Result;
#[cfg(feature = "extended")]
use crate::engine::Parameters;
use crate::results::history::Epoch;
use crate::results::metrics::Evaluation;
use std::sync::Arc;

impl Trainer {
    /// Moves to the next phase if training or validation of an epoch is complete. Returns whether the epoch is.
    pub(super) async fn close_epoch(&mut self, events: &mut Vec<Event>) -> Result<bool> {
        match &self.phase {
            Phase::Train if self.position.step_in_epoch == self.steps_in_epoch() => {
                if self.validation.is_some() {
                    self.phase = Phase::Validate(Evaluation::new(self.graph.classes()), 0);
                    return Ok(false);
                }
                self.end_epoch(None, events).await?;
            }
            Phase::Validate(evaluation, next)
                if self.validation.as_ref().is_some_and(|(_, indices)| *next == indices.len()) =>
            {
                let figures = (evaluation.loss(), evaluation.accuracy());
                let penalty = self.penalty().await?;
                self.end_epoch(Some((figures.0 + penalty, figures.1)), events).await?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    pub(super) async fn end_epoch(&mut self, validation: Option<(f64, f64)>, events: &mut Vec<Event>) -> Result<()> {
        let partial = self.steps_in_epoch() < self.steps_per_epoch();
        let position = &mut self.position;
        let rows = position.rows.max(1) as f64;
        let row = Epoch {
            epoch: position.epoch + 1,
            loss: position.loss_sum / rows,
            accuracy: position.correct as f64 / rows,
            val_loss: validation.map(|(loss, _)| loss),
            val_accuracy: validation.map(|(_, accuracy)| accuracy),
            learning_rate: self.history.learning_rates.last().copied().unwrap_or_default(),
            seconds: position.epoch_seconds,
            partial,
        };
        let Position { epoch, step, train_seconds, train_rows, .. } = *position;
        *position = Position { epoch: epoch + 1, step, train_seconds, train_rows, ..Position::default() };
        self.history.epochs.push(row.clone());
        events.push(Event::Epoch(row.clone()));
        let verdict = self.callbacks.epoch_end(&self.spec, &row);
        if verdict.keep_best {
            self.best = Some(Arc::new(self.engine.parameters().await?));
        }
        if verdict.save_best {
            self.saved = Some(Arc::new(self.engine.parameters().await?));
        }
        self.position.stopped_early = verdict.stop;
        self.phase = Phase::Train;
        if verdict.stop || self.position.epoch >= self.spec.epochs.count() {
            self.finish().await?;
        }
        Ok(())
    }

    /// Restores the best weights, if early stopping kept them, or else takes the average of the weights, if the optimizer keeps
    /// one, and moves to the test set.
    pub(super) async fn finish(&mut self) -> Result<()> {
        if let Some(best) = &self.best {
            self.engine.set_parameters(best)?;
        }
        #[cfg(feature = "extended")]
        if self.best.is_none() && self.setup.optimizer.averaging.is_some() {
            let mut parameters = self.engine.parameters().await?;
            let Parameters { weights, state, slots } = &mut parameters;
            let (average, average_of_state) = slots[self.setup.optimizer.update.slots()].split_at(weights.len());
            for param in self.graph.params.iter().filter(|param| param.is_trained()) {
                weights[param.range()].copy_from_slice(&average[param.range()]);
            }
            if !average_of_state.is_empty() {
                state.copy_from_slice(average_of_state);
            }
            self.engine.set_parameters(&parameters)?;
        }
        self.phase = Phase::Test(Evaluation::new(self.graph.classes()), 0);
        Ok(())
    }
}
