//! `elu`: the activation as a layer of its own. The layer passes its input on; the function is applied to the output as for
//! every other layer with an activation.
//!
//! # Formula
//! `y = x` above 0, `y = alpha * (exp(x) - 1)` below
//!
//! # Shapes
//! x and y have one shape.
//!
//! # Source
//! Clevert, Unterthiner and Hochreiter, "Fast and Accurate Deep Network Learning by Exponential Linear Units", 2015.

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

/// Exponential linear unit.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Elu {
    /// `-alpha` is the limit far below 0; 0 or more.
    #[schemars(range(min = 0.0))]
    pub alpha: f64,
}

impl Default for Elu {
    fn default() -> Self {
        Self { alpha: 1.0 }
    }
}

impl LayerSpec for Elu {
    fn kind(&self) -> &'static str {
        "elu"
    }
    fn options(&self) -> serde_json::Value {
        document::write(self)
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        if !is_not_negative(self.alpha) {
            return Err(format!("alpha {NOT_NEGATIVE}. Received: {}", PlainNumber(self.alpha)));
        }
        Ok(inputs[0].clone())
    }
    fn activation(&self) -> Activation {
        Activation::Extended(Extended::Elu { alpha: self.alpha })
    }
    fn passes(&self, shapes: &GpuShapes) -> Passes {
        elementwise::copies("elu", shapes, View::Gradient)
    }
}

impl LayerExport for Elu {
    fn keras(&self) -> KerasLayer {
        KerasLayer::new("ELU", &[Argument::Keyword("alpha")])
    }
    fn pytorch(&self, _inputs: &[Shape]) -> TorchLayer {
        TorchLayer::default()
    }
    fn onnx(&self, _inputs: &[Shape]) -> OnnxLayer {
        OnnxLayer::default()
    }
}

impl<T: Real> LayerCompute<T> for Elu {
    fn forward(&self, cx: &mut Forward<T>) {
        cx.y.assign(&cx.x[0]);
    }
    fn backward(&self, cx: &mut Backward<T>) {
        if let Some(dx) = &mut cx.dx[0] {
            dx.assign(&cx.dy);
        }
    }
}

impl Samples for Elu {
    const SAMPLES: &'static [Case] = &[
        Case::new(r#"{}"#, &[3, 5, 4]),
        Case::new(r#"{"alpha": 0.5}"#, &[7]),
        Case::new(r#"{"alpha": 2}"#, &[2, 3, 3]),
    ];
}
