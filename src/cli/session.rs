//! Builds an experiment, its data and a trainer from the arguments.

use super::args::EngineName;
use super::output;
use crate::base::error::{Error, Result};
use crate::data::{Dataset, Loader, load_dir_into, synthetic};
use crate::experiment::presets;
use crate::experiment::{Experiment, LabelMode};
use crate::train::{Options, Trainer};
use indicatif::{ProgressBar, ProgressStyle};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The environment variable with the data folder if `--data` is absent.
const DATA_VARIABLE: &str = "CONVLAB_DATA";

/// A preset by its id, or a document by its path.
///
/// # Errors
/// [`Error::Spec`] if it is neither, or not a valid experiment; [`Error::Io`] if the file cannot be read.
pub fn experiment(name: &str) -> Result<Experiment> {
    let unknown = match presets::find(name) {
        Ok(preset) => return Ok(preset.experiment.clone()),
        Err(error) => error,
    };
    let path = Path::new(name);
    let is_path = path.extension().is_some_and(|extension| extension == "json") || path.components().count() > 1;
    if !is_path && !path.is_file() {
        return Err(unknown);
    }
    let bytes = output::read(path)?;
    let text = String::from_utf8(bytes).map_err(|_| Error::Spec(format!("{name} is not a text file")))?;
    Experiment::from_json(&text).map_err(|error| match error {
        Error::Spec(message) => Error::Spec(format!("{name}: {message}")),
        other => other,
    })
}

/// The experiment's data set, read from a folder or generated.
///
/// # Errors
/// [`Error::Data`] if it is missing or damaged; [`Error::Spec`] if the experiment cannot be trained.
pub fn data(spec: &Experiment, folder: Option<&Path>) -> Result<Arc<Dataset>> {
    presets::check_trainable(spec)?;
    let bar = bar("{msg} {bar:30} {percent} %").with_message(format!("Reading {}", spec.dataset.name));
    let mut progress = |done: usize, total: usize| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    };
    let name = spec.dataset.name.as_str();
    let data = if is_synthetic(name) {
        let limit = spec.dataset.limit.unwrap_or_default();
        let (train, test) = (limit.train.unwrap_or(synthetic::TRAIN), limit.test.unwrap_or(synthetic::TEST));
        synthetic::generate(name, 0, train, test, &mut progress)
    } else {
        let mut loader = Loader::new(name)?;
        loader.coarse_labels(spec.dataset.label_mode == Some(LabelMode::Coarse))?;
        load_dir_into(loader, &data_folder(name, folder)?, &mut progress)
    };
    bar.finish_and_clear();
    data.map(Arc::new)
}

fn is_synthetic(name: &str) -> bool {
    name.starts_with("synthetic_")
}

fn data_folder(name: &str, folder: Option<&Path>) -> Result<PathBuf> {
    let folder = folder.map(Path::to_path_buf).or_else(|| std::env::var_os(DATA_VARIABLE).map(PathBuf::from));
    folder.ok_or_else(|| {
        Error::Data(format!(
            "{name} is read from files: give their folder with --data DIR (or in {DATA_VARIABLE}). The data sets \
             synthetic_digits and synthetic_objects need none"
        ))
    })
}

/// Starts a trainer and prints its notice, if any, on standard error.
///
/// # Errors
/// As [`Trainer::new`].
pub async fn trainer(spec: Experiment, data: Arc<Dataset>, engine: EngineName, shuffle: bool) -> Result<Trainer> {
    let trainer = Trainer::new(spec, data, Options { engine: engine.into(), shuffle }).await?;
    if let Some(notice) = &trainer.info().notice {
        output::note(&format!("note: {notice}"));
    }
    Ok(trainer)
}

/// A progress bar on standard error; hidden if that is not a terminal.
pub fn bar(template: &str) -> ProgressBar {
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(1).with_style(style)
}
