//! `average`: the mean of two or more tensors of one shape, value by value.
//!
//! # Formula
//! `y = (x_0 + x_1 + …) / n`, `dx_k = dy / n`
//!
//! # Shapes
//! Every x and y have one shape.
//!
//! # Source
//! Keras, `layers.Average`.

use crate::base::document;
use crate::kernels::gpu::pass::{GpuShapes, Passes, Slot, read, write};
use crate::layers::keras::KerasLayer;
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerExport, LayerSpec, Rule};
use crate::layers::merging;
use crate::layers::onnx::{OnnxLayer, Operand, Operator};
use crate::layers::pytorch::{Step, TorchLayer};
use crate::layers::sample::{Case, Samples};
use crate::tensor::real::Real;
use crate::tensor::shape::Shape;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const SHADER: &[&str] = &[crate::wgsl!(
    "
@group(0) @binding(0) var<storage, read> a: array<V>;
@group(0) @binding(1) var<storage, read> b: array<V>;
@group(0) @binding(2) var<storage, read_write> y: array<V>;
override VECTORS: u32;
override COUNT: f32; // in the last pass the number of inputs, else 1

@compute @workgroup_size(64)
fn two(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < VECTORS {
        y[i] = (a[i] + b[i]) / COUNT;
    }
}

@compute @workgroup_size(64)
fn more(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < VECTORS {
        y[i] = (y[i] + a[i]) / COUNT;
    }
}
"
)];

/// The mean of two or more tensors of one shape, value by value; set `inputs`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Average {}

impl LayerSpec for Average {
    fn kind(&self) -> &'static str {
        "average"
    }
    fn options(&self) -> serde_json::Value {
        document::write(self)
    }
    fn merges(&self) -> bool {
        true
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        merging::one_shape(inputs)
    }
    fn passes(&self, shapes: &GpuShapes) -> Passes {
        let count = shapes.inputs.len();
        let sum = |k: usize, entry, bindings| {
            let divisor = if k + 1 == count { count as f64 } else { 1.0 };
            merging::pass("average forward", SHADER, shapes, entry, bindings).with(&[("COUNT", divisor)])
        };
        let two = sum(1, "two", vec![read(0, Slot::X(0)), read(1, Slot::X(1)), write(2, Slot::Y)]);
        let more = (2..count).map(|k| sum(k, "more", vec![read(0, Slot::X(k)), write(2, Slot::Y)]));
        let share = (count as f64).recip();
        let backward = (0..count).filter_map(|k| merging::scaled_gradient("average backward", shapes, k, share));
        Passes { forward: [two].into_iter().chain(more).collect(), backward: backward.collect(), ..Passes::default() }
    }
}

impl LayerExport for Average {
    fn keras(&self) -> KerasLayer {
        KerasLayer::new("Average", &[])
    }
    fn pytorch(&self, inputs: &[Shape]) -> TorchLayer {
        TorchLayer::function([Step::Sum, Step::Divide(inputs.len())])
    }
    fn onnx(&self, inputs: &[Shape]) -> OnnxLayer {
        [Operator::of("Mean", (0..inputs.len()).map(Operand::Input).collect::<Vec<_>>())].into()
    }
}

impl<T: Real> LayerCompute<T> for Average {
    fn forward(&self, cx: &mut Forward<T>) {
        let count = T::of(cx.x.len() as f64);
        cx.y.assign(&cx.x[0]);
        for x in &cx.x[1..] {
            cx.y += x;
        }
        cx.y.mapv_inplace(|sum| sum / count);
    }
    fn backward(&self, cx: &mut Backward<T>) {
        let count = T::of(cx.x.len() as f64);
        for dx in cx.dx.iter_mut().flatten() {
            dx.zip_mut_with(&cx.dy, |dx, &dy| *dx = dy / count);
        }
    }
}

impl Samples for Average {
    const SAMPLES: &'static [Case] = &[
        Case::merging(2, "{}", &[3, 5, 4]),
        Case::merging(2, "{}", &[4, 3, 3]),
        Case::merging(3, "{}", &[7]),
        Case::merging(4, "{}", &[2, 2, 1]),
    ];
}
