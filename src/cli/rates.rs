//! Measures this processor's compute rate and memory bandwidth: the two numbers of a roofline.

use super::args::EngineName;
use super::bench;
use crate::base::error::Result;
use crate::cost::Rates;
use crate::experiment::Experiment;
use serde_json::json;
use std::hint::black_box;
use std::time::Instant;

/// Number of f32 values to copy: 128 MiB, more than most caches hold.
const COPY_VALUES: usize = 32 << 20;

/// Measures both rates, for about `seconds` each.
///
/// # Errors
/// [`Error::Spec`](crate::base::error::Error::Spec) if `seconds` is out of range;
/// [`Error::Engine`](crate::base::error::Error::Engine) if the engine fails.
pub async fn measure(seconds: f64) -> Result<Rates> {
    let gflops = bench::measure(probe()?, EngineName::Cpu, seconds).await?.gflops;
    Ok(Rates { gflops, gb_per_s: copy_rate(seconds) })
}

/// A compute-bound network: nine tenths of its work is one 3 × 3 convolution of 64 channels.
fn probe() -> Result<Experiment> {
    let convolution =
        json!({"type": "conv2d", "filters": 64, "kernel_size": 3, "padding": "same", "activation": "relu"});
    Experiment::from_value(json!({
        "name": "probe", "dataset": {"name": "custom"}, "input_shape": [32, 32, 3],
        "layers": [
            convolution, convolution, {"type": "global_average_pooling2d"},
            {"type": "dense", "units": 10, "activation": "softmax"},
        ],
        "loss": "sparse_categorical_crossentropy", "optimizer": {"type": "sgd", "learning_rate": 1e-6}, "batch_size": 16,
    }))
}

/// 10⁹ bytes read and written per second by one core; the cores share the same memory.
fn copy_rate(seconds: f64) -> f64 {
    let (from, mut to) = (vec![1f32; COPY_VALUES], vec![0f32; COPY_VALUES]);
    to.copy_from_slice(&from);
    let (start, mut bytes) = (Instant::now(), 0);
    loop {
        black_box(&mut to).copy_from_slice(black_box(&from));
        bytes += 2 * std::mem::size_of_val(&from[..]);
        let elapsed = start.elapsed().as_secs_f64();
        if elapsed >= seconds {
            return bytes as f64 / elapsed / 1e9;
        }
    }
}
