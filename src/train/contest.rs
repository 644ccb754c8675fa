//! A page starts a run on its graphics card at once, without measuring first. Here the CPU may contest that, once its engine is
//! loaded: a graphics card that is slower than it, as small ones are on small networks, hands the run over.

use super::{Phase, Trainer};
use crate::engine::choose::{FEW, measured, rate};
use crate::engine::{Engine, Pictures};
use crate::error::Result;

/// So many times faster the CPU has to be: it was measured for a moment only.
const CLEARLY: f64 = 1.2;

impl Trainer {
    /// Trains on the CPU for a moment, beside the run, and goes on there from the last snapshot where that is clearly faster than
    /// the run's own last steps. The next [`Self::advance`] tells. Whether it did.
    ///
    /// # Errors
    /// [`crate::Error::Engine`] where the run cannot go on.
    pub async fn contest(&mut self) -> Result<bool> {
        let (Phase::Train, Some(step_ms), Some(kept)) = (&self.phase, self.step_ms, &self.kept) else {
            return Ok(false);
        };
        let (snapshot, gpu) = (kept.snapshot().clone(), self.setup.batch as f64 * 1e3 / step_ms);
        let Some((engine, cpu)) = self.measured_cpu().await else { return Ok(false) };
        if cpu < gpu * CLEARLY {
            return Ok(false);
        }
        self.info.reason = measured("CPU", cpu, "GPU", gpu);
        let reason = self.info.reason.clone();
        self.go_on_with(engine, snapshot, |back| {
            format!("The CPU is faster for this network ({reason}), so the run goes on there, {back} back.")
        })?;
        self.kept = None;
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
