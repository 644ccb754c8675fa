//! The part of an experiment about its data: which set, and how it is divided.

use crate::data::{ColorMode, ImageOptions, Interpolation};
use schemars::JsonSchema;
use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;
use ts_rs::TS;

/// The data set of networks that are only counted: its images do not fit into a browser tab's memory.
pub const COST_SHEET_DATA: &str = "imagenet";

/// The maximum height, width and number of channels of an image.
pub const MAX_SIDE: usize = 8192;

/// The names that `dataset.name` may have.
pub(super) fn dataset_names() -> Vec<&'static str> {
    let mut names: Vec<_> = crate::data::names().iter().filter_map(|name| name.split('/').next()).collect();
    names.dedup();
    names.push(COST_SHEET_DATA);
    names
}

/// The data and how it is divided.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct DatasetSpec {
    /// The data set: `mnist`, `cifar10`, …; `imagenet` for networks that are only counted.
    #[schemars(extend("enum" = dataset_names()))]
    pub name: String,
    /// Merge classes: the n-th list holds the original classes that form the new class n.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merge_classes: Option<Vec<Vec<u8>>>,
    /// Where validation images come from: `"test"` for the test set, `{"split": 0.2}` for the last share of the training
    /// set (of `images`, for a share of each class, drawn from the seed), null for none. Validation images that a data set
    /// has of its own are used unless this is `"test"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validation: Option<Validation>,
    /// Use only the first images.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    /// Names of the classes, in the order of their labels. The data's own names in another order give the labels that order, as in
    /// Keras; other names take their place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub classes: Option<Vec<String>>,
    /// Which of CIFAR-100's labels to learn: `fine` (100 classes) or `coarse` (20).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label_mode: Option<LabelMode>,
    /// Which of EMNIST's sets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split: Option<EmnistSplit>,
    /// Of `images` and `parquet`: height and width to which they are resized; those of `input_shape` if not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(inner(range(min = 1, max = MAX_SIDE)))]
    pub image_size: Option<[usize; 2]>,
    /// Of `images` and `parquet`: their channels; those of `input_shape` if not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color_mode: Option<ColorMode>,
    /// Of `images` and `parquet`: how they are resized, `bilinear` if not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interpolation: Option<Interpolation>,
    /// Of `images` and `parquet`: whether the largest part of the right aspect ratio is cut out instead of distorting the image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crop_to_aspect_ratio: Option<bool>,
    /// Of `images` without a `test` folder and `parquet` without a test file: the share of each class that is drawn for testing, 0.2 if not set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test: Option<Split>,
    /// Of `parquet`: the column of images, if the file has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_column: Option<String>,
    /// Of `parquet`: the column of labels, if the file has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label_column: Option<String>,
}

impl DatasetSpec {
    /// The name of the set, with that of its split after a slash.
    pub fn full_name(&self) -> String {
        self.split.map_or_else(|| self.name.clone(), |split| format!("{}/{}", self.name, split.name()))
    }

    /// An option that this set does not have, and the sets that have it. A synthetic set stands in for another one, whose options stay in
    /// the document.
    pub(super) fn misplaced(&self) -> Option<(&'static str, &'static str)> {
        if crate::data::is_synthetic(&self.name) {
            return None;
        }
        let table = self.name == "parquet";
        let files = table || self.name == "images";
        let of_files = |is_set: bool| (is_set && !files, "images or parquet");
        let of_table = |is_set: bool| (is_set && !table, "parquet");
        let options = [
            ("image_size", of_files(self.image_size.is_some())),
            ("color_mode", of_files(self.color_mode.is_some())),
            ("interpolation", of_files(self.interpolation.is_some())),
            ("crop_to_aspect_ratio", of_files(self.crop_to_aspect_ratio.is_some())),
            ("test", of_files(self.test.is_some())),
            ("image_column", of_table(self.image_column.is_some())),
            ("label_column", of_table(self.label_column.is_some())),
            ("label_mode", (self.label_mode.is_some() && self.name != "cifar100", "cifar100")),
        ];
        options.into_iter().find(|(_, (is_misplaced, _))| *is_misplaced).map(|(field, (_, sets))| (field, sets))
    }

    /// The options of `images`, for images of `input_shape`.
    pub fn image_options(&self, [height, width, channels]: [usize; 3], seed: u32) -> ImageOptions {
        let plain = if channels == 1 { ColorMode::Grayscale } else { ColorMode::Rgb };
        ImageOptions {
            image_size: self.image_size.unwrap_or([height, width]),
            color_mode: self.color_mode.unwrap_or(plain),
            interpolation: self.interpolation.unwrap_or(Interpolation::Bilinear),
            crop_to_aspect_ratio: self.crop_to_aspect_ratio.unwrap_or_default(),
            validation: if let Some(Validation::Split(share)) = self.validation { share.split } else { 0.0 },
            test: self.test.map_or(0.2, |share| share.split),
            seed,
        }
    }
}

/// The parts of an experiment that say how image files are read.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ImageSource {
    /// The data and how it is divided.
    pub dataset: DatasetSpec,
    /// Height, width and channels of an image.
    pub input_shape: [usize; 3],
    /// The seed of the experiment.
    pub seed: u32,
}

/// Which of EMNIST's sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "lowercase")]
pub enum EmnistSplit {
    /// 47 classes with equally many images.
    Balanced,
    /// Digits, capitals and small letters.
    Byclass,
    /// The same images in 47 classes: small letters that look like their capitals are one class with them.
    Bymerge,
    /// Digits.
    Digits,
    /// Letters; capitals and small ones are one class.
    Letters,
    /// Digits, as many as MNIST has.
    Mnist,
}

impl EmnistSplit {
    fn name(self) -> &'static str {
        match self {
            Self::Balanced => "balanced",
            Self::Byclass => "byclass",
            Self::Bymerge => "bymerge",
            Self::Digits => "digits",
            Self::Letters => "letters",
            Self::Mnist => "mnist",
        }
    }
}

/// Which of CIFAR-100's labels to learn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum LabelMode {
    /// 100 classes.
    Fine,
    /// 20 superclasses.
    Coarse,
}

/// Where validation images come from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema, TS)]
#[serde(untagged)]
pub enum Validation {
    /// A named source.
    Named(NamedValidation),
    /// The last share of the training set, in file order.
    Split(Split),
}

impl<'de> Deserialize<'de> for Validation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct NameOrSplit;

        impl<'de> Visitor<'de> for NameOrSplit {
            type Value = Validation;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str(r#""test", {"split": 0.2} or null"#)
            }

            fn visit_str<E: de::Error>(self, name: &str) -> std::result::Result<Validation, E> {
                let named = NamedValidation::deserialize(StrDeserializer::<E>::new(name));
                named.map(Validation::Named).map_err(|_| E::invalid_value(de::Unexpected::Str(name), &self))
            }

            fn visit_map<A: MapAccess<'de>>(self, fields: A) -> std::result::Result<Validation, A::Error> {
                Split::deserialize(MapAccessDeserializer::new(fields)).map(Validation::Split)
            }
        }

        deserializer.deserialize_any(NameOrSplit)
    }
}

/// A named source of validation images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum NamedValidation {
    /// The test set.
    Test,
}

/// The last share of the training set, in file order.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// The share, between 0 and 1.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 1))]
    pub split: f64,
}

impl Split {
    /// How many of `images` are for training: the first `floor(images * (1 - split))`, in file order and before any
    /// shuffling, as in Keras 3's `validation_split`. The others are for validation.
    pub fn training(self, images: usize) -> usize {
        (images as f64 * (1.0 - self.split)).floor() as usize
    }
}

/// Use only the first images.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct Limit {
    /// Number of images of the training set, before the validation split.
    pub train: Option<usize>,
    /// Number of images of the test set.
    pub test: Option<usize>,
}
