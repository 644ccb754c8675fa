//! The files that were handed in: single ones, those of folders, and those in zip archives.

use super::targets::is_output;
use crate::base::error::Error;
use crate::base::file;
use crate::data::members::is_zip;
use crate::submission::handed::{MOST_ARCHIVE_BYTES, MOST_BYTES, Pile, is_hidden, is_of_the_system};
use std::collections::HashSet;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// The most folders inside each other.
const DEEPEST: usize = 8;

/// Reads all files of `paths` except `own` and what earlier checks wrote. Each gets one entry, also those that cannot be read.
pub fn collect(paths: &[PathBuf], own: &[PathBuf]) -> Pile {
    let done = own.iter().filter_map(|path| path.canonicalize().ok()).collect();
    let mut collector = Collector { done, found: Pile::default() };
    for path in paths {
        if path.is_dir() { collector.folder(path, 0) } else { collector.path(path) }
    }
    collector.found
}

struct Collector {
    /// Files that are not read, or not again.
    done: HashSet<PathBuf>,
    found: Pile,
}

impl Collector {
    fn folder(&mut self, folder: &Path, depth: usize) {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => return self.bad(folder, &format!("the folder cannot be read ({error})")),
        };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if is_of_the_system(&name) || is_hidden(&name) {
                continue;
            }
            // A link to a folder may lead in a circle.
            let is_link = path.symlink_metadata().is_ok_and(|file| file.is_symlink());
            match path.is_dir() {
                true if is_link => {}
                true if depth == DEEPEST => self.bad(&path, "the folders are too deep inside each other"),
                true => self.folder(&path, depth + 1),
                false if self.found.is_full() => return,
                false => self.path(&path),
            }
        }
    }

    fn path(&mut self, path: &Path) {
        if path.canonicalize().is_ok_and(|path| !self.done.insert(path)) {
            return;
        }
        match read(path) {
            Err(reason) => self.bad(path, &reason),
            Ok((bytes, _)) if is_output(path, &bytes) => {}
            Ok((bytes, modified)) => self.found.add(&path.display().to_string(), modified, &bytes),
        }
    }

    fn bad(&mut self, path: &Path, reason: &str) {
        self.found.refuse(&path.display().to_string(), reason);
    }
}

/// The contents of a regular file, of a bounded size, and when it was last written.
fn read(path: &Path) -> Result<(Vec<u8>, Option<i64>), String> {
    let reason = |error: Error| match error {
        Error::Io { message, .. } => message,
        other => other.to_string(),
    };
    let start = file::start(path, 4).map_err(reason)?;
    let most = if is_zip(&start) { MOST_ARCHIVE_BYTES } else { MOST_BYTES };
    let bytes = file::read(path, most).map_err(reason)?;
    Ok((bytes, fs::metadata(path).ok().and_then(|metadata| modified(&metadata))))
}

fn modified(metadata: &Metadata) -> Option<i64> {
    let since = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_secs()).ok()
}
