//! The lock on an output folder: one process writes to it at a time.
//!
//! The operating system holds the lock with the open file and releases it when the process ends, also by a kill, a crash or a power
//! failure. So a lock file without a process is only a file: the next process takes it over, whatever process number it names.

use crate::base::error::{Error, Result};
use crate::report::now;
use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// The file that is locked; its text says by whom and since when.
pub(super) const FILE: &str = ".convlab.lock";

/// The text is read up to this length: any program may have written to the file.
const LONGEST: u64 = 200;

/// A lock on a folder, until it is dropped.
#[derive(Debug)]
#[must_use = "the folder is locked only as long as this value lives"]
pub struct FolderLock {
    path: PathBuf,
    /// `None` on a file system that has no locks.
    file: Option<File>,
}

impl FolderLock {
    /// Locks a folder.
    ///
    /// # Errors
    /// [`Error::Io`] if another process holds the lock, or if the lock file cannot be written or is not a regular file.
    pub fn take(folder: &Path) -> Result<Self> {
        let path = folder.join(FILE);
        loop {
            refuse_other_than_a_file(&path)?;
            let open = File::options().read(true).write(true).create(true).truncate(false).open(&path);
            let mut file = open.map_err(|error| Error::io(&path, &error))?;
            match file.try_lock() {
                // Another process removed the file after it was opened here, and a lock on it would be seen by none.
                Ok(()) if !is_current(&file, &path) => continue,
                Ok(()) => {
                    let text = format!("process {} since {}\n", std::process::id(), now());
                    let written = file.set_len(0).and_then(|()| file.write_all(text.as_bytes()));
                    written.map_err(|error| Error::io(&path, &error))?;
                    return Ok(Self { path, file: Some(file) });
                }
                Err(TryLockError::WouldBlock) => return Err(held(folder, file)),
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                    return Ok(Self { path, file: None });
                }
                Err(TryLockError::Error(error)) => return Err(Error::io(&path, &error)),
            }
        }
    }

    /// Whether no other process can hold the lock.
    pub fn is_exclusive(&self) -> bool {
        self.file.is_some()
    }
}

impl Drop for FolderLock {
    /// Removes the file before the lock on it ends, so that it cannot be another process's. If that fails, the file is taken over later.
    fn drop(&mut self) {
        if self.file.is_some() {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn held(folder: &Path, file: File) -> Error {
    let mut text = String::new();
    // On Windows a locked file cannot be read either; then the message does not say who holds it.
    let _ = file.take(LONGEST).read_to_string(&mut text);
    let holder = match text.trim() {
        "" => String::new(),
        holder => format!(" ({holder})"),
    };
    let message =
        format!("another process{holder} is writing to this folder; wait until it ends, or give another folder");
    Error::Io { path: folder.display().to_string(), message }
}

/// Refuses a link, which could lead to a file of value, and anything else that was put in the lock file's place: what is opened here is
/// emptied.
fn refuse_other_than_a_file(path: &Path) -> Result<()> {
    if fs::symlink_metadata(path).is_ok_and(|there| !there.is_file()) {
        let message = "this is not a regular file, so it cannot lock the folder; remove it, or give another folder";
        return Err(Error::Io { path: path.display().to_string(), message: message.into() });
    }
    Ok(())
}

/// Whether the open file is the one of this path, and not one that a link there leads to.
#[cfg(unix)]
fn is_current(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let place = |data: fs::Metadata| (data.dev(), data.ino());
    file.metadata().map(place).is_ok_and(|open| fs::symlink_metadata(path).map(place).is_ok_and(|there| open == there))
}

/// Elsewhere an open file keeps its name until it is closed.
#[cfg(not(unix))]
fn is_current(_file: &File, path: &Path) -> bool {
    path.exists()
}
