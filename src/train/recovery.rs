//! When the device fails in mid-run, or is beaten: the run is rebuilt from its last snapshot, on a new device or on the CPU.
//!
//! A device may be gone for good, come back at once, or fail again and again on the same step. So the GPU is tried again a
//! few times without progress, and then the CPU engine goes on.

use super::Trainer;
use super::event::Event;
use super::snapshot::{Kept, Snapshot};
use crate::base::error::{Error, Result};
use crate::engine::{Engine, Pictures};
use crate::results::history::Interruption;
use web_time::{Duration, Instant};

/// Attempts on the GPU without a snapshot in between.
const ATTEMPTS: usize = 3;

/// The least time between two snapshots.
const INTERVAL: Duration = Duration::from_secs(10);

/// Snapshots may take this share of a run's time.
const SHARE: u32 = 50;

impl Trainer {
    /// Remembers a snapshot to go on from, where the device may take the run's own numbers away.
    pub(super) fn keep(&mut self, snapshot: Snapshot) {
        if self.engine.may_be_lost() {
            self.failures = 0;
            self.kept = Some(Kept { snapshot, due: Instant::now() + INTERVAL });
        }
    }

    /// Takes a snapshot where one is due: every so often, and of the run's end.
    pub(super) async fn keep_up(&mut self) -> Result<()> {
        let start = Instant::now();
        let up_to_date = |kept: &Kept| start < kept.due && kept.snapshot.state.done == self.is_done();
        if !self.engine.may_be_lost() || self.kept.as_ref().is_some_and(up_to_date) {
            return Ok(());
        }
        let snapshot = self.snapshot().await?;
        self.keep(snapshot);
        if let Some(kept) = &mut self.kept {
            kept.due += start.elapsed() * SHARE;
        }
        Ok(())
    }

    /// Takes the device away, where there is one, as a driver's reset would: to see what follows.
    pub fn lose_device(&self) {
        self.engine.lose_device();
    }

    /// After `error` of the device: goes on from the last snapshot. The next [`Self::advance`] tells what happened.
    ///
    /// # Errors
    /// `error` itself where it is not the device's, or there is nothing to go on from.
    pub(super) async fn recover(&mut self, error: Error) -> Result<()> {
        let Some(kept) = self.kept.as_ref().filter(|_| matches!(error, Error::Engine { engine: "gpu", .. })) else {
            return Err(error);
        };
        let snapshot = kept.snapshot.clone();
        self.failures += 1;
        let (engine, went) = self.another_engine(&error).await?;
        let why = if let Error::Engine { message, .. } = &error { message.clone() } else { error.to_string() };
        if engine.name() == "cpu" {
            self.info.reason = "the GPU failed again and again".to_string();
        }
        self.go_on_with(engine, snapshot, |back| {
            format!("The GPU failed; the run goes on {went}, {back} back. The reason: {why}")
        })
    }

    /// Goes back to a snapshot of this run, on another engine. `say` is given how many steps that is, in words.
    pub(super) fn go_on_with(
        &mut self,
        engine: Engine,
        snapshot: Snapshot,
        say: impl FnOnce(&str) -> String,
    ) -> Result<()> {
        self.engine = engine;
        self.info.engine = self.engine.name().to_string();
        self.info.device = self.engine.device();
        let (step, mut interruptions) = (self.position.step, std::mem::take(&mut self.history.interruptions));
        self.restore(snapshot)?;
        let position = &self.position;
        let repeated = step.saturating_sub(position.step);
        let message = say(&format!("{repeated} {}", if repeated == 1 { "step" } else { "steps" }));
        interruptions.push(Interruption { step, repeated, message: message.clone() });
        self.history.interruptions = interruptions;
        self.told.push(Event::Interrupted {
            step,
            resumed_step: position.step,
            epoch: position.epoch + 1,
            step_in_epoch: position.step_in_epoch,
            steps_per_epoch: self.steps_per_epoch(),
            engine: self.info.engine.clone(),
            device: self.info.device.clone(),
            reason: self.info.reason.clone(),
            message,
        });
        Ok(())
    }

    async fn another_engine(&self, error: &Error) -> Result<(Engine, &'static str)> {
        if self.failures <= ATTEMPTS {
            let gpu = async {
                let mut engine = Engine::gpu(&self.setup).await?;
                engine.upload(Pictures { train: &self.data.train, test: &self.data.test })?;
                Ok::<_, Error>(engine)
            };
            if let Ok(engine) = gpu.await {
                return Ok((engine, "with a new device"));
            }
        }
        // Where not even the CPU engine starts, the first failure is the one to tell of.
        let engine = Engine::cpu(&self.setup).await.map_err(|_| error.clone())?;
        Ok((engine, "on the CPU"))
    }
}
