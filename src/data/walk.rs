//! The files below a folder.

use crate::base::error::{Error, Result};
use std::path::{Path, PathBuf};

/// The maximum depth of a search: `datasets/cifar-10-batches-py-target/cifar-10-batches-py/data_batch_1`, plus two.
pub(super) const MAX_DEPTH: usize = 5;
/// The most entries that are read, so that a home folder given by mistake soon ends in an error.
pub(super) const MAX_ENTRIES: usize = 50_000;

/// The files below a folder that end in `.extension`, in the order of their paths.
///
/// # Errors
/// [`Error::Io`] if the folder cannot be read; [`Error::Data`] if it holds too many files.
#[cfg(any(feature = "cli", feature = "files"))]
pub(super) fn files_with_extension(dir: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![(dir.to_path_buf(), 0)];
    let mut entries = 0;
    while let Some((folder, depth)) = folders.pop() {
        let listing = std::fs::read_dir(&folder).map_err(|error| Error::io(&folder, &error))?;
        for path in listing.flatten().map(|entry| entry.path()) {
            entries += 1;
            if entries > MAX_ENTRIES {
                return Err(Error::Data(format!(
                    "{} and the folders in it hold more than {MAX_ENTRIES} files; give the folder that contains the data",
                    dir.display()
                )));
            }
            if path.is_dir() && depth < MAX_DEPTH {
                folders.push((path, depth + 1));
            } else if path.extension().is_some_and(|end| end.eq_ignore_ascii_case(extension)) {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
