//! Training steps: the next batch, its submission to the engine, and the progress events.

use super::Trainer;
use super::event::Event;
use crate::base::error::Result;
use crate::engine::{ImageSets, Step, StepFigures};
use crate::experiment::augment;
use crate::experiment::schedule::Moment;
use crate::tensor::random;
use web_time::Instant;

impl Trainer {
    /// Submits as many steps as the engine takes at once within the budget, in milliseconds, and waits for them.
    pub(super) async fn train(&mut self, budget_ms: f64) -> Result<()> {
        let start = Instant::now();
        self.submitted = self.position.step_in_epoch;
        // A slow device gets only the steps that fit the budget, so that a pause and the next progress event are not
        // late.
        let fitting = self.step_ms.map_or(1.0, |ms| budget_ms / ms.max(1e-3));
        let most = self.engine.steps_in_flight().min((fitting as usize).max(1));
        let before = self.submitted;
        for _ in 0..most {
            if self.submitted == self.steps_in_epoch() {
                break;
            }
            self.submit().await?;
            if start.elapsed().as_secs_f64() * 1e3 > budget_ms {
                break;
            }
        }
        for figures in self.engine.figures().await? {
            if !(figures.loss_sum + figures.penalty).is_finite() {
                return Err(self.diverged().await);
            }
            self.count(&figures);
        }
        self.step_ms = Some(start.elapsed().as_secs_f64() * 1e3 / (self.submitted - before).max(1) as f64);
        Ok(())
    }

    /// Adds a progress event if the last one is 100 ms old, and at the end of a call or an epoch.
    pub(super) fn report(&mut self, is_over: bool, events: &mut Vec<Event>) {
        let due = self.last_report.is_none_or(|last| last.elapsed().as_millis() >= 100);
        if due || is_over || self.position.step_in_epoch == self.steps_in_epoch() {
            self.last_report = Some(Instant::now());
            events.push(self.step_event());
        }
    }

    async fn submit(&mut self) -> Result<()> {
        let (epoch, batch) = (self.position.epoch, self.spec.batch_size);
        if self.submitted == 0 || self.order.is_empty() {
            self.order = if self.shuffle {
                random::permutation(self.train_count, self.spec.seed, epoch as u32)
            } else {
                (0..self.train_count as u32).collect()
            };
        }
        let first = self.submitted * batch;
        let indices = &self.order[first..(first + batch).min(self.train_count)];
        self.transforms.clear();
        if !self.spec.augmentation.is_empty() {
            let size = (self.data.train.height, self.data.train.width);
            let list = &self.spec.augmentation;
            let draws = indices
                .iter()
                .map(|&index| augment::draw(list, size, self.train_count, self.spec.seed, epoch as u32, index));
            self.transforms.extend(draws);
        }
        let step = epoch * self.steps_per_epoch() + self.submitted;
        let learning_rate = self.callbacks.learning_rate(&self.spec, self.moment(step));
        let step = Step { indices, transforms: &self.transforms, step: step as u32, learning_rate };
        let sets = ImageSets { train: &self.data.train, test: &self.data.test };
        self.engine.train_step(sets, &step).await?;
        self.history.learning_rates.push(learning_rate);
        self.submitted += 1;
        Ok(())
    }

    pub(super) fn moment(&self, step: usize) -> Moment {
        Moment { step, epoch: step / self.steps_per_epoch(), total_steps: self.total_steps() }
    }

    /// Adds the figures of a completed step.
    fn count(&mut self, figures: &StepFigures) {
        let position = &mut self.position;
        position.step += 1;
        position.step_in_epoch += 1;
        position.rows += figures.rows;
        position.train_rows += figures.rows;
        position.loss_sum += figures.loss_sum + figures.penalty * figures.rows as f64;
        position.correct += figures.correct;
    }

    fn step_event(&self) -> Event {
        let position = &self.position;
        let rows = position.rows.max(1) as f64;
        Event::Step {
            step: position.step,
            epoch: position.epoch + 1,
            step_in_epoch: position.step_in_epoch,
            steps_per_epoch: self.steps_in_epoch(),
            total_steps: self.total_steps(),
            loss: position.loss_sum / rows,
            accuracy: position.correct as f64 / rows,
            learning_rate: self.history.learning_rates.last().copied().unwrap_or_default(),
            images_per_s: position.train_rows as f64 / position.train_seconds.max(1e-9),
        }
    }
}
