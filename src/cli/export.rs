//! `export`: a script for another framework, and the weights.

use super::args::ExperimentArg;
use super::train::in_file;
use super::{output, session};
use crate::base::error::Result;
use crate::engine::Parameters;
use crate::export::{Target, script};
use crate::network::graph::Graph;
use crate::results::weights;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct ExportArgs {
    #[command(flatten)]
    experiment: ExperimentArg,
    /// The weights (safetensors, also a checkpoint)
    #[arg(long, value_name = "FILE")]
    weights: PathBuf,
    /// The framework
    #[arg(long, value_enum)]
    to: Framework,
    /// Write the script and weights.safetensors here
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Framework {
    /// Keras 3
    Keras,
    /// PyTorch; the script can also continue the training under torchrun
    Pytorch,
}

/// `convlab export`
///
/// # Errors
/// Of the experiment and the weights' file; [`Error::Io`](crate::Error::Io) where the folder cannot be written.
pub fn export(args: &ExportArgs) -> Result<()> {
    let spec = session::experiment(&args.experiment.experiment)?;
    let graph = Graph::new(&spec)?;
    let bytes = output::read(&args.weights)?;
    let (weights, state) = graph.initial(spec.seed);
    let empty = Parameters { weights, state, slots: Vec::new() };
    let parameters = weights::File::parse(&bytes)
        .and_then(|file| file.parameters(&graph, &empty))
        .map_err(|error| in_file(error, Some(&args.weights)))?;
    let target = match args.to {
        Framework::Keras => Target::Keras,
        Framework::Pytorch => Target::Pytorch,
    };
    let script = script(&spec, target)?;
    output::folder(&args.out)?;
    output::file(&args.out, "weights.safetensors", &weights::save(&graph, &parameters)?)?;
    output::file(&args.out, &script.file_name, script.text.as_bytes())?;
    output::line(&format!("Written to {}: {}, weights.safetensors", args.out.display(), script.file_name))
}
