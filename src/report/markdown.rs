//! The report as Markdown.

use super::markup::{author, escape, fenced, literal, observation, table};
use super::{Report, formulas, keras_history};
use crate::base::text::{plain, share};
use crate::results::metrics::class_scores;

impl Report {
    /// The report as Markdown, without images and curves.
    pub fn markdown(&self) -> String {
        write(self)
    }
}

fn write(report: &Report) -> String {
    let mut text = format!("# {}\n\n", literal(report.title()));
    text += &author(&report.written, &report.date);
    text += &table(&["Test", ""], report.figures().into_iter().map(|(label, value)| vec![label.into(), value]));
    text += &table(&["Run", ""], report.facts().into_iter().map(|(label, value)| vec![label.into(), value]));
    if let Some(about) = &report.experiment.text {
        text += &format!("## The experiment\n\n{}", prose(about));
    }
    let mut section = |title: &str, figure: &str, content: String| {
        text += &format!("## {title}\n\n{content}{}", observation(&report.written, figure));
    };
    let overfitting = report.overfitting().map_or(String::new(), |found| format!("{}\n\n", found.text(true)));
    let keras = fenced("python", &(keras_history::text(&report.history.epochs) + "\n"));
    section("Training history", "history", format!("{overfitting}{}{keras}\n", epochs(report)));
    section("Classes", "classes", classes(report));
    let about = "Rows are labels, columns are predicted classes.";
    section("Confusion matrix", "confusion", format!("{about}\n\n{}", confusion(report)));
    if let Some(first) = report.samples.first() {
        let p = &first.prediction;
        let sentence = format!(
            "Predicted: {}. True class: {}.",
            literal(&report.class(p.predicted)),
            literal(&report.class(p.label))
        );
        let rows = report.likeliest(p).into_iter().map(|(class, p)| vec![report.class(class), format!("{p:.4}")]);
        section(
            "The first test image",
            "first_image",
            format!("{sentence}\n\n{}", table(&["Class", "Probability"], rows)),
        );
    }
    section("Predictions", "images", format!("The first test images.\n\n{}", predictions(report)));
    section("Network and formulas", "network", network(report));
    text + "The experiment's document is a file of its own, `experiment.json`.\n"
}

fn predictions(report: &Report) -> String {
    let rows = report.samples.iter().map(|sample| {
        let p = &sample.prediction;
        let probability = format!("{:.4}", p.probabilities[p.predicted]);
        vec![p.index.to_string(), report.class(p.label), report.class(p.predicted), probability]
    });
    table(&["Image", "Label", "Predicted", "Probability"], rows)
}

fn network(report: &Report) -> String {
    let legend: String = formulas::LEGEND.iter().map(|line| format!("- {}\n", literal(line))).collect();
    let summary = fenced("", &report.summary.to_text(&report.experiment.name));
    format!("{legend}\n{}{summary}\n", table(&formulas::HEADINGS, formulas::rows(&report.layers)))
}

/// The experiment's text: paragraphs with bold, emphasis and code, as in the HTML report. Anything else is shown as it is.
fn prose(text: &str) -> String {
    let paragraphs = text.split("\n\n").filter(|part| !part.trim().is_empty());
    paragraphs.map(|part| paragraph(&part.split_whitespace().collect::<Vec<_>>().join(" ")) + "\n\n").collect()
}

fn paragraph(line: &str) -> String {
    let outside = |part: &str| escape(part, |letter| letter != '*');
    let parts: Vec<&str> = line.split('`').collect();
    // Of unpaired marks, or several in a row, Markdown has rules of its own: they are no code here.
    if parts.len().is_multiple_of(2) || line.contains("``") {
        return outside(line);
    }
    let part = |(i, part): (usize, &&str)| if i % 2 == 0 { outside(part) } else { format!("`{}`", plain(part)) };
    parts.iter().enumerate().map(part).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_is_shown_and_not_obeyed() {
        assert_eq!(literal("<img src=x onerror=alert(1)>"), "\\<img src=x onerror=alert(1)\\>");
        assert_eq!(literal("a | b\n\n# c\u{202e}"), "a \\| b\\\\n\\\\n\\# c\\\\u{202e}");
        assert_eq!(
            literal("[x](javascript:alert) &lt; http://a *b* `c`"),
            "\\[x\\](javascript:alert) \\&lt; http\\://a \\*b\\* \\`c\\`"
        );
        assert_eq!((literal("val_loss"), literal("_x_")), ("val_loss".into(), "\\_x\\_".into()));
    }

    #[test]
    fn the_experiments_text_has_paragraphs_bold_emphasis_and_code() {
        assert_eq!(prose("**Q.** *a* < b,\n`x < y`\n\n  # c"), "**Q.** *a* \\< b, `x < y`\n\n\\# c\n\n");
        for text in ["a ` <b>", "``<b>`` `", "a `` <b> ``"] {
            assert!(prose(text).contains("\\<b") && !prose(text).replace("\\`", "").contains('`'), "{}", prose(text));
        }
    }

    #[test]
    fn code_cannot_end_its_block() {
        assert_eq!(fenced("", "a\n```\n<b>\n"), "````\na\n```\n<b>\n````\n");
        assert_eq!(fenced("json", "{}\n"), "```json\n{}\n```\n");
    }
}
