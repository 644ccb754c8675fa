//! `cut_mix`: a rectangle of each image is replaced by that of another one, and the label in proportion to the area (Yun et al.,
//! "CutMix: Regularization Strategy to Train Strong Classifiers with Localizable Features", 2019), as Keras's `CutMix`.

use super::beta::symmetric_beta;
use super::change::{Change, check_alpha};
use crate::base::error::Result;
use crate::tensor::random::{pcg4d, unit};
use crate::tensor::transform::{Mix, Transform};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Replaces a rectangle of each image by that of another training image, and the label in proportion to the area. The other image is
/// flipped, moved and erased as the image itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{}]))]
pub struct CutMix {
    /// The parameters of the beta distribution of the area that stays are drawn between 0 and this, above 0 and up to 1.
    #[schemars(range(max = 1.0), extend("exclusiveMinimum" = 0))]
    pub factor: f64,
}

impl Default for CutMix {
    fn default() -> Self {
        Self { factor: 1.0 }
    }
}

/// Keras adds this to the parameters of the beta distribution.
const LEAST: f64 = 1e-6;

impl Change for CutMix {
    fn apply(&self, _transform: &mut Transform, _size: (usize, usize), _draws: [f64; 3]) {}

    fn mixes(&self) -> bool {
        true
    }

    fn mix(&self, (height, width): (usize, usize), draws: [f64; 2], words: [u32; 4]) -> Option<Mix> {
        let alpha = f64::from(unit(words[3])) * self.factor + LEAST;
        let ratio = (1.0 - symmetric_beta(alpha, pcg4d(words))).sqrt();
        // The pixels between two edges that lie anywhere: their number is that of the mask in Keras.
        let range = |draw: f64, size: usize| {
            let length = ratio * size as f64;
            let start = draw * (size as f64 - length);
            [start.ceil() as i32, ((start + length).ceil() as i32).min(size as i32)]
        };
        let ([top, bottom], [left, right]) = (range(draws[0], height), range(draws[1], width));
        let cut = f64::from((bottom - top) * (right - left)) / (height * width) as f64;
        Some(Mix { partner: 0, share: (1.0 - cut) as f32, window: [top, bottom, left, right], inside: 0.0 })
    }

    fn check(&self, _size: (usize, usize)) -> Result<()> {
        check_alpha("cut_mix factor", self.factor)
    }
}
