//! Finds the files of a data set in a folder and its subfolders: as downloaded, unpacked, in torchvision's layout
//! (`MNIST/raw`), or in Keras's (`~/.keras/datasets`).

use super::array::{Array, volume};
use super::idx;
use super::images::Dataset;
use super::info::{DatasetInfo, Family, NAMES};
use super::loader::Loader;
use super::role::{Role, role_of};
use super::sniff::{Kind, kind};
use super::stream::peek_gzip;
use super::synthetic;
use super::walk::{MAX_DEPTH, MAX_ENTRIES};
use crate::base::error::{Error, FoundSet, Result};
use crate::base::file;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

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
/// As [`load_dir`]; [`Error::Data`] if several sets fit and differ.
pub fn load_dir_into(loader: Loader, dir: &Path, progress: &mut dyn FnMut(usize, usize)) -> Result<Dataset> {
    let sources = find(loader.known(), dir)?;
    let total = sources.iter().flatten().map(|file| file.bytes).sum();
    let mut before = 0;
    let mut found: Vec<Found> = Vec::new();
    let mut failed = None;
    for source in &sources {
        let mut progress = |done: usize| progress((before + done).min(total), total);
        match load(loader.empty(), dir, source, &mut progress) {
            Ok((data, is_whole)) => keep(&mut found, Found::new(data, is_whole, source)),
            Err(error) => failed = failed.or(Some(error)),
        }
        before += source.iter().map(|file| file.bytes).sum::<usize>();
        if found.iter().filter(|found| found.is_whole).count() > 1 {
            break;
        }
    }
    if found.is_empty() && sources.len() > 1 {
        // KMNIST's arrays come in an archive each.
        let all: Vec<Candidate> = sources.iter().flatten().cloned().collect();
        if let Ok((data, _)) = load(loader.empty(), dir, &all, &mut |_| ()) {
            return Ok(data);
        }
    }
    if found.len() > 1 {
        let name = |found: &Found| format!("{} ({})", found.path.display(), found.images);
        let names: Vec<_> = found.iter().take(6).map(name).collect();
        let message = format!(
            "several sets in {} fit {}, and they differ: give the path of one of them, or move the others away. Received: {}",
            dir.display(),
            loader.known().title,
            names.join("; ")
        );
        let files = |found: &Found| vec![found.path.display().to_string()];
        let sets = found.iter().map(|found| FoundSet { name: name(found), files: files(found) }).collect();
        return Err(Error::several(message, sets));
    }
    match (found.pop(), failed) {
        (Some(found), _) => Ok(found.data),
        (None, Some(error)) => Err(error),
        (None, None) => loader.finish(),
    }
}

/// Adds a set, unless an equal or a more complete one was found.
fn keep(found: &mut Vec<Found>, next: Found) {
    if found.iter().any(|one| one.fingerprint == next.fingerprint || (one.is_whole && !next.is_whole)) {
        return;
    }
    found.retain(|one| one.is_whole || !next.is_whole);
    found.push(next);
}

/// The names of the other known sets that load from `dir`, for the message where `name` does not.
pub fn others_in(name: &str, dir: &Path) -> Vec<&'static str> {
    let loads = |&other: &&'static str| {
        other != name
            && !["custom", "medmnist"].contains(&other)
            && Loader::new(other).and_then(|loader| load_dir_into(loader, dir, &mut |_, _| ())).is_ok()
    };
    NAMES.iter().copied().filter(loads).collect()
}

/// A set that fits, and where it was found.
struct Found {
    data: Dataset,
    is_whole: bool,
    fingerprint: String,
    images: String,
    path: PathBuf,
}

impl Found {
    fn new(data: Dataset, is_whole: bool, source: &[Candidate]) -> Self {
        let images = format!("{} training and {} test images", data.train.len(), data.test.len());
        let path = match source {
            [archive] => archive.path.clone(),
            _ => source.first().map(|file| folder_of(&file.path)).unwrap_or_default(),
        };
        Self { fingerprint: data.fingerprint(usize::MAX, usize::MAX), data, is_whole, images, path }
    }
}

/// Loads the files of one source.
fn load(
    mut loader: Loader,
    dir: &Path,
    source: &[Candidate],
    progress: &mut dyn FnMut(usize),
) -> Result<(Dataset, bool)> {
    let mut before = 0;
    for file in source {
        check_start(loader.known(), &file.path)?;
        let bytes = file::read(&file.path, loader.known().max_bytes() as u64)?;
        let path = file.path.strip_prefix(dir).ok().filter(|path| !path.as_os_str().is_empty()).map(Path::to_path_buf);
        let path = path.unwrap_or_else(|| PathBuf::from(name_of(&file.path)));
        let added = loader.add(&path.to_string_lossy(), &bytes, &mut |done, _| progress(before + done));
        let in_folder = |message| format!("in {}, {message}", folder_of(&file.path).display());
        added.map_err(|error| error.map_data(in_folder))?;
        before += file.bytes;
    }
    let is_whole = loader.is_whole();
    Ok((loader.finish()?, is_whole))
}

/// Refuses an IDX file whose length is not that of its header, before it is read.
fn check_start(known: &DatasetInfo, path: &Path) -> Result<()> {
    let start = file::start(path, 64)?;
    if known.family != Family::Idx || kind(&start) != Kind::Idx {
        return Ok(());
    }
    let in_file = |error: Error| error.in_file(path.display());
    // What is wrong with a header is told of the whole file.
    let Ok((shape, length)) = idx::header(&start) else { return Ok(()) };
    let expected = volume(&shape).map_err(in_file)?;
    let values = (file::size(path)? as usize).saturating_sub(length);
    if values != expected { Err(in_file(Array::wrong_length(&shape, expected, values))) } else { Ok(()) }
}

/// A file that may belong to the data set.
#[derive(Debug, Clone)]
struct Candidate {
    path: PathBuf,
    bytes: usize,
}

/// The files that may hold the set: first all single files together, then each archive.
fn find(known: &DatasetInfo, dir: &Path) -> Result<Vec<Vec<Candidate>>> {
    let is_folder = std::fs::metadata(dir).is_ok_and(|found| found.is_dir());
    if !is_folder && dir.exists() {
        return Ok(vec![vec![Candidate { path: dir.to_path_buf(), bytes: file::size(dir)? as usize }]]);
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
    let Walk { members, mut archives, names, .. } = walk;
    archives.sort_by(|a, b| a.path.cmp(&b.path));
    let members: Vec<Candidate> = members.into_values().flatten().collect();
    let members = (!members.is_empty()).then_some(members);
    let sources: Vec<_> = members.into_iter().chain(archives.into_iter().map(|archive| vec![archive])).collect();
    if !sources.is_empty() {
        return Ok(sources);
    }
    let holds = if names.is_empty() { "nothing".to_string() } else { names.join(", ") };
    Err(Error::Data(format!(
        "no files of {} in {} or the folders in it. Looked for {}. Received: a folder that holds {holds}",
        known.title,
        dir.display(),
        known.files
    )))
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
            } else {
                self.file(&path)?;
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

    /// Adds the file, if its name and its first bytes fit the data set.
    fn file(&mut self, path: &Path) -> Result<()> {
        let name = name_of(path).to_ascii_lowercase();
        let (is_archive, is_member) = (self.is_archive(&name), self.is_member(path, &name));
        if !(is_archive || is_member) || self.is_of_another_set(path) {
            return Ok(());
        }
        let candidate = Candidate { path: path.to_path_buf(), bytes: file::size(path)? as usize };
        if is_archive {
            self.archives.push(candidate);
        } else if self.fits(path, &name) {
            self.member(candidate);
        }
        Ok(())
    }

    /// Whether the path names another data set. MNIST and its variants have the same file names, so only the folder's
    /// name distinguishes them.
    fn is_of_another_set(&self, path: &Path) -> bool {
        let below = path.strip_prefix(self.dir).unwrap_or(path).to_string_lossy().to_ascii_lowercase();
        let whole = path.to_string_lossy().to_ascii_lowercase();
        if below.ends_with(".parquet") {
            // All sets have the same names of files on the Hub.
            let squeezed: String = below.chars().filter(char::is_ascii_alphanumeric).collect();
            let sets = ["fashionmnist", "kmnist", "emnist", "cifar100", "cifar10", "mnist", "svhn"];
            let named = sets.into_iter().find(|set| squeezed.contains(set));
            return named
                .is_some_and(|set| set != self.known.name.replace('_', "").split('/').next().unwrap_or_default());
        }
        match self.known.name {
            "mnist" => ["fashion", "kmnist", "emnist", "qmnist", "medmnist"].iter().any(|twin| below.contains(twin)),
            "fashion_mnist" => below.contains("mnist") && !whole.contains("fashion"),
            "kmnist" => below.contains("mnist") && !whole.contains("kmnist"),
            _ => false,
        }
    }

    /// Whether this is the name of a single file of this data set. CIFAR-10 and CIFAR-100 are distinguished.
    fn is_member(&self, path: &Path, name: &str) -> bool {
        let of_this_cifar = || name.ends_with(".parquet") || name.contains("batch") == self.known.coarse.is_empty();
        let below = path.strip_prefix(self.dir).unwrap_or(path).to_string_lossy();
        match role_of(self.known, &below) {
            Role::Data(..) | Role::Names(_) => self.known.family != Family::Cifar || of_this_cifar(),
            _ => false,
        }
    }

    /// Whether this is the name of an archive of this data set.
    fn is_archive(&self, name: &str) -> bool {
        let is_archive = [".tar.gz", ".tgz", ".tar", ".zip", ".npz", "_archive"].iter().any(|end| name.ends_with(end));
        // Separators are ignored (cifar-10, cifar10, CIFAR_10). CIFAR-100 is not CIFAR-10.
        let squeezed: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        let own: String = self.known.name.chars().filter(char::is_ascii_alphanumeric).collect();
        let after = match self.known.name {
            "custom" | "medmnist" => Some(""),
            // All splits of EMNIST are in one archive, gzip.zip.
            set if set.starts_with("emnist/") => (squeezed.contains("emnist") || name == "gzip.zip").then_some(""),
            _ => squeezed.split_once(own.as_str()).map(|(_, after)| after),
        };
        is_archive && after.is_some_and(|after| !after.starts_with('0'))
    }

    /// Whether the first bytes are those of the right format, because `train` and `test` are common file names.
    fn fits(&self, path: &Path, name: &str) -> bool {
        if name.ends_with(".txt") {
            return true;
        }
        let Ok(mut start) = file::start(path, 4096) else { return false };
        if kind(&start) == Kind::Gzip {
            start = peek_gzip(&start);
        }
        if kind(&start) == Kind::Parquet {
            return self.known.size.is_some();
        }
        match self.known.family {
            Family::Cifar => kind(&start) == Kind::Pickle || name.ends_with(".bin"),
            Family::Mat => kind(&start) == Kind::Mat,
            Family::Stl => name.ends_with(".bin"),
            // The four IDX files are accepted even if damaged or of the wrong kind, so that the loader reports the
            // error.
            _ => matches!(kind(&start), Kind::Idx | Kind::Npy) || name.contains("ubyte"),
        }
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn folder_of(path: &Path) -> PathBuf {
    path.parent().map(Path::to_path_buf).unwrap_or_default()
}
