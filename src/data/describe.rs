//! What a data set says of itself to programs that hold its images elsewhere.

use super::images::Dataset;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a data set is, besides its images.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DatasetHead {
    /// Its name in experiments.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// Names of its classes.
    pub classes: Vec<String>,
    /// Height, width and channels of an image.
    pub size: [usize; 3],
}

/// What a data set holds.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DatasetInfo {
    /// Its name in experiments.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// Whether its images are drawn, not photographed or written by hand.
    pub synthetic: bool,
    /// Names of its classes.
    pub classes: Vec<String>,
    /// Rows of an image.
    pub height: usize,
    /// Columns of an image.
    pub width: usize,
    /// Values of a pixel.
    pub channels: usize,
    /// Training images.
    pub train: usize,
    /// Test images.
    pub test: usize,
    /// Training images of each class.
    pub class_counts: Vec<usize>,
}

impl Dataset {
    /// What it is, besides its images.
    pub fn head(&self) -> DatasetHead {
        let (name, title, classes) = (self.name.clone(), self.title.clone(), self.classes.clone());
        DatasetHead { name, title, classes, size: self.train.shape() }
    }

    /// What it holds.
    pub fn info(&self) -> DatasetInfo {
        let DatasetHead { name, title, classes, size: [height, width, channels] } = self.head();
        DatasetInfo {
            synthetic: self.synthetic,
            height,
            width,
            channels,
            train: self.train.len(),
            test: self.test.len(),
            class_counts: self.train.class_counts(classes.len()),
            name,
            title,
            classes,
        }
    }
}
