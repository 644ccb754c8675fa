//! `add`: the sum of two or more tensors of one shape, the joint of a residual block.
//!
//! # Formula
//! `y = x_0 + x_1 + …`
//!
//! # Source
//! He et al., "Deep Residual Learning for Image Recognition", 2015.

use crate::base::document;
use crate::kernels::gpu::elementwise;
use crate::kernels::gpu::pass::{GpuShapes, Lanes, Pass, Passes, Slot, line, read, write};
use crate::layers::keras::KerasLayer;
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerExport, LayerSpec, Rule};
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

@compute @workgroup_size(64)
fn two(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < VECTORS {
        y[i] = a[i] + b[i];
    }
}

@compute @workgroup_size(64)
fn more(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < VECTORS {
        y[i] += a[i];
    }
}
"
)];

/// The sum of two or more tensors of one shape; set `inputs`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Add {}

impl LayerSpec for Add {
    fn kind(&self) -> &'static str {
        "add"
    }
    fn options(&self) -> serde_json::Value {
        document::write(self)
    }
    fn merges(&self) -> bool {
        true
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        match inputs.iter().find(|shape| **shape != inputs[0]) {
            None => Ok(inputs[0].clone()),
            Some(other) => Err(format!("needs inputs of one shape. Received: {} and {other}", inputs[0])),
        }
    }
    fn passes(&self, shapes: &GpuShapes) -> Passes {
        let vectors = (shapes.batch * shapes.output.len()).div_ceil(4);
        let add = |entry, bindings| Pass {
            label: "add forward",
            shader: SHADER,
            lanes: Lanes::Four,
            entry,
            constants: vec![("VECTORS", vectors as f64)],
            bindings,
            grid: line(vectors),
            in_bounds: false,
        };
        let two = add("two", vec![read(0, Slot::X(0)), read(1, Slot::X(1)), write(2, Slot::Y)]);
        let more = (2..shapes.inputs.len()).map(|k| add("more", vec![read(0, Slot::X(k)), write(2, Slot::Y)]));
        let backward = (0..shapes.inputs.len()).filter_map(|k| elementwise::backward("add backward", shapes, k));
        Passes { forward: [two].into_iter().chain(more).collect(), backward: backward.collect(), ..Passes::default() }
    }
}

impl LayerExport for Add {
    fn keras(&self) -> KerasLayer {
        KerasLayer::new("Add", &[])
    }
    fn pytorch(&self, _inputs: &[Shape]) -> TorchLayer {
        TorchLayer::function([Step::Sum])
    }
    fn onnx(&self, inputs: &[Shape]) -> OnnxLayer {
        [Operator::of("Sum", (0..inputs.len()).map(Operand::Input).collect::<Vec<_>>())].into()
    }
}

impl<T: Real> LayerCompute<T> for Add {
    fn forward(&self, cx: &mut Forward<T>) {
        cx.y.assign(&cx.x[0]);
        for x in &cx.x[1..] {
            cx.y += x;
        }
    }
    fn backward(&self, cx: &mut Backward<T>) {
        for dx in cx.dx.iter_mut().flatten() {
            dx.assign(&cx.dy);
        }
    }
}

impl Samples for Add {
    const SAMPLES: &'static [Case] = &[
        Case::merging(2, "{}", &[3, 5, 4]),
        Case::merging(2, "{}", &[4, 3, 3]),
        Case::merging(3, "{}", &[7]),
        Case::merging(4, "{}", &[2, 2, 1]),
    ];
}
