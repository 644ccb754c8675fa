//! `random_erasing`: sets a rectangle at a random position to zero (Zhong et al., "Random Erasing Data Augmentation", 2017).

use super::change::{Change, check_factor, refuse};
use crate::base::error::Result;
use crate::tensor::transform::Transform;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Sets a rectangle of random size at a random position to zero.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{}]))]
pub struct RandomErasing {
    /// Probability that a rectangle is erased, between 0 and 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub factor: f64,
    /// The smallest and the largest share of the image's area, between 0 and 1.
    pub scale: [f64; 2],
}

impl Default for RandomErasing {
    fn default() -> Self {
        Self { factor: 1.0, scale: [0.02, 0.33] }
    }
}

/// The smallest and the largest height over width of the rectangle, as in the paper.
const RATIO: [f64; 2] = [0.3, 1.0 / 0.3];

/// Two draws of 12 bits each from one of 24.
fn split(draw: f64) -> [f64; 2] {
    let scaled = draw * 4096.0;
    [scaled.floor() / 4096.0, scaled.fract()]
}

impl Change for RandomErasing {
    fn apply(&self, transform: &mut Transform, (height, width): (usize, usize), draws: [f64; 3]) {
        let [[chance, area], [ratio, _], [y, x]] = draws.map(split);
        if chance >= self.factor {
            return;
        }
        let [low, high] = self.scale;
        let area = (low + (high - low) * area) * (height * width) as f64;
        let [low, high] = RATIO.map(libm::log);
        let ratio = libm::exp(low + (high - low) * ratio);
        let side = |length: f64, most: usize| (length.sqrt().round() as i32).clamp(1, most as i32);
        let (h, w) = (side(area * ratio, height), side(area / ratio, width));
        let start = |draw: f64, side: i32, most: usize| (draw * f64::from(most as i32 - side + 1)).floor() as i32;
        let (top, left) = (start(y, h, height), start(x, w, width));
        transform.hole = [top, top + h, left, left + w];
    }

    fn check(&self, _size: (usize, usize)) -> Result<()> {
        check_factor("random_erasing factor", self.factor, 1.0)?;
        let [low, high] = self.scale;
        check_factor("random_erasing scale", low, 1.0)?;
        check_factor("random_erasing scale", high, 1.0)?;
        if low > high {
            return refuse(format!("random_erasing scale starts with the smaller share. Received: [{low}, {high}]"));
        }
        Ok(())
    }
}
