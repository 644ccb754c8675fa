//! `cutout`: sets a square at a random position to zero (DeVries and Taylor, 2017).

use super::change::{Change, refuse};
use crate::base::error::Result;
use crate::tensor::transform::Transform;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Sets a square at a random position to zero (DeVries and Taylor, 2017).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("examples" = [{"size": 8}]))]
pub struct Cutout {
    /// Side of the square in pixels; at least 1, at most the image's shorter side. Parts of it may lie outside the
    /// image.
    #[schemars(range(min = 1))]
    pub size: usize,
}

impl Change for Cutout {
    fn apply(&self, transform: &mut Transform, (height, width): (usize, usize), [a, _, c]: [f64; 3]) {
        let (top, left) = ((a * height as f64).floor() as i32, (c * width as f64).floor() as i32);
        let size = self.size as i32;
        let (y, x) = (top - size / 2, left - size / 2);
        let clamp = |n: i32, most: usize| n.clamp(0, most as i32);
        transform.hole = [clamp(y, height), clamp(y + size, height), clamp(x, width), clamp(x + size, width)];
    }

    fn check(&self, (height, width): (usize, usize)) -> Result<()> {
        match self.size {
            size if size == 0 || size > height.min(width) => {
                refuse(format!("cutout size must be between 1 and the image's shorter side. Received: {size}"))
            }
            _ => Ok(()),
        }
    }
}
