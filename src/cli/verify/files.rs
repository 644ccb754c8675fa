//! The files that were handed in: single ones, those of folders, and those in zip archives.

use super::targets::is_output;
use crate::base::error::Error;
use crate::base::file;
use crate::data::members::is_zip;
use crate::submission::handed::{HIDDEN, MOST_ARCHIVE_BYTES, MOST_BYTES, Pile, is_hidden, is_of_the_system};
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
        if path.is_dir() { collector.folder(path, 0) } else { collector.path(path, Pile::add) }
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
        let is_link = |path: &PathBuf| path.symlink_metadata().is_ok_and(|file| file.is_symlink());
        // Links come last, so that a file has its entry under its own name.
        paths.sort_by_cached_key(|path| (is_link(path), path.clone()));
        for path in paths {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            // Other hidden files and folders are those of programs: `.git`, say.
            let is_lost = is_hidden(&name) && !is_handed_in(&path);
            if is_of_the_system(&name) || is_lost {
                continue;
            }
            match path.is_dir() {
                true if is_link(&path) => self.bad(&path, "links to folders are not followed; give the folder itself"),
                _ if is_hidden(&name) => self.bad(&path, HIDDEN),
                true if depth == DEEPEST => self.bad(&path, "the folders are too deep inside each other"),
                true => self.folder(&path, depth + 1),
                false if self.found.is_full() => return,
                false => self.path(&path, Pile::add_of_folder),
            }
        }
    }

    fn path(&mut self, path: &Path, add: fn(&mut Pile, &str, Option<i64>, &[u8])) {
        if path.canonicalize().is_ok_and(|path| !self.done.insert(path)) {
            return;
        }
        match read(path) {
            Err(reason) => self.bad(path, &reason),
            // No table or page is named as a submission is.
            Ok((bytes, _)) if is_output(path, &bytes) && !is_handed_in(path) => {}
            Ok((bytes, modified)) => add(&mut self.found, &path.display().to_string(), modified, &bytes),
        }
    }

    fn bad(&mut self, path: &Path, reason: &str) {
        self.found.refuse(&path.display().to_string(), reason);
    }
}

/// Whether a file has the name of a submission or of an archive.
fn is_handed_in(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ["json", "zip"].iter().any(|known| ending.eq_ignore_ascii_case(known)))
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
