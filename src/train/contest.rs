//! The page starts a run on the GPU at once, without a measurement. This module measures the CPU engine beside the run
//! and moves the run to the CPU if that is faster, as it can be for small networks.

use super::Trainer;
use super::position::Phase;
use crate::base::error::Result;
use crate::engine::choose::{FEW_IMAGES, measured, rate};
use crate::engine::{Engine, ImageSets};

/// The speed-up of the CPU that justifies a move. It is above 1 because the measurement is short.
const CLEARLY: f64 = 1.2;

impl Trainer {
    /// Measures the CPU engine for a moment. If the CPU would clearly complete the run sooner, including the steps
    /// since the last snapshot, which it has to repeat, this moves the run to the CPU; the next [`Self::advance`]
    /// returns an event for it. Returns whether the run moved.
    ///
    /// # Errors
    /// [`crate::base::error::Error::Engine`] if the run cannot continue.
    pub async fn contest(&mut self) -> Result<bool> {
        let is_over = self.engine.name() == "cpu" || self.phase == Phase::Done;
        let (Some(step_ms), Some(kept), false) = (self.step_ms, &self.kept, is_over) else { return Ok(false) };
        let kept_step = kept.step();
        let Some((engine, cpu)) = self.measured_cpu().await else { return Ok(false) };
        let gpu = self.setup.batch as f64 * 1e3 / step_ms;
        let left = |done: usize, rate: f64| (self.total_steps() - done) as f64 / rate;
        if left(self.position.step, gpu) < left(kept_step, cpu) * CLEARLY {
            return Ok(false);
        }
        let Some(kept) = self.kept.take() else { return Ok(false) };
        let reason = measured("CPU", cpu, "GPU", gpu);
        self.info.reason.clone_from(&reason);
        self.go_on_with(engine, kept.into_snapshot(), |back| {
            format!("The CPU is faster for this network ({reason}), so the run continues there, {back} back.")
        })?;
        Ok(true)
    }

    /// The CPU engine and its images per second. Its errors become `None`: the run continues on the GPU.
    async fn measured_cpu(&self) -> Option<(Engine, f64)> {
        let sets = ImageSets { train: &self.data.train, test: &self.data.test };
        let mut engine = Engine::cpu(&self.setup).await.ok()?;
        let rate = rate(&mut engine, sets, FEW_IMAGES.min(self.setup.batch)).await.ok()?;
        Some((engine, rate))
    }
}
