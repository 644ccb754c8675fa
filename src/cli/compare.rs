//! `compare`: a table of runs, from the folders that `train --out` wrote.

use super::output;
use crate::base::error::{Error, Result};
use crate::base::{table::Table, text::grouped};
use crate::results::compare::Compared;
use crate::results::run::Run;
use clap::Args;
use serde_json::json;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub struct CompareArgs {
    /// Folders that `convlab train --out` wrote
    #[arg(value_name = "DIR", required = true)]
    runs: Vec<PathBuf>,
    /// Print one JSON object per line
    #[arg(long)]
    json: bool,
}

const HEADINGS: [(&str, bool); 9] = [
    ("Run", false),
    ("Params", true),
    ("MACs", true),
    ("Epochs", true),
    ("Training MACs", true),
    ("Train acc.", true),
    ("Lowest val. loss", true),
    ("Gap at the end", true),
    ("Test acc.", true),
];

/// `convlab compare`
///
/// # Errors
/// [`Error::Io`] where a folder's files cannot be read; others where they are not those of a run.
pub fn compare(args: &CompareArgs) -> Result<()> {
    let runs = args.runs.iter().map(|folder| read(folder)).collect::<Result<Vec<Run>>>()?;
    let rows = runs.iter().map(Run::compared).collect::<Vec<Compared>>();
    if args.json {
        rows.iter().try_for_each(output::json)?;
    } else {
        let mut table = Table::new(&HEADINGS);
        table.rows = rows.iter().map(cells).collect();
        output::text(&table.to_string())?;
    }
    for (run, other) in runs.iter().flat_map(|run| runs.iter().map(move |other| (run, other))) {
        let Some(accuracy) = run.merged_accuracy(other) else { continue };
        let (name, groups_of) = (&run.experiment.name, &other.experiment.name);
        if args.json {
            output::json(&json!({ "name": name, "groups_of": groups_of, "merged_accuracy": accuracy }))?;
        } else {
            output::line(&format!("{name}'s predictions in {groups_of}'s classes: {}", percent(accuracy)))?;
        }
    }
    Ok(())
}

fn read(folder: &Path) -> Result<Run> {
    let path = folder.join("history.json");
    let text = output::read_text(&path)?;
    Run::from_json(&text).map_err(|error| Error::Data(format!("{}: {error}", path.display())))
}

fn cells(row: &Compared) -> Vec<String> {
    let found = row.overfitting.as_ref();
    vec![
        row.name.clone(),
        grouped(row.params),
        grouped(row.macs),
        row.epochs.to_string(),
        format!("{:.2e}", row.training_macs as f64),
        percent(row.accuracy),
        found.map_or(String::new(), |found| format!("{:.4} (epoch {})", found.val_loss, found.epoch)),
        found.map_or(String::new(), |found| format!("{:+.4}", found.last_loss_gap)),
        row.test_accuracy.map_or(String::new(), percent),
    ]
}

fn percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}
