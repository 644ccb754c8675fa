//! `random_crop`: pads and crops to the original size at a random position.

use super::change::{Change, refuse, then};
use crate::base::error::Result;
use crate::tensor::transform::{FillMode, Transform};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Pads and crops to the original size at a random position.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("examples" = [{"padding": 4}]))]
pub struct RandomCrop {
    /// Pixels that are added on each side; at least 1, at most the image's longer side.
    #[serde(default = "four")]
    #[schemars(range(min = 1))]
    pub padding: usize,
    /// What is added.
    #[cfg(feature = "extended")]
    #[serde(default, skip_serializing_if = "PaddingMode::is_constant")]
    pub padding_mode: PaddingMode,
}

/// What is added around an image.
#[cfg(feature = "extended")]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaddingMode {
    /// Zeros.
    #[default]
    Constant,
    /// The image mirrored at its edge pixels, which are not repeated.
    Reflect,
}

#[cfg(feature = "extended")]
impl PaddingMode {
    fn is_constant(&self) -> bool {
        *self == Self::Constant
    }
}

fn four() -> usize {
    4
}

impl Change for RandomCrop {
    fn apply(&self, transform: &mut Transform, _size: (usize, usize), [a, b, _]: [f64; 3]) {
        let shift = |draw: f64| (draw * (2 * self.padding + 1) as f64).floor() - self.padding as f64;
        then(transform, [1.0, 0.0, shift(a), 0.0, 1.0, shift(b)]);
        transform.fill = FillMode::Constant;
        #[cfg(feature = "extended")]
        if self.padding_mode == PaddingMode::Reflect {
            transform.fill = FillMode::Mirror;
        }
    }

    fn check(&self, (height, width): (usize, usize)) -> Result<()> {
        match self.padding {
            padding if padding == 0 || padding > height.max(width) => {
                refuse(format!("random_crop padding must be between 1 and the image's size. Received: {padding}"))
            }
            _ => Ok(()),
        }
    }
}
