//! `export`: a script for another framework with the weights, a file of both, or a notebook.

use super::args::ExperimentArg;
use super::train::in_file;
use super::{output, session};
use crate::base::error::Result;
use crate::experiment::Experiment;
use crate::export::{ModelFormat, Target, model, script};
use crate::network::graph::Graph;
use crate::results::weights;
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub struct ExportArgs {
    #[command(flatten)]
    experiment: ExperimentArg,
    /// The weights (safetensors, also a checkpoint); all kinds but the notebook need them
    #[arg(long, value_name = "FILE", required_if_eq_any = WITH_WEIGHTS)]
    weights: Option<PathBuf>,
    /// What to write
    #[arg(long, value_enum, value_name = "KIND")]
    to: Kind,
    /// Write it here
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// The kinds that need the weights.
const WITH_WEIGHTS: [(&str, &str); 5] =
    [("to", "keras"), ("to", "pytorch"), ("to", "keras-model"), ("to", "onnx"), ("to", "pytorch-weights")];

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    /// A script for Keras 3, and the weights that it loads
    Keras,
    /// A script for PyTorch, and the weights that it loads; it can also continue the training under torchrun
    Pytorch,
    /// NAME.keras, which keras.models.load_model opens
    KerasModel,
    /// NAME.onnx, which onnxruntime and others open
    Onnx,
    /// NAME-pytorch.safetensors, a state_dict for the network of the PyTorch script
    PytorchWeights,
    /// NAME.ipynb, a notebook for Colab or Jupyter that fetches the data, trains in Keras 3 and draws the curves
    Notebook,
}

/// `convlab export`
///
/// # Errors
/// Of the experiment and the weights' file, and of a layer that the format cannot express;
/// [`Error::Io`](crate::Error::Io) where the folder cannot be written.
pub fn export(args: &ExportArgs) -> Result<()> {
    let spec = session::experiment(&args.experiment.experiment)?;
    let Some(weights) = &args.weights else {
        // The command line asks for them where the kind needs them.
        return notebook(args, &spec);
    };
    let bytes = output::read_weights(weights)?;
    match args.to {
        Kind::Keras => script_and_weights(args, &spec, (weights, &bytes), Target::Keras),
        Kind::Pytorch => script_and_weights(args, &spec, (weights, &bytes), Target::Pytorch),
        Kind::KerasModel => model_file(args, &spec, (weights, &bytes), ModelFormat::Keras),
        Kind::Onnx => model_file(args, &spec, (weights, &bytes), ModelFormat::Onnx),
        Kind::PytorchWeights => model_file(args, &spec, (weights, &bytes), ModelFormat::Pytorch),
        Kind::Notebook => {
            output::note("note: the notebook trains the network anew; the weights are not in it");
            notebook(args, &spec)
        }
    }
}

fn notebook(args: &ExportArgs, spec: &Experiment) -> Result<()> {
    let notebook = script(spec, Target::Notebook)?;
    let _lock = output::folder(&args.out)?;
    output::file(&args.out, &notebook.file_name, notebook.text.as_bytes())?;
    output::line(&format!("Written to {}: {}", args.out.display(), notebook.file_name))
}

fn script_and_weights(
    args: &ExportArgs,
    spec: &Experiment,
    (path, bytes): (&Path, &[u8]),
    target: Target,
) -> Result<()> {
    let graph = Graph::new(spec)?;
    let parameters = weights::load(&graph, spec.seed, bytes).map_err(|error| in_file(error, Some(path)))?;
    let script = script(spec, target)?;
    let _lock = output::folder(&args.out)?;
    output::file(&args.out, "weights.safetensors", &weights::save(&graph, &parameters)?)?;
    output::file(&args.out, &script.file_name, script.text.as_bytes())?;
    output::line(&format!("Written to {}: {}, weights.safetensors", args.out.display(), script.file_name))
}

fn model_file(args: &ExportArgs, spec: &Experiment, (path, bytes): (&Path, &[u8]), format: ModelFormat) -> Result<()> {
    let file = model(spec, bytes, format).map_err(|error| in_file(error, Some(path)))?;
    let _lock = output::folder(&args.out)?;
    output::file(&args.out, &file.file_name, &file.bytes)?;
    output::line(&format!("Written to {}: {}", args.out.display(), file.file_name))
}
