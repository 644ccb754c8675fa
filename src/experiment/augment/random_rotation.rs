//! `random_rotation`: rotates the image.

use super::change::{Change, centre, check_factor, then, within};
use crate::base::error::Result;
use crate::tensor::transform::{FillMode, Transform};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Rotates the image around its centre by up to `factor` of a full turn, in both directions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("examples" = [{"factor": 0.05}]))]
pub struct RandomRotation {
    /// Share of a full turn, between 0 and 0.5.
    #[schemars(range(min = 0.0, max = 0.5))]
    pub factor: f64,
    /// Values of pixels from outside the image.
    #[serde(default)]
    pub fill_mode: FillMode,
}

impl Change for RandomRotation {
    fn apply(&self, transform: &mut Transform, size: (usize, usize), [a, _, _]: [f64; 3]) {
        let (sin, cos) = libm::sincos(within(a, self.factor) * std::f64::consts::TAU);
        let (cy, cx) = centre(size);
        then(transform, [cos, sin, cy - cos * cy - sin * cx, -sin, cos, cx + sin * cy - cos * cx]);
        transform.fill = self.fill_mode;
    }

    fn check(&self, _size: (usize, usize)) -> Result<()> {
        check_factor("random_rotation factor", self.factor, 0.5)
    }
}
