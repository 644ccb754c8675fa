//! `subtract`: the difference of two tensors of one shape, value by value.
//!
//! # Formula
//! `y = x_0 - x_1`, `dx_0 = dy`, `dx_1 = -dy`
//!
//! # Shapes
//! Both x and y have one shape.
//!
//! # Source
//! Keras, `layers.Subtract`.

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

@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < VECTORS {
        y[i] = a[i] - b[i];
    }
}
"
)];

/// The first of two tensors of one shape minus the second; set `inputs`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subtract {}

impl LayerSpec for Subtract {
    fn kind(&self) -> &'static str {
        "subtract"
    }
    fn options(&self) -> serde_json::Value {
        document::write(self)
    }
    fn merges(&self) -> bool {
        true
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        if inputs.len() != 2 {
            return Err(format!("takes two inputs. Received: {}", inputs.len()));
        }
        merging::one_shape(inputs)
    }
    fn passes(&self, shapes: &GpuShapes) -> Passes {
        let bindings = vec![read(0, Slot::X(0)), read(1, Slot::X(1)), write(2, Slot::Y)];
        let forward = vec![merging::pass("subtract forward", SHADER, shapes, "forward", bindings)];
        let gradient = |(k, sign)| merging::scaled_gradient("subtract backward", shapes, k, sign);
        let backward = [(0, 1.0), (1, -1.0)].into_iter().filter_map(gradient).collect();
        Passes { forward, backward, ..Passes::default() }
    }
}

impl LayerExport for Subtract {
    fn keras(&self) -> KerasLayer {
        KerasLayer::new("Subtract", &[])
    }
    fn pytorch(&self, _inputs: &[Shape]) -> TorchLayer {
        TorchLayer::function([Step::Difference])
    }
    fn onnx(&self, _inputs: &[Shape]) -> OnnxLayer {
        [Operator::of("Sub", [Operand::Input(0), Operand::Input(1)])].into()
    }
}

impl<T: Real> LayerCompute<T> for Subtract {
    fn forward(&self, cx: &mut Forward<T>) {
        cx.y.assign(&cx.x[0]);
        cx.y -= &cx.x[1];
    }
    fn backward(&self, cx: &mut Backward<T>) {
        for (k, dx) in cx.dx.iter_mut().enumerate() {
            let Some(dx) = dx else { continue };
            dx.zip_mut_with(&cx.dy, |dx, &dy| *dx = if k == 0 { dy } else { -dy });
        }
    }
}

impl Samples for Subtract {
    const SAMPLES: &'static [Case] = &[
        Case::merging(2, "{}", &[3, 5, 4]),
        Case::merging(2, "{}", &[4, 3, 3]),
        Case::merging(2, "{}", &[7]),
        Case::merging(2, "{}", &[2, 2, 1]),
    ];
}
