//! Builds an experiment, its data and a trainer from the arguments.

use super::args::EngineName;
use super::bar::Bar;
use super::output;
use crate::base::error::{Error, Result};
use crate::data::{
    Dataset, LeftOut, Loader, TableOptions, is_synthetic, load_dir_into, load_images, load_parquet, others_in,
    synthetic,
};
use crate::experiment::presets;
use crate::experiment::{Experiment, LabelMode};
use crate::train::{Options, Trainer};
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The environment variable with the data folder if `--data` is absent.
const DATA_VARIABLE: &str = "CONVLAB_DATA";

/// A preset by its id, or a document by its path.
///
/// # Errors
/// [`Error::Spec`] if it is neither, or not a valid experiment; [`Error::Io`] if the file cannot be read.
pub fn experiment(name: &str) -> Result<Experiment> {
    if let Ok(preset) = presets::find(name) {
        return Ok(preset.experiment.clone());
    }
    let text = document(name)?;
    Experiment::from_json(&text).map_err(in_document(name))
}

/// Adds the name of a document to an error in it.
pub fn in_document(name: impl Display) -> impl FnOnce(Error) -> Error {
    move |error| match error {
        Error::Spec(message) => Error::Spec(format!("{name}: {message}")),
        other => other,
    }
}

/// The text of a document by its path.
///
/// # Errors
/// [`Error::Spec`] if the name is neither a path nor a preset's id, or the file is not text; [`Error::Io`] if it cannot be read.
pub fn document(name: &str) -> Result<String> {
    let path = Path::new(name);
    let is_path = path.extension().is_some_and(|extension| extension == "json") || path.components().count() > 1;
    if !is_path && !path.is_file() {
        presets::find(name)?;
    }
    output::read_text(path)
}

/// The experiment's data set, read from a folder or generated.
///
/// # Errors
/// [`Error::Data`] if it is missing or damaged; [`Error::Spec`] if the experiment cannot be trained.
pub fn data(spec: &Experiment, folder: Option<&Path>) -> Result<Arc<Dataset>> {
    presets::check_trainable(spec)?;
    let bar = Bar::new("{msg} {bar:30} {percent} %");
    bar.message(&format!("Reading {}", spec.dataset.name));
    let mut progress = |done: usize, total: usize| bar.at(done, total);
    let full_name = spec.dataset.full_name();
    let name = full_name.as_str();
    let data = if is_synthetic(name) {
        let limit = spec.dataset.limit.unwrap_or_default();
        let (train, test) = (limit.train.unwrap_or(synthetic::TRAIN), limit.test.unwrap_or(synthetic::TEST));
        synthetic::generate(name, 0, train, test, &mut progress)
    } else if name == "images" {
        let options = spec.dataset.image_options(spec.input_shape, spec.seed);
        load_images(&data_folder(name, folder)?, options, &mut progress).map(|(data, left_out)| {
            bar.suspend(|| tell_left_out(&left_out));
            data
        })
    } else if name == "parquet" {
        let options = TableOptions {
            images: spec.dataset.image_options(spec.input_shape, spec.seed),
            image_column: spec.dataset.image_column.clone(),
            label_column: spec.dataset.label_column.clone(),
        };
        load_parquet(&data_folder(name, folder)?, options, &mut progress).map(|(data, left_out)| {
            bar.suspend(|| tell_left_out(&left_out));
            data
        })
    } else {
        let mut loader = Loader::new(name)?;
        loader.coarse_labels(spec.dataset.label_mode == Some(LabelMode::Coarse))?;
        let folder = data_folder(name, folder)?;
        load_dir_into(loader, &folder, &mut progress).map_err(|error| with_fitting(error, name, &folder))
    };
    bar.finish();
    data.map(Arc::new)
}

/// The most files that are listed.
const LISTED: usize = 20;

/// Lists the files that could not be used.
fn tell_left_out(files: &[LeftOut]) {
    for LeftOut { path, reason } in files.iter().take(LISTED) {
        output::note(&format!("note: left out {path}: {reason}"));
    }
    if files.len() > LISTED {
        output::note(&format!("note: left out {} more files", files.len() - LISTED));
    }
}

/// Adds which experiments fit the folder's data, if it is that of another experiment. Where there is too much of the set itself, others in
/// the same format would fit as well, so nothing is added.
fn with_fitting(error: Error, name: &str, folder: &Path) -> Error {
    let Error::Data(message) = &error else { return error };
    let fitting = |set: &str| {
        let presets = presets::list().iter().filter(|preset| preset.experiment.dataset.name == set);
        let ids: Vec<&str> = presets.map(|preset| preset.id.as_str()).collect();
        match ids.is_empty() {
            true => match set.split_once('/') {
                None => format!("{set} (an experiment with \"dataset\": {{\"name\": \"{set}\"}})"),
                Some((name, split)) => {
                    format!("{set} (an experiment with \"dataset\": {{\"name\": \"{name}\", \"split\": \"{split}\"}})")
                }
            },
            false => format!("{set} (experiments {})", ids.join(", ")),
        }
    };
    let sets: Vec<String> = others_in(name, folder).into_iter().map(fitting).collect();
    if sets.is_empty() {
        return error;
    }
    Error::Data(format!("this experiment needs {name}, but {} holds {}. {message}", folder.display(), sets.join(", ")))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_experiment_is_named_only_where_the_set_is_another() {
        let folder = std::env::temp_dir().join(format!("convlab-fitting-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let idx = |shape: &[u8], values: usize| {
            let header = [0, 0, 8, shape.len() as u8].into_iter();
            header.chain(shape.iter().flat_map(|&n| [0, 0, 0, n])).chain(vec![1; values]).collect::<Vec<u8>>()
        };
        for split in ["train", "t10k"] {
            std::fs::write(folder.join(format!("{split}-images-idx3-ubyte")), idx(&[2, 28, 28], 1568)).unwrap();
            std::fs::write(folder.join(format!("{split}-labels-idx1-ubyte")), idx(&[2], 2)).unwrap();
        }
        let told = |error: Error| with_fitting(error, "cifar10", &folder).to_string();
        let other = told(Error::Data("no files of CIFAR-10".into()));
        assert!(other.contains("holds mnist"), "{other}");
        let several = Error::SeveralSets("2 different sets fit MNIST".into());
        assert_eq!(told(several), "data: 2 different sets fit MNIST");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
