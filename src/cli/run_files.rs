//! The files of a run: history, best weights and checkpoint while it goes on; weights and reports at its end.

use super::lock::FolderLock;
use super::output;
use crate::base::error::Result;
use crate::report::Report;
use crate::train::{Done, Trainer};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Files are written after an epoch if the last ones took at most one part in this many of the time since then.
const SHARE: u32 = 20;

/// Bytes of history and reports, generously for most runs.
const TEXTS: u64 = 1 << 20;

/// The folder to which a run writes.
pub struct RunFiles {
    folder: PathBuf,
    /// No other process writes there meanwhile.
    _lock: FolderLock,
    /// The interval of checkpoints between the ends of epochs.
    every: Duration,
    /// When files were last written, and how long that took.
    kept: Instant,
    took: Duration,
    /// Whether an epoch has ended since.
    has_news: bool,
}

impl RunFiles {
    /// Creates and locks the folder.
    ///
    /// # Errors
    /// As [`output::folder`].
    pub fn open(folder: &Path, every: Duration) -> Result<Self> {
        let lock = output::folder(folder)?;
        let (folder, kept, took) = (folder.to_path_buf(), Instant::now(), Duration::ZERO);
        Ok(Self { folder, _lock: lock, every, kept, took, has_news: false })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Checks that there is room for all files of the run, before it starts.
    ///
    /// # Errors
    /// As [`output::reserve`] and [`Trainer::checkpoint`].
    pub async fn reserve(&self, trainer: &mut Trainer) -> Result<()> {
        let (checkpoint, weights) = (trainer.checkpoint().await?.len() as u64, trainer.weights().await?.len() as u64);
        let spec = trainer.spec();
        // Copies of the weights that the first checkpoint may not hold yet.
        let restores = spec.early_stopping.as_ref().is_some_and(|stopping| stopping.restore_best_weights);
        let best = if spec.model_checkpoint.is_some() { weights } else { 0 };
        let checkpoint = checkpoint + best + if restores { weights } else { 0 };
        let files = [
            ("checkpoint.safetensors", checkpoint),
            ("weights.safetensors", weights),
            ("best.safetensors", best),
            ("history.json", TEXTS),
        ];
        output::reserve(&self.folder, &files)
    }

    /// Writes the files that are due: after an epoch all of them, unless epochs take hardly longer than writing; else, at the
    /// interval, a checkpoint.
    ///
    /// # Errors
    /// Of the device, and [`Error::Io`](crate::Error::Io) if a file cannot be written.
    pub async fn keep(&mut self, trainer: &mut Trainer, epoch_ended: bool) -> Result<()> {
        self.has_news |= epoch_ended;
        let since = self.kept.elapsed();
        let is_due = since >= self.every || (self.has_news && since >= self.took * SHARE);
        // The last checkpoint, which marks the run as complete, is written after the results.
        if !is_due || trainer.is_done() {
            return Ok(());
        }
        let start = Instant::now();
        if self.has_news {
            self.write_epochs(trainer, None)?;
        }
        output::file(&self.folder, "checkpoint.safetensors", &trainer.checkpoint().await?)?;
        (self.kept, self.took) = (Instant::now(), start.elapsed());
        Ok(())
    }

    /// Writes what the epochs since the last files left, when the run ends with an error: that of the run is reported, so another
    /// one here is not.
    pub fn rescue(&mut self, trainer: &Trainer) {
        if self.has_news {
            let _ = self.write_epochs(trainer, None);
        }
    }

    /// The history and the best epoch's weights, which do not depend on the device.
    fn write_epochs(&mut self, trainer: &Trainer, done: Option<&Done>) -> Result<()> {
        if let Some(best) = trainer.best_weights()? {
            output::file(&self.folder, "best.safetensors", &best)?;
        }
        let mut history = serde_json::to_value(trainer.history()).unwrap_or_default();
        let info = trainer.info();
        let record = json!({
            "experiment": trainer.spec(), "version": env!("CARGO_PKG_VERSION"), "classes": info.classes,
            "train_samples": info.train_samples, "validation_samples": info.validation_samples,
            "test_samples": info.test_samples, "test": done,
        });
        merge(&mut history, record);
        output::file(&self.folder, "history.json", output::to_json(&history)?.as_bytes())?;
        output::file(&self.folder, "history.csv", trainer.history().to_csv().as_bytes())?;
        self.has_news = false;
        Ok(())
    }

    /// Writes the results of a complete run, and its last checkpoint.
    ///
    /// # Errors
    /// As [`Self::keep`].
    pub async fn finish(&mut self, trainer: &mut Trainer, done: &Done) -> Result<()> {
        output::file(&self.folder, "weights.safetensors", &trainer.weights().await?)?;
        self.write_epochs(trainer, Some(done))?;
        let report = Report::new(trainer, done.clone()).await?;
        output::file(&self.folder, "report.html", report.html().as_bytes())?;
        output::file(&self.folder, "report.md", report.markdown().as_bytes())?;
        output::file(&self.folder, "checkpoint.safetensors", &trainer.checkpoint().await?)
    }
}

/// Adds an object's fields to another.
pub fn merge(object: &mut Value, other: Value) {
    if let (Value::Object(object), Value::Object(other)) = (object, other) {
        object.extend(other);
    }
}
