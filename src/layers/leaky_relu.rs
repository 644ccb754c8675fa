//! `leaky_relu`: the activation as a layer of its own. The layer passes its input on; the function is applied to the output as for
//! every other layer with an activation.
//!
//! # Formula
//! `y = x` above 0, `y = negative_slope * x` below
//!
//! # Shapes
//! x and y have one shape.
//!
//! # Source
//! Maas, Hannun and Ng, "Rectifier Nonlinearities Improve Neural Network Acoustic Models", 2013.

use crate::base::document;
use crate::base::number::{NOT_NEGATIVE, PlainNumber, is_not_negative};
use crate::kernels::gpu::elementwise;
use crate::kernels::gpu::pass::{GpuShapes, Passes, View};
use crate::layers::keras::{Argument, KerasLayer};
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerExport, LayerSpec, Rule};
use crate::layers::onnx::OnnxLayer;
use crate::layers::pytorch::TorchLayer;
use crate::layers::sample::{Case, Samples};
use crate::tensor::activation::{Activation, Extended};
use crate::tensor::real::Real;
use crate::tensor::shape::Shape;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A ReLU that keeps a small slope below 0.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LeakyRelu {
    /// The slope below 0, 0 or more.
    #[schemars(range(min = 0.0))]
    pub negative_slope: f64,
}

impl Default for LeakyRelu {
    fn default() -> Self {
        Self { negative_slope: 0.3 }
    }
}

impl LayerSpec for LeakyRelu {
    fn kind(&self) -> &'static str {
        "leaky_relu"
    }
    fn options(&self) -> serde_json::Value {
        document::write(self)
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        if !is_not_negative(self.negative_slope) {
            return Err(format!("negative_slope {NOT_NEGATIVE}. Received: {}", PlainNumber(self.negative_slope)));
        }
        Ok(inputs[0].clone())
    }
    fn activation(&self) -> Activation {
        Activation::Extended(Extended::LeakyRelu { negative_slope: self.negative_slope })
    }
    fn passes(&self, shapes: &GpuShapes) -> Passes {
        elementwise::copies("leaky_relu", shapes, View::Gradient)
    }
}

impl LayerExport for LeakyRelu {
    fn keras(&self) -> KerasLayer {
        KerasLayer::new("LeakyReLU", &[Argument::Keyword("negative_slope")])
    }
    fn pytorch(&self, _inputs: &[Shape]) -> TorchLayer {
        TorchLayer::default()
    }
    fn onnx(&self, _inputs: &[Shape]) -> OnnxLayer {
        OnnxLayer::default()
    }
}

impl<T: Real> LayerCompute<T> for LeakyRelu {
    fn forward(&self, cx: &mut Forward<T>) {
        cx.y.assign(&cx.x[0]);
    }
    fn backward(&self, cx: &mut Backward<T>) {
        if let Some(dx) = &mut cx.dx[0] {
            dx.assign(&cx.dy);
        }
    }
}

impl Samples for LeakyRelu {
    const SAMPLES: &'static [Case] = &[
        Case::new(r#"{}"#, &[3, 5, 4]),
        Case::new(r#"{"negative_slope": 0.01}"#, &[7]),
        Case::new(r#"{"negative_slope": 0}"#, &[2, 3, 3]),
    ];
}
