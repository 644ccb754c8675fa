//! Verdicts of an earlier run, kept beside the table, so that a run that was interrupted goes on and an unchanged class is not
//! replayed again.

use super::targets;
use crate::base::error::{Error, Result};
use crate::cli::output;
use crate::submission::known::Known;
use crate::submission::verdict::Judgement;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Verdicts by the checksums of the file, of the assignment and of the images.
#[derive(Debug, Default)]
pub struct Cache {
    known: Known,
    file: Option<(PathBuf, File)>,
}

impl Cache {
    /// Opens a cache. One in a folder of the given submissions, or in one below, is not used: a submission could have brought it.
    ///
    /// # Errors
    /// [`Error::Io`] if it cannot be written, is not a regular file or is too large.
    pub fn open(path: &Path, submissions: &[PathBuf]) -> Result<Self> {
        let folder = targets::folder(path).map_err(|error| Error::io(path, &error))?;
        let is_among = |given: &PathBuf| match given.canonicalize() {
            Ok(given) if given.is_dir() => folder.starts_with(given),
            // A link and the file that it leads to may lie in different folders.
            Ok(file) => file.parent() == Some(&folder) || targets::folder(given).is_ok_and(|given| given == folder),
            Err(_) => false,
        };
        if submissions.iter().any(is_among) {
            return Ok(Self::default());
        }
        let known = if path.exists() { output::read(path)? } else { Vec::new() };
        let text = String::from_utf8_lossy(&known);
        let failed = |error: std::io::Error| Error::io(path, &error);
        let mut file = File::options().create(true).append(true).open(path).map_err(failed)?;
        if !text.is_empty() && !text.ends_with('\n') {
            file.write_all(b"\n").map_err(failed)?;
        }
        Ok(Self { known: Known::read(&text), file: Some((path.to_path_buf(), file)) })
    }

    /// The verdict of an equal file.
    pub fn get(&self, key: &str) -> Option<&Judgement> {
        self.known.get(key)
    }

    /// Keeps a verdict, unless it follows from this machine.
    ///
    /// # Errors
    /// [`Error::Io`] if it cannot be written.
    pub fn put(&mut self, key: &str, judgement: &Judgement) -> Result<()> {
        let (Some((path, file)), Some(line)) = (&mut self.file, self.known.add(key, judgement)) else { return Ok(()) };
        file.write_all(line.as_bytes()).map_err(|error| Error::io(path, &error))
    }
}
