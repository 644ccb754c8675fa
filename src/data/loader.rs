//! Collects the files of a data set one by one, in any order and from any source, and combines them.

use super::cifar::Batch;
use super::files::{Piece, Role, read, role, within};
use super::images::{Dataset, Images, Split};
use super::info::{DatasetInfo, Family, owned};
use super::stream::reserve;
use crate::base::error::{Error, Result};
use std::collections::BTreeMap;

/// Loads the files of one data set. Each file is recognised by its content; its name only distinguishes training from
/// test.
///
/// After an error the loader is unchanged. A file that is added twice replaces the first.
#[derive(Debug)]
pub struct Loader {
    known: &'static DatasetInfo,
    coarse: bool,
    images: [Option<([usize; 3], Vec<u8>)>; 2],
    labels: [Option<Vec<u8>>; 2],
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
        Ok(Self {
            known,
            coarse: false,
            images: [None, None],
            labels: [None, None],
            batches: BTreeMap::new(),
            names: Vec::new(),
            coarse_names: Vec::new(),
        })
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

    /// Reads one file, and returns a description of its content. `progress` receives the bytes read and the size of the
    /// file.
    ///
    /// # Errors
    /// [`Error::Data`] if the file does not belong to the data set or is damaged.
    pub fn add(&mut self, file_name: &str, bytes: &[u8], progress: &mut dyn FnMut(usize, usize)) -> Result<String> {
        let name = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
        if role(self.known, name) == Role::Companion {
            return Ok(format!("{name}: not needed"));
        }
        let pieces = read(self.known, name, bytes, progress).map_err(|error| within(name, error))?;
        progress(bytes.len(), bytes.len());
        let found = describe(self.known, &pieces);
        pieces.into_iter().for_each(|piece| self.keep(piece));
        Ok(found)
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

    /// What [`Loader::finish`] still needs, for display; empty if nothing is missing. At least one of CIFAR-10's
    /// training batches is needed, not all.
    pub fn missing(&self) -> Vec<String> {
        Split::BOTH.into_iter().flat_map(|split| self.missing_of(split)).collect()
    }

    fn missing_of(&self, split: Split) -> Vec<String> {
        let has_batch = self.batches.keys().any(|(of, _)| *of == split);
        let (images, labels) = (&self.images[split as usize], &self.labels[split as usize]);
        if has_batch || (images.is_some() && labels.is_some()) {
            return Vec::new();
        }
        let word = split.word();
        if self.known.family == Family::Cifar && images.is_none() && labels.is_none() {
            let file = match (self.known.coarse.is_empty(), split) {
                (true, Split::Train) => "data_batch_1 to data_batch_5, at least one of them",
                (true, Split::Test) => "test_batch",
                (false, Split::Train) => "train",
                (false, Split::Test) => "test",
            };
            return vec![format!("{word} images ({file})")];
        }
        let prefix = match (split, self.known.size) {
            (Split::Train, _) => "train",
            (Split::Test, Some(_)) => "t10k",
            (Split::Test, None) => "test",
        };
        let mut missing = Vec::new();
        if images.is_none() {
            missing.push(format!("{word} images ({prefix}-images-idx3-ubyte)"));
        }
        if labels.is_none() {
            missing.push(format!("{word} labels ({prefix}-labels-idx1-ubyte)"));
        }
        missing
    }

    /// Combines the files to the data set.
    ///
    /// # Errors
    /// [`Error::Data`] if files are missing or do not fit together.
    pub fn finish(mut self) -> Result<Dataset> {
        let missing = self.missing();
        if !missing.is_empty() {
            return Err(Error::Data(format!(
                "{} is not complete. Missing: {}. Add them, or an archive that holds them: {}",
                self.known.title,
                missing.join("; "),
                self.known.files
            )));
        }
        let [train, test] = [self.images(Split::Train)?, self.images(Split::Test)?];
        if train.shape() != test.shape() {
            return Err(Error::Data(format!(
                "training and test images must have one size. Received: {:?} and {:?}",
                train.shape(),
                test.shape()
            )));
        }
        refuse_mix_up(self.known, &train)?;
        let classes = self.class_names(&train, &test)?;
        let title = self.title(&train, &test);
        Ok(Dataset { name: self.known.name.to_string(), title, synthetic: false, classes, train, test })
    }

    /// The images of one split, moved out of the loader.
    fn images(&mut self, split: Split) -> Result<Images> {
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
            labels.extend(if self.coarse { batch.coarse } else { batch.labels });
        }
        Images::new([32, 32, 3], pixels, labels)
    }

    fn class_names(&mut self, train: &Images, test: &Images) -> Result<Vec<String>> {
        let (given, official) = match self.coarse {
            true => (std::mem::take(&mut self.coarse_names), self.known.coarse),
            false => (std::mem::take(&mut self.names), self.known.classes),
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
        if parts.is_empty() { title } else { format!("{title} ({})", parts.join(", ")) }
    }
}

/// The content of a file, for display: "MNIST: 60000 training images, 60000 training labels".
fn describe(known: &DatasetInfo, pieces: &[Piece]) -> String {
    let mut parts = Vec::new();
    for split in Split::BOTH {
        let (mut images, mut labels) = (0, 0);
        for piece in pieces {
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
    if pieces.iter().any(|piece| matches!(piece, Piece::Names(..))) {
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
