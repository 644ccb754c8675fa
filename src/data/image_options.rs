//! How image files become pixels, as in Keras's `image_dataset_from_directory`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The channels of the images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum ColorMode {
    /// Red, green and blue.
    Rgb,
    /// One value for each pixel.
    Grayscale,
}

impl ColorMode {
    /// Values for each pixel.
    pub fn channels(self) -> usize {
        match self {
            Self::Rgb => 3,
            Self::Grayscale => 1,
        }
    }
}

/// How an image is resized. No method smooths an image before it is made smaller, which is Keras's default, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Interpolation {
    /// Between the four nearest pixels.
    Bilinear,
    /// The nearest pixel.
    Nearest,
    /// Between the sixteen nearest pixels.
    Bicubic,
    /// The mean of the pixels below a new one.
    Area,
    /// Lanczos' window, three pixels wide to each side.
    Lanczos3,
    /// Lanczos' window, five pixels wide to each side.
    Lanczos5,
}

/// The options of a set of image files.
#[derive(Debug, Clone, PartialEq)]
pub struct ImageOptions {
    /// Height and width of the images after resizing.
    pub image_size: [usize; 2],
    /// Their channels.
    pub color_mode: ColorMode,
    /// How they are resized.
    pub interpolation: Interpolation,
    /// Whether the largest part of the right aspect ratio is cut out before resizing, instead of distorting the image.
    pub crop_to_aspect_ratio: bool,
    /// The share of each class that is drawn for validation; 0 for none.
    pub validation: f64,
    /// The share of each class that is drawn for testing, if the data has no test folder.
    pub test: f64,
    /// The seed of the draws.
    pub seed: u32,
}
