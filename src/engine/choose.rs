//! The choice of the engine: the requested one, or the one that a short measurement finds faster on this device.

use super::step::{ImageSets, Step};
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
    /// The faster engine for this network on this device, by a short measurement.
    #[default]
    Auto,
    /// The CPU engine.
    Cpu,
    /// The WebGPU engine.
    Gpu,
    /// Start with the WebGPU engine, without a measurement. A page replaces [`Self::Auto`] by this if there is a
    /// graphics card; the CPU engine may be measured against it later.
    GpuFirst,
    /// Start with the CPU engine, without a measurement. A page replaces [`Self::Auto`] by this if nothing is faster
    /// than the CPU: there is no GPU, it is emulated by the CPU, or it was slower for this network in an earlier
    /// measurement.
    CpuFirst,
}

/// The chosen engine, and the reason.
pub struct Chosen {
    /// The engine, ready to train.
    pub engine: Engine,
    /// The reason, for display.
    pub reason: String,
    /// A notice for the user, if a requested GPU cannot be used.
    pub notice: Option<String>,
}

/// The batch size of the first, quick measurement. It is enough to distinguish an emulated GPU from a real one.
pub(crate) const FEW_IMAGES: usize = 8;

/// If the GPU is slower than the CPU by this factor on [`FEW_IMAGES`] images, it is not measured on a full batch.
const TOO_SLOW: f64 = 4.0;

/// Creates the requested engine and uploads the images.
///
/// # Errors
/// [`Error::Engine`] if the engine cannot run this network on this device.
pub async fn choose(setup: &Setup, choice: Choice, sets: ImageSets<'_>) -> Result<Chosen> {
    let chosen = |engine, reason: &str| Chosen { engine, reason: reason.into(), notice: None };
    match choice {
        Choice::Cpu => Ok(chosen(Engine::cpu(setup).await?, "the CPU engine was selected by the user")),
        Choice::Gpu => Ok(chosen(ready_gpu(setup, sets).await?, "the GPU engine was selected by the user")),
        Choice::Auto => compare(setup, sets).await,
        Choice::GpuFirst => match ready_gpu(setup, sets).await {
            Ok(gpu) => Ok(chosen(gpu, "the page found a graphics card")),
            Err(error) => Ok(without_gpu(Engine::cpu(setup).await?, &error)),
        },
        Choice::CpuFirst => Ok(chosen(Engine::cpu(setup).await?, "nothing faster is known on this device")),
    }
}

/// The CPU engine in place of a GPU engine that failed with `error`.
fn without_gpu(engine: Engine, error: &Error) -> Chosen {
    let reason = "the GPU engine cannot run this network on this device".into();
    Chosen { engine, reason, notice: Some(format!("Training runs on the CPU: {error}")) }
}

/// Measures both engines on the first images. Returns the faster one, with its initial parameters restored.
async fn compare(setup: &Setup, sets: ImageSets<'_>) -> Result<Chosen> {
    let mut cpu = Engine::cpu(setup).await?;
    let mut gpu = match ready_gpu(setup, sets).await {
        Ok(gpu) => gpu,
        Err(error) => return Ok(without_gpu(cpu, &error)),
    };
    let start = cpu.parameters().await?;
    let few = FEW_IMAGES.min(setup.batch);
    let cpu_rate = rate(&mut cpu, sets, few).await?;
    let mut gpu_rate = rate(&mut gpu, sets, few).await?;
    if gpu_rate * TOO_SLOW > cpu_rate && setup.batch > few {
        gpu_rate = rate(&mut gpu, sets, setup.batch).await?;
    }
    let (mut engine, reason) = if gpu_rate > cpu_rate {
        (gpu, measured("GPU", gpu_rate, "CPU", cpu_rate))
    } else {
        (cpu, measured("CPU", cpu_rate, "GPU", gpu_rate))
    };
    engine.set_parameters(&start)?;
    Ok(Chosen { engine, reason, notice: None })
}

/// The result of a measurement as a sentence, the faster engine first. Rates are in images per second.
pub(crate) fn measured(faster: &str, rate: f64, other: &str, less: f64) -> String {
    format!("measured here: {faster} {} images per second, {other} {}", rate.round() as u64, less.round() as u64)
}

async fn ready_gpu(setup: &Setup, sets: ImageSets<'_>) -> Result<Engine> {
    let mut engine = Engine::gpu(setup).await?;
    engine.upload(sets)?;
    Ok(engine)
}

/// Images per second over training steps of `rows` images. The first step, which fills caches and compiles, is not
/// counted.
pub(crate) async fn rate(engine: &mut Engine, sets: ImageSets<'_>, rows: usize) -> Result<f64> {
    let indices: Vec<u32> = (0..rows.min(sets.train.len()) as u32).collect();
    let step = Step { indices: &indices, transforms: &[], step: 0, learning_rate: 0.0 };
    engine.train_step(sets, &step).await?;
    engine.figures().await?;
    let (start, mut steps) = (Instant::now(), 0);
    while steps == 0 || (steps < 4 && start.elapsed().as_millis() < 50) {
        engine.train_step(sets, &step).await?;
        engine.figures().await?;
        steps += 1;
    }
    Ok((steps * indices.len()) as f64 / start.elapsed().as_secs_f64())
}
