//! Test-time augmentation: the logits of a test image are averaged over several views of it.

use crate::tensor::transform::{FillMode, Transform};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use ts_rs::TS;

/// The views of an image whose logits are averaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub enum TestTimeAugmentation {
    /// The image and its mirror image.
    #[serde(rename = "flip")]
    Flip,
    /// Besides, both shifted by one pixel up and left, and down and right, reflected at the edge; the four shifted views together
    /// count as much as the two others.
    #[serde(rename = "flip+shift")]
    FlipShift,
}

impl TestTimeAugmentation {
    /// Its name in a document.
    pub fn name(self) -> &'static str {
        match self {
            Self::Flip => "flip",
            Self::FlipShift => "flip+shift",
        }
    }

    /// The views of an image of this width, and the share of each in the average.
    pub fn views(self, width: usize) -> Vec<(f32, Transform)> {
        let shifts: &[(f32, f32)] = match self {
            Self::Flip => &[(0.5, 0.0)],
            Self::FlipShift => &[(0.25, 0.0), (0.125, -1.0), (0.125, 1.0)],
        };
        let view = |shift: f32, is_mirrored: bool| {
            let (sign, start) = if is_mirrored { (-1.0, width as f32 - 1.0) } else { (1.0, 0.0) };
            Transform::new([1.0, 0.0, shift, 0.0, sign, start + shift], FillMode::Mirror)
        };
        shifts.iter().flat_map(|&(share, shift)| [false, true].map(|mirrored| (share, view(shift, mirrored)))).collect()
    }
}

impl FromStr for TestTimeAugmentation {
    type Err = &'static str;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let all = [Self::Flip, Self::FlipShift];
        all.into_iter().find(|kind| kind.name() == name).ok_or("must be \"flip\" or \"flip+shift\"")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up_and_views_are_reflected_at_the_edge() {
        for kind in [TestTimeAugmentation::Flip, TestTimeAugmentation::FlipShift] {
            assert_eq!(kind.views(5).iter().map(|(share, _)| share).sum::<f32>(), 1.0);
            assert_eq!(kind.name().parse(), Ok(kind));
        }
        let image: Vec<u8> = (1..=9).collect();
        let seen = |i: usize| {
            let mut out = [0.0; 9];
            TestTimeAugmentation::FlipShift.views(3)[i].1.sample(&image, (3, 3, 1), &mut out);
            out.map(|value| (value * 255.0).round() as u8)
        };
        assert_eq!(seen(0), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        assert_eq!(seen(1), [3, 2, 1, 6, 5, 4, 9, 8, 7]);
        assert_eq!(seen(2), [5, 4, 5, 2, 1, 2, 5, 4, 5]);
        assert_eq!(seen(3), [5, 4, 5, 2, 1, 2, 5, 4, 5]);
        assert_eq!(seen(4), [5, 6, 5, 8, 9, 8, 5, 6, 5]);
    }
}
