//! `random_flip`: mirrors each image with probability 0.5, or every second time (Jordan, "94% on CIFAR-10 in 3.29 Seconds on a
//! Single GPU", 2024).

use super::change::{Change, then};
use crate::base::error::Result;
use crate::tensor::transform::Transform;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Mirrors each image with probability 0.5.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RandomFlip {
    /// The direction of mirroring.
    pub mode: FlipMode,
    /// Draw for the first epoch only; from then on mirror each image in every second epoch.
    #[cfg(feature = "extended")]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub alternating: bool,
}

/// The direction of mirroring.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FlipMode {
    /// Left and right.
    #[default]
    Horizontal,
    /// Up and down.
    Vertical,
    /// Both directions, each drawn independently.
    HorizontalAndVertical,
}

impl Change for RandomFlip {
    fn apply(&self, transform: &mut Transform, (height, width): (usize, usize), [a, b, _]: [f64; 3]) {
        let vertical = self.mode != FlipMode::Horizontal && a < 0.5;
        let horizontal = self.mode != FlipMode::Vertical && b < 0.5;
        let mirror = |size: usize, mirrored: bool| if mirrored { (-1.0, size as f64 - 1.0) } else { (1.0, 0.0) };
        let ((sy, ty), (sx, tx)) = (mirror(height, vertical), mirror(width, horizontal));
        then(transform, [sy, 0.0, ty, 0.0, sx, tx]);
    }

    #[cfg(feature = "extended")]
    fn alternates(&self) -> bool {
        self.alternating
    }

    fn check(&self, _size: (usize, usize)) -> Result<()> {
        Ok(())
    }
}
