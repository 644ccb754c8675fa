//! `flatten`: a picture as one row of features, over (h, w, c) as Keras does. Since pictures are stored in that order,
//! the values stay where they are.

use crate::base::document;
use crate::kernels::gpu::elementwise;
use crate::kernels::gpu::pass::{GpuShapes, Passes, View};
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerSpec, Rule};
use crate::tensor::real::Real;
use crate::tensor::shape::Shape;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// All values of an image in one row, channels last.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Flatten {}

impl LayerSpec for Flatten {
    fn kind(&self) -> &'static str {
        "flatten"
    }
    fn options(&self) -> serde_json::Value {
        document::write(self)
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        Ok([inputs[0].checked_len()?].into())
    }
    fn passes(&self, shapes: &GpuShapes) -> Passes {
        elementwise::copies("flatten", shapes, View::Both)
    }
}

impl<T: Real> LayerCompute<T> for Flatten {
    fn forward(&self, cx: &mut Forward<T>) {
        cx.y.copy_from_slice(cx.x[0]);
    }
    fn backward(&self, cx: &mut Backward<T>) {
        if let Some(dx) = &mut cx.dx[0] {
            dx.copy_from_slice(cx.dy);
        }
    }
}
