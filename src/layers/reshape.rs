//! `reshape`: the same values in another shape.
//!
//! # Formula
//! `y[n] = x[n]` for the values of an image in the order (height, width, channels)
//!
//! # Shapes
//! x any shape, y `(n, *target_shape)`; one size of `target_shape` may be -1, which stands for the rest.
//!
//! # Source
//! Keras, `layers.Reshape`.

use crate::base::document;
use crate::kernels::gpu::elementwise;
use crate::kernels::gpu::pass::{GpuShapes, Passes, View};
use crate::layers::keras::{Argument, KerasLayer};
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerExport, LayerSpec, Rule};
use crate::layers::onnx::{OnnxLayer, Operand, Operator};
use crate::layers::pytorch::{Step, TorchLayer};
use crate::layers::sample::{Case, Samples};
use crate::tensor::real::Real;
use crate::tensor::shape::Shape;
use crate::tensor::view::{flat, flat_mut};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The same values in another shape.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("examples" = [{"target_shape": [7, 7, -1]}]))]
pub struct Reshape {
    /// The shape of one image: `[height, width, channels]` or `[features]`; one size may be -1, which stands for the rest.
    #[schemars(length(min = 1, max = 3), inner(range(min = -1)))]
    pub target_shape: Vec<i64>,
}

impl LayerSpec for Reshape {
    fn kind(&self) -> &'static str {
        "reshape"
    }
    fn options(&self) -> serde_json::Value {
        document::write(self)
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        let (values, target) = (inputs[0].checked_len()?, &self.target_shape);
        if !(1..=3).contains(&target.len()) {
            return Err(format!("target_shape must have 1 to 3 sizes. Received: {target:?}"));
        }
        let open = target.iter().filter(|&&size| size == -1).count();
        let known = target.iter().filter(|&&size| size != -1);
        let known = known.map(|&size| usize::try_from(size).ok().filter(|&size| size > 0));
        let known = known.collect::<Option<Vec<usize>>>().filter(|_| open <= 1);
        let Some(known) = known else {
            return Err(format!(
                "target_shape must hold sizes above zero, one of which may be -1. Received: {target:?}"
            ));
        };
        let product = known.iter().try_fold(1usize, |n, &size| n.checked_mul(size));
        let rest = product.filter(|&product| values.is_multiple_of(product)).map(|product| values / product);
        match rest.filter(|&rest| open == 1 || rest == 1) {
            None => Err(format!("{} values do not fit into target_shape {target:?}. Received: {}", values, inputs[0])),
            Some(rest) => Ok(Shape(target.iter().map(|&size| usize::try_from(size).unwrap_or(rest)).collect())),
        }
    }
    fn passes(&self, shapes: &GpuShapes) -> Passes {
        elementwise::copies("reshape", shapes, View::Both)
    }
}

impl LayerExport for Reshape {
    fn keras(&self) -> KerasLayer {
        KerasLayer::new("Reshape", &[Argument::Positional("target_shape")])
    }
    fn pytorch(&self, inputs: &[Shape]) -> TorchLayer {
        // As Keras orders the values: by height, width, channels.
        let output = self.output_shape(inputs).unwrap_or_else(|_| inputs[0].clone());
        TorchLayer::function(Step::channels_last(&inputs[0], Step::reshape(&output), &output))
    }
    fn onnx(&self, inputs: &[Shape]) -> OnnxLayer {
        let output = self.output_shape(inputs).unwrap_or_else(|_| inputs[0].clone());
        let sizes = std::iter::once(-1).chain(output.0.iter().map(|&size| size as i64)).collect();
        OnnxLayer::channels_last(&inputs[0], [Operator::new("Reshape").with(Operand::Ints(sizes))], &output)
    }
}

impl<T: Real> LayerCompute<T> for Reshape {
    fn forward(&self, cx: &mut Forward<T>) {
        flat_mut(&mut cx.y).copy_from_slice(flat(&cx.x[0]));
    }
    fn backward(&self, cx: &mut Backward<T>) {
        if let Some(dx) = &mut cx.dx[0] {
            flat_mut(dx).copy_from_slice(flat(&cx.dy));
        }
    }
}

impl Samples for Reshape {
    const SAMPLES: &'static [Case] = &[
        Case::new(r#"{"target_shape": [5, 3, 4]}"#, &[3, 5, 4]),
        Case::new(r#"{"target_shape": [2, -1, 3]}"#, &[4, 3, 3]),
        Case::new(r#"{"target_shape": [-1]}"#, &[2, 3, 2]),
        Case::new(r#"{"target_shape": [2, 2, 3]}"#, &[12]),
    ];
}
