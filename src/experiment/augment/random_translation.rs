//! `random_translation`: shifts the image.

use super::change::{Change, check_factor, then, within};
use crate::base::error::Result;
use crate::tensor::transform::{FillMode, Transform};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Shifts the image by up to these shares of its size, in both directions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("examples" = [{"height_factor": 0.1, "width_factor": 0.1}]))]
pub struct RandomTranslation {
    /// Share of the height, between 0 and 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub height_factor: f64,
    /// Share of the width, between 0 and 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub width_factor: f64,
    /// Values of pixels from outside the image.
    #[serde(default)]
    pub fill_mode: FillMode,
}

impl Change for RandomTranslation {
    fn apply(&self, transform: &mut Transform, (height, width): (usize, usize), [a, b, _]: [f64; 3]) {
        let down = within(a, self.height_factor) * height as f64;
        let right = within(b, self.width_factor) * width as f64;
        then(transform, [1.0, 0.0, down, 0.0, 1.0, right]);
        transform.fill = self.fill_mode;
    }

    fn check(&self, _size: (usize, usize)) -> Result<()> {
        check_factor("random_translation height_factor", self.height_factor, 1.0)?;
        check_factor("random_translation width_factor", self.width_factor, 1.0)
    }
}
