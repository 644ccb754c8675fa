//! What is known beforehand of each data set: its files, the size and number of its pictures, the names of its classes.

use super::array::MAX_BYTES;
use super::images::Split;
use crate::base::error::{Error, Result};

/// How the official files of a data set look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// Four IDX files, or one `.npz`.
    Idx,
    /// Binary or python batches.
    Cifar,
    /// No files: drawn by [`super::synthetic`].
    Synthetic,
}

/// One data set that the contract names.
#[derive(Debug, Clone, Copy)]
pub(super) struct DatasetInfo {
    pub name: &'static str,
    pub title: &'static str,
    pub family: Family,
    /// Height, width and channels of a picture, where all have one size.
    pub size: Option<[usize; 3]>,
    /// Training and test pictures of the whole official set.
    pub counts: Option<[usize; 2]>,
    /// The class names; empty where the files decide.
    pub classes: &'static [&'static str],
    /// The coarser classes, where the files have a second label.
    pub coarse: &'static [&'static str],
    /// The files, as a person would look for them.
    pub files: &'static str,
}

impl DatasetInfo {
    /// The data set with this name.
    pub fn find(name: &str) -> Result<&'static Self> {
        ALL.iter().find(|known| known.name == name).ok_or_else(|| {
            Error::Data(format!(
                "there is no data set of this name; there are {}. Received: \"{name}\"",
                NAMES.join(", ")
            ))
        })
    }

    /// How many pictures the official split has.
    pub fn count(&self, split: Split) -> Option<usize> {
        self.counts.map(|counts| counts[split as usize])
    }

    /// Whether a file may name its classes. MNIST's digits have no names but their own, whatever comes along with them.
    pub fn has_names(&self) -> bool {
        self.family == Family::Cifar || self.classes.is_empty()
    }

    /// The most bytes that a file of this data set unpacks to: all its pictures, and room for labels, file names and
    /// the archive's own blocks.
    pub fn max_bytes(&self) -> usize {
        match (self.size, self.counts) {
            (Some(size), Some([train, test])) => (train + test) * size.iter().product::<usize>() + (32 << 20),
            _ => MAX_BYTES,
        }
    }
}

/// Owned strings, as [`super::images::Dataset`] keeps them.
pub(super) fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

const IDX_FILES: &str = "train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and \
                         t10k-labels-idx1-ubyte (plain or .gz), or an .npz with x_train, y_train, x_test and y_test";
const GREY: Option<[usize; 3]> = Some([28, 28, 1]);
const COLOUR: Option<[usize; 3]> = Some([32, 32, 3]);

/// Every data set of the contract.
pub(super) const ALL: [DatasetInfo; 7] = [
    DatasetInfo {
        name: "mnist",
        title: "MNIST",
        family: Family::Idx,
        size: GREY,
        counts: Some([60_000, 10_000]),
        classes: &DIGITS,
        coarse: &[],
        files: IDX_FILES,
    },
    DatasetInfo {
        name: "fashion_mnist",
        title: "Fashion-MNIST",
        family: Family::Idx,
        size: GREY,
        counts: Some([60_000, 10_000]),
        classes: &FASHION,
        coarse: &[],
        files: IDX_FILES,
    },
    DatasetInfo {
        name: "cifar10",
        title: "CIFAR-10",
        family: Family::Cifar,
        size: COLOUR,
        counts: Some([50_000, 10_000]),
        classes: &CIFAR10,
        coarse: &[],
        files: "cifar-10-binary.tar.gz, cifar-10-python.tar.gz, or data_batch_1 to 5 and test_batch (.bin or python)",
    },
    DatasetInfo {
        name: "cifar100",
        title: "CIFAR-100",
        family: Family::Cifar,
        size: COLOUR,
        counts: Some([50_000, 10_000]),
        classes: &CIFAR100,
        coarse: &CIFAR100_COARSE,
        files: "cifar-100-binary.tar.gz, cifar-100-python.tar.gz, or train and test (.bin or python)",
    },
    DatasetInfo {
        name: "custom",
        title: "Own pictures",
        family: Family::Idx,
        size: None,
        counts: None,
        classes: &[],
        coarse: &[],
        files: "four IDX files named train-images, train-labels, test-images and test-labels (plain or .gz), or an .npz \
                with x_train, y_train, x_test and y_test; classes.txt with one name a line, if you like",
    },
    DatasetInfo {
        name: "synthetic_digits",
        title: "Drawn digits (synthetic)",
        family: Family::Synthetic,
        size: GREY,
        counts: None,
        classes: &DIGITS,
        coarse: &[],
        files: "no files",
    },
    DatasetInfo {
        name: "synthetic_objects",
        title: "Drawn objects (synthetic)",
        family: Family::Synthetic,
        size: COLOUR,
        counts: None,
        classes: &OBJECTS,
        coarse: &[],
        files: "no files",
    },
];

/// The names of all. A list of its own, like the next: the page's engine decodes no files, and is spared the rest.
pub(super) const NAMES: [&str; ALL.len()] = {
    let (mut names, mut i) = ([""; ALL.len()], 0);
    while i < names.len() {
        names[i] = ALL[i].name;
        i += 1;
    }
    names
};

/// The sets that are drawn.
pub(super) const DRAWN: [DatasetInfo; 2] = [ALL[5], ALL[6]];

const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

const OBJECTS: [&str; 10] =
    ["disc", "square", "triangle", "ring", "cross", "star", "stripes", "checker", "crescent", "spiral"];

const FASHION: [&str; 10] =
    ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

const CIFAR10: [&str; 10] = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

const CIFAR100_COARSE: [&str; 20] = [
    "aquatic_mammals",
    "fish",
    "flowers",
    "food_containers",
    "fruit_and_vegetables",
    "household_electrical_devices",
    "household_furniture",
    "insects",
    "large_carnivores",
    "large_man-made_outdoor_things",
    "large_natural_outdoor_scenes",
    "large_omnivores_and_herbivores",
    "medium_mammals",
    "non-insect_invertebrates",
    "people",
    "reptiles",
    "small_mammals",
    "trees",
    "vehicles_1",
    "vehicles_2",
];

#[rustfmt::skip]
const CIFAR100: [&str; 100] = [
    "apple", "aquarium_fish", "baby", "bear", "beaver", "bed", "bee", "beetle", "bicycle", "bottle",
    "bowl", "boy", "bridge", "bus", "butterfly", "camel", "can", "castle", "caterpillar", "cattle",
    "chair", "chimpanzee", "clock", "cloud", "cockroach", "couch", "crab", "crocodile", "cup", "dinosaur",
    "dolphin", "elephant", "flatfish", "forest", "fox", "girl", "hamster", "house", "kangaroo", "keyboard",
    "lamp", "lawn_mower", "leopard", "lion", "lizard", "lobster", "man", "maple_tree", "motorcycle", "mountain",
    "mouse", "mushroom", "oak_tree", "orange", "orchid", "otter", "palm_tree", "pear", "pickup_truck", "pine_tree",
    "plain", "plate", "poppy", "porcupine", "possum", "rabbit", "raccoon", "ray", "road", "rocket",
    "rose", "sea", "seal", "shark", "shrew", "skunk", "skyscraper", "snail", "snake", "spider",
    "squirrel", "streetcar", "sunflower", "sweet_pepper", "table", "tank", "telephone", "television", "tiger", "tractor",
    "train", "trout", "tulip", "turtle", "wardrobe", "whale", "willow_tree", "wolf", "woman", "worm",
];
