//! A submission: what is needed to repeat a run, and all figures that it measured. [`compare`] checks it against a
//! replay.

// What the engine's module does not need: it only makes submissions.
#[cfg(any(feature = "cli", feature = "tools"))]
pub mod assigned;
#[cfg(any(feature = "cli", feature = "tools"))]
pub mod assignment;
#[cfg(any(feature = "cli", feature = "tools"))]
pub mod canonical;
#[cfg(any(feature = "cli", feature = "tools"))]
pub mod check;
#[cfg(any(feature = "cli", feature = "tools"))]
mod claims;
#[cfg(any(feature = "cli", feature = "tools"))]
pub mod class;
#[cfg(any(feature = "cli", feature = "tools"))]
pub mod compare;
#[cfg(any(feature = "cli", feature = "tools"))]
mod duplicates;
#[cfg(any(feature = "cli", feature = "tools"))]
pub mod expected;
#[cfg(any(feature = "cli", feature = "tools"))]
pub mod handed;
#[cfg(any(feature = "cli", feature = "tools"))]
pub mod known;
#[cfg(any(feature = "cli", feature = "tools"))]
mod moment;
#[cfg(any(feature = "cli", feature = "tools"))]
pub mod overview;
#[cfg(any(feature = "cli", feature = "tools"))]
mod read;
#[cfg(any(feature = "cli", feature = "tools"))]
pub mod rubric;
#[cfg(any(feature = "cli", feature = "tools"))]
pub mod seed;
#[cfg(any(feature = "cli", feature = "tools"))]
pub mod verdict;
#[cfg(any(feature = "cli", feature = "tools"))]
pub mod word;
#[cfg(any(feature = "cli", feature = "tools"))]
mod work;

use crate::base::document;
use crate::base::error::{Error, Result};
use crate::data::{Dataset, Images};
use crate::experiment::{Experiment, Limit};
use crate::report::now;
use crate::results::history::History;
use crate::train::{Done, Trainer};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use ts_rs::TS;

/// The value of `format` in every submission.
const FORMAT: &str = "convlab submission 1";

/// The images that a run used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UsedData {
    /// The data set's name in experiments.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Number of training images, including those for validation.
    pub train: usize,
    /// Number of test images.
    pub test: usize,
    /// SHA-256 of their shapes, pixels and labels, in hexadecimal.
    pub sha256: String,
}

/// A complete run with its figures.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct Submission {
    /// The kind of file: `convlab submission 1`.
    pub format: String,
    /// Version of Convlab.
    pub version: String,
    /// The student's name, as entered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub student: Option<String>,
    /// The test accuracy that the student guessed before the run, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub guess: Option<f64>,
    /// The student's answers, by the questions' ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(type = "Record<string, string | number | boolean>", optional)]
    pub answers: Option<Value>,
    /// The date, such as `2026-11-20 23:10 UTC`.
    pub date: String,
    /// The experiment, including the seed.
    #[ts(type = "Experiment")]
    pub experiment: Value,
    /// The data.
    pub data: UsedData,
    /// The history: the figures of each epoch, and the engine, device and build.
    pub history: History,
    /// The figures on the test set.
    pub test: Done,
    /// SHA-256 of the final weights' file, in hexadecimal.
    pub weights_sha256: String,
    /// A report in Markdown for the reader. `verify` does not check it.
    #[serde(default)]
    pub report: String,
}

impl Submission {
    /// The submission of a complete run.
    ///
    /// # Errors
    /// [`Error::Submission`] if the run is not complete; [`Error::Engine`] if the device fails; [`Error::Diverged`] if
    /// a weight is NaN or infinite.
    pub async fn new(trainer: &mut Trainer, done: Done) -> Result<Self> {
        if !trainer.is_done() {
            return Err(Error::Submission("the run is not complete; train to the last epoch first".into()));
        }
        let weights_sha256 = hex(Sha256::digest(trainer.weights().await?));
        Ok(Self {
            format: FORMAT.into(),
            version: env!("CARGO_PKG_VERSION").into(),
            student: None,
            guess: None,
            answers: None,
            date: now(),
            experiment: document::write(trainer.spec()),
            data: used(trainer),
            history: trainer.history().clone(),
            test: done,
            weights_sha256,
            report: String::new(),
        })
    }

    /// The experiment, checked.
    ///
    /// # Errors
    /// [`Error::Spec`] if it is not valid.
    pub fn spec(&self) -> Result<Experiment> {
        Experiment::from_value(self.experiment.clone())
    }
}

fn used(trainer: &Trainer) -> UsedData {
    UsedData::of(trainer.data(), trainer.spec().dataset.limit.unwrap_or_default())
}

impl UsedData {
    /// Describes the images that an experiment uses of a data set whose classes are merged already.
    pub fn of(data: &Dataset, limit: Limit) -> Self {
        let count = |images: &Images, limit: Option<usize>| limit.unwrap_or(images.len()).min(images.len());
        let (train, test) = (count(&data.train, limit.train), count(&data.test, limit.test));
        let mut hash = Sha256::new();
        for (images, count) in [(&data.train, train), (&data.test, test)] {
            let sizes = [count, images.height, images.width, images.channels];
            sizes.iter().for_each(|&size| hash.update((size as u64).to_le_bytes()));
            hash.update(&images.pixels[..count * images.image_len()]);
            hash.update(&images.labels[..count]);
        }
        Self { name: data.name.clone(), title: data.title.clone(), train, test, sha256: hex(hash.finalize()) }
    }
}

pub(crate) fn hex(digest: impl AsRef<[u8]>) -> String {
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
