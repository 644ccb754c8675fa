//! A page starts a run on its graphics card at once, without measuring first. Here the CPU may contest that: a graphics
//! card that is slower than it, as small ones are on small networks, hands the run over.

use super::Trainer;
use super::position::Phase;
use crate::base::error::Result;
use crate::engine::choose::{FEW, measured, rate};
use crate::engine::{Engine, Pictures};

/// So many times sooner the CPU has to be done: it was measured for a moment only.
const CLEARLY: f64 = 1.2;

impl Trainer {
    /// Trains on the CPU for a moment, beside the run. Where the run would clearly be done sooner there, though it goes on from its
    /// last snapshot, it is handed over, and the next [`Self::advance`] tells. Whether it was.
    ///
    /// # Errors
    /// [`crate::base::error::Error::Engine`] where the run cannot go on.
    pub async fn contest(&mut self) -> Result<bool> {
        let (Some(step_ms), Some(kept), false) = (self.step_ms, &self.kept, self.phase == Phase::Done) else {
            return Ok(false);
        };
        let kept_step = kept.step();
        let Some((engine, cpu)) = self.measured_cpu().await else { return Ok(false) };
        let gpu = self.setup.batch as f64 * 1e3 / step_ms;
        let left = |done: usize, rate: f64| (self.total_steps() - done) as f64 / rate;
        if left(self.position.step, gpu) < left(kept_step, cpu) * CLEARLY {
            return Ok(false);
        }
        // The CPU cannot be lost: nothing is kept from here on.
        let Some(kept) = self.kept.take() else { return Ok(false) };
        let reason = measured("CPU", cpu, "GPU", gpu);
        self.info.reason.clone_from(&reason);
        self.go_on_with(engine, kept.into_snapshot(), |back| {
            format!("The CPU is faster for this network ({reason}), so the run goes on there, {back} back.")
        })?;
        Ok(true)
    }

    /// None where it cannot run this network here: nobody asked for it.
    async fn measured_cpu(&self) -> Option<(Engine, f64)> {
        let pictures = Pictures { train: &self.data.train, test: &self.data.test };
        let mut engine = Engine::cpu(&self.setup).await.ok()?;
        let rate = rate(&mut engine, pictures, FEW.min(self.setup.batch)).await.ok()?;
        Some((engine, rate))
    }
}
