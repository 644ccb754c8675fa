//! `multiply`: the product of two or more tensors of one shape, value by value: gates and attention over channels.
//!
//! # Formula
//! `y = x_0 * x_1 * …`, `dx_k = dy * product of the other x`
//!
//! # Shapes
//! Every x and y have one shape.
//!
//! # Source
//! Hu, Shen and Sun, "Squeeze-and-Excitation Networks", 2018, scale channels with it.

use crate::base::document;
use crate::kernels::gpu::pass::{GpuShapes, Passes, Slot, read, write};
use crate::layers::keras::KerasLayer;
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerExport, LayerSpec, Rule};
use crate::layers::merging;
use crate::layers::onnx::{OnnxLayer, Operand, Operator};
use crate::layers::pytorch::{Step, TorchLayer};
use crate::layers::sample::{Case, Samples};
use crate::tensor::gradient::GradientMode;
use crate::tensor::real::Real;
use crate::tensor::shape::Shape;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const SHADER: &[&str] = &[crate::wgsl!(
    "
@group(0) @binding(0) var<storage, read> a: array<V>;
@group(0) @binding(1) var<storage, read> b: array<V>;
@group(0) @binding(2) var<storage, read_write> y: array<V>;
@group(0) @binding(3) var<storage, read_write> dx: array<V>;
override VECTORS: u32;

@compute @workgroup_size(64)
fn two(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < VECTORS {
        y[i] = a[i] * b[i];
    }
}

@compute @workgroup_size(64)
fn more(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < VECTORS {
        y[i] *= a[i];
    }
}

// a is the input, b the product of the gradient and the other inputs.
@compute @workgroup_size(64)
fn finish(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < VECTORS {
        dx[i] = gradient(b[i], dx[i], a[i]);
    }
}
"
)];

/// The product of two or more tensors of one shape, value by value; set `inputs`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Multiply {}

impl LayerSpec for Multiply {
    fn kind(&self) -> &'static str {
        "multiply"
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
        let product = |label, entry, bindings| merging::pass(label, SHADER, shapes, entry, bindings);
        let chain = |label, first: Slot, others: &[usize], to: Slot| {
            let mut passes =
                vec![product(label, "two", vec![read(0, first), read(1, Slot::X(others[0])), write(2, to)])];
            let more = |&k: &usize| product(label, "more", vec![read(0, Slot::X(k)), write(2, to)]);
            passes.extend(others[1..].iter().map(more));
            passes
        };
        let inputs: Vec<usize> = (0..shapes.inputs.len()).collect();
        let forward = chain("multiply forward", Slot::X(0), &inputs[1..], Slot::Y);
        let mut backward = Vec::new();
        for &k in inputs.iter().filter(|&&k| shapes.dx[k] != GradientMode::None) {
            let others: Vec<usize> = inputs.iter().copied().filter(|&other| other != k).collect();
            backward.extend(chain("multiply backward", Slot::Dy, &others, Slot::Temporary(0)));
            let bindings = vec![read(0, Slot::X(k)), read(1, Slot::Temporary(0)), write(3, Slot::Dx(k))];
            backward.push(product("multiply backward", "finish", bindings).into_dx(shapes, k));
        }
        let temporary = vec![shapes.batch * shapes.output.len()];
        Passes { forward, backward, temporary, ..Passes::default() }
    }
}

impl LayerExport for Multiply {
    fn keras(&self) -> KerasLayer {
        KerasLayer::new("Multiply", &[])
    }
    fn pytorch(&self, _inputs: &[Shape]) -> TorchLayer {
        TorchLayer::function([Step::Product])
    }
    fn onnx(&self, inputs: &[Shape]) -> OnnxLayer {
        let first = Operator::of("Mul", [Operand::Input(0), Operand::Input(1)]);
        let more = (2..inputs.len()).map(|k| Operator::new("Mul").with(Operand::Input(k)));
        OnnxLayer([first].into_iter().chain(more).collect())
    }
}

impl<T: Real> LayerCompute<T> for Multiply {
    fn forward(&self, cx: &mut Forward<T>) {
        cx.y.assign(&cx.x[0]);
        for x in &cx.x[1..] {
            cx.y *= x;
        }
    }
    fn backward(&self, cx: &mut Backward<T>) {
        for (k, dx) in cx.dx.iter_mut().enumerate() {
            let Some(dx) = dx else { continue };
            dx.assign(&cx.dy);
            for (_, x) in cx.x.iter().enumerate().filter(|(other, _)| *other != k) {
                *dx *= x;
            }
        }
    }
}

impl Samples for Multiply {
    const SAMPLES: &'static [Case] = &[
        Case::merging(2, "{}", &[3, 5, 4]),
        Case::merging(2, "{}", &[4, 3, 3]),
        Case::merging(3, "{}", &[7]),
        Case::merging(4, "{}", &[2, 2, 1]),
    ];
}
