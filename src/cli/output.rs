//! Output: lines on standard output, notes on standard error, files that are written atomically.

use crate::base::error::{Error, Result};
use serde::Serialize;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// Writes text to standard output. If the reader has closed the pipe (`convlab list | head -1`), the program exits with
/// code 0.
///
/// # Errors
/// [`Error::Io`] if standard output cannot be written, for example because the disk is full.
pub fn text(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        other => other.map_err(|error| Error::io("standard output", &error)),
    }
}

/// Writes one line.
///
/// # Errors
/// As [`text`].
pub fn line(line: &str) -> Result<()> {
    text(&format!("{line}\n"))
}

/// Writes one JSON object as one line.
///
/// # Errors
/// As [`text`].
pub fn json(value: &impl Serialize) -> Result<()> {
    line(&to_json(value)?)
}

/// A value as JSON.
///
/// # Errors
/// [`Error::Spec`] if it cannot be written as JSON.
pub fn to_json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Spec(error.to_string()))
}

/// Writes a line to standard error; ignores a failure, since there is no other place to report it.
pub fn note(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// The temporary name of a file until it is complete.
fn partial_name(name: &str) -> String {
    format!(".{name}.{}.part", std::process::id())
}

/// Whether a file has such a temporary name, from any process.
fn is_partial(name: &str) -> bool {
    let middle = name.strip_prefix('.').and_then(|name| name.strip_suffix(".part"));
    let process = middle.and_then(|middle| middle.rsplit_once('.')).map(|(_, process)| process);
    process.is_some_and(|process| !process.is_empty() && process.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Writes a file of a folder atomically: under a temporary name first, then renamed.
///
/// # Errors
/// [`Error::Io`] if the file cannot be written; the temporary file is removed.
pub fn file(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let path = folder.join(name);
    let partial = folder.join(partial_name(name));
    let written = fs::File::create(&partial)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&partial, &path))
        .and_then(|()| sync(folder));
    written.map_err(|error| {
        // The temporary file is incomplete. If it does not exist, removing it fails, which is harmless.
        let _ = fs::remove_file(&partial);
        Error::io(&path, &error)
    })
}

/// Flushes the folder to disk, so that the renaming persists after a power failure.
#[cfg(unix)]
fn sync(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

/// On other systems a folder cannot be opened as a file, and its entries are flushed by the system.
#[cfg(not(unix))]
fn sync(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// Creates a folder and checks that files can be written to it, before any work is done. Removes temporary files that a
/// killed process left there.
///
/// # Errors
/// [`Error::Io`] if it cannot be created or written to.
pub fn folder(path: &Path) -> Result<()> {
    let wrong = |error: io::Error| Error::io(path, &error);
    fs::create_dir_all(path).map_err(wrong)?;
    for entry in fs::read_dir(path).map_err(wrong)?.flatten() {
        if is_partial(&entry.file_name().to_string_lossy()) {
            fs::remove_file(entry.path()).map_err(wrong)?;
        }
    }
    let probe = path.join(partial_name("convlab"));
    fs::write(&probe, b"").and_then(|()| fs::remove_file(&probe)).map_err(|error| Error::io(path, &error))
}

/// Reads a file.
///
/// # Errors
/// [`Error::Io`] with the file's path.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| Error::io(path, &error))
}
