//! `random_zoom`: zooms in and out.

use super::change::{Change, centre, check_factor, then, within};
use crate::base::error::Result;
use crate::tensor::transform::{FillMode, Transform};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Zooms in or out by up to these shares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("examples" = [{"height_factor": 0.1}]))]
pub struct RandomZoom {
    /// Share of the height, between 0 and 0.9.
    #[schemars(range(min = 0.0, max = 0.9))]
    pub height_factor: f64,
    /// Share of the width, between 0 and 0.9; if it is not set, the width zooms by the same factor as the height.
    #[schemars(range(min = 0.0, max = 0.9))]
    pub width_factor: Option<f64>,
    /// Values of pixels from outside the image.
    #[serde(default)]
    pub fill_mode: FillMode,
}

impl Change for RandomZoom {
    fn apply(&self, transform: &mut Transform, size: (usize, usize), [a, b, _]: [f64; 3]) {
        let zy = 1.0 + within(a, self.height_factor);
        let zx = self.width_factor.map_or(zy, |factor| 1.0 + within(b, factor));
        let (cy, cx) = centre(size);
        then(transform, [zy, 0.0, cy - zy * cy, 0.0, zx, cx - zx * cx]);
        transform.fill = self.fill_mode;
    }

    fn check(&self, _size: (usize, usize)) -> Result<()> {
        check_factor("random_zoom height_factor", self.height_factor, 0.9)?;
        check_factor("random_zoom width_factor", self.width_factor.unwrap_or(0.0), 0.9)
    }
}
