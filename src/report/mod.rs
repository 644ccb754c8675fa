//! The report of a run: one self-contained HTML file, or Markdown.

mod comparison;
mod date;
mod formulas;
mod html;
mod keras_history;
mod markdown;
mod markup;
mod page;
mod png;
mod svg;
mod written;

pub use comparison::{ComparisonInput, ComparisonReport, NamedRun};
pub(crate) use date::now;
#[cfg(any(feature = "cli", feature = "tools"))]
pub(crate) use page::document;
pub use written::Written;

use crate::base::error::{Error, Result};
use crate::base::text::{grouped, share, visible_json};
use crate::cost::{CostSheet, LayerCost};
use crate::engine::Source;
use crate::experiment::Experiment;
use crate::network::graph::Graph;
use crate::network::summary::Summary;
use crate::results::history::History;
use crate::results::metrics::{self, macro_f1};
use crate::results::overfitting::{Overfitting, overfitting};
use crate::train::{Done, Info, Prediction, Trainer};
use serde::Deserialize;
use ts_rs::TS;

/// Number of test images shown in a report.
const SAMPLES: usize = 20;

/// Number of mistakes listed in a report.
const MISTAKES: usize = 8;

/// One image and its prediction.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct Sample {
    /// Pixels of shape (height, width, channels), 0 to 255.
    pub pixels: Vec<u8>,
    /// The prediction.
    pub prediction: Prediction,
}

/// The data from which a report is made.
#[derive(Debug, Clone, Deserialize, TS)]
#[ts(rename = "ReportInput")]
pub struct Input {
    /// The experiment.
    pub experiment: Experiment,
    /// The engine, the device and the sizes of the run.
    pub info: Info,
    /// The data set's title.
    pub data_title: String,
    /// The browser, or the operating system outside a browser.
    pub system: String,
    /// The history of the run.
    pub history: History,
    /// The test figures.
    pub done: Done,
    /// The first test images.
    pub samples: Vec<Sample>,
    /// What the author adds.
    #[serde(default)]
    #[ts(as = "Option<_>", optional)]
    pub written: Written,
}

/// The contents of a report.
#[derive(Debug, Clone)]
pub struct Report {
    /// The experiment.
    pub experiment: Experiment,
    /// The summary of its network.
    pub summary: Summary,
    /// The engine, the device and the sizes of the run.
    pub info: Info,
    /// The data set's title.
    pub data_title: String,
    /// The browser, or the operating system outside a browser.
    pub system: String,
    /// The history of the run.
    pub history: History,
    /// The test figures.
    pub done: Done,
    /// The first test images.
    pub samples: Vec<Sample>,
    /// What the author adds.
    pub written: Written,
    /// The layers with their formulas.
    pub layers: Vec<LayerCost>,
    /// The date, such as `2026-11-20 23:10 UTC`.
    pub date: String,
}

impl Report {
    /// The report of a complete run.
    ///
    /// # Errors
    /// [`Error::Engine`](crate::base::error::Error::Engine) if the device fails.
    pub async fn new(trainer: &mut Trainer, done: Done) -> Result<Self> {
        let mut samples = Vec::new();
        for index in 0..SAMPLES.min(trainer.info().test_samples) {
            let prediction = trainer.predict(Source::Test, index).await?;
            let pixels = trainer.data().test.image(index).to_vec();
            samples.push(Sample { pixels, prediction });
        }
        let (experiment, info, history) = (trainer.spec().clone(), trainer.info().clone(), trainer.history().clone());
        let data_title = trainer.data().title.clone();
        let system = format!("{} on {}", std::env::consts::OS, std::env::consts::ARCH);
        let written = Written::default();
        Self::of(Input { experiment, info, data_title, system, history, done, samples, written })
    }

    /// The report of a run from its data.
    ///
    /// # Errors
    /// Any error of the network's graph; [`Error::Data`] if an image has not the network's input shape, or a prediction
    /// has no probability for its class.
    pub fn of(input: Input) -> Result<Self> {
        let Input { mut experiment, info, data_title, system, history, done, samples, written } = input;
        experiment.text = experiment.text.as_deref().map(task);
        let graph = Graph::new(&experiment)?;
        for Sample { pixels, prediction } in &samples {
            let size: usize = experiment.input_shape.iter().product();
            if pixels.len() != size || prediction.predicted >= prediction.probabilities.len() {
                return Err(Error::Data(format!("image {} of the report is damaged", prediction.index)));
            }
        }
        let (summary, layers) = (Summary::new(&graph), CostSheet::on(1, &experiment, None)?.layers);
        Ok(Self { experiment, summary, info, data_title, system, history, done, samples, written, layers, date: now() })
    }

    fn title(&self) -> &str {
        self.experiment.title.as_deref().unwrap_or(&self.experiment.name)
    }

    /// The experiment's document.
    fn document(&self) -> String {
        visible_json(&serde_json::to_string_pretty(&self.experiment).unwrap_or_default())
    }

    fn overfitting(&self) -> Option<Overfitting> {
        overfitting(&self.history.epochs)
    }

    fn class(&self, index: usize) -> String {
        self.info.classes.get(index).map_or_else(|| index.to_string(), String::clone)
    }

    fn speed(&self) -> String {
        let per_s = self.done.images_per_s;
        if per_s <= 0.0 {
            return "not measured".into();
        }
        let ms = 1e3 * self.experiment.batch_size as f64 / per_s;
        format!("{per_s:.0} images per second, {ms:.1} ms per step of {}", self.experiment.batch_size)
    }

    /// Facts of the run, as pairs of label and value.
    fn facts(&self) -> Vec<(&'static str, String)> {
        let (info, totals) = (&self.info, self.summary.totals);
        let samples = format!("{} / {} / {}", info.train_samples, info.validation_samples, info.test_samples);
        let mut facts = vec![
            ("Experiment", self.experiment.name.clone()),
            ("Date", self.date.clone()),
            ("Data", self.data_title.clone()),
            ("Training / validation / test images", samples),
            ("Trainable parameters", grouped(totals.trainable)),
            ("Multiply-accumulates per image", grouped(totals.macs)),
            ("Epochs", format!("{} of {}", self.history.epochs.len(), self.experiment.epochs)),
            ("Batch size", self.experiment.batch_size.to_string()),
            ("Seed", info.seed.to_string()),
            ("Device", format!("{} ({} engine, {} build)", info.device, info.engine, info.build)),
            ("System", self.system.clone()),
            ("Training speed", self.speed()),
            ("Time", format!("{:.1} s of training and validation", self.done.seconds)),
            ("Convlab", env!("CARGO_PKG_VERSION").to_string()),
        ];
        if self.done.stopped_early {
            facts.push(("Early stopping", "ended the run".into()));
        }
        facts
    }

    /// The test figures, as pairs of label and value.
    fn figures(&self) -> Vec<(&'static str, String)> {
        let percent = |share: f64| format!("{:.2} %", 100.0 * share);
        let mut figures = vec![
            ("Test accuracy", percent(self.done.test_accuracy)),
            ("Test loss", format!("{:.4}", self.done.test_loss)),
            ("Mean F1", share(macro_f1(&self.done.confusion))),
        ];
        if self.done.confusion.len() > 10 {
            figures.insert(1, ("Top-5 accuracy", percent(self.done.test_top_5_accuracy)));
        }
        figures
    }

    /// Classes with their probabilities, the likeliest first, at most ten.
    fn likeliest(&self, prediction: &Prediction) -> Vec<(usize, f64)> {
        let mut all: Vec<(usize, f64)> = prediction.probabilities.iter().map(|&p| f64::from(p)).enumerate().collect();
        all.sort_by(|a, b| b.1.total_cmp(&a.1));
        all.truncate(10);
        all
    }

    fn mistakes(&self) -> Vec<String> {
        let list = metrics::mistakes(&self.done.confusion, MISTAKES);
        let line = |m: metrics::Mistake| {
            format!("{} predicted as {}: {}", self.class(m.label), self.class(m.predicted), m.count)
        };
        list.into_iter().map(line).collect()
    }
}

/// The paragraphs of a preset's text that are the teacher's: hints, and results of earlier runs.
const OF_THE_TEACHER: [&str; 4] = ["**Look for", "**We found", "**The source", "**What is different"];

/// The task alone: the report describes the reader's own run and has the reader's own answers.
fn task(text: &str) -> String {
    let is_task = |part: &&str| !OF_THE_TEACHER.iter().any(|head| part.starts_with(head));
    text.split("\n\n").filter(is_task).collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_teacher_says_is_not_in_a_report() {
        for preset in crate::experiment::presets::list() {
            let task = task(&preset.text);
            assert!(task.starts_with("**Question.**") && task.matches("**").count() == 2, "{}: {task}", preset.id);
        }
        assert_eq!(task("My network.\n\nIt is wide."), "My network.\n\nIt is wide.");
    }
}
