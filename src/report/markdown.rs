//! The report as Markdown.

use super::Report;
use crate::base::text::share;
use crate::results::metrics::class_scores;

impl Report {
    /// The report as Markdown, without images and curves.
    pub fn markdown(&self) -> String {
        write(self)
    }
}

fn write(report: &Report) -> String {
    let mut text = format!("# {}\n\n", report.title());
    text += &table(&["Test", ""], report.figures().into_iter().map(|(label, value)| vec![label.into(), value]));
    text += &table(&["Run", ""], report.facts().into_iter().map(|(label, value)| vec![label.into(), value]));
    if let Some(about) = &report.experiment.text {
        text += &format!("## The experiment\n\n{about}\n\n");
    }
    text += "## Epochs\n\n";
    if let Some(overfitting) = report.overfitting() {
        text += &format!("{}\n\n", overfitting.text(true));
    }
    text += &epochs(report);
    text += "## Classes\n\n";
    text += &classes(report);
    text += "## Confusion matrix\n\nRows are labels, columns are predicted classes.\n\n";
    text += &confusion(report);
    text += "## Predictions\n\nThe first test images.\n\n";
    text += &table(
        &["Image", "Label", "Predicted", "Probability"],
        report.samples.iter().map(|sample| {
            let p = &sample.prediction;
            let probability = format!("{:.4}", p.probabilities[p.predicted]);
            vec![p.index.to_string(), report.class(p.label), report.class(p.predicted), probability]
        }),
    );
    text += &format!("## Network\n\n```\n{}```\n\n", report.summary.to_text(&report.experiment.name));
    let json = serde_json::to_string_pretty(&report.experiment).unwrap_or_default();
    text + &format!("## Document\n\n```json\n{json}\n```\n")
}

fn epochs(report: &Report) -> String {
    let value = |value: Option<f64>| value.map_or(String::new(), |value| format!("{value:.4}"));
    let rows = report.history.epochs.iter().map(|row| {
        vec![
            row.epoch.to_string(),
            value(Some(row.loss)),
            value(Some(row.accuracy)),
            value(row.val_loss),
            value(row.val_accuracy),
            format!("{:.3e}", row.learning_rate),
            format!("{:.1}", row.seconds),
        ]
    });
    table(&["Epoch", "loss", "accuracy", "val_loss", "val_accuracy", "learning rate", "s"], rows)
}

fn classes(report: &Report) -> String {
    let scores = class_scores(&report.done.confusion).into_iter().enumerate();
    let rows = scores
        .map(|(i, s)| vec![report.class(i), share(s.precision), share(s.recall), share(s.f1), s.support.to_string()]);
    table(&["Class", "Precision", "Recall", "F1", "Images"], rows)
}

fn confusion(report: &Report) -> String {
    let names: Vec<String> = (0..report.done.confusion.len()).map(|i| report.class(i)).collect();
    let headings: Vec<&str> = std::iter::once("").chain(names.iter().map(String::as_str)).collect();
    let rows = report
        .done
        .confusion
        .iter()
        .enumerate()
        .map(|(i, row)| std::iter::once(names[i].clone()).chain(row.iter().map(u32::to_string)).collect());
    table(&headings, rows)
}

fn table(headings: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let cell = |text: &str| text.replace('|', "\\|");
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut text = line(headings.iter().map(|heading| cell(heading)).collect());
    text += &line(vec!["---".into(); headings.len()]);
    rows.for_each(|row| text += &line(row.iter().map(|value| cell(value)).collect()));
    text + "\n"
}
