//! `mix_up`: each image is blended with another one, and its label with that one's (Zhang, Cisse, Dauphin and Lopez-Paz, "mixup:
//! Beyond Empirical Risk Minimization", 2018), as Keras's `MixUp`.

use super::beta::symmetric_beta;
use super::change::{Change, check_alpha};
use crate::base::error::Result;
use crate::tensor::transform::{Mix, Transform};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Blends each image with another training image, and the labels by the same shares. The other image is flipped, moved and erased as
/// the image itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{}]))]
pub struct MixUp {
    /// Both parameters of the beta distribution of the image's share, above 0 and up to 1: the larger, the more is mixed.
    #[schemars(range(max = 1.0), extend("exclusiveMinimum" = 0))]
    pub alpha: f64,
}

impl Default for MixUp {
    fn default() -> Self {
        Self { alpha: 0.2 }
    }
}

impl Change for MixUp {
    fn apply(&self, _transform: &mut Transform, _size: (usize, usize), _draws: [f64; 3]) {}

    fn mixes(&self) -> bool {
        true
    }

    fn mix(&self, (height, width): (usize, usize), _draws: [f64; 2], words: [u32; 4]) -> Option<Mix> {
        let share = symmetric_beta(self.alpha, words) as f32;
        Some(Mix { partner: 0, share, window: [0, height as i32, 0, width as i32], inside: share })
    }

    fn check(&self, _size: (usize, usize)) -> Result<()> {
        check_alpha("mix_up alpha", self.alpha)
    }
}
