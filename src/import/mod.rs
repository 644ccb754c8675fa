//! Bring in a network that was made elsewhere: a file of another program becomes an experiment and, where the file has them,
//! weights. One module for each kind of file; [`read`] chooses by the file's name.
//!
//! A file is not refused at its first foreign part: everything that has no counterpart here is listed, each with its place in
//! the file, and the experiment holds the rest.

mod code;
mod document;
mod imported;
mod keras;
mod network;
mod onnx;
mod pytorch;

use crate::base::error::{Error, Result};
use crate::experiment::Experiment;
pub use imported::{Imported, ImportedHead, MAX_BYTES, Matched, Unsupported};

/// Reads a file by its name's ending. `basis` is the experiment of a file that has weights only; of it come also those parts
/// that other files may leave open, such as the data set.
///
/// # Errors
/// [`Error::Import`] if the file cannot be read as what its name says: nothing of it can be taken. What can be taken in part is
/// no error (see [`Imported::unsupported`]).
pub fn read(name: &str, bytes: &[u8], basis: Option<&Experiment>) -> Result<Imported> {
    let within = |error: Error| match error {
        Error::Import(message) | Error::Spec(message) => Error::Import(format!("{name}: {message}")),
        other => other,
    };
    let read = match ending(name).as_str() {
        "json" => json(bytes, basis),
        "py" => code::script(name, bytes, basis),
        "ipynb" => code::notebook(name, bytes, basis),
        "keras" => keras::archive(bytes, basis),
        "h5" | "hdf5" => keras::hdf5(bytes, basis),
        "onnx" => onnx::read(bytes),
        "safetensors" => safetensors(bytes, basis),
        other => {
            let (known, received) = (KNOWN.join(", "), if other.is_empty() { name } else { other });
            return Err(Error::Import(format!(
                "{name}: this kind of file cannot be imported. Known: {known}. Received: {received}"
            )));
        }
    };
    read.map_err(within)
}

/// The endings of the files that are read.
const KNOWN: [&str; 8] = [".json", ".py", ".ipynb", ".keras", ".h5", ".hdf5", ".onnx", ".safetensors"];

/// An experiment document, or a model of Keras's.
fn json(bytes: &[u8], basis: Option<&Experiment>) -> Result<Imported> {
    match serde_json::from_str(&imported::text(bytes)?) {
        Ok(model) if keras::is_model(&model) => keras::json(&model, basis),
        _ => document::read(bytes, basis),
    }
}

/// Convlab's own weights, or a `state_dict` of PyTorch's.
fn safetensors(bytes: &[u8], basis: Option<&Experiment>) -> Result<Imported> {
    match basis {
        Some(basis) if pytorch::is_ours(bytes, basis) => {
            let weights = Some(bytes.to_vec());
            Ok(Imported { experiment: basis.clone(), weights, unsupported: Vec::new(), matched: Vec::new() })
        }
        _ => pytorch::read(bytes, basis),
    }
}

/// What follows the last dot of a file's name, in lower case.
fn ending(name: &str) -> String {
    name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_kinds_of_files_are_refused_by_name() {
        for name in ["model.zip", "model", ".json.", "a.jsonl"] {
            let error = read(name, b"{}", None).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains("Known: "), "{error}");
        }
    }
}
