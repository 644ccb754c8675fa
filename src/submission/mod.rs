//! A run to hand in: everything that is needed to run it again, and everything that it measured. [`compare`] says
//! whether a second run bears the first one out.

pub mod compare;

use crate::base::document;
use crate::base::error::{Error, Result};
use crate::data::Images;
use crate::experiment::Experiment;
use crate::report::now;
use crate::results::history::History;
use crate::train::{Done, Trainer};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use ts_rs::TS;

/// What every such file begins with.
const FORMAT: &str = "convlab submission 1";

/// The pictures that a run used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UsedData {
    /// The data set's name in experiments.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// Training pictures used, those for validation among them.
    pub train: usize,
    /// Test pictures used.
    pub test: usize,
    /// Over their sizes, pixels and labels.
    pub sha256: String,
}

/// A finished run.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct Submission {
    /// Which kind of file this is.
    pub format: String,
    /// Of Convlab.
    pub version: String,
    /// Who hands it in, as they say themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub student: Option<String>,
    /// The test accuracy that they guessed before the run.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub guess: Option<f64>,
    /// `2026-11-20 23:10 UTC`
    pub date: String,
    /// What was run; the seed is in it.
    #[ts(type = "Experiment")]
    pub experiment: Value,
    /// On what.
    pub data: UsedData,
    /// What was measured, and on what engine, device and build.
    pub history: History,
    /// On the test set.
    pub test: Done,
    /// Of the final parameters.
    pub weights_sha256: String,
    /// To read, in Markdown, written by whoever makes the file; a replay takes its figures from the fields above.
    #[serde(default)]
    pub report: String,
}

impl Submission {
    /// A run that has come to its end.
    ///
    /// # Errors
    /// [`Error::Engine`] where the device fails; [`Error::Submission`] before the end.
    pub async fn new(trainer: &mut Trainer, done: Done) -> Result<Self> {
        if !trainer.is_done() {
            return Err(Error::Submission("the run has not come to its end; train to the last epoch first".into()));
        }
        let weights_sha256 = hex(Sha256::digest(trainer.weights().await?));
        Ok(Self {
            format: FORMAT.into(),
            version: env!("CARGO_PKG_VERSION").into(),
            student: None,
            guess: None,
            date: now(),
            experiment: document::write(trainer.spec()),
            data: used(trainer),
            history: trainer.history().clone(),
            test: done,
            weights_sha256,
            report: String::new(),
        })
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`Error::Submission`] where it is none.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let none = |why: String| Error::Submission(format!("this is no submission file of Convlab ({why})"));
        let submission: Self = serde_json::from_slice(bytes).map_err(|error| none(error.to_string()))?;
        if submission.format != FORMAT {
            return Err(none(format!("its format must be \"{FORMAT}\". Received: \"{}\"", submission.format)));
        }
        Ok(submission)
    }

    /// The experiment, checked.
    ///
    /// # Errors
    /// [`Error::Spec`] where it is not a valid one.
    pub fn spec(&self) -> Result<Experiment> {
        Experiment::from_value(self.experiment.clone())
    }
}

fn used(trainer: &Trainer) -> UsedData {
    let (data, limit) = (trainer.data(), trainer.spec().dataset.limit.unwrap_or_default());
    let count = |images: &Images, limit: Option<usize>| limit.unwrap_or(images.len()).min(images.len());
    let (train, test) = (count(&data.train, limit.train), count(&data.test, limit.test));
    let mut hash = Sha256::new();
    for (images, count) in [(&data.train, train), (&data.test, test)] {
        let sizes = [count, images.height, images.width, images.channels];
        sizes.iter().for_each(|&size| hash.update((size as u64).to_le_bytes()));
        hash.update(&images.pixels[..count * images.picture_len()]);
        hash.update(&images.labels[..count]);
    }
    UsedData { name: data.name.clone(), title: data.title.clone(), train, test, sha256: hex(hash.finalize()) }
}

fn hex(digest: impl AsRef<[u8]>) -> String {
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
