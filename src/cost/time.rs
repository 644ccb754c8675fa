//! Three estimates of the training time: instructions ÷ clock rate; extrapolation of a measured step; and the roofline
//! of a device's compute rate and memory bandwidth.

use super::sheet::CostSheet;
use crate::base::error::{Error, Result};
use crate::base::number::PlainNumber;
use crate::network::summary::{F32_BYTES, TRAINING_PASSES};
use serde::Serialize;
use ts_rs::TS;

/// The lowest rate and time that the estimates take.
const LOWEST: f64 = 1e-6;

/// The highest rate, time and count: with numbers up to this one no product overflows.
const HIGHEST: f64 = 1e12;

/// Time at one multiplication per cycle and core.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, TS)]
pub struct ClockEstimate {
    /// Clock rate in GHz (10⁹ cycles per second).
    pub clock_ghz: f64,
    /// Number of cores, all fully used.
    pub cores: u64,
    /// Images per epoch.
    pub images: u64,
    /// Number of epochs.
    pub epochs: u64,
    /// Seconds of a forward pass of one image.
    pub seconds_per_image: f64,
    /// Seconds of the forward passes of all images in all epochs, as the sources compute it.
    pub forward_seconds: f64,
    /// Seconds with the backward passes: three times that.
    pub training_seconds: f64,
}

/// Instructions ÷ clock rate.
///
/// # Errors
/// [`Error::Spec`] if a number is out of range.
pub fn clock_estimate(
    sheet: &CostSheet,
    clock_ghz: f64,
    cores: u64,
    images: u64,
    epochs: u64,
) -> Result<ClockEstimate> {
    within("the clock rate in GHz", clock_ghz, LOWEST)?;
    within("the number of cores", cores as f64, 1.0)?;
    run_length(images, epochs)?;
    let seconds_per_image = sheet.macs as f64 / (clock_ghz * 1e9 * cores as f64);
    let forward_seconds = seconds_per_image * images as f64 * epochs as f64;
    let training_seconds = TRAINING_PASSES as f64 * forward_seconds;
    Ok(ClockEstimate { clock_ghz, cores, images, epochs, seconds_per_image, forward_seconds, training_seconds })
}

/// A measured step.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, TS)]
pub struct Measured {
    /// Milliseconds per training step.
    pub ms_per_step: f64,
    /// Error, ± milliseconds.
    pub error_ms: f64,
    /// Images per step.
    pub batch: u64,
}

/// A measured step times the steps of a run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, TS)]
pub struct Extrapolated {
    /// What was measured.
    pub measured: Measured,
    /// Steps per epoch, including the last, possibly smaller batch.
    pub steps_per_epoch: u64,
    /// Seconds per epoch.
    pub epoch_seconds: f64,
    /// Error, ± seconds.
    pub epoch_error: f64,
    /// Seconds of the whole run.
    pub run_seconds: f64,
    /// Error, ± seconds.
    pub run_error: f64,
}

/// Extrapolates a measured step to an epoch and to the run. The error is assumed to be systematic (another load,
/// another temperature), so it grows with the number of steps and not with its square root.
///
/// # Errors
/// [`Error::Spec`] if a number is out of range.
pub fn extrapolate(measured: Measured, images: u64, epochs: u64) -> Result<Extrapolated> {
    within("the measured time of a step in ms", measured.ms_per_step, LOWEST)?;
    within("its error in ms", measured.error_ms, 0.0)?;
    within("the batch", measured.batch as f64, 1.0)?;
    run_length(images, epochs)?;
    let steps_per_epoch = images.div_ceil(measured.batch);
    let steps = steps_per_epoch as f64 * epochs as f64;
    let seconds = |ms: f64, steps: f64| ms * steps / 1e3;
    Ok(Extrapolated {
        measured,
        steps_per_epoch,
        epoch_seconds: seconds(measured.ms_per_step, steps_per_epoch as f64),
        epoch_error: seconds(measured.error_ms, steps_per_epoch as f64),
        run_seconds: seconds(measured.ms_per_step, steps),
        run_error: seconds(measured.error_ms, steps),
    })
}

/// Peak rates of a device.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, TS)]
pub struct Rates {
    /// Compute rate in GFLOP/s (10⁹ floating-point operations per second).
    pub gflops: f64,
    /// Memory bandwidth in GB/s (10⁹ bytes per second).
    pub gb_per_s: f64,
}

/// A lower bound of the time of a training step: each layer takes the longer of its compute time and its memory time.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct Roofline {
    /// The device's rates.
    pub rates: Rates,
    /// Operations per byte above which a layer is compute-bound.
    pub ridge: f64,
    /// Layer by layer.
    pub layers: Vec<LayerRoof>,
    /// Milliseconds per step, the update included.
    pub ms_per_step: f64,
    /// Images per second.
    pub images_per_s: f64,
}

/// The roofline of one layer.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct LayerRoof {
    /// The layer's name.
    pub name: String,
    /// Floating-point operations of a step, forward and backward.
    pub flops: f64,
    /// Bytes that a step reads and writes, forward and backward.
    pub bytes: f64,
    /// The longer of the compute time and the memory time, in milliseconds.
    pub ms: f64,
    /// Whether the memory time is the longer one.
    pub memory_bound: bool,
}

/// The roofline of a training step.
///
/// # Errors
/// [`Error::Spec`] if a rate is out of range.
pub fn roofline(sheet: &CostSheet, rates: Rates) -> Result<Roofline> {
    within("the compute rate in GFLOP/s", rates.gflops, LOWEST)?;
    within("the memory bandwidth in GB/s", rates.gb_per_s, LOWEST)?;
    let batch = sheet.training.batch as f64;
    let mut layers = Vec::new();
    // A layer without values of its own (flatten) moves no data.
    for layer in sheet.layers.iter().filter(|layer| layer.values > 0) {
        let (input, output) = (layer.input_values as f64, layer.values as f64);
        // Forward: read x and w, write y. Backward: read x, dy and w, write dx and dw.
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

fn run_length(images: u64, epochs: u64) -> Result<()> {
    within("the images per epoch", images as f64, 1.0)?;
    within("the number of epochs", epochs as f64, 1.0)
}

fn within(what: &str, value: f64, lowest: f64) -> Result<()> {
    if (lowest..=HIGHEST).contains(&value) {
        return Ok(());
    }
    let [lowest, highest, value] = [lowest, HIGHEST, value].map(PlainNumber);
    Err(Error::Spec(format!("{what} must be between {lowest} and {highest}. Received: {value}")))
}
