//! `import`: an experiment, and weights, from a file of another program.

use super::{output, session};
use crate::base::error::{Error, Result};
use crate::import::{self, Imported, Matched};
use crate::network::graph::Graph;
use clap::Args;
use serde_json::json;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub struct ImportArgs {
    /// The file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The experiment that the file's weights belong to, or that fills in what the file leaves open, such as the data set: a
    /// preset's id or the path of a JSON document
    #[arg(long, value_name = "EXPERIMENT")]
    experiment: Option<String>,
    /// Write experiment.json and, where the file has weights, weights.safetensors here
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Take what can be taken, although something is not supported
    #[arg(long)]
    partial: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// `convlab import`
///
/// # Errors
/// [`Error::Import`] if the file cannot be read, or if something in it is not supported and `--partial` is not given;
/// [`Error::Layer`] or [`Error::Spec`] if what it describes is not a network; [`Error::Io`] if a file cannot be read or written.
pub fn import(args: &ImportArgs) -> Result<()> {
    let basis = args.experiment.as_deref().map(session::experiment).transpose()?;
    let imported = import::read(&args.file.to_string_lossy(), &read(&args.file)?, basis.as_ref())?;
    let left_out = imported.left_out();
    let takes = left_out.is_none() || args.partial;
    let network = Graph::new(&imported.experiment);
    if left_out.is_none() {
        network.as_ref().map_err(Clone::clone)?;
    }
    let weights = args.out.as_ref().filter(|_| takes && imported.weights.is_some()).map(|out| out.join(WEIGHTS));
    if takes && !args.json {
        // Before anything is written: tensors of equal shapes may have been taken for one another.
        show_matched(&imported.matched)?;
    }
    if let Some(out) = args.out.as_ref().filter(|_| takes) {
        write(out, &imported)?;
    }
    if args.json {
        let Imported { experiment, unsupported, matched, .. } = &imported;
        let event = json!({
            "event": "import", "experiment": experiment, "weights": weights, "unsupported": unsupported, "matched": matched,
        });
        output::json(&event)?;
    }
    match left_out {
        Some(left_out) if !takes => {
            let file = args.file.display();
            Err(Error::Import(format!("{file}: {left_out}. Change it there, or take the rest with --partial")))
        }
        left_out => {
            left_out.iter().for_each(|left_out| output::note(&format!("note: {left_out}")));
            if let Err(error) = network {
                output::note(&format!("note: the rest is not a complete network: {error}"));
            }
            if args.json { Ok(()) } else { report(args, &imported) }
        }
    }
}

const DOCUMENT: &str = "experiment.json";
const WEIGHTS: &str = "weights.safetensors";

/// The file's bytes; its size is checked before it is read.
fn read(path: &Path) -> Result<Vec<u8>> {
    let size = std::fs::metadata(path).map_err(|error| Error::io(path, &error))?.len();
    if size > import::MAX_BYTES as u64 {
        let (most, file) = (import::MAX_BYTES >> 20, path.display());
        return Err(Error::Import(format!("{file}: a file may have up to {most} MB. Received: {} MB", size >> 20)));
    }
    output::read(path)
}

fn write(out: &Path, imported: &Imported) -> Result<()> {
    let _lock = output::folder(out)?;
    if let Some(weights) = &imported.weights {
        output::file(out, WEIGHTS, weights)?;
    }
    let document =
        serde_json::to_string_pretty(&imported.experiment).map_err(|error| Error::Spec(error.to_string()))?;
    output::file(out, DOCUMENT, (document + "\n").as_bytes())
}

/// Which tensors were taken for which parameters, a line each.
fn show_matched(matched: &[Matched]) -> Result<()> {
    for Matched { ours, theirs, reordered } in matched {
        let order = if *reordered { ", from the order (channels, height, width)" } else { "" };
        output::line(&format!("{ours} <- {theirs}{order}"))?;
    }
    Ok(())
}

/// What was taken, as a line.
fn report(args: &ImportArgs, imported: &Imported) -> Result<()> {
    let Imported { experiment, weights, .. } = imported;
    let mut line = format!("{}: {} layers, {}", experiment.name, experiment.layers.len(), experiment.dataset.name);
    if let Some(out) = &args.out {
        let weights = weights.as_ref().map_or(String::new(), |_| format!(", {WEIGHTS}"));
        line += &format!(". Written to {}: {DOCUMENT}{weights}", out.display());
    }
    output::line(&line)
}
