//! The report of several runs side by side.

use super::date::now;
use super::markup;
use super::page::{head, observation, page, section, table};
use super::svg::{Curve, chart};
use super::written::Written;
use crate::base::error::Result;
use crate::base::text::{duration, escape, grouped};
use crate::network::summary::Summary;
use crate::results::history::Epoch;
use crate::results::run::Run;
use serde::Deserialize;
use serde_json::Value;
use ts_rs::TS;

/// A share in per cent.
fn percent(share: f64) -> String {
    format!("{:.2}\u{a0}%", 100.0 * share)
}

fn maybe(share: Option<f64>) -> String {
    share.map_or("–".into(), percent)
}

/// Classes of the curves' colours.
const COLORS: [&str; 8] = ["run-1", "run-2", "run-3", "run-4", "run-5", "run-6", "run-7", "run-8"];

const HEADINGS: [&str; 10] = [
    "run",
    "parameters",
    "MACs per image",
    "epochs",
    "accuracy",
    "val_accuracy",
    "gap",
    "overfits after",
    "test accuracy",
    "time",
];

/// A run with the name under which it is compared.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct NamedRun {
    /// The name.
    pub name: String,
    /// The run.
    #[ts(type = "RunFile")]
    pub run: Value,
}

/// The data from which the report of a comparison is made.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ComparisonInput {
    /// What the author adds.
    pub written: Written,
    /// The runs; the others are compared with the first.
    pub runs: Vec<NamedRun>,
}

/// The contents of a report of a comparison.
#[derive(Debug)]
pub struct ComparisonReport {
    written: Written,
    runs: Vec<(String, Run)>,
    date: String,
}

impl ComparisonReport {
    /// The report of these runs.
    ///
    /// # Errors
    /// [`Error::Data`](crate::base::error::Error::Data) if a run is damaged.
    pub fn of(input: ComparisonInput) -> Result<Self> {
        let read = |NamedRun { name, run }: NamedRun| Run::from_value(&run).map(|run| (name, run));
        let runs = input.runs.into_iter().map(read).collect::<Result<_>>()?;
        Ok(Self { written: input.written, runs, date: now() })
    }

    fn title(&self) -> String {
        let names: Vec<&str> = self.runs.iter().map(|(name, _)| name.as_str()).collect();
        format!("Comparison: {}", names.join(", "))
    }

    /// The report as one self-contained HTML file.
    pub fn html(&self) -> String {
        let with = |figure: &str, content: String| content + &observation(&self.written, figure);
        let mut body = head(&self.title(), &self.written, &self.date);
        body += &section("The runs", &with("table", table(&HEADINGS, self.rows()) + &list(&self.sentences())));
        let legend = self.legend();
        let both = |title: &str, train: fn(&Epoch) -> f64, validation: fn(&Epoch) -> Option<f64>| {
            let mut curves = self.curves("train-line", |epoch| Some(train(epoch)));
            curves.extend(self.curves("", validation));
            format!("{legend}<div class=\"charts\">{}</div>", chart(title, &as_curves(&curves), None))
        };
        let accuracy = both("Accuracy", |epoch| epoch.accuracy, |epoch| epoch.val_accuracy);
        body += &section("Accuracy", &with("accuracy", accuracy));
        body += &section("Loss", &with("loss", both("Loss", |epoch| epoch.loss, |epoch| epoch.val_loss)));
        let gap = self.curves("", |epoch| Some(epoch.accuracy - epoch.val_accuracy?));
        let gap = format!(
            "<p>Training accuracy minus validation accuracy.</p>{legend}<div class=\"charts\">{}</div>",
            chart("Gap", &as_curves(&gap), None)
        );
        body += &section("Gap between training and validation", &with("gap", gap));
        for (name, run) in &self.runs {
            let summary = Summary::new(&run.graph).to_text(&run.experiment.name);
            body += &section(&escape(name), &format!("<pre>{}</pre>", escape(&summary)));
        }
        page(&self.title(), &body)
    }

    /// The report as Markdown, with tables in the place of curves.
    pub fn markdown(&self) -> String {
        let mut text = format!("# {}\n\n", markup::literal(&self.title()));
        text += &markup::author(&self.written, &self.date);
        text += &format!("## The runs\n\n{}", markup::table(&HEADINGS, self.rows()));
        for sentence in self.sentences() {
            text += &format!("- {}\n", markup::literal(&sentence));
        }
        for figure in ["table", "accuracy", "loss", "gap"] {
            let observed = markup::observation(&self.written, figure);
            let (heading, table) = match figure {
                "table" if observed.is_empty() => continue,
                "table" => ("All runs", String::new()),
                "accuracy" => (
                    "Accuracy: training / validation",
                    self.by_epoch(|epoch| format!("{} / {}", percent(epoch.accuracy), maybe(epoch.val_accuracy))),
                ),
                "loss" => (
                    "Loss: training / validation",
                    self.by_epoch(|epoch| {
                        format!(
                            "{:.4} / {}",
                            epoch.loss,
                            epoch.val_loss.map_or("–".into(), |loss| format!("{loss:.4}"))
                        )
                    }),
                ),
                _ => (
                    "Gap between training and validation accuracy",
                    self.by_epoch(|epoch| maybe(epoch.val_accuracy.map(|val_accuracy| epoch.accuracy - val_accuracy))),
                ),
            };
            text += &format!("\n## {heading}\n\n{table}\n{observed}");
        }
        text
    }

    /// A table with a row for each epoch and a column for each run.
    fn by_epoch(&self, show: impl Fn(&Epoch) -> String) -> String {
        let names = self.runs.iter().map(|(name, _)| &name[..]);
        let headings: Vec<&str> = std::iter::once("Epoch").chain(names).collect();
        let epochs = self.runs.iter().map(|(_, run)| run.history.epochs.len()).max().unwrap_or(0);
        let cell = |run: &Run, i: usize| run.history.epochs.get(i).map_or(String::new(), &show);
        let row = |i: usize| {
            let cells = self.runs.iter().map(|(_, run)| cell(run, i));
            std::iter::once((i + 1).to_string()).chain(cells).collect::<Vec<_>>()
        };
        markup::table(&headings, (0..epochs).map(row))
    }

    fn rows(&self) -> impl Iterator<Item = Vec<String>> {
        self.runs.iter().map(move |(name, run)| {
            let row = run.compared();
            let last = run.history.epochs.last();
            vec![
                name.clone(),
                grouped(row.params),
                grouped(row.macs),
                row.epochs.to_string(),
                percent(row.accuracy),
                maybe(last.and_then(|epoch| epoch.val_accuracy)),
                maybe(row.overfitting.map(|found| found.last_accuracy_gap)),
                row.overfitting.map_or("–".into(), |found| match found.epochs_after {
                    0 => format!("not by epoch {}", found.epoch),
                    _ => format!("epoch {}", found.epoch),
                }),
                maybe(row.test_accuracy),
                duration(row.seconds),
            ]
        })
    }

    /// Where each run overfits, and how its gap compares with the first run's.
    fn sentences(&self) -> Vec<String> {
        let gap = |run: &Run| run.compared().overfitting.map(|found| 100.0 * found.last_accuracy_gap);
        let first = self.runs.first().and_then(|(name, run)| Some((name, gap(run)?)));
        let sentence = |(i, (name, run)): (usize, &(String, Run))| {
            let own = run.compared().overfitting?.text(true);
            let compared = match (first, gap(run)) {
                (Some((other, before)), Some(after)) if i > 0 => {
                    // As it is shown, so that a difference of 0.00 points is none.
                    let apart = format!("{:.2}", (after - before).abs());
                    let compared = match after < before {
                        _ if apart == "0.00" => "as large as".to_string(),
                        true => format!("{apart} points smaller than"),
                        false => format!("{apart} points larger than"),
                    };
                    format!(" Its gap at the end, {after:.2} points, is {compared} that of {other}.")
                }
                _ => String::new(),
            };
            Some(format!("{name}: {own}{compared}"))
        };
        self.runs.iter().enumerate().filter_map(sentence).collect()
    }

    /// One curve for each run that has the figure.
    fn curves(&self, kind: &str, figure: impl Fn(&Epoch) -> Option<f64>) -> Vec<(String, Vec<Option<f64>>)> {
        let curve = |(i, (_, run)): (usize, &(String, Run))| {
            let values: Vec<Option<f64>> = run.history.epochs.iter().map(&figure).collect();
            let class = format!("{} {kind}", COLORS[i % COLORS.len()]);
            values.iter().any(Option::is_some).then_some((class, values))
        };
        self.runs.iter().enumerate().filter_map(curve).collect()
    }

    fn legend(&self) -> String {
        let run = |(i, (name, _)): (usize, &(String, Run))| {
            format!("<span class=\"key {}\"></span>{}", COLORS[i % COLORS.len()], escape(name))
        };
        let names: Vec<String> = self.runs.iter().enumerate().map(run).collect();
        format!("<p class=\"legend\">{} · solid: validation, dashed: training</p>", names.join(" · "))
    }
}

fn as_curves(list: &[(String, Vec<Option<f64>>)]) -> Vec<Curve<'_>> {
    list.iter().map(|(class, values)| Curve { name: "", class, values: values.clone() }).collect()
}

fn list(lines: &[String]) -> String {
    let items: String = lines.iter().map(|line| format!("<li>{}</li>", escape(line))).collect();
    format!("<ul>{items}</ul>")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::run::tests::document;
    use serde_json::json;

    fn input(names: &[&str]) -> ComparisonInput {
        let mut written = Written { name: "A <b>".into(), ..Written::default() };
        written.observations.insert("gap".into(), "It grows.\nFast.".into());
        let runs = names.iter().map(|name| NamedRun { name: (*name).into(), run: document() }).collect();
        ComparisonInput { written, runs }
    }

    #[test]
    fn runs_are_rows_and_each_figure_has_its_observation() {
        let report = ComparisonReport::of(input(&["NET I", "NET <II>"])).unwrap();
        let html = report.html();
        assert!(html.contains("<td>NET I</td>") && html.contains("<td>NET &lt;II&gt;</td>") && !html.contains("<II>"));
        assert!(html.contains("A &lt;b&gt;") && html.contains("It grows.<br>Fast."));
        assert_eq!(html.matches("class=\"observation empty\"").count(), 3);
        assert_eq!(html.matches("<svg").count(), 3);
        assert!(html.contains("points, is as large as that of NET I"), "{html}");
        let markdown = report.markdown();
        assert!(markdown.contains("> It grows.") && markdown.contains("NET \\<II\\>"));
        let gaps = markdown.split("## Gap between training and validation accuracy").nth(1).unwrap();
        assert!(gaps.contains("| Epoch | NET I |") && gaps.lines().count() > 4, "{markdown}");
    }

    #[test]
    fn a_damaged_run_is_refused() {
        let mut broken = input(&["NET I"]);
        broken.runs[0].run = json!({"epochs": []});
        assert!(ComparisonReport::of(broken).unwrap_err().to_string().contains("no experiment"));
    }
}
