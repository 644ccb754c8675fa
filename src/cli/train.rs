//! `train`: runs an experiment and writes its history, weights and checkpoint.

use super::args::{DataArg, EngineArg, ExperimentArg};
use super::bar::Bar;
use super::number::{number, whole};
use super::run_files::{RunFiles, merge};
use super::{output, session};
use crate::base::error::{Error, Result};
use crate::base::text::{plain, share};
use crate::experiment::{Epochs, Experiment, Limit, TestTimeAugmentation};
use crate::results::metrics::class_scores;
use crate::train::{Done, Event, Trainer};
use clap::Args;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Milliseconds between two updates of the progress.
const BUDGET_MS: f64 = 200.0;

#[derive(Debug, Args)]
pub struct TrainArgs {
    #[command(flatten)]
    experiment: ExperimentArg,
    #[command(flatten)]
    data: DataArg,
    #[command(flatten)]
    engine: EngineArg,
    /// Passes over the training set, instead of the experiment's; also a fraction, such as 0.5
    #[arg(long, value_name = "N", value_parser = number::<Epochs>)]
    epochs: Option<Epochs>,
    /// Train only on the first N images
    #[arg(long, value_name = "N", value_parser = whole::<usize>)]
    train_limit: Option<usize>,
    /// Test only on the first N images
    #[arg(long, value_name = "N", value_parser = whole::<usize>)]
    test_limit: Option<usize>,
    /// Seed of all random numbers, instead of the experiment's
    #[arg(long, value_name = "S", value_parser = whole::<u32>)]
    seed: Option<u32>,
    /// Use the training images in file order in every epoch
    #[arg(long)]
    no_shuffle: bool,
    /// Start from these weights (safetensors)
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
    /// Resume from this checkpoint of the same experiment
    #[arg(long, value_name = "CHECKPOINT", conflicts_with = "weights")]
    resume: Option<PathBuf>,
    /// Write history.json, history.csv, weights.safetensors, checkpoint.safetensors, report.html and report.md here
    /// (and best.safetensors if the experiment has a model_checkpoint)
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Write a checkpoint at this interval as well as after each epoch that takes long enough; a crash loses at most this
    /// much training
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = whole::<u64>, requires = "out")]
    checkpoint_every: u64,
    /// Print one JSON object per line
    #[arg(long)]
    json: bool,
}

impl TrainArgs {
    fn spec(&self) -> Result<Experiment> {
        let mut spec = session::experiment(&self.experiment.experiment)?;
        spec.epochs = self.epochs.unwrap_or(spec.epochs);
        spec.seed = self.seed.unwrap_or(spec.seed);
        spec.dataset.limit = limit(spec.dataset.limit, self.train_limit, self.test_limit);
        spec.check()?;
        Ok(spec)
    }
}

/// The experiment's limits; the arguments take precedence.
pub fn limit(old: Option<Limit>, train: Option<usize>, test: Option<usize>) -> Option<Limit> {
    let before = old.unwrap_or_default();
    let limit = Limit { train: train.or(before.train), test: test.or(before.test) };
    (limit != Limit::default()).then_some(limit)
}

/// `convlab train`
///
/// # Errors
/// Of the experiment, the data and the files to start from; of the engine; [`Error::Diverged`] where the loss or a weight is
/// NaN or infinite; [`Error::Io`] where a file cannot be written.
pub async fn train(args: &TrainArgs) -> Result<()> {
    let spec = args.spec()?;
    let every = Duration::from_secs(args.checkpoint_every);
    let files = args.out.as_deref().map(|folder| RunFiles::open(folder, every)).transpose()?;
    let start = args.weights.as_deref().map(output::read_weights).transpose()?;
    let resumed = args.resume.as_deref().map(output::read_weights).transpose()?;
    let data = session::data(&spec, args.data.data.as_deref())?;
    let mut trainer = session::trainer(spec, data, args.engine.engine, !args.no_shuffle).await?;
    if let Some(bytes) = start {
        trainer.load_weights(&bytes).await.map_err(|error| in_file(error, args.weights.as_deref()))?;
    }
    if let Some(bytes) = resumed {
        trainer.resume(&bytes).await.map_err(|error| in_file(error, args.resume.as_deref()))?;
        if trainer.is_done() {
            return Err(complete(&trainer));
        }
        if args.no_shuffle && trainer.shuffles() {
            return Err(Error::Spec(
                "--no-shuffle: the run that is resumed shuffles its images, and goes on so; leave the option out, or start anew".into(),
            ));
        }
    }
    if let Some(files) = &files {
        files.reserve(&mut trainer).await?;
    }
    let mut run = Run { args, files, bar: Bar::new("{msg} {bar:30} {pos}/{len} steps, {eta} left"), done: None };
    run.begin(&trainer)?;
    run.go(&mut trainer).await
}

/// The error of a checkpoint whose run has nothing left to do.
fn complete(trainer: &Trainer) -> Error {
    let (done, asked) = (trainer.history().epochs.len(), trainer.spec().epochs);
    Error::Weights(match done < asked.count() {
        true => format!(
            "the checkpoint's run ended early, after {done} of {asked} epochs; to go on, set --epochs above {asked}. Received: {asked}"
        ),
        false => {
            format!("the checkpoint's run is complete; set a larger number of --epochs. Received: {done} epochs done")
        }
    })
}

/// Adds the file's path to an error.
pub fn in_file(error: Error, path: Option<&Path>) -> Error {
    match (error, path) {
        (Error::Weights(message), Some(path)) => Error::Weights(format!("{}: {message}", path.display())),
        (other, _) => other,
    }
}

/// A run with its output on the terminal.
struct Run<'a> {
    args: &'a TrainArgs,
    files: Option<RunFiles>,
    bar: Bar,
    done: Option<Done>,
}

impl Run<'_> {
    fn begin(&self, trainer: &Trainer) -> Result<()> {
        let (info, spec) = (trainer.info(), trainer.spec());
        if self.args.json {
            let mut start = json!({ "event": "start", "experiment": spec.name, "version": env!("CARGO_PKG_VERSION") });
            merge(&mut start, serde_json::to_value(info).unwrap_or_default());
            return output::json(&start);
        }
        output::line(&format!(
            "{}: {} images to train, {} to validate, {} to test; {} ({})",
            spec.name, info.train_samples, info.validation_samples, info.test_samples, info.device, info.reason
        ))
    }

    async fn go(&mut self, trainer: &mut Trainer) -> Result<()> {
        let ended = self.epochs(trainer).await;
        self.bar.finish();
        if let (Err(_), Some(files)) = (&ended, &mut self.files) {
            files.rescue(trainer);
        }
        ended?;
        self.finish(trainer).await
    }

    async fn epochs(&mut self, trainer: &mut Trainer) -> Result<()> {
        let budget = BUDGET_MS.min(self.args.checkpoint_every as f64 * 1e3);
        while !trainer.is_done() {
            let mut epoch_ended = false;
            for event in trainer.advance(budget).await? {
                self.tell(trainer, &event)?;
                epoch_ended |= matches!(event, Event::Epoch(_));
                if let Event::Done(done) = event {
                    self.done = Some(done);
                }
            }
            if let Some(files) = &mut self.files {
                files.keep(trainer, epoch_ended).await?;
            }
        }
        Ok(())
    }

    fn tell(&self, trainer: &Trainer, event: &Event) -> Result<()> {
        match event {
            Event::Step { step, epoch, total_steps, loss, accuracy, .. } => {
                self.bar.at(*step, *total_steps);
                self.bar.message(&format!("epoch {epoch}, loss {loss:.4}, accuracy {accuracy:.4}"));
                Ok(())
            }
            // The last line is printed after the files are written.
            Event::Done(_) => Ok(()),
            event if self.args.json => output::json(event),
            Event::Notice { message } | Event::Interrupted { message, .. } => {
                self.bar.suspend(|| output::note(&format!("note: {message}")));
                Ok(())
            }
            Event::Epoch(row) => {
                let value =
                    |name: &str, value: Option<f64>| value.map_or(String::new(), |v| format!("  {name} {v:.4}"));
                let line = format!(
                    "epoch {}/{}  loss {:.4}  accuracy {:.4}{}{}  {:.1} s",
                    row.epoch,
                    trainer.spec().epochs,
                    row.loss,
                    row.accuracy,
                    value("val_loss", row.val_loss),
                    value("val_accuracy", row.val_accuracy),
                    row.seconds
                );
                self.bar.suspend(|| output::line(&line))
            }
        }
    }

    async fn finish(&mut self, trainer: &mut Trainer) -> Result<()> {
        let Some(done) = self.done.clone() else { return Ok(()) };
        if let Some(files) = &mut self.files {
            files.finish(trainer, &done).await?;
        }
        if self.args.json {
            let scores = json!({ "classes": trainer.info().classes, "scores": class_scores(&done.confusion) });
            let mut line = serde_json::to_value(Event::Done(done)).unwrap_or_default();
            merge(&mut line, scores);
            return output::json(&line);
        }
        output::text(&closing(&done, &trainer.info().classes))?;
        match &self.files {
            Some(files) => output::line(&format!("Written to {}", files.folder().display())),
            None => Ok(()),
        }
    }
}

/// The test-time augmentation as text.
pub fn averaged(kind: Option<TestTimeAugmentation>) -> String {
    kind.map_or_else(String::new, |kind| format!(" (test-time augmentation: {})", kind.name()))
}

/// The test figures as text: each class's scores, and the confusion matrix if it has at most 20 classes.
pub fn closing(done: &Done, classes: &[String]) -> String {
    let mut text = format!(
        "test loss {:.4}, test accuracy {:.4}{}; trained {:.0} images per second, {:.1} s{}\n",
        done.test_loss,
        done.test_accuracy,
        averaged(done.test_time_augmentation),
        done.images_per_s,
        done.seconds,
        if done.stopped_early { ", stopped early" } else { "" }
    );
    text += &class_table(&done.confusion, classes);
    text
}

/// One line per class: precision, recall, F1, and its row of the confusion matrix.
pub fn class_table(confusion: &[Vec<u32>], classes: &[String]) -> String {
    let name = |i: usize| classes.get(i).map_or_else(|| i.to_string(), |class| plain(class).into_owned());
    let width = (0..confusion.len()).map(|i| name(i).chars().count()).max().unwrap_or(0).max(5);
    let small = confusion.len() <= 20;
    let mut text = format!("{:<width$}  precision  recall      f1", "class");
    text += if small { "  predicted as (columns in the same order)\n" } else { "\n" };
    for (i, scores) in class_scores(confusion).iter().enumerate() {
        text += &format!(
            "{:<width$}  {:>9}  {:>6}  {:>6}",
            name(i),
            share(scores.precision),
            share(scores.recall),
            share(scores.f1)
        );
        if small {
            confusion[i].iter().for_each(|count| text += &format!(" {count:>5}"));
        }
        text.push('\n');
    }
    text
}
