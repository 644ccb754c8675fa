//! `cost`: the cost sheet, and up to three estimates of the time of a run.

use super::args::EngineArg;
use super::bench::measure;
use super::number::{number, whole};
use super::{output, rates, session};
use crate::base::error::{Error, Result};
use crate::cost::{CostSheet, Question, Separable};
use crate::experiment::Experiment;
use clap::Args;
use serde_json::json;

#[derive(Debug, Args)]
pub struct CostArgs {
    /// A preset's id (see `convlab list`) or the path of an experiment's JSON document
    #[arg(value_name = "EXPERIMENT", required_unless_present = "separable")]
    experiment: Option<String>,
    /// Images per training step, instead of the experiment's
    #[arg(long, value_name = "N", value_parser = whole::<usize>)]
    batch: Option<usize>,
    /// Images per epoch, instead of the data set's
    #[arg(long, value_name = "N", value_parser = whole::<u64>)]
    images: Option<u64>,
    /// Number of epochs, instead of the experiment's
    #[arg(long, value_name = "N", value_parser = whole::<u64>)]
    epochs: Option<u64>,
    /// Instructions ÷ clock rate: clock rate in GHz
    #[arg(long, value_name = "GHZ", default_value_t = 3.0, value_parser = number::<f64>)]
    clock_ghz: f64,
    /// Instructions ÷ clock rate: number of cores
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = whole::<u64>)]
    cores: u64,
    /// Extrapolate from the measured time of a training step, in milliseconds
    #[arg(long, value_name = "MS", conflicts_with = "measure", value_parser = number::<f64>)]
    ms_per_step: Option<f64>,
    /// Error of the measured time, ± milliseconds
    #[arg(long, value_name = "MS", default_value_t = 0.0, value_parser = number::<f64>, requires = "ms_per_step")]
    ms_error: f64,
    /// Measure training steps on this machine for this many seconds and extrapolate; with the CPU engine also measure
    /// the roofline's rates. A network that is only counted (AlexNet) is measured in a smaller batch, unless --batch gives one
    #[arg(long, value_name = "SECONDS", value_parser = number::<f64>)]
    measure: Option<f64>,
    #[command(flatten)]
    engine: EngineArg,
    /// Roofline: the device's peak compute rate
    #[arg(long, value_name = "GFLOP/S", requires = "gb_per_s", value_parser = number::<f64>)]
    gflops: Option<f64>,
    /// Roofline: the device's peak memory bandwidth
    #[arg(long, value_name = "GB/S", requires = "gflops", value_parser = number::<f64>)]
    gb_per_s: Option<f64>,
    /// Count a depthwise separable convolution, D × D from M to N channels
    #[arg(long, value_name = "D,M,N", value_delimiter = ',', num_args = 1, value_parser = whole::<u64>)]
    separable: Vec<u64>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// `convlab cost`
///
/// # Errors
/// Of the experiment and its network, and of the cost sheet.
pub async fn cost(args: &CostArgs) -> Result<()> {
    let separable = args.separable()?;
    let Some(name) = &args.experiment else {
        let Some(separable) = separable else { return Ok(()) };
        return if args.json { output::json(&separable) } else { output::text(&separable.to_text()) };
    };
    let spec = session::experiment(name)?;
    let own = CostSheet::new(&spec, args.batch)?;
    let smaller = own.measured_batch.filter(|_| args.measure.is_some() && args.batch.is_none());
    // The sheet is of the measured batch, too: a run is extrapolated in steps of that size.
    let sheet = if smaller.is_some() { CostSheet::new(&spec, smaller)? } else { own };
    let time = args.question(&spec, args.batch.or(smaller)).await?.times(&sheet)?;
    if args.json {
        let mut value = serde_json::to_value(&sheet).map_err(|error| Error::Spec(error.to_string()))?;
        value["time"] = json!(time);
        value["separable"] = json!(separable);
        return output::json(&value);
    }
    let mut text = sheet.to_text();
    text += &smaller.map_or(String::new(), |batch| smaller_batch(batch, spec.batch_size));
    text += &time.by_clock.map_or(String::new(), |clock| clock.to_text());
    text += &time.measured.map_or(String::new(), |measured| measured.to_text());
    text += &time.roofline.map_or(String::new(), |roofline| roofline.to_text());
    text += &separable.map_or(String::new(), |separable| separable.to_text());
    output::text(&text)
}

impl CostArgs {
    fn separable(&self) -> Result<Option<Separable>> {
        match self.separable[..] {
            [] => Ok(None),
            [d, m, n] => Separable::new(d, m, n).map(Some),
            _ => {
                Err(Error::Spec(format!("--separable takes D,M,N (such as 3,64,128). Received: {:?}", self.separable)))
            }
        }
    }

    /// The given numbers, and a measured step of `batch` images or of the experiment's own batch if `--measure` is set.
    async fn question(&self, spec: &Experiment, batch: Option<usize>) -> Result<Question> {
        let mut question = Question {
            batch,
            images: self.images,
            epochs: self.epochs,
            clock_ghz: Some(self.clock_ghz),
            cores: Some(self.cores),
            ms_per_step: self.ms_per_step,
            ms_error: self.ms_error,
            gflops: self.gflops,
            gb_per_s: self.gb_per_s,
            device_cores: None,
        };
        if let Some(seconds) = self.measure {
            let mut spec = spec.clone();
            spec.batch_size = batch.unwrap_or(spec.batch_size);
            spec.micro_batch_size = spec.micro_batch_size.map(|size| size.min(spec.batch_size));
            let figures = measure(spec, self.engine.engine, seconds).await?;
            question.ms_per_step = Some(figures.ms_per_step);
            question.ms_error = figures.ms_per_step_error;
            if self.gflops.is_none() && figures.engine == "cpu" {
                let rates = rates::measure(seconds).await?;
                (question.gflops, question.gb_per_s) = (Some(rates.gflops), Some(rates.gb_per_s));
            }
        }
        Ok(question)
    }
}

/// What the measured step has other than the experiment.
fn smaller_batch(batch: usize, own: usize) -> String {
    format!(
        "Measured in batches of {batch}, not {own}: this network is only counted here, and steps of {own} of its large images may not \
         fit into the memory\n"
    )
}
