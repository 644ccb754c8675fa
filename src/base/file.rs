//! Reading files. Special files are refused before they are opened: a pipe would wait for a writer for ever, a device has no end.

use super::error::{Error, Result};
use std::fs::{self, File, FileType};
use std::io::Read;
use std::path::Path;

/// The size of a regular file in bytes.
///
/// # Errors
/// [`Error::Io`] if it does not exist or is not a regular file.
pub fn size(path: &Path) -> Result<u64> {
    let found = fs::metadata(path).map_err(|error| Error::io(path, &error))?;
    if found.is_file() {
        return Ok(found.len());
    }
    Err(refused(path, &format!("only regular files are read. Received: {}", kind(found.file_type()))))
}

/// Reads a regular file of at most `limit` bytes.
///
/// # Errors
/// [`Error::Io`] if it cannot be read, is not a regular file, or is larger; it is not read then.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>> {
    let too_large = |size: u64| {
        refused(path, &format!("a file of this kind has at most {} MiB. Received: {} MiB", limit >> 20, size >> 20))
    };
    let size = size(path)?;
    if size > limit {
        return Err(too_large(size));
    }
    let failed = |error| Error::io(path, &error);
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(size as usize + 1).map_err(|_| refused(path, "there is not enough memory to read it"))?;
    File::open(path).map_err(failed)?.take(limit + 1).read_to_end(&mut bytes).map_err(failed)?;
    // A file that grows while it is read has no end, either.
    if bytes.len() as u64 > limit { Err(too_large(bytes.len() as u64)) } else { Ok(bytes) }
}

/// Reads the first bytes of a regular file, at most `count`.
///
/// # Errors
/// [`Error::Io`] if it cannot be read or is not a regular file.
pub fn start(path: &Path, count: u64) -> Result<Vec<u8>> {
    size(path)?;
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(count).read_to_end(&mut bytes));
    read.map(|_| bytes).map_err(|error| Error::io(path, &error))
}

fn refused(path: &Path, message: &str) -> Error {
    Error::Io { path: path.display().to_string(), message: message.to_string() }
}

#[cfg(unix)]
fn kind(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    match kind {
        kind if kind.is_dir() => "a folder",
        kind if kind.is_fifo() => "a named pipe (FIFO)",
        kind if kind.is_socket() => "a socket",
        kind if kind.is_char_device() || kind.is_block_device() => "a device",
        _ => "a special file",
    }
}

#[cfg(not(unix))]
fn kind(kind: FileType) -> &'static str {
    if kind.is_dir() { "a folder" } else { "a special file" }
}
