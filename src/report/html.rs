//! The report as one HTML file with embedded styles, curves and images; it has a light, a dark and a print style.

use super::page::{attachment, head, observation, page, pairs, section, table};
use super::svg::{Curve, chart};
use super::{Report, Sample, formulas, keras_history, png};
use crate::base::text::{escape, share};
use crate::results::history::Epoch;
use crate::results::metrics::class_scores;

impl Report {
    /// The report as one self-contained HTML file.
    pub fn html(&self) -> String {
        write(self)
    }
}

fn write(report: &Report) -> String {
    let with_observation = |figure: &str, content: String| content + &observation(&report.written, figure);
    let mut body = head(report.title(), &report.written, &report.date);
    body += "<section class=\"figures\">";
    for (label, value) in report.figures() {
        body += &format!("<div><strong>{}</strong><span>{}</span></div>", escape(&value), escape(label));
    }
    body += "</section>\n";
    if let Some(text) = &report.experiment.text {
        body += &format!("<section>{}</section>\n", paragraphs(text));
    }
    body += &section("Run", &pairs(&report.facts()));
    body += &section("Curves", &with_observation("curves", curves(report)));
    body += &section("Training history", &with_observation("history", history(report)));
    body += &section("Confusion matrix", &with_observation("confusion", confusion(report)));
    body += &section("Classes", &with_observation("classes", classes(report)));
    if let Some(sample) = report.samples.first() {
        body += &section("The first test image", &with_observation("first_image", first(report, sample)));
        body += &section("First test images", &with_observation("images", samples(report)));
    }
    body += &section("Network and formulas", &with_observation("network", network(report)));
    body += &section("Files", &attachment("experiment.json", "application/json", &report.document()));
    page(report.title(), &body)
}

fn curves(report: &Report) -> String {
    let overfitting = report.overfitting();
    let rows = &report.history.epochs;
    let curves = |train: fn(&Epoch) -> f64, validation: fn(&Epoch) -> Option<f64>| {
        let mut curves =
            vec![Curve { name: "training", class: "train", values: rows.iter().map(|r| Some(train(r))).collect() }];
        if overfitting.is_some() {
            curves.push(Curve { name: "validation", class: "val", values: rows.iter().map(validation).collect() });
        }
        curves
    };
    let mark = overfitting.map(|found| found.epoch);
    let loss = chart("Loss", &curves(|row| row.loss, |row| row.val_loss), mark);
    let accuracy = chart("Accuracy", &curves(|row| row.accuracy, |row| row.val_accuracy), mark);
    let sentence = overfitting.map_or(String::new(), |found| format!("<p>{}</p>", escape(&found.text(true))));
    format!("{sentence}<div class=\"charts\">{loss}{accuracy}</div>")
}

fn history(report: &Report) -> String {
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
    let headings = ["epoch", "loss", "accuracy", "val_loss", "val_accuracy", "learning rate", "seconds"];
    let keras = keras_history::text(&report.history.epochs);
    format!("{}<p>As Keras returns it:</p><pre class=\"wrap\">{}</pre>", table(&headings, rows), escape(&keras))
}

/// Rows are labels, columns are predicted classes. A stronger colour means a larger share of the row.
fn confusion(report: &Report) -> String {
    let matrix = &report.done.confusion;
    let small = matrix.len() <= 20;
    let kind = if small { "confusion" } else { "confusion large" };
    let mut html = format!("<div class=\"wide\"><table class=\"{kind}\"><thead><tr><th></th>");
    for i in 0..matrix.len() {
        html += &format!("<th scope=\"col\"><span>{}</span></th>", escape(&report.class(i)));
    }
    html += "</tr></thead><tbody>";
    for (i, row) in matrix.iter().enumerate() {
        let total: f64 = row.iter().map(|&count| f64::from(count)).sum();
        html += &format!("<tr><th scope=\"row\">{}</th>", escape(&report.class(i)));
        for (j, &count) in row.iter().enumerate() {
            let share = f64::from(count) / total.max(1.0);
            let kind = if i == j { "right" } else { "wrong" };
            let shown = if small { count.to_string() } else { String::new() };
            html += &format!("<td class=\"{kind}\" style=\"--share:{share:.3}\" title=\"{count}\">{shown}</td>");
        }
        html += "</tr>";
    }
    html += "</tbody></table></div>";
    let mistakes: String = report.mistakes().iter().map(|line| format!("<li>{}</li>", escape(line))).collect();
    let frequent = match mistakes.is_empty() {
        true => String::new(),
        false => format!("<h3>Most frequent mistakes</h3><ol>{mistakes}</ol>"),
    };
    format!("<p>Rows are labels, columns are predicted classes.</p>{html}{frequent}")
}

fn classes(report: &Report) -> String {
    let rows = class_scores(&report.done.confusion).into_iter().enumerate().map(|(i, scores)| {
        let values = [scores.precision, scores.recall, scores.f1].map(share);
        let [precision, recall, f1] = values;
        vec![report.class(i), precision, recall, f1, scores.support.to_string()]
    });
    table(&["class", "precision", "recall", "F1", "images"], rows)
}

/// The first test image with the probability of each class, the likeliest ten of many.
fn first(report: &Report, sample: &Sample) -> String {
    let prediction = &sample.prediction;
    let rows: String = report
        .likeliest(prediction)
        .into_iter()
        .map(|(class, probability)| {
            let kind = if class == prediction.label { "right" } else { "wrong" };
            let (name, percent) = (escape(&report.class(class)), 100.0 * probability);
            format!(
                "<tr class=\"{kind}\"><td>{name}</td><td><span class=\"bar\" style=\"--share:{probability:.4}\"></span></td>\
                 <td>{percent:.2} %</td></tr>"
            )
        })
        .collect();
    let sentence =
        format!("Predicted: {}. True class: {}.", report.class(prediction.predicted), report.class(prediction.label));
    format!(
        "<p>{}</p><div class=\"first\">{}<table class=\"bars\"><tbody>{rows}</tbody></table></div>",
        escape(&sentence),
        sample_figure(report, sample)
    )
}

fn samples(report: &Report) -> String {
    let figures = report.samples.iter().map(|sample| sample_figure(report, sample));
    format!("<div class=\"samples\">{}</div>", figures.collect::<String>())
}

fn sample_figure(report: &Report, Sample { pixels, prediction }: &Sample) -> String {
    let probability = 100.0 * prediction.probabilities[prediction.predicted];
    let right = prediction.label == prediction.predicted;
    let (label, predicted) = (escape(&report.class(prediction.label)), escape(&report.class(prediction.predicted)));
    let verdict = if right { format!("✓ {label}") } else { format!("✗ {predicted}, is {label}") };
    format!(
        "<figure class=\"{}\"><img alt=\"test image {}: {label}\" src=\"{}\"><figcaption>{verdict}<br>{probability:.1} %</figcaption></figure>",
        if right { "right" } else { "wrong" },
        prediction.index,
        png::data_url(report.experiment.input_shape, pixels)
    )
}

fn network(report: &Report) -> String {
    let legend: String = formulas::LEGEND.iter().map(|line| format!("<li>{}</li>", escape(line))).collect();
    format!(
        "<ul>{legend}</ul>{}<p>As Keras prints it:</p><pre>{}</pre>",
        table(&formulas::HEADINGS, formulas::rows(&report.layers)),
        escape(&report.summary.to_text(&report.experiment.name))
    )
}

/// Converts the subset of Markdown that the presets' texts use: paragraphs, bold, emphasis and code.
fn paragraphs(text: &str) -> String {
    let paragraph = |part: &str| {
        let bold = between(&escape(part), "**", "strong");
        format!("<p>{}</p>", between(&between(&bold, "*", "em"), "`", "code"))
    };
    text.split("\n\n").filter(|part| !part.trim().is_empty()).map(paragraph).collect()
}

/// Wraps text between pairs of `mark` in an element; an unpaired mark is kept as text.
fn between(text: &str, mark: &str, element: &str) -> String {
    let parts: Vec<&str> = text.split(mark).collect();
    let pairs = (parts.len() - 1) / 2;
    let mut html = String::new();
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            match (i.div_ceil(2) <= pairs, i % 2) {
                (true, 1) => html += &format!("<{element}>"),
                (true, _) => html += &format!("</{element}>"),
                (false, _) => html += mark,
            }
        }
        html += part;
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_becomes_html_and_nothing_else_does() {
        assert_eq!(
            paragraphs("**Q.** a < b & `x`\n\nit is *worse*: 2 * 3"),
            "<p><strong>Q.</strong> a &lt; b &amp; <code>x</code></p><p>it is <em>worse</em>: 2 * 3</p>"
        );
        assert_eq!(escape("<script>\"'"), "&lt;script&gt;&quot;&#39;");
        assert_eq!(escape("\0\u{202e}a\nb"), "\\u{0}\\u{202e}a\nb");
    }
}
