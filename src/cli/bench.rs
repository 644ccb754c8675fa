//! `bench`: the training speed of this machine for a network, data path included.

use super::args::{EngineArg, EngineName, ExperimentArg};
use super::number::number;
use super::{output, session};
use crate::base::error::{Error, Result};
use crate::base::number::PlainNumber;
use crate::data::{Dataset, Images};
use crate::experiment::{DatasetSpec, Experiment};
use crate::network::graph::Graph;
use crate::network::summary::Summary;
use crate::tensor::random::below;
use crate::train::Trainer;
use clap::Args;
use serde::Serialize;
use std::sync::Arc;
use std::time::Instant;

/// The measured time is divided into this many windows; the result is their median.
const WINDOWS: usize = 5;

/// Number of batches of images; an epoch of the benchmark has this many steps.
const BATCHES: usize = 8;

#[derive(Debug, Args)]
pub struct BenchArgs {
    #[command(flatten)]
    experiment: ExperimentArg,
    #[command(flatten)]
    engine: EngineArg,
    /// Seconds to measure, after a warm-up
    #[arg(long, value_name = "N", default_value_t = 5.0, value_parser = number::<f64>)]
    seconds: f64,
    /// Instead measure each pass of a GPU step with the device's timestamps
    #[arg(long)]
    profile: bool,
    /// Print one JSON object (with --profile one per pass)
    #[arg(long)]
    json: bool,
}

/// The measured figures.
#[derive(Debug, Serialize)]
pub struct Figures {
    experiment: String,
    pub engine: String,
    device: String,
    build: String,
    pub batch_size: usize,
    /// Steps in the measured time.
    steps: usize,
    seconds: f64,
    /// Median of the windows.
    images_per_s: f64,
    pub ms_per_step: f64,
    /// Half the difference between the slowest and the fastest window, in milliseconds.
    pub ms_per_step_error: f64,
    /// 10⁹ floating-point operations per second, at six per multiply-accumulate: two forward, four backward.
    pub gflops: f64,
}

/// `convlab bench`
///
/// # Errors
/// Of the experiment and its network; [`Error::Engine`] where the engine fails or is not in this build.
pub async fn bench(args: &BenchArgs) -> Result<()> {
    let spec = session::experiment(&args.experiment.experiment)?;
    if args.profile {
        return profile(&spec, args.json).await;
    }
    let figures = measure(spec, args.engine.engine, args.seconds).await?;
    if args.json { output::json(&figures) } else { output::line(&figures.sentence()) }
}

#[cfg(feature = "gpu")]
async fn profile(spec: &Experiment, json: bool) -> Result<()> {
    super::profile::profile(spec, &*noise(spec)?, json).await
}

#[cfg(not(feature = "gpu"))]
async fn profile(_spec: &Experiment, _json: bool) -> Result<()> {
    Err(Error::Engine { engine: "gpu", message: "this build has no WebGPU engine to profile".into() })
}

/// Trains on noise for about `seconds`, after a warm-up.
///
/// # Errors
/// [`Error::Spec`] if `seconds` is out of range or the experiment is invalid; [`Error::Engine`] if the engine fails.
pub async fn measure(mut spec: Experiment, engine: EngineName, seconds: f64) -> Result<Figures> {
    if !(seconds > 0.0 && seconds <= 86_400.0) {
        return Err(Error::Spec(format!(
            "the seconds to measure must be above 0 and at most 86400. Received: {}",
            PlainNumber(seconds)
        )));
    }
    let macs = Summary::new(&Graph::new(&spec)?).totals.macs;
    let data = noise(&spec)?;
    spec.dataset = DatasetSpec { validation: None, merge_classes: None, limit: None, ..spec.dataset };
    spec.early_stopping = None;
    spec.learning_rate_schedule = None;
    // There is nothing to learn from noise. A small learning rate keeps the weights finite for any duration.
    spec.optimizer.learning_rate = 1e-6;
    spec.epochs = 1_000_000.into();
    let (batch_size, experiment) = (spec.batch_size, spec.name.clone());
    let mut trainer = session::trainer(spec, data, engine, true).await?;
    run_for(&mut trainer, (seconds / 5.0).clamp(0.2, 2.0)).await?;
    let mut windows = Vec::with_capacity(WINDOWS);
    for _ in 0..WINDOWS {
        windows.push(run_for(&mut trainer, seconds / WINDOWS as f64).await?);
    }
    let info = trainer.info();
    let mut ms: Vec<f64> = windows.iter().map(|(steps, seconds)| 1e3 * seconds / *steps as f64).collect();
    ms.sort_by(f64::total_cmp);
    let images_per_s = 1e3 * batch_size as f64 / ms[WINDOWS / 2];
    Ok(Figures {
        experiment,
        engine: info.engine.clone(),
        device: info.device.clone(),
        build: info.build.clone(),
        batch_size,
        steps: windows.iter().map(|(steps, _)| steps).sum(),
        seconds: windows.iter().map(|(_, seconds)| seconds).sum(),
        images_per_s,
        ms_per_step: ms[WINDOWS / 2],
        ms_per_step_error: (ms[WINDOWS - 1] - ms[0]) / 2.0,
        gflops: 6.0 * macs as f64 * images_per_s / 1e9,
    })
}

impl Figures {
    fn sentence(&self) -> String {
        format!(
            "{}: {:.0} images per second, {:.2} ± {:.2} ms per step of {}, {:.1} GFLOP/s ({} steps in {:.1} s; {})",
            self.experiment,
            self.images_per_s,
            self.ms_per_step,
            self.ms_per_step_error,
            self.batch_size,
            self.gflops,
            self.steps,
            self.seconds,
            self.device
        )
    }
}

/// Trains for about `seconds`, at least one step. Returns the steps and the elapsed seconds.
async fn run_for(trainer: &mut Trainer, seconds: f64) -> Result<(usize, f64)> {
    let before = trainer.history().learning_rates.len();
    let start = Instant::now();
    loop {
        trainer.advance(20.0).await?;
        let elapsed = start.elapsed().as_secs_f64();
        if elapsed >= seconds {
            return Ok((trainer.history().learning_rates.len() - before, elapsed));
        }
    }
}

/// Random images of the experiment's input shape: the speed does not depend on their content.
fn noise(spec: &Experiment) -> Result<Arc<Dataset>> {
    let classes = Graph::new(spec)?.classes().min(256);
    let [height, width, channels] = spec.input_shape;
    let split = |stream: u32, count: usize| {
        let bytes = count * height * width * channels;
        let pixels = (0..bytes).map(|i| below(256, 0, 0, stream, i as u32) as u8).collect();
        let labels = (0..count).map(|i| (i % classes) as u8).collect();
        Images::new([height, width, channels], pixels, labels)
    };
    Ok(Arc::new(Dataset {
        name: spec.dataset.name.clone(),
        title: "noise".into(),
        synthetic: true,
        classes: (0..classes).map(|class| class.to_string()).collect(),
        validation: 0,
        train: split(0, BATCHES * spec.batch_size)?,
        test: split(1, 1)?,
    }))
}
