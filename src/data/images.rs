//! Images with labels, and data sets of them: limits, merged classes, the validation split.

use crate::base::error::{Error, Result};

/// Which of the two splits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Split {
    Train,
    Test,
}

impl Split {
    pub(super) const BOTH: [Self; 2] = [Self::Train, Self::Test];

    /// The word for people.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Train => "training",
            Self::Test => "test",
        }
    }
}

/// One split: pictures of one size, and a label for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Images {
    /// Rows of a picture.
    pub height: usize,
    /// Columns of a picture.
    pub width: usize,
    /// Values a pixel: 1 for grey, 3 for colour.
    pub channels: usize,
    /// `(n, height, width, channels)`, row-major, 0..=255.
    pub pixels: Vec<u8>,
    /// `(n)`, each an index into the data set's classes.
    pub labels: Vec<u8>,
}

impl Images {
    /// Pictures and labels that belong together, checked.
    pub fn new(size: [usize; 3], pixels: Vec<u8>, labels: Vec<u8>) -> Result<Self> {
        let [height, width, channels] = size;
        let images = Self { height, width, channels, pixels, labels };
        let expected = picture_bytes(size)?.checked_mul(images.len());
        if expected != Some(images.pixels.len()) {
            return Err(Error::Data(format!(
                "{} labels need as many pictures of {height} x {width} x {channels}. Received: {} bytes of pixels",
                images.len(),
                images.pixels.len()
            )));
        }
        Ok(images)
    }

    /// How many pictures there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no picture.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// `[height, width, channels]`, as `input_shape` has it.
    pub fn shape(&self) -> [usize; 3] {
        [self.height, self.width, self.channels]
    }

    /// Bytes of one picture.
    pub fn picture_len(&self) -> usize {
        self.height * self.width * self.channels
    }

    /// Picture `i` as `(height, width, channels)`.
    ///
    /// # Panics
    /// Where `i` is not below [`Images::len`].
    pub fn picture(&self, i: usize) -> &[u8] {
        &self.pixels[i * self.picture_len()..][..self.picture_len()]
    }

    /// How many pictures each of `classes` classes has.
    pub fn class_counts(&self, classes: usize) -> Vec<usize> {
        let mut counts = vec![0; classes];
        for &label in &self.labels {
            if let Some(count) = counts.get_mut(usize::from(label)) {
                *count += 1;
            }
        }
        counts
    }

    /// Keeps the first `n` pictures, or all where there are fewer.
    fn truncate(&mut self, n: usize) {
        let n = n.min(self.len());
        self.pixels.truncate(n * self.picture_len());
        self.labels.truncate(n);
    }

    /// Keras's `validation_split`: the last `fraction` of the pictures in file order, before any shuffling, become the
    /// second part. The cut is at `floor(n * (1 - fraction))`, computed as Keras 3 does.
    pub fn split_last(mut self, fraction: f64) -> Result<(Self, Self)> {
        if !(fraction > 0.0 && fraction < 1.0) {
            return Err(Error::Spec(format!(
                "dataset.validation.split must lie between 0 and 1 (use null for no validation). Received: {fraction}"
            )));
        }
        let n = self.len();
        let cut = (n as f64 * (1.0 - fraction)).floor() as usize;
        if cut == 0 || cut >= n {
            return Err(Error::Spec(format!(
                "{n} training pictures are too few for dataset.validation.split {fraction}: \
                 one part would be empty. Take more pictures or another share"
            )));
        }
        let last = Self {
            pixels: self.pixels.split_off(cut * self.picture_len()),
            labels: self.labels.split_off(cut),
            ..Self { pixels: Vec::new(), labels: Vec::new(), ..self }
        };
        Ok((self, last))
    }
}

/// A data set: its two splits and the names of its classes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dataset {
    /// The contract's name: `mnist`, `cifar10`, …
    pub name: String,
    /// The name for people, which also says when only a part of the official set is there.
    pub title: String,
    /// Whether the pictures were drawn by [`synthetic`](super::synthetic) and not taken from files.
    pub synthetic: bool,
    /// One name a class; labels are indices into it.
    pub classes: Vec<String>,
    /// The training pictures.
    pub train: Images,
    /// The test pictures.
    pub test: Images,
}

impl Dataset {
    /// A set of files that were decoded elsewhere.
    ///
    /// # Errors
    /// [`Error::Data`] where a label names no class.
    pub fn of_parts(name: String, title: String, classes: Vec<String>, train: Images, test: Images) -> Result<Self> {
        check_labels(&train.labels, classes.len())?;
        check_labels(&test.labels, classes.len())?;
        Ok(Self { name, title, synthetic: false, classes, train, test })
    }

    /// Keeps the first `train` and the first `test` pictures; call it before any split.
    pub fn limit(&mut self, train: Option<usize>, test: Option<usize>) -> Result<()> {
        for (key, limit) in [("train", train), ("test", test)] {
            if limit == Some(0) {
                return Err(Error::Spec(format!("dataset.limit.{key} must be at least 1. Received: 0")));
            }
        }
        self.train.truncate(train.unwrap_or(usize::MAX));
        self.test.truncate(test.unwrap_or(usize::MAX));
        Ok(())
    }

    /// Replaces each label by the index of the group that holds it; a group's name joins its classes' names: `"0+6"`.
    /// Every class must be in exactly one group.
    pub fn merge_classes(&mut self, groups: &[Vec<u8>]) -> Result<()> {
        let map = group_of_class(groups, self.classes.len())?;
        for label in self.train.labels.iter_mut().chain(&mut self.test.labels) {
            *label = *map.get(usize::from(*label)).ok_or_else(|| {
                Error::Data(format!("a label must be below {}, the number of classes. Received: {label}", map.len()))
            })?;
        }
        let name = |class: &u8| self.classes[usize::from(*class)].as_str();
        self.classes = groups.iter().map(|group| group.iter().map(name).collect::<Vec<_>>().join("+")).collect();
        Ok(())
    }
}

/// The group of each class, where `groups` hold each of `classes` classes once.
fn group_of_class(groups: &[Vec<u8>], classes: usize) -> Result<Vec<u8>> {
    let wrong = |message: String| Err(Error::Spec(format!("dataset.merge_classes: {message}. Received: {groups:?}")));
    let mut map = vec![None; classes];
    for (index, group) in groups.iter().enumerate() {
        if group.is_empty() {
            return wrong(format!("group {index} is empty"));
        }
        for &class in group {
            match map.get_mut(usize::from(class)) {
                None => return wrong(format!("there is no class {class}; the {classes} classes are counted from 0")),
                Some(Some(_)) => return wrong(format!("class {class} is named twice; each belongs to one group")),
                // There are at most 256 classes and no group is empty, so the index fits.
                Some(slot) => *slot = Some(index as u8),
            }
        }
    }
    match map.iter().position(Option::is_none) {
        Some(class) => wrong(format!("class {class} is in no group; each class belongs to one")),
        None => Ok(map.into_iter().flatten().collect()),
    }
}

/// The bytes of a picture of this size, where that is a size at all.
pub(super) fn picture_bytes([height, width, channels]: [usize; 3]) -> Result<usize> {
    height.checked_mul(width).and_then(|area| area.checked_mul(channels)).filter(|&bytes| bytes > 0).ok_or_else(|| {
        Error::Data(format!(
            "a picture needs a size above zero that fits in memory. Received: {height} x {width} x {channels}"
        ))
    })
}

/// Refuses labels that name no class; without known classes every label will do.
pub(super) fn check_labels(labels: &[u8], classes: usize) -> Result<()> {
    match labels.iter().position(|&label| classes > 0 && usize::from(label) >= classes) {
        None => Ok(()),
        Some(i) => Err(Error::Data(format!(
            "labels run from 0 to {}; these are another data set's, or damaged. Received: {} for picture {i}",
            classes - 1,
            labels[i]
        ))),
    }
}
