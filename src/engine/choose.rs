//! Which engine runs a network: the one asked for, or the one that a short measurement finds faster on this device.

use super::step::{Pictures, Step};
use super::{Engine, Setup};
use crate::base::error::{Error, Result};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use web_time::Instant;

/// Which engine to use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(rename = "EngineChoice")]
pub enum Choice {
    /// The faster one for this network on this device, by a short measurement.
    #[default]
    Auto,
    /// The CPU engine.
    Cpu,
    /// The WebGPU engine.
    Gpu,
    /// What [`Self::Auto`] comes to in a page with a graphics card, which starts there at once and without the CPU engine's code:
    /// the CPU may contest it later.
    GpuFirst,
    /// What [`Self::Auto`] comes to where a page knows that nothing beats the CPU: there is no GPU, or only one that the CPU plays,
    /// or one that it has beaten at this network.
    CpuFirst,
}

/// The chosen engine and why.
pub struct Chosen {
    /// Ready to train.
    pub engine: Engine,
    /// In a sentence.
    pub reason: String,
    /// What the user should know.
    pub notice: Option<String>,
}

/// Pictures of the first, quick measurement: enough to tell a software GPU from a real one.
pub(crate) const FEW: usize = 8;

/// A GPU this many times slower than the CPU on [`FEW`] pictures will not win with more.
const HOPELESS: f64 = 4.0;

/// Makes the engine that was asked for, with its pictures.
///
/// # Errors
/// [`Error::Engine`] where it cannot run this network here.
pub async fn choose(setup: &Setup, choice: Choice, pictures: Pictures<'_>) -> Result<Chosen> {
    let chosen = |engine, reason: &str| Chosen { engine, reason: reason.into(), notice: None };
    match choice {
        Choice::Cpu => Ok(chosen(Engine::cpu(setup).await?, "the CPU engine was chosen by hand")),
        Choice::Gpu => Ok(chosen(ready_gpu(setup, pictures).await?, "the GPU engine was chosen by hand")),
        Choice::Auto => Box::pin(compare(setup, pictures)).await,
        Choice::GpuFirst => match ready_gpu(setup, pictures).await {
            Ok(gpu) => Ok(chosen(gpu, "the page found a graphics card")),
            Err(error) => Ok(without_gpu(Engine::cpu(setup).await?, &error)),
        },
        Choice::CpuFirst => Ok(chosen(Engine::cpu(setup).await?, "the page knows of nothing faster here")),
    }
}

/// The CPU engine where a GPU was to be used and cannot be.
fn without_gpu(engine: Engine, error: &Error) -> Chosen {
    let reason = "the GPU engine cannot run this network here".into();
    Chosen { engine, reason, notice: Some(format!("Training runs on the CPU: {error}")) }
}

/// Measures both engines on the first pictures, and starts the faster one afresh.
async fn compare(setup: &Setup, pictures: Pictures<'_>) -> Result<Chosen> {
    let mut cpu = Engine::cpu(setup).await?;
    let mut gpu = match ready_gpu(setup, pictures).await {
        Ok(gpu) => gpu,
        Err(error) => return Ok(without_gpu(cpu, &error)),
    };
    let start = cpu.parameters().await?;
    let few = FEW.min(setup.batch);
    let cpu_rate = rate(&mut cpu, pictures, few).await?;
    let mut gpu_rate = rate(&mut gpu, pictures, few).await?;
    if gpu_rate * HOPELESS > cpu_rate && setup.batch > few {
        gpu_rate = rate(&mut gpu, pictures, setup.batch).await?;
    }
    let (mut engine, reason) = if gpu_rate > cpu_rate {
        (gpu, measured("GPU", gpu_rate, "CPU", cpu_rate))
    } else {
        (cpu, measured("CPU", cpu_rate, "GPU", gpu_rate))
    };
    engine.set_parameters(&start)?;
    Ok(Chosen { engine, reason, notice: None })
}

/// For people, the faster one first.
pub(crate) fn measured(faster: &str, rate: f64, other: &str, less: f64) -> String {
    format!("measured here: {faster} {} pictures a second, {other} {}", rate.round() as u64, less.round() as u64)
}

async fn ready_gpu(setup: &Setup, pictures: Pictures<'_>) -> Result<Engine> {
    let mut engine = Engine::gpu(setup).await?;
    engine.upload(pictures)?;
    Ok(engine)
}

/// Pictures a second over training steps of `rows` pictures, the first step (caches, compilers) left out.
pub(crate) async fn rate(engine: &mut Engine, pictures: Pictures<'_>, rows: usize) -> Result<f64> {
    let indices: Vec<u32> = (0..rows.min(pictures.train.len()) as u32).collect();
    let step = Step { indices: &indices, transforms: &[], step: 0, learning_rate: 0.0 };
    engine.train_step(pictures, &step).await?;
    engine.figures().await?;
    let (start, mut steps) = (Instant::now(), 0);
    while steps == 0 || (steps < 4 && start.elapsed().as_millis() < 50) {
        engine.train_step(pictures, &step).await?;
        engine.figures().await?;
        steps += 1;
    }
    Ok((steps * indices.len()) as f64 / start.elapsed().as_secs_f64())
}
