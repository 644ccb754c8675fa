//! What layers that join tensors of one shape value by value share, and layers that multiply by a number.

use crate::kernels::gpu::pass::{Binding, GpuShapes, Lanes, Pass, Slot, line, read, write};
use crate::layers::layer::Rule;
use crate::tensor::gradient::GradientMode;
use crate::tensor::shape::Shape;

/// The inputs' shape, which must be the same for all.
pub fn one_shape(inputs: &[Shape]) -> Rule<Shape> {
    match inputs.iter().find(|shape| **shape != inputs[0]) {
        None => Ok(inputs[0].clone()),
        Some(other) => Err(format!("needs inputs of one shape. Received: {} and {other}", inputs[0])),
    }
}

/// A pass over all values of the output; the shader has the constant `VECTORS`.
pub fn pass(
    label: &'static str,
    shader: &'static [&'static str],
    shapes: &GpuShapes,
    entry: &'static str,
    bindings: Vec<Binding>,
) -> Pass {
    let vectors = (shapes.batch * shapes.output.len()).div_ceil(4);
    Pass {
        label,
        shader,
        lanes: Lanes::Four,
        entry,
        constants: vec![("VECTORS", vectors as f64)],
        bindings,
        grid: line(vectors),
        in_bounds: false,
    }
}

const SCALED: &[&str] = &[crate::wgsl!(
    "
@group(0) @binding(0) var<storage, read> x: array<V>;
@group(0) @binding(1) var<storage, read_write> y: array<V>;
@group(0) @binding(2) var<storage, read> dy: array<V>;
@group(0) @binding(3) var<storage, read_write> dx: array<V>;
override VECTORS: u32;
override FACTOR: f32;
override OFFSET: f32 = 0.0;

@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < VECTORS {
        y[i] = x[i] * FACTOR + OFFSET;
    }
}

@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < VECTORS {
        dx[i] = gradient(FACTOR * dy[i], dx[i], x[i]);
    }
}
"
)];

/// The pass `y = factor x + offset`.
pub fn scale(label: &'static str, shapes: &GpuShapes, (factor, offset): (f64, f64)) -> Pass {
    let bindings = vec![read(0, Slot::X(0)), write(1, Slot::Y)];
    pass(label, SCALED, shapes, "forward", bindings).with(&[("FACTOR", factor), ("OFFSET", offset)])
}

/// The pass `dx = factor dy` for input `k`; `None` if that gradient is not needed.
pub fn scaled_gradient(label: &'static str, shapes: &GpuShapes, k: usize, factor: f64) -> Option<Pass> {
    if shapes.dx[k] == GradientMode::None {
        return None;
    }
    let bindings = vec![read(0, Slot::X(k)), read(2, Slot::Dy), write(3, Slot::Dx(k))];
    Some(pass(label, SCALED, shapes, "backward", bindings).with(&[("FACTOR", factor)]).into_dx(shapes, k))
}
