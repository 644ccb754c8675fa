//! Random changes of the training pictures, drawn afresh every epoch from (seed, epoch, picture).
//!
//! All geometric changes of one picture combine into one affine map from output to input pixels, worked out here once
//! for both engines; an engine then reads each output pixel through it with bilinear weights. Flips and crops land on
//! whole pixels, so they copy exactly. Validation and test pictures never pass through here.

use crate::base::error::{Error, Result};
use crate::base::number::Plain;
use crate::tensor::random::{stream, uniform};
use crate::tensor::transform::{FillMode, IDENTITY, Transform};

/// One change; a list of them applies in order.
#[derive(Debug, Clone, PartialEq)]
pub enum Augmentation {
    /// Mirrors half of the pictures.
    RandomFlip {
        /// `horizontal`, `vertical` or both.
        mode: FlipMode,
    },
    /// Pads with zeros and cuts out a picture of the old size at a random place.
    RandomCrop {
        /// Pixels on each side.
        padding: usize,
    },
    /// Shifts by up to these shares of the size, each way.
    RandomTranslation {
        /// Share of the height.
        height_factor: f64,
        /// Share of the width.
        width_factor: f64,
        /// What lies outside.
        fill_mode: FillMode,
    },
    /// Turns by up to `factor` of a full turn, each way.
    RandomRotation {
        /// Share of a full turn.
        factor: f64,
        /// What lies outside.
        fill_mode: FillMode,
    },
    /// Zooms by up to these shares, in and out; the width by the height's draw where its factor is absent.
    RandomZoom {
        /// Share of the height.
        height_factor: f64,
        /// Share of the width.
        width_factor: Option<f64>,
        /// What lies outside.
        fill_mode: FillMode,
    },
    /// Blanks a square at a random place (DeVries and Taylor, 2017).
    Cutout {
        /// Its side in pixels; parts may fall outside.
        size: usize,
    },
}

crate::record!(Augmentation by "type" {
    "random_flip" => RandomFlip { mode = FlipMode::Horizontal },
    "random_crop" => RandomCrop { padding = 4 },
    "random_translation" => RandomTranslation { height_factor, width_factor, fill_mode = FillMode::Reflect },
    "random_rotation" => RandomRotation { factor, fill_mode = FillMode::Reflect },
    "random_zoom" => RandomZoom { height_factor, width_factor, fill_mode = FillMode::Reflect },
    "cutout" => Cutout { size },
});

/// Which way to mirror.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FlipMode {
    /// Left and right.
    #[default]
    Horizontal,
    /// Up and down.
    Vertical,
    /// Each on its own.
    HorizontalAndVertical,
}
crate::names!(FlipMode {
    "horizontal" => Horizontal,
    "vertical" => Vertical,
    "horizontal_and_vertical" => HorizontalAndVertical,
});

impl Augmentation {
    /// Checks the constants.
    ///
    /// # Errors
    /// [`Error::Spec`] names the one that is out of range.
    pub fn check(&self, [height, width, _]: [usize; 3]) -> Result<()> {
        let refuse = |message: String| Err(Error::Spec(format!("augmentation {message}")));
        let factor = |name: &str, value: f64, most: f64| {
            if (0.0..=most).contains(&value) {
                return Ok(());
            }
            refuse(format!("{name} must lie between 0 and {}. Received: {}", Plain(most), Plain(value)))
        };
        match *self {
            Self::RandomFlip { .. } => Ok(()),
            Self::RandomCrop { padding } if padding == 0 || padding > height.max(width) => {
                refuse(format!("random_crop padding must be between 1 and the picture's size. Received: {padding}"))
            }
            Self::Cutout { size } if size == 0 || size > height.min(width) => {
                refuse(format!("cutout size must be between 1 and the picture's shorter side. Received: {size}"))
            }
            Self::RandomCrop { .. } | Self::Cutout { .. } => Ok(()),
            Self::RandomTranslation { height_factor, width_factor, .. } => {
                factor("random_translation height_factor", height_factor, 1.0)?;
                factor("random_translation width_factor", width_factor, 1.0)
            }
            Self::RandomRotation { factor: turn, .. } => factor("random_rotation factor", turn, 0.5),
            Self::RandomZoom { height_factor, width_factor, .. } => {
                factor("random_zoom height_factor", height_factor, 0.9)?;
                factor("random_zoom width_factor", width_factor.unwrap_or(0.0), 0.9)
            }
        }
    }
}

/// The change of picture `index` in `epoch`.
pub fn draw(list: &[Augmentation], size: (usize, usize), seed: u32, epoch: u32, index: u32) -> Transform {
    let mut transform = Transform { map: IDENTITY, hole: [0; 4], fill: FillMode::Constant };
    for (place, change) in list.iter().enumerate() {
        // Three independent draws a change: the epoch and the change pick the stream, the picture the index.
        let key = stream::AUGMENT + 4 * place as u32;
        let draws = [0, 1, 2].map(|k| f64::from(uniform(seed, epoch, key + k, index)));
        change.apply(&mut transform, size, draws);
    }
    transform
}

impl Augmentation {
    fn apply(&self, transform: &mut Transform, (height, width): (usize, usize), [a, b, c]: [f64; 3]) {
        let (h, w) = (height as f64, width as f64);
        let (cy, cx) = ((h - 1.0) / 2.0, (w - 1.0) / 2.0);
        let within = |draw: f64, factor: f64| (2.0 * draw - 1.0) * factor;
        let mut then = |next: [f64; 6]| transform.map = compose(transform.map, next);
        match *self {
            Self::RandomFlip { mode } => {
                let vertical = mode != FlipMode::Horizontal && a < 0.5;
                let horizontal = mode != FlipMode::Vertical && b < 0.5;
                let (sy, ty) = if vertical { (-1.0, h - 1.0) } else { (1.0, 0.0) };
                let (sx, tx) = if horizontal { (-1.0, w - 1.0) } else { (1.0, 0.0) };
                then([sy, 0.0, ty, 0.0, sx, tx]);
            }
            Self::RandomCrop { padding } => {
                let shift = |draw: f64| (draw * (2 * padding + 1) as f64).floor() - padding as f64;
                then([1.0, 0.0, shift(a), 0.0, 1.0, shift(b)]);
                transform.fill = FillMode::Constant;
            }
            Self::RandomTranslation { height_factor, width_factor, fill_mode } => {
                then([1.0, 0.0, within(a, height_factor) * h, 0.0, 1.0, within(b, width_factor) * w]);
                transform.fill = fill_mode;
            }
            Self::RandomRotation { factor, fill_mode } => {
                let (sin, cos) = libm::sincos(within(a, factor) * std::f64::consts::TAU);
                then([cos, sin, cy - cos * cy - sin * cx, -sin, cos, cx + sin * cy - cos * cx]);
                transform.fill = fill_mode;
            }
            Self::RandomZoom { height_factor, width_factor, fill_mode } => {
                let zy = 1.0 + within(a, height_factor);
                let zx = width_factor.map_or(zy, |factor| 1.0 + within(b, factor));
                then([zy, 0.0, cy - zy * cy, 0.0, zx, cx - zx * cx]);
                transform.fill = fill_mode;
            }
            Self::Cutout { size } => {
                let (top, left) = ((a * h).floor() as i32, (c * w).floor() as i32);
                let half = size as i32 / 2;
                let clamp = |n: i32, most: usize| n.clamp(0, most as i32);
                let (y, x, size) = (top - half, left - half, size as i32);
                transform.hole = [clamp(y, height), clamp(y + size, height), clamp(x, width), clamp(x + size, width)];
            }
        }
    }
}

/// `first ∘ next`: output coordinates go through `next`, then through the maps before it.
fn compose(first: [f32; 6], next: [f64; 6]) -> [f32; 6] {
    let a = first.map(f64::from);
    let row =
        |p: f64, q: f64, r: f64| [p * next[0] + q * next[3], p * next[1] + q * next[4], p * next[2] + q * next[5] + r];
    let ([m0, m1, m2], [m3, m4, m5]) = (row(a[0], a[1], a[2]), row(a[3], a[4], a[5]));
    [m0, m1, m2, m3, m4, m5].map(|m| m as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_differ_by_epoch_and_picture_and_repeat() {
        let list = [Augmentation::RandomCrop { padding: 4 }, Augmentation::RandomFlip { mode: FlipMode::Horizontal }];
        let one = |epoch, index| draw(&list, (32, 32), 7, epoch, index);
        assert_eq!(one(0, 3), one(0, 3));
        assert!((0..20).any(|i| one(0, i) != one(1, i)));
        let flips = (0..1000).filter(|&i| one(0, i).map[4] < 0.0).count();
        assert!((400..600).contains(&flips), "{flips}");
    }
}
