//! Collects the files of a data set one by one, in any order and from any source, and combines them.

use super::cifar::Batch;
use super::files::read;
#[cfg(not(target_arch = "wasm32"))]
use super::gather::{Completeness, completeness};
use super::gather::{Entry, Group, choose, groups, settle};
use super::images::{Dataset, Images, Split};
use super::info::{DatasetInfo, Family, owned};
#[cfg(any(feature = "cli", feature = "files"))]
use super::order::is_official;
use super::piece::Piece;
use super::role::{Role, role};
use super::sniff::{Kind, kind};
use super::stream::reserve;
use crate::base::error::{Error, Result};
use std::collections::BTreeMap;

/// Loads the files of one data set. Each file is recognised by its content; its path only distinguishes training from
/// test, and the files of one set from those of another.
///
/// After an error the loader is unchanged. A file of the same path replaces the first.
#[derive(Debug)]
pub struct Loader {
    known: &'static DatasetInfo,
    coarse: bool,
    entries: Vec<Entry>,
    /// Whether a file was a table, in which rows may have another order than in the official files.
    has_table: bool,
}

/// The parts of the set that was settled on.
#[derive(Debug, Default)]
struct Parts {
    images: [Option<([usize; 3], Vec<u8>)>; 3],
    labels: [Option<Vec<u8>>; 3],
    batches: BTreeMap<(Split, u8), Batch>,
    names: Vec<String>,
    coarse_names: Vec<String>,
}

impl Loader {
    /// Creates a loader for the data set of this name: `mnist`, `fashion_mnist`, `cifar10`, `cifar100` or `custom`.
    ///
    /// # Errors
    /// [`Error::Data`] if there is no such data set, or it is synthetic.
    pub fn new(name: &str) -> Result<Self> {
        let known = DatasetInfo::find(name)?;
        if known.family == Family::Synthetic {
            return Err(Error::Data(format!("{name} is generated from a seed and takes no files")));
        }
        if matches!(known.family, Family::Images | Family::Parquet) {
            return Err(Error::Data(format!("{name} are read with the options of their experiment")));
        }
        Ok(Self { known, coarse: false, entries: Vec::new(), has_table: false })
    }

    /// Selects CIFAR-100's 20 coarse classes instead of its 100 fine ones (Keras's `label_mode`).
    ///
    /// # Errors
    /// [`Error::Data`] for data sets without coarse labels.
    pub fn coarse_labels(&mut self, coarse: bool) -> Result<()> {
        if coarse && self.known.coarse.is_empty() {
            return Err(Error::Data(format!("only cifar100 has coarse labels. Received: {}", self.known.name)));
        }
        self.coarse = coarse;
        Ok(())
    }

    /// The data set's name, as given to [`Loader::new`].
    pub fn name(&self) -> &'static str {
        self.known.name
    }

    #[cfg(not(target_arch = "wasm32"))]
    pub(super) fn known(&self) -> &'static DatasetInfo {
        self.known
    }

    /// Reads one file, and returns a description of its content. Where the file lies in a folder, `path` is its path there.
    /// `progress` receives the bytes read and the size of the file.
    ///
    /// # Errors
    /// [`Error::Data`] if the file does not belong to the data set or is damaged, or if it is an archive of several sets.
    pub fn add(&mut self, path: &str, bytes: &[u8], progress: &mut dyn FnMut(usize, usize)) -> Result<String> {
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
        if role(self.known, name) == Role::Companion {
            return Ok(format!("{name}: not needed"));
        }
        let here = |error: Error| error.in_file(name);
        let entry = |(inside, piece): (String, Piece)| {
            let path = if inside.is_empty() { path.to_string() } else { format!("{path}/{inside}") };
            Entry { group: Group::of(&path), path, piece }
        };
        let pieces = read(self.known, path, bytes, progress).map_err(here)?;
        let entries = settle(self.known, pieces.into_iter().map(entry).collect()).map_err(here)?;
        progress(bytes.len(), bytes.len());
        self.has_table |= kind(bytes) == Kind::Parquet;
        let found = describe(self.known, &entries);
        let inside = format!("{path}/");
        self.entries.retain(|entry| entry.path != path && !entry.path.starts_with(&inside));
        self.entries.extend(entries);
        Ok(found)
    }

    /// A loader for the same set and labels, without files.
    #[cfg(not(target_arch = "wasm32"))]
    pub(super) fn empty(&self) -> Self {
        Self { known: self.known, coarse: self.coarse, entries: Vec::new(), has_table: false }
    }

    /// Whether nothing is missing, not even one of CIFAR-10's training batches.
    #[cfg(not(target_arch = "wasm32"))]
    pub(super) fn is_whole(&self) -> bool {
        completeness(self.known, self.entries.iter().map(|entry| &entry.piece)) == Completeness::Whole
    }

    /// What [`Loader::finish`] still needs, for display; empty if nothing is missing. At least one of CIFAR-10's
    /// training batches is needed, not all.
    pub fn missing(&self) -> Vec<String> {
        let missing = |chosen: &[usize]| -> Vec<String> {
            let pieces: Vec<&Piece> = chosen.iter().map(|&i| &self.entries[i].piece).collect();
            Split::BOTH.into_iter().flat_map(|split| self.missing_of(split, &pieces)).collect()
        };
        match choose(self.known, &self.entries) {
            Ok(chosen) => missing(&chosen),
            // The files are of several sets: the one of which there is most is being completed.
            Err(_) => {
                let lists = groups(&self.entries).into_values().map(|members| missing(&members));
                lists.min_by_key(Vec::len).unwrap_or_default()
            }
        }
    }

    fn missing_of(&self, split: Split, pieces: &[&Piece]) -> Vec<String> {
        let of = |piece: &&&Piece| piece.split() == Some(split);
        let has = |test: fn(&Piece) -> bool| pieces.iter().filter(of).any(|piece| test(piece));
        let has_batch = has(|piece| matches!(piece, Piece::Batch(..)));
        let (images, labels) =
            (has(|piece| matches!(piece, Piece::Images(..))), has(|piece| matches!(piece, Piece::Labels(..))));
        if has_batch || (images && labels) {
            return Vec::new();
        }
        let word = split.word();
        if self.known.family == Family::Stl {
            let file = |letter: &str| format!("{}_{letter}.bin", if split == Split::Train { "train" } else { "test" });
            let both = [
                (images, format!("{word} images ({})", file("X"))),
                (labels, format!("{word} labels ({})", file("y"))),
            ];
            return both.into_iter().filter(|(is_here, _)| !is_here).map(|(_, what)| what).collect();
        }
        if self.known.family == Family::Mat {
            let file = if split == Split::Train { "train_32x32.mat" } else { "test_32x32.mat" };
            return vec![format!("{word} images ({file})")];
        }
        if self.known.family == Family::Cifar && !images && !labels {
            let file = match (self.known.coarse.is_empty(), split) {
                (true, Split::Train) => "data_batch_1 to data_batch_5, at least one of them",
                (true, _) => "test_batch",
                (false, Split::Train) => "train",
                (false, _) => "test",
            };
            return vec![format!("{word} images ({file})")];
        }
        let prefix = match (split, self.known.size) {
            (Split::Train, _) => "train",
            (_, Some(_)) => "t10k",
            (_, None) => "test",
        };
        let mut missing = Vec::new();
        if !images {
            missing.push(format!("{word} images ({prefix}-images-idx3-ubyte)"));
        }
        if !labels {
            missing.push(format!("{word} labels ({prefix}-labels-idx1-ubyte)"));
        }
        missing
    }

    /// Combines the files to the data set.
    ///
    /// # Errors
    /// [`Error::Data`] if files are missing or do not fit together, or if several sets fit.
    pub fn finish(mut self) -> Result<Dataset> {
        let missing = self.missing();
        let entries = settle(self.known, std::mem::take(&mut self.entries))?;
        if !missing.is_empty() {
            return Err(Error::Data(format!(
                "{} is not complete. Missing: {}. Add them, or an archive that holds them: {}",
                self.known.title,
                missing.join("; "),
                self.known.files
            )));
        }
        let mut parts = Parts::default();
        entries.into_iter().for_each(|entry| parts.keep(entry.piece));
        let [train, test] = [parts.images(Split::Train, self.coarse)?, parts.images(Split::Test, self.coarse)?];
        if train.shape() != test.shape() {
            return Err(Error::Data(format!(
                "training and test images must have one size. Received: {:?} and {:?}",
                train.shape(),
                test.shape()
            )));
        }
        refuse_mix_up(self.known, &train)?;
        let (train, validation) = parts.with_validation(train)?;
        let classes = self.class_names(parts, &train, &test)?;
        let title = self.title(&train, &test);
        let name = self.known.name.split('/').next().unwrap_or_default().to_string();
        Ok(Dataset { name, title, synthetic: false, classes, validation, train, test })
    }

    fn class_names(&self, parts: Parts, train: &Images, test: &Images) -> Result<Vec<String>> {
        let (given, official) = match self.coarse {
            true => (parts.coarse_names, self.known.coarse),
            false => (parts.names, self.known.classes),
        };
        // A known set's labels and names were checked as they came; one's own images bring as many classes as they
        // like.
        let highest = train.labels.iter().chain(&test.labels).copied().max().map_or(0, usize::from);
        match (given.is_empty(), official.is_empty()) {
            (true, true) => Ok((0..=highest).map(|class| class.to_string()).collect()),
            (true, false) => Ok(owned(official)),
            (false, _) if given.len() > highest => Ok(given),
            _ => Err(Error::Data(format!(
                "{} class names do not cover the labels. Received: a label {highest}",
                given.len()
            ))),
        }
    }

    /// The title, with the numbers of images if the set is incomplete.
    fn title(&self, train: &Images, test: &Images) -> String {
        let title = match self.coarse {
            true => format!("{}, coarse labels", self.known.title),
            false => self.known.title.to_string(),
        };
        let part = |split: Split, images: &Images| {
            let all = self.known.count(split).filter(|&all| all != images.len())?;
            Some(format!("{} of {all} {} images", images.len(), split.word()))
        };
        let parts: Vec<_> = [part(Split::Train, train), part(Split::Test, test)].into_iter().flatten().collect();
        #[cfg(any(feature = "cli", feature = "files"))]
        if self.has_table && parts.is_empty() && !is_official(self.known.name, self.coarse, train, test) {
            return format!("{title} (not in the official order)");
        }
        if parts.is_empty() { title } else { format!("{title} ({})", parts.join(", ")) }
    }
}

impl Parts {
    /// The training images with the set's own validation images after them, and the number of those.
    fn with_validation(&mut self, mut train: Images) -> Result<(Images, usize)> {
        let own = Split::Validation as usize;
        if self.images[own].is_none() || self.labels[own].is_none() {
            return Ok((train, 0));
        }
        let validation = self.images(Split::Validation, false)?;
        if validation.shape() != train.shape() {
            return Err(Error::Data(format!(
                "training and validation images must have one size. Received: {:?} and {:?}",
                train.shape(),
                validation.shape()
            )));
        }
        reserve(&mut train.pixels, validation.pixels.len())?;
        train.pixels.extend_from_slice(&validation.pixels);
        train.labels.extend_from_slice(&validation.labels);
        Ok((train, validation.len()))
    }

    fn keep(&mut self, piece: Piece) {
        match piece {
            Piece::Images(split, size, pixels) => self.images[split as usize] = Some((size, pixels)),
            Piece::Labels(split, labels) => self.labels[split as usize] = Some(labels),
            Piece::Batch(split, number, batch) => {
                self.batches.insert((split, number), batch);
            }
            Piece::Names(names, coarse) => {
                if !names.is_empty() {
                    self.names = names;
                }
                if !coarse.is_empty() {
                    self.coarse_names = coarse;
                }
            }
        }
    }

    /// The images of one split, moved out.
    fn images(&mut self, split: Split, coarse: bool) -> Result<Images> {
        if let (Some((size, pixels)), Some(labels)) =
            (self.images[split as usize].take(), self.labels[split as usize].take())
        {
            let images = pixels.len() / size.iter().product::<usize>().max(1);
            if images != labels.len() {
                return Err(Error::Data(format!(
                    "every {} image needs one label; do both files belong together? Received: {images} images, {} labels",
                    split.word(),
                    labels.len()
                )));
            }
            return Images::new(size, pixels, labels);
        }
        let (mut pixels, mut labels) = (Vec::new(), Vec::new());
        let total: usize =
            self.batches.iter().filter(|((of, _), _)| *of == split).map(|(_, batch)| batch.pixels.len()).sum();
        for number in 0..=u8::MAX {
            let Some(batch) = self.batches.remove(&(split, number)) else { continue };
            // The first batch is enlarged for all; the others are freed one by one.
            if labels.is_empty() {
                let rest = total - batch.pixels.len();
                pixels = batch.pixels;
                reserve(&mut pixels, rest)?;
            } else {
                pixels.extend_from_slice(&batch.pixels);
            }
            labels.extend(if coarse { batch.coarse } else { batch.labels });
        }
        Images::new([32, 32, 3], pixels, labels)
    }
}

/// The content of a file, for display: "MNIST: 60000 training images, 60000 training labels".
fn describe(known: &DatasetInfo, entries: &[Entry]) -> String {
    let pieces = || entries.iter().map(|entry| &entry.piece);
    let mut parts = Vec::new();
    for split in Split::ALL {
        let (mut images, mut labels) = (0, 0);
        for piece in pieces() {
            match piece {
                Piece::Images(of, size, pixels) if *of == split => {
                    images += pixels.len() / size.iter().product::<usize>().max(1);
                }
                Piece::Batch(of, _, batch) if *of == split => images += batch.labels.len(),
                Piece::Labels(of, values) if *of == split => labels += values.len(),
                _ => {}
            }
        }
        for (count, what) in [(images, "images"), (labels, "labels")] {
            if count > 0 {
                parts.push(format!("{count} {} {what}", split.word()));
            }
        }
    }
    if pieces().any(Piece::is_names) {
        parts.push("class names".to_string());
    }
    format!("{}: {}", known.title, parts.join(", "))
}

/// Rejects Fashion-MNIST loaded as MNIST, and the reverse. They have the same file names and sizes, but only
/// Fashion-MNIST has 6000 training images of each class.
fn refuse_mix_up(known: &DatasetInfo, train: &Images) -> Result<()> {
    const MNIST: [usize; 10] = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949];
    let counts = train.class_counts(10);
    let other = match known.name {
        "mnist" if counts == [6000; 10] => "Fashion-MNIST or another set in MNIST's format",
        "fashion_mnist" if counts == MNIST => "MNIST",
        _ => return Ok(()),
    };
    Err(Error::Data(format!("these are not the images of {}. Received: {other}; choose that data set", known.title)))
}
