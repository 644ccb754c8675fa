//! What a random change of an image does, and what the changes share.

use crate::base::error::{Error, Result};
use crate::base::number::PlainNumber;
#[cfg(feature = "extended")]
use crate::tensor::color::ColorChange;
#[cfg(feature = "extended")]
use crate::tensor::transform::Mix;
use crate::tensor::transform::Transform;

/// What a change does.
pub trait Change {
    /// Adds the change of an image of `(height, width)` to `transform`; `draws` are uniform in `[0, 1)`.
    fn apply(&self, transform: &mut Transform, size: (usize, usize), draws: [f64; 3]);

    /// Whether it is drawn for the first epoch only, and is the opposite in every second one.
    #[cfg(feature = "extended")]
    fn alternates(&self) -> bool {
        false
    }

    /// Whether images are mixed with others, so that each has two labels.
    #[cfg(feature = "extended")]
    fn mixes(&self) -> bool {
        false
    }

    /// How the image is mixed with another one; `draws` are uniform in `[0, 1)`, the words random, and the partner is drawn by the
    /// caller.
    #[cfg(feature = "extended")]
    fn mix(&self, _size: (usize, usize), _draws: [f64; 2], _words: [u32; 4]) -> Option<Mix> {
        None
    }

    /// How the image's colors are changed; `draws` are uniform in `[0, 1)`.
    #[cfg(feature = "extended")]
    fn colors(&self, _draws: [f64; 4]) -> Option<ColorChange> {
        None
    }

    /// Whether the images must have three channels.
    #[cfg(feature = "extended")]
    fn needs_colors(&self) -> bool {
        false
    }

    /// Checks the constants for images of `(height, width)`.
    ///
    /// # Errors
    /// [`Error::Spec`] names the one that is out of range.
    fn check(&self, size: (usize, usize)) -> Result<()>;
}

pub(super) fn refuse(message: String) -> Result<()> {
    Err(Error::Spec(format!("augmentation {message}")))
}

pub(super) fn check_factor(name: &str, value: f64, most: f64) -> Result<()> {
    if (0.0..=most).contains(&value) {
        return Ok(());
    }
    refuse(format!("{name} must lie between 0 and {}. Received: {}", PlainNumber(most), PlainNumber(value)))
}

/// Checks a parameter of the beta distribution.
#[cfg(feature = "extended")]
pub(super) fn check_alpha(name: &str, value: f64) -> Result<()> {
    if crate::base::number::is_positive(value) && value <= 1.0 {
        return Ok(());
    }
    refuse(format!("{name} must be above 0, from 1.2e-38, and at most 1. Received: {}", PlainNumber(value)))
}

/// A draw of `[0, 1)` as a value between `-factor` and `factor`.
pub(super) fn within(draw: f64, factor: f64) -> f64 {
    (2.0 * draw - 1.0) * factor
}

/// `transform`, then the map `next`: output coordinates go through `next`, then through the maps before it.
pub(super) fn then(transform: &mut Transform, next: [f64; 6]) {
    let a = transform.map.map(f64::from);
    let row =
        |p: f64, q: f64, r: f64| [p * next[0] + q * next[3], p * next[1] + q * next[4], p * next[2] + q * next[5] + r];
    let ([m0, m1, m2], [m3, m4, m5]) = (row(a[0], a[1], a[2]), row(a[3], a[4], a[5]));
    transform.map = [m0, m1, m2, m3, m4, m5].map(|m| m as f32);
}

/// The middle of an image.
pub(super) fn centre((height, width): (usize, usize)) -> (f64, f64) {
    ((height as f64 - 1.0) / 2.0, (width as f64 - 1.0) / 2.0)
}
