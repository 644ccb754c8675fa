//! `maximum`: the largest of two or more tensors of one shape, value by value.
//!
//! # Formula
//! `y = max(x_0, x_1, …)`; the gradient goes to the first of the largest.
//!
//! # Shapes
//! Every x and y have one shape.
//!
//! # Source
//! Goodfellow et al., "Maxout Networks", 2013; the rule for equal values is TensorFlow's.

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
use crate::tensor::view::{flat, flat_mut};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const SHADER: &[&str] = &[crate::wgsl!(
    "
@group(0) @binding(0) var<storage, read> a: array<V>;
@group(0) @binding(1) var<storage, read> b: array<V>;
@group(0) @binding(2) var<storage, read_write> y: array<V>;
@group(0) @binding(3) var<storage, read> dy: array<V>;
@group(0) @binding(4) var<storage, read_write> dx: array<V>;
@group(0) @binding(5) var<storage, read_write> taken: array<V>; // 1 where an input before this one has the gradient
override VECTORS: u32;
override FIRST: bool = false;

fn larger(a: V, b: V) -> V {
    // A NaN must win, so that it is seen and not trained on.
    let is_nan = (bitcast<U>(a) & U(0x7fffffffu)) > U(0x7f800000u);
    return select(b, a, (a > b) | is_nan);
}

@compute @workgroup_size(64)
fn two(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < VECTORS {
        y[i] = larger(a[i], b[i]);
    }
}

@compute @workgroup_size(64)
fn more(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < VECTORS {
        y[i] = larger(a[i], y[i]);
    }
}

// Whether the gradient belongs to input a; marks it as taken.
fn takes(i: u32) -> B {
    let before = select(taken[i], V(0.0), FIRST);
    let hit = (a[i] == y[i]) & (before == V(0.0));
    taken[i] = select(before, V(1.0), hit);
    return hit;
}

@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < VECTORS {
        dx[i] = gradient(select(V(0.0), dy[i], takes(i)), dx[i], a[i]);
    }
}

@compute @workgroup_size(64)
fn mark(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < VECTORS {
        let hit = takes(i);
    }
}
"
)];

/// The largest of two or more tensors of one shape, value by value; set `inputs`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Maximum {}

impl LayerSpec for Maximum {
    fn kind(&self) -> &'static str {
        "maximum"
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
        let pass = |label, entry, bindings| merging::pass(label, SHADER, shapes, entry, bindings);
        let larger = |entry, bindings| pass("maximum forward", entry, bindings);
        let two = larger("two", vec![read(0, Slot::X(0)), read(1, Slot::X(1)), write(2, Slot::Y)]);
        let more = (2..shapes.inputs.len()).map(|k| larger("more", vec![read(0, Slot::X(k)), write(2, Slot::Y)]));
        let backward = (0..shapes.inputs.len()).map(|k| {
            let (first, y) = ([("FIRST", f64::from(k == 0))], write(2, Slot::Y));
            let (x, taken) = (read(0, Slot::X(k)), write(5, Slot::Temporary(0)));
            if shapes.dx[k] == GradientMode::None {
                return pass("maximum backward", "mark", vec![x, y, taken]).with(&first);
            }
            let bindings = vec![x, y, read(3, Slot::Dy), write(4, Slot::Dx(k)), taken];
            pass("maximum backward", "backward", bindings).with(&first).into_dx(shapes, k)
        });
        let (backward, forward) = (backward.collect(), [two].into_iter().chain(more).collect());
        let temporary = vec![shapes.batch * shapes.output.len()];
        Passes { forward, backward, temporary, ..Passes::default() }
    }
}

impl LayerExport for Maximum {
    fn keras(&self) -> KerasLayer {
        KerasLayer::new("Maximum", &[])
    }
    fn pytorch(&self, _inputs: &[Shape]) -> TorchLayer {
        TorchLayer::function([Step::Maximum])
    }
    fn onnx(&self, inputs: &[Shape]) -> OnnxLayer {
        [Operator::of("Max", (0..inputs.len()).map(Operand::Input).collect::<Vec<_>>())].into()
    }
}

impl<T: Real> LayerCompute<T> for Maximum {
    fn forward(&self, cx: &mut Forward<T>) {
        cx.y.assign(&cx.x[0]);
        for x in &cx.x[1..] {
            // A NaN must win, so that it is seen and not trained on.
            cx.y.zip_mut_with(x, |y, &x| *y = if x > *y || x.is_nan() { x } else { *y });
        }
    }
    fn backward(&self, cx: &mut Backward<T>) {
        let (y, dy) = (flat(&cx.y), flat(&cx.dy));
        for (k, dx) in cx.dx.iter_mut().enumerate() {
            let Some(dx) = dx else { continue };
            let x = flat(&cx.x[k]);
            for (i, dx) in flat_mut(dx).iter_mut().enumerate() {
                let taken = x[i] != y[i] || cx.x[..k].iter().any(|before| flat(before)[i] == y[i]);
                *dx = if taken { T::zero() } else { dy[i] };
            }
        }
    }
}

impl Samples for Maximum {
    const SAMPLES: &'static [Case] = &[
        Case::merging(2, "{}", &[3, 5, 4]),
        Case::merging(2, "{}", &[4, 3, 3]),
        Case::merging(3, "{}", &[7]),
        Case::merging(4, "{}", &[2, 2, 1]),
    ];
}
