//! What a data set says of itself to programs that hold its images elsewhere.

use super::images::{Dataset, Images, check_labels};
use crate::base::error::{Error, Result};
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
    /// How many of the last training images are the set's own validation images.
    #[serde(default)]
    #[ts(as = "Option<_>", optional)]
    pub validation: usize,
}

/// A known data set, as the page lists it.
#[derive(Debug, Clone, Serialize)]
pub struct KnownSet {
    /// Its name in experiments, with that of its split after a slash.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// Whether its images are drawn.
    pub synthetic: bool,
    /// Height, width and channels of an image, unless the files decide.
    pub size: Option<[usize; 3]>,
    /// Training and test images of the complete set, unless the files decide.
    pub counts: Option<[usize; 2]>,
    /// The number of classes, unless the files decide.
    pub classes: Option<usize>,
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
    /// The set's own validation images.
    pub validation: usize,
    /// Test images.
    pub test: usize,
    /// Training images of each class.
    pub class_counts: Vec<usize>,
}

impl Dataset {
    /// Creates a data set from splits that were decoded elsewhere.
    ///
    /// # Errors
    /// [`Error::Data`] if a label is not below the number of classes.
    pub fn of_parts(head: DatasetHead, train: Images, test: Images) -> Result<Self> {
        let DatasetHead { name, title, classes, validation, .. } = head;
        check_labels(&train.labels, classes.len())?;
        check_labels(&test.labels, classes.len())?;
        if validation > train.len() {
            return Err(Error::Data(format!("{validation} validation images are more than all {}", train.len())));
        }
        Ok(Self { name, title, synthetic: false, classes, validation, train, test })
    }

    /// What it is, besides its images.
    pub fn head(&self) -> DatasetHead {
        let (name, title, classes) = (self.name.clone(), self.title.clone(), self.classes.clone());
        DatasetHead { name, title, classes, size: self.train.shape(), validation: self.validation }
    }

    /// What it holds.
    pub fn info(&self) -> DatasetInfo {
        let DatasetHead { name, title, classes, size: [height, width, channels], validation } = self.head();
        DatasetInfo {
            synthetic: self.synthetic,
            height,
            width,
            channels,
            train: self.train.len() - validation,
            validation,
            test: self.test.len(),
            class_counts: self.train.class_counts(classes.len()),
            name,
            title,
            classes,
        }
    }
}
