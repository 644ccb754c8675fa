//! `activation`: an elementwise function as a layer of its own. The layer passes its input on; the function is applied
//! to the output as for every other layer with an `activation`.

use crate::base::document;
use crate::kernels::gpu::elementwise;
use crate::kernels::gpu::pass::{GpuShapes, Passes, View};
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerSpec, Rule};
use crate::tensor::activation::Activation;
use crate::tensor::real::Real;
use crate::tensor::shape::Shape;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An elementwise function as a layer of its own.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActivationLayer {
    /// The function.
    pub activation: Activation,
}

impl LayerSpec for ActivationLayer {
    fn kind(&self) -> &'static str {
        "activation"
    }
    fn options(&self) -> serde_json::Value {
        document::write(self)
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        Ok(inputs[0].clone())
    }
    fn activation(&self) -> Activation {
        self.activation
    }
    fn passes(&self, shapes: &GpuShapes) -> Passes {
        let view = if self.activation == Activation::Linear { View::Both } else { View::Gradient };
        elementwise::copies("activation", shapes, view)
    }
}

impl<T: Real> LayerCompute<T> for ActivationLayer {
    fn forward(&self, cx: &mut Forward<T>) {
        cx.y.copy_from_slice(cx.x[0]);
    }
    fn backward(&self, cx: &mut Backward<T>) {
        if let Some(dx) = &mut cx.dx[0] {
            dx.copy_from_slice(cx.dy);
        }
    }
}
