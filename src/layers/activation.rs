//! `activation`: an elementwise function as a layer of its own. The layer passes its input on; the function is applied
//! to the output as for every other layer with an `activation`.

use crate::base::document;
use crate::kernels::gpu::elementwise;
use crate::kernels::gpu::pass::{GpuShapes, Passes, View};
use crate::layers::keras::{Argument, KerasLayer};
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerExport, LayerSpec, Rule};
use crate::layers::onnx::OnnxLayer;
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
        let view = if shapes.activation == Activation::Linear { View::Both } else { View::Gradient };
        elementwise::copies("activation", shapes, view)
    }
}

impl LayerExport for ActivationLayer {
    fn keras(&self) -> KerasLayer {
        KerasLayer::new("Activation", &[Argument::Activation("activation")])
    }
    fn pytorch(&self, _inputs: &[Shape]) -> TorchLayer {
        TorchLayer::default()
    }
    fn onnx(&self, _inputs: &[Shape]) -> OnnxLayer {
        OnnxLayer::default()
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
        Case::new(r#"{"activation": "gelu"}"#, &[3, 4, 4]),
        Case::new(r#"{"activation": {"type": "gelu", "approximate": true}}"#, &[5, 3, 3]),
        Case::new(r#"{"activation": "silu"}"#, &[13]),
        Case::new(r#"{"activation": "swish"}"#, &[2, 5, 1]),
        Case::new(r#"{"activation": "hard_silu"}"#, &[4, 4, 4]),
        Case::new(r#"{"activation": "hard_swish"}"#, &[9]),
        Case::new(r#"{"activation": "mish"}"#, &[4, 3, 3]),
        Case::new(r#"{"activation": "leaky_relu"}"#, &[5, 4, 3]),
        Case::new(r#"{"activation": {"type": "leaky_relu", "negative_slope": 0.01}}"#, &[8]),
        Case::new(r#"{"activation": "elu"}"#, &[3, 4, 4]),
        Case::new(r#"{"activation": {"type": "elu", "alpha": 0.5}}"#, &[11]),
        Case::new(r#"{"activation": "selu"}"#, &[4, 3, 4]),
        Case::new(r#"{"activation": "relu6"}"#, &[5, 5, 3]),
        Case::new(r#"{"activation": "hard_sigmoid"}"#, &[4, 3, 3]),
        Case::new(r#"{"activation": "softplus"}"#, &[3, 3, 4]),
        Case::new(r#"{"activation": "softsign"}"#, &[10]),
        Case::new(r#"{"activation": "exponential"}"#, &[6]),
    ];
}
