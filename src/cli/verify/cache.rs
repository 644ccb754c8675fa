//! Verdicts of an earlier run, kept beside the table, so that a run that was interrupted goes on and an unchanged class is not
//! replayed again.

use crate::base::error::{Error, Result};
use crate::submission::verdict::{Judgement, Verdict};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Verdicts by the checksums of the file, of the assignment and of the images.
#[derive(Debug, Default)]
pub struct Cache {
    known: HashMap<String, Judgement>,
    file: Option<(PathBuf, File)>,
}

#[derive(Serialize, Deserialize)]
struct Line {
    key: String,
    #[serde(flatten)]
    judgement: Judgement,
}

impl Cache {
    /// Opens a cache. A file that lies among the submissions is not used: one of them could have brought it.
    ///
    /// # Errors
    /// [`Error::Io`] if it cannot be written.
    pub fn open(path: &Path, submissions: &[PathBuf]) -> Result<Self> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = folder.canonicalize().map_err(|error| Error::io(folder, &error))?;
        let is_among = |path: &PathBuf| path.canonicalize().is_ok_and(|path| path.is_dir() && folder.starts_with(path));
        if submissions.iter().any(is_among) {
            return Ok(Self::default());
        }
        // A line that was cut off is not read.
        let text = fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
        let lines = text.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok());
        let known = lines.map(|line| (line.key, line.judgement)).collect();
        let failed = |error: std::io::Error| Error::io(path, &error);
        let mut file = File::options().create(true).append(true).open(path).map_err(failed)?;
        if !text.is_empty() && !text.ends_with('\n') {
            file.write_all(b"\n").map_err(failed)?;
        }
        Ok(Self { known, file: Some((path.to_path_buf(), file)) })
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
        let Some((path, file)) = self.file.as_mut().filter(|_| judgement.verdict != Verdict::Unreadable) else {
            return Ok(());
        };
        let line = Line { key: key.to_string(), judgement: judgement.clone() };
        let line = serde_json::to_string(&line).unwrap_or_default() + "\n";
        file.write_all(line.as_bytes()).map_err(|error| Error::io(path, &error))
    }
}
