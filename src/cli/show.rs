//! `list` and `summary`: the presets, and the layers of a network.

use super::args::ExperimentArg;
use super::{output, session};
use crate::base::error::Result;
use crate::base::text::grouped;
use crate::experiment::presets::{self, Preset};
use crate::network::graph::Graph;
use crate::network::summary::Summary;
use clap::Args;
use serde_json::json;

#[derive(Debug, Args)]
pub struct ListArgs {
    /// Print one JSON object per line
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct SummaryArgs {
    #[command(flatten)]
    experiment: ExperimentArg,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// `convlab list`
///
/// # Errors
/// [`Error::Io`](crate::Error::Io) where standard output cannot be written.
pub fn list(args: &ListArgs) -> Result<()> {
    presets::list().iter().try_for_each(|preset| if args.json { describe(preset) } else { name(preset) })
}

fn describe(preset: &Preset) -> Result<()> {
    let totals = Summary::new(&Graph::new(&preset.experiment)?).totals;
    let Preset { id, title, text, trainable, experiment, .. } = preset;
    output::json(&json!({
        "id": id, "title": title, "text": text, "dataset": experiment.dataset.name, "trainable": trainable,
        "params": totals.params, "macs": totals.macs, "experiment": experiment,
    }))
}

fn name(preset: &Preset) -> Result<()> {
    let params = Summary::new(&Graph::new(&preset.experiment)?).totals.params;
    let Preset { id, title, .. } = preset;
    output::line(&format!("{id:<16} {:>11} parameters  {title}", grouped(params)))
}

/// `convlab summary`
///
/// # Errors
/// Of the experiment and its network.
pub fn summary(args: &SummaryArgs) -> Result<()> {
    let spec = session::experiment(&args.experiment.experiment)?;
    let summary = Summary::new(&Graph::new(&spec)?);
    if args.json { output::json(&summary) } else { output::text(&summary.to_text(&spec.name)) }
}
