//! The files that were handed in, as bytes: each gets an entry, also those that cannot be read.

use super::class::HandedIn;
use super::{Submission, hex};
use crate::data::members::{FileTime, Member, is_zip, zip_files};
use sha2::{Digest, Sha256};

/// The largest submission in bytes: a run of a million steps has 20 MB.
pub const MOST_BYTES: u64 = 32 << 20;

/// The largest archive in bytes.
pub const MOST_ARCHIVE_BYTES: u64 = 512 << 20;

/// The most bytes that an archive unpacks to.
const MOST_UNPACKED: u64 = 512 << 20;

/// The most bytes of all submissions that are kept.
const MOST_BYTES_IN_ALL: u64 = 1 << 30;

/// The most files of an archive.
const MOST_FILES: usize = 5000;

/// The most files in all.
const MOST_FILES_IN_ALL: usize = 20_000;

/// Submissions with the checksums of their files.
#[derive(Debug, Default)]
pub struct Pile {
    /// The files, in the order in which they came.
    pub handed: Vec<HandedIn>,
    /// SHA-256 of each file's contents; empty for one that cannot be read.
    pub sha256: Vec<String>,
    /// The bytes of those that are submissions.
    bytes: u64,
}

impl Pile {
    /// Adds a file, or all files of an archive with their dates inside it; `modified` is when it was last written, in Unix time.
    pub fn add(&mut self, name: &str, modified: Option<i64>, bytes: &[u8]) {
        if is_zip(bytes) {
            self.archive(name, None, bytes);
        } else {
            self.put(name.to_string(), modified.map(FileTime::Utc), Ok(bytes));
        }
    }

    /// Adds a file of a folder. An archive there is one student's, who has set the dates inside it, so its own date counts for its files.
    pub fn add_of_folder(&mut self, name: &str, modified: Option<i64>, bytes: &[u8]) {
        if is_zip(bytes) {
            self.archive(name, Some(modified), bytes);
        } else {
            self.add(name, modified, bytes);
        }
    }

    /// Adds a file that cannot be read.
    pub fn refuse(&mut self, name: &str, reason: &str) {
        self.put(name.to_string(), None, Err(reason.to_string()));
    }

    /// Whether there are as many files as can be checked at once; others are left out.
    pub fn is_full(&self) -> bool {
        self.handed.len() >= MOST_FILES_IN_ALL
    }

    /// Adds the files of an archive: with their dates inside it, or with the archive's own.
    fn archive(&mut self, name: &str, own: Option<Option<i64>>, bytes: &[u8]) {
        let before = self.handed.len();
        let mut visit = |Member { path, modified, contents }: Member| {
            let modified = own.map_or(modified, |own| own.map(FileTime::Utc));
            let names = path.split(['/', '\\']);
            if names.clone().any(is_of_the_system) {
                return;
            }
            let contents = match names.clone().any(is_hidden) {
                true => Err(HIDDEN.into()),
                false => contents.map_err(|error| error.to_string()),
            };
            self.put(format!("{name}/{path}"), modified, contents.as_deref().map_err(String::clone));
        };
        match zip_files(bytes, MOST_FILES, [MOST_BYTES, MOST_UNPACKED], &mut visit) {
            Err(error) => self.refuse(name, &error.to_string()),
            Ok(()) if self.handed.len() == before => self.refuse(name, "the archive holds no files"),
            Ok(()) => {}
        }
    }

    fn put(&mut self, file: String, modified: Option<FileTime>, bytes: Result<&[u8], String>) {
        if self.is_full() {
            return;
        }
        self.sha256.push(bytes.as_ref().map(|bytes| hex(Sha256::digest(bytes))).unwrap_or_default());
        let submission = bytes.and_then(|bytes| self.read(bytes));
        self.handed.push(HandedIn { file, modified, submission });
        if self.is_full() {
            let reason =
                format!("more than {MOST_FILES_IN_ALL} files; it and all others are left out, give fewer at once");
            if let Some(last) = self.handed.last_mut() {
                last.submission = Err(reason);
            }
        }
    }

    fn read(&mut self, bytes: &[u8]) -> Result<Submission, String> {
        let size = bytes.len() as u64;
        if size > MOST_BYTES {
            return Err(format!("a submission has at most {} MiB. Received: {} MiB", MOST_BYTES >> 20, size >> 20));
        }
        let submission = Submission::parse(bytes).map_err(|error| error.to_string())?;
        if self.bytes + size > MOST_BYTES_IN_ALL {
            return Err(format!(
                "the submissions together have more than {} MiB; give fewer at once",
                MOST_BYTES_IN_ALL >> 20
            ));
        }
        self.bytes += size;
        Ok(submission)
    }
}

/// Why a hidden file is not read.
pub const HIDDEN: &str = "a name in its path begins with a point, so that systems hide it; rename it";

/// Files and folders that systems leave behind.
pub fn is_of_the_system(name: &str) -> bool {
    name.starts_with("._") || ["__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"].contains(&name)
}

/// Whether a name begins with a point and is not that of a folder itself or of the one above it.
pub fn is_hidden(name: &str) -> bool {
    name.starts_with('.') && ![".", ".."].contains(&name)
}
