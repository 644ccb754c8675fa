//! `activation`: an elementwise function as a layer of its own. The layer passes its input on; the function is applied
//! to the output as for every other layer with an `activation`.

use crate::base::document;
use crate::kernels::gpu::elementwise;
use crate::kernels::gpu::pass::{GpuShapes, Passes, View};
use crate::layers::keras::{Argument, KerasLayer};
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerExport, LayerSpec, Rule};
use crate::layers::pytorch::TorchLayer;
use crate::layers::sample::{Case, Samples};
use crate::tensor::activation::Activation;
use crate::tensor::real::Real;
use crate::tensor::shape::Shape;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An elementwise function as a layer of its own.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("examples" = [{"activation": "relu"}]))]
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

impl LayerExport for ActivationLayer {
    fn keras(&self) -> KerasLayer {
        KerasLayer::new("Activation", &[Argument::Positional("activation")])
    }
    fn pytorch(&self, _inputs: &[Shape]) -> TorchLayer {
        TorchLayer::default()
    }
}

impl<T: Real> LayerCompute<T> for ActivationLayer {
    fn forward(&self, cx: &mut Forward<T>) {
        cx.y.assign(&cx.x[0]);
    }
    fn backward(&self, cx: &mut Backward<T>) {
        if let Some(dx) = &mut cx.dx[0] {
            dx.assign(&cx.dy);
        }
    }
}

impl Samples for ActivationLayer {
    const SAMPLES: &'static [Case] = &[
        Case::new(r#"{"activation": "relu"}"#, &[3, 5, 3]),
        Case::new(r#"{"activation": "sigmoid"}"#, &[4, 3, 4]),
        Case::new(r#"{"activation": "tanh"}"#, &[7]),
        Case::new(r#"{"activation": "linear"}"#, &[2, 3, 1]),
    ];
}
