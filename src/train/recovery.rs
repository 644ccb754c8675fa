//! Recovery: when the device or a worker fails during a run, or the CPU is faster, the run resumes from its last snapshot
//! on a new device, with new workers, or on the CPU. The history says so, as it does where a checkpoint is resumed elsewhere.
//!
//! A GPU device may be lost for good, be available again at once, or fail repeatedly on the same step. So the run tries
//! the GPU a few more times, and if it makes no progress there, continues on the CPU engine. The CPU engine's workers are
//! replaced as often; after that the run ends with the error.

use super::Trainer;
use super::event::Event;
use super::snapshot::{KeptSnapshot, Snapshot};
use crate::base::error::{Error, Result};
use crate::engine::{Engine, ImageSets};
use crate::results::history::Interruption;
use web_time::{Duration, Instant};

/// Attempts on the same engine without a new snapshot in between.
const ATTEMPTS: usize = 3;

/// The minimum time between two snapshots.
const INTERVAL: Duration = Duration::from_secs(10);

/// Snapshots take at most one part in this many of a run's time.
const SHARE: u32 = 50;

impl Trainer {
    /// Keeps a snapshot to resume from, if the engine's device or a worker can be lost.
    pub(super) fn keep(&mut self, snapshot: Snapshot) {
        if self.engine.may_be_lost() {
            self.failures = 0;
            self.kept = Some(KeptSnapshot { snapshot, due: Instant::now() + INTERVAL });
        }
    }

    /// Takes a snapshot if one is due: at intervals, and at the end of the run.
    pub(super) async fn update_snapshot(&mut self) -> Result<()> {
        let start = Instant::now();
        let up_to_date = |kept: &KeptSnapshot| start < kept.due && kept.snapshot.state.done == self.is_done();
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

    /// Destroys the GPU device, if there is one, as a driver's reset would: for tests of the recovery.
    pub fn lose_device(&self) {
        self.engine.lose_device();
    }

    /// Resumes from the last snapshot after `error` of the device. The next [`Self::advance`] returns an event for it.
    ///
    /// # Errors
    /// `error` itself if it is not the engine's, if there is no snapshot, or if no engine starts.
    pub(super) async fn recover(&mut self, error: Error) -> Result<()> {
        let (Some(kept), Error::Engine { engine: failed, message: why }) = (&self.kept, &error) else {
            return Err(error);
        };
        if *failed != self.engine.name() || !self.engine.may_be_lost() {
            return Err(error);
        }
        let (snapshot, of_gpu, why) = (kept.snapshot.clone(), *failed == "gpu", why.clone());
        self.failures += 1;
        let (engine, went) = self.another_engine(of_gpu, error).await?;
        if of_gpu && engine.name() == "cpu" {
            self.info.reason = "the GPU failed repeatedly".to_string();
        }
        let what = if of_gpu { "The GPU" } else { "The CPU engine" };
        self.go_on_with(engine, snapshot, |back| {
            format!("{what} failed; the run continues {went}, {back} back. The reason: {why}")
        })
    }

    /// Restores a snapshot of this run on another engine. `say` makes the message from the number of repeated steps,
    /// such as "3 steps".
    pub(super) fn go_on_with(
        &mut self,
        engine: Engine,
        snapshot: Snapshot,
        say: impl FnOnce(&str) -> String,
    ) -> Result<()> {
        let (failed, build) = (self.engine.name().to_string(), self.info.build.clone());
        self.engine = engine;
        self.info.engine = self.engine.name().to_string();
        self.info.device = self.engine.device();
        let (step, mut interruptions) = (self.position.step, std::mem::take(&mut self.history.interruptions));
        self.restore(snapshot)?;
        let position = &self.position;
        let repeated = step.saturating_sub(position.step);
        let message = say(&format!("{repeated} {}", if repeated == 1 { "step" } else { "steps" }));
        interruptions.push(Interruption {
            step,
            repeated,
            message: message.clone(),
            engine: Some(failed),
            build: Some(build),
        });
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

    /// Notes in the history that the steps before a resumption were computed by another engine or build. They round differently, so
    /// that no replay on one of them can give the same figures. A complete run has no steps left.
    pub(super) fn note_move(&mut self, engine: String, build: String) {
        let step = self.position.step;
        let stays = engine == self.info.engine && build == self.info.build;
        if stays || step == 0 || self.is_done() {
            return;
        }
        let message = format!(
            "The run goes on from step {step} on {}; what was before that was computed on {}.",
            place(&self.info.engine, &self.info.build),
            place(&engine, &build)
        );
        let (engine, build) = (Some(engine), Some(build));
        self.history.interruptions.push(Interruption { step, repeated: 0, message: message.clone(), engine, build });
        self.told.push(Event::Notice { message });
    }

    async fn another_engine(&self, of_gpu: bool, error: Error) -> Result<(Engine, &'static str)> {
        if self.failures > ATTEMPTS && !of_gpu {
            return Err(error);
        }
        if of_gpu && self.failures <= ATTEMPTS {
            let gpu = async {
                let mut engine = Engine::gpu(&self.setup).await?;
                engine.upload(ImageSets { train: &self.data.train, test: &self.data.test })?;
                Ok::<_, Error>(engine)
            };
            if let Ok(engine) = gpu.await {
                return Ok((engine, "with a new device"));
            }
        }
        // If the CPU engine does not start either, the first error is the one to report.
        let engine = Engine::cpu(&self.setup).await.map_err(|_| error)?;
        Ok((engine, if of_gpu { "on the CPU" } else { "with new workers" }))
    }
}

/// An engine and its build in words. A checkpoint may hold any text in their places.
fn place(engine: &str, build: &str) -> String {
    let engine = match engine {
        "cpu" => "the CPU",
        "gpu" => "the GPU",
        _ => "another engine",
    };
    match build {
        "native" | "simd128" | "relaxed-simd" => format!("{engine} ({build} build)"),
        _ => format!("{engine} (another build)"),
    }
}
