//! `flatten`: an image as one row of features, over (h, w, c) as Keras does. Since images are stored in that order,
//! the values stay where they are.

use crate::base::document;
use crate::kernels::gpu::elementwise;
use crate::kernels::gpu::pass::{GpuShapes, Passes, View};
use crate::layers::keras::KerasLayer;
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerExport, LayerSpec, Rule};
use crate::layers::onnx::{OnnxLayer, Operator};
use crate::layers::pytorch::{Call, Step, TorchLayer};
use crate::layers::sample::{Case, Samples};
use crate::tensor::real::Real;
use crate::tensor::shape::Shape;
use ndarray::{ArrayViewD, IxDyn};
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

impl LayerExport for Flatten {
    fn keras(&self) -> KerasLayer {
        KerasLayer::new("Flatten", &[])
    }
    fn pytorch(&self, inputs: &[Shape]) -> TorchLayer {
        if inputs[0].0.len() == 1 {
            return TorchLayer::default();
        }
        // As Keras flattens: over height, width, channels.
        let permute = Call::new("permute").with(0).with(2).with(3).with(1);
        TorchLayer::function([Step::Method(permute), Step::Method(Call::new("flatten").with(1))])
    }
    fn onnx(&self, inputs: &[Shape]) -> OnnxLayer {
        if inputs[0].0.len() == 1 {
            return OnnxLayer::default();
        }
        // As Keras flattens: over height, width, channels.
        let transpose = Operator::new("Transpose").set("perm", [0, 2, 3, 1]);
        [transpose, Operator::new("Flatten")].into()
    }
}

/// The same values in another shape.
fn reshaped<'a, T>(view: &'a ArrayViewD<T>, shape: IxDyn) -> ArrayViewD<'a, T> {
    view.view().into_shape_with_order(shape).expect("as many values in both shapes")
}

impl<T: Real> LayerCompute<T> for Flatten {
    fn forward(&self, cx: &mut Forward<T>) {
        let x = reshaped(&cx.x[0], cx.y.raw_dim());
        cx.y.assign(&x);
    }
    fn backward(&self, cx: &mut Backward<T>) {
        if let Some(dx) = &mut cx.dx[0] {
            let dy = reshaped(&cx.dy, dx.raw_dim());
            dx.assign(&dy);
        }
    }
}

impl Samples for Flatten {
    const SAMPLES: &'static [Case] =
        &[Case::new(r#"{}"#, &[3, 5, 4]), Case::new(r#"{}"#, &[7, 1, 3]), Case::new(r#"{}"#, &[6])];
}
