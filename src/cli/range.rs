//! `range`: the learning-rate range test.

use super::args::{DataArg, EngineArg, ExperimentArg};
use super::bar::Bar;
use super::number::{number, whole};
use super::{output, session};
use crate::base::error::{Error, Result};
use crate::base::table::Table;
use crate::sweep::{RangeTest, StepLosses, range_test, rates, tested};
use crate::train::{Event, Trainer};
use clap::Args;
use serde_json::json;

/// The rows of the printed table.
const ROWS: usize = 20;

#[derive(Debug, Args)]
pub struct RangeArgs {
    #[command(flatten)]
    experiment: ExperimentArg,
    #[command(flatten)]
    data: DataArg,
    #[command(flatten)]
    engine: EngineArg,
    /// The lowest learning rate, that of the first step
    #[arg(long, value_name = "RATE", default_value_t = 1e-5, value_parser = number::<f64>)]
    low: f64,
    /// The highest learning rate, that of the last step
    #[arg(long, value_name = "RATE", default_value_t = 1.0, value_parser = number::<f64>)]
    high: f64,
    /// The number of steps
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = whole::<usize>)]
    steps: usize,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// `convlab range`
///
/// # Errors
/// Of the experiment, the data, the engine and the range. That the loss diverges is what the test looks for, and no error.
pub async fn range(args: &RangeArgs) -> Result<()> {
    let rates = rates(args.low, args.high, args.steps)?;
    let spec = tested(session::experiment(&args.experiment.experiment)?);
    let data = session::data(&spec, args.data.data.as_deref())?;
    let mut trainer = session::trainer(spec, data, args.engine.engine, true).await?;
    let losses = losses(&mut trainer, &rates).await?;
    let found = range_test(&rates, &losses);
    if args.json {
        let reached = &rates[..losses.len()];
        return output::json(&json!({ "rates": reached, "losses": losses, "smoothed": found.smoothed,
            "proposed": found.proposed, "diverged": found.diverged }));
    }
    output::text(&table(&rates, &losses, &found).to_string())?;
    output::line(&match found.proposed {
        Some(rate) => format!("Proposed learning rate: {rate}, where the smoothed loss falls fastest"),
        None => "The loss never falls in this range: try other rates with --low and --high, or more --steps".into(),
    })
}

/// The loss of one step at each rate, until it diverges.
async fn losses(trainer: &mut Trainer, rates: &[f64]) -> Result<Vec<f64>> {
    let bar = Bar::new("{msg} {bar:30} {pos}/{len} steps");
    let mut of_steps = StepLosses::new(trainer.spec().batch_size, trainer.info().train_samples);
    let mut losses = Vec::new();
    for (i, &rate) in rates.iter().enumerate() {
        trainer.set_learning_rate(rate)?;
        let (step, mean) = match step(trainer).await {
            Err(Error::Diverged(_)) if i > 0 => break,
            other => other?,
        };
        losses.push(of_steps.of_step(step, mean));
        bar.at(i + 1, rates.len());
        if range_test(rates, &losses).diverged {
            break;
        }
    }
    bar.finish();
    Ok(losses)
}

/// Trains one step; its number in the epoch, and the mean loss of the epoch so far.
async fn step(trainer: &mut Trainer) -> Result<(usize, f64)> {
    loop {
        for event in trainer.advance(0.0).await? {
            if let Event::Step { step_in_epoch, loss, .. } = event {
                return Ok((step_in_epoch, loss));
            }
        }
    }
}

fn table(rates: &[f64], losses: &[f64], found: &RangeTest) -> Table<'static> {
    let mut table = Table::new(&[("learning rate", true), ("loss", true), ("smoothed", true)]);
    let every = losses.len().div_ceil(ROWS).max(1);
    for (i, (rate, loss)) in rates.iter().zip(losses).enumerate().step_by(every) {
        let smoothed = found.smoothed.get(i).map_or(String::new(), |value| format!("{value:.4}"));
        table.rows.push(vec![format!("{rate:.2e}"), format!("{loss:.4}"), smoothed]);
    }
    table
}
