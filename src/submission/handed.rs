//! The files that were handed in, as bytes: each gets an entry, also those that cannot be read.

use super::class::HandedIn;
use super::{Submission, hex};
use crate::data::members::{Member, is_zip, zip_files};
use sha2::{Digest, Sha256};

/// The largest submission in bytes: a run of a million steps has 20 MB.
pub const MOST_BYTES: u64 = 32 << 20;

/// The largest archive in bytes.
pub const MOST_ARCHIVE_BYTES: u64 = 512 << 20;

/// The most bytes of all submissions together.
const MOST_BYTES_IN_ALL: u64 = 1 << 30;

/// The most files of a folder or an archive.
pub const MOST_FILES: usize = 5000;

/// Submissions with the checksums of their files.
#[derive(Debug, Default)]
pub struct Pile {
    /// The files, in the order in which they came.
    pub handed: Vec<HandedIn>,
    /// SHA-256 of each file's contents; empty for one that cannot be read.
    pub sha256: Vec<String>,
    /// The bytes of all of them.
    bytes: u64,
}

impl Pile {
    /// Adds a file, or all files of an archive.
    pub fn add(&mut self, name: &str, modified: Option<i64>, bytes: &[u8]) {
        if is_zip(bytes) {
            self.archive(name, bytes);
        } else {
            self.put(name.to_string(), modified, Ok(bytes));
        }
    }

    /// Adds a file that cannot be read.
    pub fn refuse(&mut self, name: &str, reason: &str) {
        self.put(name.to_string(), None, Err(reason.to_string()));
    }

    fn archive(&mut self, name: &str, bytes: &[u8]) {
        let before = self.handed.len();
        let mut visit = |Member { path, modified, contents }: Member| {
            if path.split(['/', '\\']).any(is_of_the_system) {
                return;
            }
            let contents = contents.map_err(|error| error.to_string());
            self.put(format!("{name}/{path}"), modified, contents.as_deref().map_err(String::clone));
        };
        match zip_files(bytes, MOST_FILES, [MOST_BYTES, MOST_BYTES_IN_ALL], &mut visit) {
            Err(error) => self.refuse(name, &error.to_string()),
            Ok(()) if self.handed.len() == before => self.refuse(name, "the archive holds no files"),
            Ok(()) => {}
        }
    }

    fn put(&mut self, file: String, modified: Option<i64>, bytes: Result<&[u8], String>) {
        self.sha256.push(bytes.as_ref().map(|bytes| hex(Sha256::digest(bytes))).unwrap_or_default());
        self.bytes += bytes.as_ref().map_or(0, |bytes| bytes.len() as u64);
        let submission = bytes.and_then(|bytes| match bytes {
            [] => Err("the file is empty".into()),
            _ if bytes.len() as u64 > MOST_BYTES => Err(format!("the file is larger than {} MiB", MOST_BYTES >> 20)),
            _ if self.bytes > MOST_BYTES_IN_ALL => {
                Err(format!("the files together are larger than {} MiB; give fewer at once", MOST_BYTES_IN_ALL >> 20))
            }
            bytes => Submission::parse(bytes).map_err(|error| error.to_string()),
        });
        self.handed.push(HandedIn { file, modified, submission });
    }
}

/// Files that systems leave in folders.
pub fn is_of_the_system(name: &str) -> bool {
    name.starts_with('.') || ["__MACOSX", "Thumbs.db", "desktop.ini"].contains(&name)
}
