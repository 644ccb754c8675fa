//! How long it takes, three ways: instructions ÷ clock, as the sources do; measured here and extrapolated; and the roofline
//! of a device's arithmetic and memory.

use super::sheet::CostSheet;
use crate::base::error::{Error, Result};
use crate::network::summary::{F32_BYTES, TRAINING_PASSES};
use serde::Serialize;
use ts_rs::TS;

/// One multiplication a cycle and core.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, TS)]
pub struct ByClock {
    /// Cycles a second, in 10⁹.
    pub clock_ghz: f64,
    /// Cores, all busy all the time.
    pub cores: u64,
    /// Pictures an epoch.
    pub images: u64,
    /// Epochs.
    pub epochs: u64,
    /// One picture, forward.
    pub seconds_per_image: f64,
    /// All pictures of all epochs, forward only: the sources' way.
    pub forward_seconds: f64,
    /// With the way back, three times that.
    pub training_seconds: f64,
}

/// Instructions ÷ clock.
///
/// # Errors
/// [`Error::Spec`] where a number is not above zero.
pub fn by_clock(sheet: &CostSheet, clock_ghz: f64, cores: u64, images: u64, epochs: u64) -> Result<ByClock> {
    positive("the clock (GHz)", clock_ghz)?;
    for (what, value) in [("cores", cores), ("images", images), ("epochs", epochs)] {
        positive(what, value as f64)?;
    }
    let seconds_per_image = sheet.macs as f64 / (clock_ghz * 1e9 * cores as f64);
    let forward_seconds = seconds_per_image * images as f64 * epochs as f64;
    let training_seconds = TRAINING_PASSES as f64 * forward_seconds;
    Ok(ByClock { clock_ghz, cores, images, epochs, seconds_per_image, forward_seconds, training_seconds })
}

/// A measured step.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, TS)]
pub struct Measured {
    /// Milliseconds a training step.
    pub ms_per_step: f64,
    /// Give or take so many.
    pub error_ms: f64,
    /// Pictures a step.
    pub batch: u64,
}

/// A measured step times the steps of a run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, TS)]
pub struct Extrapolated {
    /// What was measured.
    pub measured: Measured,
    /// Steps an epoch, the last, short batch included.
    pub steps_per_epoch: u64,
    /// Seconds an epoch.
    pub epoch_seconds: f64,
    /// Give or take so many.
    pub epoch_error: f64,
    /// Seconds of the whole run.
    pub run_seconds: f64,
    /// Give or take so many.
    pub run_error: f64,
}

/// Measure and extrapolate. The error is a systematic one (another load, another temperature), so it grows with the
/// steps and not with their root.
///
/// # Errors
/// [`Error::Spec`] where a number is not above zero.
pub fn extrapolate(measured: Measured, images: u64, epochs: u64) -> Result<Extrapolated> {
    positive("the measured milliseconds a step", measured.ms_per_step)?;
    positive("the batch", measured.batch as f64)?;
    if !(measured.error_ms >= 0.0 && measured.error_ms.is_finite()) {
        return Err(Error::Spec(format!("the error must be zero or more. Received: {}", measured.error_ms)));
    }
    let steps_per_epoch = images.div_ceil(measured.batch);
    let seconds = |ms: f64, steps: u64| ms * steps as f64 / 1e3;
    Ok(Extrapolated {
        measured,
        steps_per_epoch,
        epoch_seconds: seconds(measured.ms_per_step, steps_per_epoch),
        epoch_error: seconds(measured.error_ms, steps_per_epoch),
        run_seconds: seconds(measured.ms_per_step, steps_per_epoch * epochs),
        run_error: seconds(measured.error_ms, steps_per_epoch * epochs),
    })
}

/// What a device can do at best.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, TS)]
pub struct Rates {
    /// 10⁹ floating-point operations a second.
    pub gflops: f64,
    /// 10⁹ bytes a second from memory.
    pub gb_per_s: f64,
}

/// The least time of a training step: each layer waits for its arithmetic or for its memory, whichever takes longer.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct Roofline {
    /// The device.
    pub rates: Rates,
    /// Operations a byte above which arithmetic is what it waits for.
    pub ridge: f64,
    /// Layer by layer.
    pub layers: Vec<LayerRoof>,
    /// One step, the update included.
    pub ms_per_step: f64,
    /// Pictures a second.
    pub images_per_s: f64,
}

/// One layer under the roof.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct LayerRoof {
    /// Its name.
    pub name: String,
    /// Operations of a step, forward and back.
    pub flops: f64,
    /// Bytes that a step reads and writes, forward and back.
    pub bytes: f64,
    /// The longer of the two times.
    pub ms: f64,
    /// True where it waits for memory.
    pub memory_bound: bool,
}

/// The roofline of a training step.
///
/// # Errors
/// [`Error::Spec`] where a rate is not above zero.
pub fn roofline(sheet: &CostSheet, rates: Rates) -> Result<Roofline> {
    positive("GFLOP/s", rates.gflops)?;
    positive("GB/s", rates.gb_per_s)?;
    let batch = sheet.training.batch as f64;
    let mut layers = Vec::new();
    // A layer without values of its own (flatten) moves nothing.
    for layer in sheet.layers.iter().filter(|layer| layer.values > 0) {
        let (input, output) = (layer.input_values as f64, layer.values as f64);
        // Forward: read x and w, write y. Back: read x, dy and w, write dx and dw.
        let values = batch * (3.0 * input + 2.0 * output) + 3.0 * layer.params as f64;
        let flops = 2.0 * (TRAINING_PASSES * layer.macs) as f64 * batch;
        let bytes = F32_BYTES as f64 * values;
        let (compute, memory) = (flops / rates.gflops / 1e6, bytes / rates.gb_per_s / 1e6);
        let (ms, memory_bound) = (compute.max(memory), memory > compute);
        layers.push(LayerRoof { name: layer.name.clone(), flops, bytes, ms, memory_bound });
    }
    // The update reads the gradient, and reads and writes the weights and the optimiser's slots.
    let state = sheet.training.parameter_gradients + 2 * (sheet.training.parameters + sheet.training.optimizer_slots);
    let ms_per_step = layers.iter().map(|layer| layer.ms).sum::<f64>() + state as f64 / rates.gb_per_s / 1e6;
    let (ridge, images_per_s) = (rates.gflops / rates.gb_per_s, 1e3 * batch / ms_per_step);
    Ok(Roofline { rates, ridge, layers, ms_per_step, images_per_s })
}

fn positive(what: &str, value: f64) -> Result<()> {
    if value > 0.0 && value.is_finite() {
        return Ok(());
    }
    Err(Error::Spec(format!("{what} must be above zero. Received: {value}")))
}
