//! What leaves the program: lines on standard output, notes on standard error, files that are whole or not there.

use crate::base::error::{Error, Result};
use serde::Serialize;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// Writes text to standard output. Where the reader has gone (`convlab list | head -1`), the program ends quietly.
///
/// # Errors
/// [`Error::Io`] where standard output cannot be written, a full disk say.
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
/// [`Error::Spec`] where it cannot be written as JSON.
pub fn to_json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Spec(error.to_string()))
}

/// Tells the user something on standard error; nobody may be listening.
pub fn note(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Under what name a file of a folder is written until it is whole.
fn partial_name(name: &str) -> String {
    format!(".{name}.{}.part", std::process::id())
}

/// Whether a file has such a name, from whatever program.
fn is_partial(name: &str) -> bool {
    let middle = name.strip_prefix('.').and_then(|name| name.strip_suffix(".part"));
    let process = middle.and_then(|middle| middle.rsplit_once('.')).map(|(_, process)| process);
    process.is_some_and(|process| !process.is_empty() && process.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Writes a file of a folder: under another name first, so that nobody ever sees half of it.
///
/// # Errors
/// [`Error::Io`] where the folder cannot be written; nothing is left behind then.
pub fn file(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let path = folder.join(name);
    let partial = folder.join(partial_name(name));
    let written = fs::File::create(&partial)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&partial, &path))
        .and_then(|()| sync(folder));
    written.map_err(|error| {
        // Whatever is there is not whole; where nothing is, there is nothing to remove.
        let _ = fs::remove_file(&partial);
        Error::io(&path, &error)
    })
}

/// Makes a file's new name outlive a power cut.
#[cfg(unix)]
fn sync(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

/// Elsewhere a folder cannot be opened, and its system sees to that.
#[cfg(not(unix))]
fn sync(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// Makes a folder that files can be written to, or says why not, before any work is done. What a program that was killed
/// had not finished there is removed.
///
/// # Errors
/// [`Error::Io`] where it cannot be made or written to.
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
/// [`Error::Io`] names it.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| Error::io(path, &error))
}
