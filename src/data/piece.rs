//! The parts of a data set, as files contain them.

use super::cifar::Batch;
use super::images::Split;

/// A part of a data set.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Images of `[height, width, channels]`, whose labels come from another file.
    Images(Split, [usize; 3], Vec<u8>),
    Labels(Split, Vec<u8>),
    /// Images with their labels, and the number of the batch.
    Batch(Split, u8, Batch),
    /// Class names, and coarse ones; either may be empty.
    Names(Vec<String>, Vec<String>),
}

/// The identity of a part within its set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Images(Split),
    Labels(Split),
    Batch(Split, u8),
    /// True for the coarse classes alone.
    Names(bool),
}

impl Piece {
    pub fn place(&self) -> Place {
        match self {
            Self::Images(split, ..) => Place::Images(*split),
            Self::Labels(split, _) => Place::Labels(*split),
            Self::Batch(split, number, _) => Place::Batch(*split, *number),
            Self::Names(names, _) => Place::Names(names.is_empty()),
        }
    }

    pub fn split(&self) -> Option<Split> {
        match self {
            Self::Images(split, ..) | Self::Labels(split, _) | Self::Batch(split, ..) => Some(*split),
            Self::Names(..) => None,
        }
    }

    pub fn is_names(&self) -> bool {
        matches!(self, Self::Names(..))
    }
}
