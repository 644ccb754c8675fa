//! Finds the files of a data set in a folder and its subfolders: as downloaded, unpacked, in torchvision's layout
//! (`MNIST/raw`), or in Keras's (`~/.keras/datasets`).

use super::files::{Role, role};
use super::images::Dataset;
use super::info::{DatasetInfo, Family};
use super::loader::Loader;
use super::sniff::{Kind, kind};
use super::stream::peek_gzip;
use super::synthetic;
use crate::base::error::{Error, Result};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The maximum depth of the search: `datasets/cifar-10-batches-py-target/cifar-10-batches-py/data_batch_1`, plus two.
const MAX_DEPTH: usize = 5;
/// The most entries that are read, so that a home folder given by mistake soon ends in an error.
const MAX_ENTRIES: usize = 50_000;

/// Loads the data set `name` from `dir`. Synthetic sets need no folder; they are generated with seed 0 and the default
/// numbers of images. `progress` receives the bytes (or images) done and their total.
///
/// # Errors
/// [`Error::Data`] if files are missing or damaged; [`Error::Io`] if a file cannot be read.
pub fn load_dir(name: &str, dir: &Path, progress: &mut dyn FnMut(usize, usize)) -> Result<Dataset> {
    if DatasetInfo::find(name)?.family == Family::Synthetic {
        return synthetic::generate(name, 0, synthetic::TRAIN, synthetic::TEST, progress);
    }
    load_dir_into(Loader::new(name)?, dir, progress)
}

/// [`load_dir`] with a given loader, for example one with coarse labels.
///
/// # Errors
/// As [`load_dir`].
pub fn load_dir_into(mut loader: Loader, dir: &Path, progress: &mut dyn FnMut(usize, usize)) -> Result<Dataset> {
    let known = loader.known();
    let files = find(known, dir)?;
    let total = files.iter().map(|file| file.bytes).sum();
    let mut before = 0;
    for file in &files {
        let bytes = std::fs::read(&file.path).map_err(|error| Error::io(&file.path, &error))?;
        let name = file.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        loader.add(&name, &bytes, &mut |done, _| progress(before + done, total)).map_err(|error| match error {
            Error::Data(message) => Error::Data(format!("in {}, {message}", folder_of(&file.path).display())),
            other => other,
        })?;
        before += file.bytes;
    }
    loader.finish()
}

/// A file that may belong to the data set.
#[derive(Debug, Clone)]
struct Candidate {
    path: PathBuf,
    bytes: usize,
    /// The priority; the best is loaded.
    rank: Rank,
}

/// The priority of a file, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// One of several files in a folder.
    Member,
    /// An archive with the official name; the binary version comes first, because it is the fastest to read.
    Official(u8),
    /// Another archive whose name contains that of the data set.
    Archive,
}

/// The files to load: those of the first complete folder, else the best archive, else the folder with the most files.
fn find(known: &DatasetInfo, dir: &Path) -> Result<Vec<Candidate>> {
    if dir.is_file() {
        return Ok(vec![Candidate { path: dir.to_path_buf(), bytes: size_of(dir).unwrap_or(0), rank: Rank::Archive }]);
    }
    let mut walk = Walk { known, dir, entries: 0, members: BTreeMap::new(), archives: Vec::new(), names: Vec::new() };
    let listing = std::fs::read_dir(dir).map_err(|error| {
        Error::Data(format!(
            "no such data folder ({error}). Give one that holds {}. Received: {}",
            known.files,
            dir.display()
        ))
    })?;
    walk.folder(listing, 0)?;
    let Walk { mut members, mut archives, names, .. } = walk;
    let complete = members.iter().find(|(_, found)| is_complete(known, found)).map(|(folder, _)| folder.clone());
    if let Some(folder) = complete {
        return Ok(members.remove(&folder).unwrap_or_default());
    }
    archives.sort_by(|a, b| (a.rank, &a.path).cmp(&(b.rank, &b.path)));
    if let Some(best) = archives.into_iter().next() {
        return Ok(vec![best]);
    }
    // Some files are missing: the loader reports which, or loads an incomplete set of batches.
    if let Some((_, found)) = members.into_iter().max_by_key(|(_, found)| found.len()) {
        return Ok(found);
    }
    let holds = if names.is_empty() { "nothing".to_string() } else { names.join(", ") };
    Err(Error::Data(format!(
        "no files of {} in {} or the folders in it. Looked for {}. Received: a folder that holds {holds}",
        known.title,
        dir.display(),
        known.files
    )))
}

/// Whether a folder has all files of the data set.
fn is_complete(known: &DatasetInfo, found: &[Candidate]) -> bool {
    let data = found.iter().filter(|file| matches!(role(known, &name_of(&file.path)), Role::Data(..))).count();
    data >= match (known.family, known.coarse.is_empty()) {
        (Family::Cifar, true) => 6,
        (Family::Cifar, false) => 2,
        _ => 4,
    }
}

struct Walk<'a> {
    known: &'a DatasetInfo,
    dir: &'a Path,
    entries: usize,
    /// The single files of each folder.
    members: BTreeMap<PathBuf, Vec<Candidate>>,
    archives: Vec<Candidate>,
    /// The first entries of the top folder, for the message if nothing is found.
    names: Vec<String>,
}

impl Walk<'_> {
    fn folder(&mut self, listing: std::fs::ReadDir, depth: usize) -> Result<()> {
        let mut paths: Vec<_> = listing.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
        paths.sort();
        for path in paths {
            self.entries += 1;
            if self.entries > MAX_ENTRIES {
                return Err(Error::Data(format!(
                    "{} and the folders in it hold more than {MAX_ENTRIES} files; give the folder that contains the data",
                    self.dir.display()
                )));
            }
            if depth == 0 && self.names.len() < 8 {
                self.names.push(name_of(&path));
            }
            // A folder that cannot be read is skipped.
            if path.is_dir() {
                if depth < MAX_DEPTH
                    && let Ok(inner) = std::fs::read_dir(&path)
                {
                    self.folder(inner, depth + 1)?;
                }
            } else if let Some(candidate) = self.candidate(&path) {
                match candidate.rank {
                    Rank::Member => self.member(candidate),
                    _ => self.archives.push(candidate),
                }
            }
        }
        Ok(())
    }

    /// Adds a single file. A `.gz` next to the unpacked file is skipped (torchvision keeps both).
    fn member(&mut self, candidate: Candidate) {
        let found = self.members.entry(folder_of(&candidate.path)).or_default();
        let name = name_of(&candidate.path);
        let plain = name.strip_suffix(".gz").unwrap_or(&name);
        if found.iter().all(|other| name_of(&other.path) != plain) {
            found.push(candidate);
        }
    }

    /// The file as a candidate, if its name and its first bytes fit the data set.
    fn candidate(&self, path: &Path) -> Option<Candidate> {
        let name = name_of(path).to_ascii_lowercase();
        if self.is_of_another_set(path) {
            return None;
        }
        let is_member = || self.is_member(&name) && self.fits(path, &name);
        let rank = self.archive_rank(&name).or_else(|| is_member().then_some(Rank::Member))?;
        Some(Candidate { path: path.to_path_buf(), bytes: size_of(path)?, rank })
    }

    /// Whether the path names another data set. MNIST and its variants have the same file names, so only the folder's
    /// name distinguishes them.
    fn is_of_another_set(&self, path: &Path) -> bool {
        let below = path.strip_prefix(self.dir).unwrap_or(path).to_string_lossy().to_ascii_lowercase();
        let whole = path.to_string_lossy().to_ascii_lowercase();
        match self.known.name {
            "mnist" => ["fashion", "kmnist", "emnist", "qmnist"].iter().any(|twin| below.contains(twin)),
            "fashion_mnist" => below.contains("mnist") && !whole.contains("fashion"),
            _ => false,
        }
    }

    /// Whether this is the name of a single file of this data set. CIFAR-10 and CIFAR-100 are distinguished.
    fn is_member(&self, name: &str) -> bool {
        let of_this_cifar = || name.contains("batch") == self.known.coarse.is_empty();
        match role(self.known, name) {
            Role::Data(..) | Role::Names(_) => self.known.family != Family::Cifar || of_this_cifar(),
            _ => false,
        }
    }

    fn archive_rank(&self, name: &str) -> Option<Rank> {
        let is_archive = [".tar.gz", ".tgz", ".tar", ".zip", ".npz", "_archive"].iter().any(|end| name.ends_with(end));
        // Separators are ignored (cifar-10, cifar10, CIFAR_10). CIFAR-100 is not CIFAR-10.
        let squeezed: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        let own: String = self.known.name.chars().filter(char::is_ascii_alphanumeric).collect();
        let after = match self.known.name {
            "custom" => "",
            _ => squeezed.split_once(own.as_str())?.1,
        };
        if !is_archive || after.starts_with('0') {
            return None;
        }
        Some(match name {
            "cifar-10-binary.tar.gz" | "cifar-100-binary.tar.gz" | "mnist.npz" => Rank::Official(0),
            "cifar-10-python.tar.gz" | "cifar-100-python.tar.gz" => Rank::Official(1),
            "cifar-10-batches-py.tar.gz" => Rank::Official(2),
            _ => Rank::Archive,
        })
    }

    /// Whether the first bytes are those of the right format, because `train` and `test` are common file names.
    fn fits(&self, path: &Path, name: &str) -> bool {
        if name.ends_with(".txt") {
            return true;
        }
        let mut start = Vec::new();
        let read = std::fs::File::open(path).and_then(|file| file.take(4096).read_to_end(&mut start));
        if read.is_err() {
            return false;
        }
        if kind(&start) == Kind::Gzip {
            start = peek_gzip(&start);
        }
        match self.known.family {
            Family::Cifar => kind(&start) == Kind::Pickle || name.ends_with(".bin"),
            // The four IDX files are accepted even if damaged or of the wrong kind, so that the loader reports the
            // error.
            _ => matches!(kind(&start), Kind::Idx | Kind::Npy) || name.contains("ubyte"),
        }
    }
}

fn size_of(path: &Path) -> Option<usize> {
    std::fs::metadata(path).ok().and_then(|file| usize::try_from(file.len()).ok())
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn folder_of(path: &Path) -> PathBuf {
    path.parent().map(Path::to_path_buf).unwrap_or_default()
}
