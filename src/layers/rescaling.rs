//! `rescaling`: every value times a number, plus another: pixels from -1 to 1, or logits that grow less steeply.
//!
//! # Formula
//! `y = x * scale + offset`, `dx = scale * dy`
//!
//! # Shapes
//! x and y have one shape.
//!
//! # Source
//! Keras, `layers.Rescaling`.

use crate::base::document;
use crate::base::number::PlainNumber;
use crate::kernels::gpu::pass::{GpuShapes, Passes};
use crate::layers::keras::{Argument, KerasLayer};
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerExport, LayerSpec, Rule};
use crate::layers::merging;
use crate::layers::onnx::{OnnxLayer, Operator};
use crate::layers::pytorch::{Step, TorchLayer};
use crate::layers::sample::{Case, Samples};
use crate::tensor::real::Real;
use crate::tensor::shape::Shape;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Every value times a number, plus another. The image itself has values from 0 to 1.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("examples" = [{"scale": 2, "offset": -1}]))]
pub struct Rescaling {
    /// The factor.
    pub scale: f64,
    /// What is added.
    #[serde(default)]
    pub offset: f64,
}

impl LayerSpec for Rescaling {
    fn kind(&self) -> &'static str {
        "rescaling"
    }
    fn options(&self) -> serde_json::Value {
        document::write(self)
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        match [self.scale, self.offset].iter().find(|value| value.abs() > f64::from(f32::MAX)) {
            None => Ok(inputs[0].clone()),
            Some(value) => Err(format!("scale and offset must be numbers of f32. Received: {}", PlainNumber(*value))),
        }
    }
    fn passes(&self, shapes: &GpuShapes) -> Passes {
        let backward = merging::scaled_gradient("rescaling backward", shapes, 0, self.scale);
        Passes {
            forward: vec![merging::scale("rescaling forward", shapes, (self.scale, self.offset))],
            backward: backward.into_iter().collect(),
            ..Passes::default()
        }
    }
}

impl LayerExport for Rescaling {
    fn keras(&self) -> KerasLayer {
        KerasLayer::new("Rescaling", &[Argument::Positional("scale"), Argument::Keyword("offset")])
    }
    fn pytorch(&self, _inputs: &[Shape]) -> TorchLayer {
        TorchLayer::function([Step::Scale(self.scale, self.offset)])
    }
    fn onnx(&self, _inputs: &[Shape]) -> OnnxLayer {
        [Operator::new("Mul").with_number(self.scale), Operator::new("Add").with_number(self.offset)].into()
    }
}

impl<T: Real> LayerCompute<T> for Rescaling {
    fn forward(&self, cx: &mut Forward<T>) {
        let (scale, offset) = (T::of(self.scale), T::of(self.offset));
        cx.y.zip_mut_with(&cx.x[0], |y, &x| *y = x * scale + offset);
    }
    fn backward(&self, cx: &mut Backward<T>) {
        let scale = T::of(self.scale);
        if let Some(dx) = &mut cx.dx[0] {
            dx.zip_mut_with(&cx.dy, |dx, &dy| *dx = scale * dy);
        }
    }
}

impl Samples for Rescaling {
    const SAMPLES: &'static [Case] = &[
        Case::new(r#"{"scale": 2, "offset": -1}"#, &[3, 5, 4]),
        Case::new(r#"{"scale": 0.125}"#, &[4, 3, 3]),
        Case::new(r#"{"scale": -0.7, "offset": 0.3}"#, &[7]),
    ];
}
