//! `random_color_jitter`: other brightness, contrast, saturation and hue, drawn for each image, as Keras's `RandomColorJitter`.

use super::change::{Change, refuse};
use crate::base::error::Result;
use crate::base::number::PlainNumber;
use crate::tensor::color::ColorChange;
use crate::tensor::transform::Transform;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Changes brightness, contrast, saturation and hue, in this order, each by an amount drawn between two numbers. Colors are changed
/// before the image is moved, wherever this stands in the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{"brightness_factor": [-0.2, 0.2], "contrast_factor": [0.2, 0.2]}]))]
pub struct RandomColorJitter {
    /// What is added to all values: the smallest and the largest, between -1 (black) and 1 (white).
    pub brightness_factor: [f64; 2],
    /// By how much contrast is at most taken away and at most added, between 0 and 1: each channel's distance from its mean is
    /// multiplied by a number from 1 - the first to 1 + the second.
    pub contrast_factor: [f64; 2],
    /// The lowest and the highest saturation, between 0 (grey) and 1 (full); 0.5 changes nothing. Color images only.
    pub saturation_factor: [f64; 2],
    /// The smallest and the largest turn of the hue, between 0 (none) and 1 (half of the color circle), in either direction. Color
    /// images only.
    pub hue_factor: [f64; 2],
}

/// The values that change nothing.
const NEUTRAL: RandomColorJitter = RandomColorJitter {
    brightness_factor: [0.0; 2],
    contrast_factor: [0.0; 2],
    saturation_factor: [0.5; 2],
    hue_factor: [0.0; 2],
};

impl Default for RandomColorJitter {
    fn default() -> Self {
        NEUTRAL
    }
}

/// Keras adds this to the divisor of a saturation.
const LEAST: f64 = 1e-7;

impl Change for RandomColorJitter {
    fn apply(&self, _transform: &mut Transform, _size: (usize, usize), _draws: [f64; 3]) {}

    fn colors(&self, [brightness, contrast, saturation, hue]: [f64; 4]) -> Option<ColorChange> {
        let between = |draw: f64, [low, high]: [f64; 2]| low + (high - low) * draw;
        let [less, more] = self.contrast_factor;
        let saturation = between(saturation, self.saturation_factor);
        let factor = saturation / (1.0 - saturation + LEAST);
        // One draw gives the direction and the amount.
        let (direction, hue) = if hue < 0.5 { (0.5, 2.0 * hue) } else { (-0.5, 2.0 * hue - 1.0) };
        Some(ColorChange {
            brightness: between(brightness, self.brightness_factor) as f32,
            contrast: between(contrast, [1.0 - less, 1.0 + more]) as f32,
            saturation: if self.saturation_factor == NEUTRAL.saturation_factor { 1.0 } else { factor as f32 },
            hue: (direction * between(hue, self.hue_factor)) as f32,
        })
    }

    fn needs_colors(&self) -> bool {
        (self.saturation_factor, self.hue_factor) != (NEUTRAL.saturation_factor, NEUTRAL.hue_factor)
    }

    fn check(&self, _size: (usize, usize)) -> Result<()> {
        let pairs = [
            ("brightness_factor", self.brightness_factor, -1.0),
            ("contrast_factor", self.contrast_factor, 0.0),
            ("saturation_factor", self.saturation_factor, 0.0),
            ("hue_factor", self.hue_factor, 0.0),
        ];
        for (name, [first, second], least) in pairs {
            let are_inside = [first, second].iter().all(|value| (least..=1.0).contains(value));
            if !are_inside || first > second {
                return refuse(format!(
                    "random_color_jitter {name} must be two numbers between {least} and 1, the smaller one first. Received: [{}, {}]",
                    PlainNumber(first),
                    PlainNumber(second)
                ));
            }
        }
        Ok(())
    }
}
