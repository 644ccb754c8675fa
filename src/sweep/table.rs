//! The outcomes of a sweep as a table for spreadsheets.

use super::outcome::Outcome;
use crate::base::error::Result;
use crate::base::{csv, document};
use serde_json::Value;

/// A row for each run.
///
/// # Errors
/// [`Error::Spec`] if the table cannot be written; that is a bug.
pub fn table(outcomes: &[Outcome]) -> Result<String> {
    let fields: Vec<String> = outcomes.first().map_or(Vec::new(), |outcome| outcome.values.keys().cloned().collect());
    let figures = [
        "status",
        "best_epoch",
        "loss",
        "accuracy",
        "val_loss",
        "val_accuracy",
        "test_loss",
        "test_accuracy",
        "seconds",
    ];
    let head = ["run"].into_iter().chain(fields.iter().map(String::as_str)).chain(["seed"]).chain(figures);
    let rows = outcomes.iter().map(|outcome| {
        let row = document::write(outcome);
        let cell = |value: &Value| match value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let of = |name: &str| cell(&row[name]);
        let cells = [of("run")].into_iter().chain(fields.iter().map(|field| cell(&outcome.values[field])));
        cells.chain([of("seed")]).chain(figures.map(of)).collect()
    });
    csv::table([head.map(String::from).collect()].into_iter().chain(rows))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn cells_are_quoted_and_no_formulas() {
        let outcome = json!({
            "run": 1, "values": { "layers.0.kernel_size": [3, 3], "title": "=1+1" }, "seed": 0, "status": "stopped",
            "figures": [1.0], "best_epoch": 1, "best": 1.0, "loss": 1.0, "accuracy": 0.5, "val_loss": null, "val_accuracy": null,
            "test_loss": null, "test_accuracy": null, "seconds": 2.0,
        });
        let outcome: Outcome = serde_json::from_value(outcome).unwrap();
        let text = table(&[outcome]).unwrap();
        assert_eq!(text.lines().nth(1), Some("1,\"[3,3]\",'=1+1,0,stopped,1,1.0,0.5,,,,,2.0"));
    }
}
