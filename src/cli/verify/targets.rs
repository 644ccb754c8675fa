//! The files that the check writes: refused before anything is read where they would replace something else, or cannot be written.

use crate::base::error::{Error, Result};
use crate::base::file;
use crate::submission::overview::is_overview;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// How the file of verdicts is named after the table that it lies beside.
pub const VERDICTS: &str = ".verdicts.jsonl";

/// How each of its lines begins.
const VERDICT: &[u8] = b"{\"key\":\"";

/// So many bytes of a file say whether an earlier check wrote it.
const START: u64 = 1024;

/// Checks the files to write against those to read, and that their folders can be written.
///
/// # Errors
/// [`Error::Io`] with the file and the reason.
pub fn check(targets: &[PathBuf], inputs: &[PathBuf]) -> Result<()> {
    let inputs: Vec<PathBuf> = inputs.iter().filter_map(|path| path.canonicalize().ok()).collect();
    let mut places: Vec<PathBuf> = Vec::new();
    for path in targets {
        let failed = |error: io::Error| Error::io(path, &error);
        let refused = |why: &str| Err(Error::Io { path: path.display().to_string(), message: why.into() });
        let found = match path.symlink_metadata() {
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            found => Some(found.map_err(failed)?),
        };
        let Some(name) = path.file_name().filter(|_| !found.as_ref().is_some_and(fs::Metadata::is_dir)) else {
            return refused("this is a folder, not a file to write");
        };
        let place = folder(path).map_err(failed)?.join(name);
        if places.contains(&place) {
            return refused("two of the files to write have this name; give each of --csv and --html its own");
        }
        if let Some(found) = found {
            if !found.is_file() {
                return refused("only a regular file is replaced, no link, pipe or device; give another name");
            }
            let start = file::start(path, START)?;
            let is_input = inputs.iter().any(|input| place.starts_with(input));
            match is_output(path, &start) {
                true => {}
                false if is_input => {
                    return refused("this file is to be read, so it is not replaced; give another name");
                }
                false if start.is_empty() => {}
                false => return refused("this file is no table or overview of convlab verify; give another name"),
            }
        }
        probe(&place).map_err(failed)?;
        places.push(place);
    }
    Ok(())
}

/// The folder in which a path lies.
///
/// # Errors
/// If there is none.
pub fn folder(path: &Path) -> io::Result<PathBuf> {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).canonicalize()
}

/// Whether an earlier check wrote a file, by its name and its first bytes.
pub fn is_output(path: &Path, start: &[u8]) -> bool {
    let is_verdicts = || start.is_empty() || start.starts_with(VERDICT);
    (path.to_string_lossy().ends_with(VERDICTS) && is_verdicts()) || is_overview(start)
}

/// Whether files can be written beside this one.
fn probe(place: &Path) -> io::Result<()> {
    let probe = place.with_file_name(format!(".convlab-verify.{}.part", std::process::id()));
    fs::write(&probe, b"").and_then(|()| fs::remove_file(&probe))
}
