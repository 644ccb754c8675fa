//! Output: lines on standard output, notes on standard error, files that are written atomically.

use super::lock::FolderLock;
use crate::base::error::{Error, Result};
use crate::base::file;
use crate::base::text::{bytes, decode, plain, visible_json};
use serde::Serialize;
use std::fs;
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// Writes lines of text to standard output. Hidden characters other than the ends of lines are shown as escapes; a name or
/// other foreign text inside must have passed [`plain`], as the cells of a [`Table`](crate::base::table::Table) do. If the reader has closed the pipe (`convlab list | head -1`), nothing more is
/// printed; the command does its work to the end, and its exit code says how that went.
///
/// # Errors
/// [`Error::Io`] if standard output cannot be written, for example because the disk is full.
pub fn text(text: &str) -> Result<()> {
    let lines: String = text
        .split_inclusive('\n')
        .map(|line| match line.strip_suffix('\n') {
            Some(line) => plain(line).into_owned() + "\n",
            None => plain(line).into_owned(),
        })
        .collect();
    print(&lines)
}

/// Whether the reader of standard output has closed it.
static IS_CLOSED: AtomicBool = AtomicBool::new(false);

fn print(text: &str) -> Result<()> {
    if IS_CLOSED.load(Ordering::Relaxed) {
        return Ok(());
    }
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {
            IS_CLOSED.store(true, Ordering::Relaxed);
            Ok(())
        }
        other => other.map_err(|error| Error::io("standard output", &error)),
    }
}

/// Writes one line, whatever the text holds.
///
/// # Errors
/// As [`text`].
pub fn line(line: &str) -> Result<()> {
    print(&format!("{}\n", plain(line)))
}

/// Writes one JSON object as one line, in which hidden characters are JSON's escapes.
///
/// # Errors
/// As [`text`].
pub fn json(value: &impl Serialize) -> Result<()> {
    print(&(visible_json(&to_json(value)?) + "\n"))
}

/// A value as JSON.
///
/// # Errors
/// [`Error::Spec`] if it cannot be written as JSON.
pub fn to_json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Spec(error.to_string()))
}

/// Writes one line to standard error, whatever the text holds; ignores a failure, since there is no other place to report it.
pub fn note(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", plain(line));
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

/// Creates a folder, locks it and checks that files can be written to it, before any work is done. Removes temporary files that
/// a killed process left there; those of a living one are safe, because it holds the lock.
///
/// # Errors
/// [`Error::Io`] if the folder cannot be created or written to, or if another process holds the lock.
pub fn folder(path: &Path) -> Result<FolderLock> {
    let wrong = |error: io::Error| Error::io(path, &error);
    fs::create_dir_all(path).map_err(wrong)?;
    let lock = FolderLock::take(path)?;
    if !lock.is_exclusive() {
        let shown = path.display();
        note(&format!("note: {shown} is on a file system without locks: take care that no other run writes there"));
    }
    for entry in fs::read_dir(path).map_err(wrong)?.flatten() {
        if lock.is_exclusive() && is_partial(&entry.file_name().to_string_lossy()) {
            fs::remove_file(entry.path()).map_err(wrong)?;
        }
    }
    let probe = path.join(partial_name("convlab"));
    fs::write(&probe, b"").and_then(|()| fs::remove_file(&probe)).map_err(wrong)?;
    Ok(lock)
}

/// Checks that a folder has room for files of these names and sizes in bytes, by writing as much to disk and removing it again: the
/// number of free bytes says nothing about quotas and limits. Files of these names that are there already make room when they are
/// replaced, except for the one whose replacement is being written.
///
/// # Errors
/// [`Error::Io`] if there is no room.
pub fn reserve(folder: &Path, files: &[(&str, u64)]) -> Result<()> {
    let there = |name: &str| fs::metadata(folder.join(name)).map_or(0, |file| file.len());
    let (all, largest) = files.iter().fold((0, 0), |(sum, most), &(_, size)| (sum + size, size.max(most)));
    let replaced: u64 = files.iter().map(|&(name, size)| there(name).min(size)).sum();
    let mut left = all + largest - replaced;
    let mut parts = Vec::new();
    let mut written = Ok(());
    // No part is larger than a file of the run, since there may be a limit on the size of one.
    while written.is_ok() && left > 0 {
        let part = folder.join(partial_name(&format!("reserve{}", parts.len())));
        let size = left.min(largest);
        written = fs::File::create(&part).and_then(|mut file| {
            io::copy(&mut io::repeat(0).take(size), &mut file)?;
            file.sync_all()
        });
        parts.push(part);
        left -= size;
    }
    // A part that could not be created cannot be removed, which is harmless.
    parts.iter().for_each(|part| drop(fs::remove_file(part)));
    written.map_err(|error| Error::Io {
        path: folder.display().to_string(),
        message: format!(
            "there is no room for the run's files ({error}). They need {}; make room, or give another folder",
            bytes(all + largest - replaced)
        ),
    })
}

/// The most bytes of a document: an experiment, the history of a run.
const LARGEST_DOCUMENT: u64 = 256 << 20;
/// The most bytes of a file of weights or a checkpoint.
const LARGEST_WEIGHTS: u64 = 4 << 30;
/// The most bytes of any other file: a submission, a model of another program.
const LARGEST_FILE: u64 = 1 << 30;

/// Reads a file of weights or a checkpoint.
///
/// # Errors
/// [`Error::Io`] with the file's path; [`Error::Weights`] if it does not begin as such a file.
pub fn read_weights(path: &Path) -> Result<Vec<u8>> {
    // The header of a safetensors file follows its own length, so that another file is refused before it is read whole.
    let start = file::start(path, 8)?;
    let header = start.first_chunk().map(|bytes| u64::from_le_bytes(*bytes));
    if header.is_some_and(|header| header == 0 || header > file::size(path).unwrap_or(0)) {
        let message = "not a safetensors file, or cut short. Give weights or a checkpoint that Convlab wrote";
        return Err(Error::Weights(format!("{}: {message}", path.display())));
    }
    file::read(path, LARGEST_WEIGHTS)
}

/// Reads a regular file of any other kind.
///
/// # Errors
/// [`Error::Io`] with the file's path.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    file::read(path, LARGEST_FILE)
}

/// Reads a document: text in UTF-8 or UTF-16.
///
/// # Errors
/// [`Error::Io`] with the file's path; [`Error::Spec`] if it is not text.
pub fn read_text(path: &Path) -> Result<String> {
    let text = decode(&file::read(path, LARGEST_DOCUMENT)?);
    text.ok_or_else(|| Error::Spec(format!("{} is not a text file (UTF-8 or UTF-16)", path.display())))
}
