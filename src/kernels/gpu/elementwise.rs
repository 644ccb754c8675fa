//! Layers that only copy their input: `y = f(x)`, `dx = dy`.

use crate::kernels::gpu::pass::{GpuShapes, Lanes, Pass, Passes, Slot, View, line, read, write};
use crate::tensor::activation::Activation;
use crate::tensor::gradient::GradientMode;

const SHADER: &[&str] = &[crate::wgsl!(
    "
@group(0) @binding(0) var<storage, read> x: array<V>;
@group(0) @binding(1) var<storage, read_write> y: array<V>;
@group(0) @binding(2) var<storage, read> dy: array<V>;
@group(0) @binding(3) var<storage, read_write> dx: array<V>;
override VECTORS: u32;

@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < VECTORS {
        y[i] = activate(x[i]);
    }
}

@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < VECTORS {
        dx[i] = gradient(dy[i], dx[i], x[i]);
    }
}
"
)];

fn pass(label: &'static str, shapes: &GpuShapes, entry: &'static str) -> Pass {
    let vectors = (shapes.batch * shapes.output.len()).div_ceil(4);
    Pass {
        label,
        shader: SHADER,
        lanes: Lanes::Four,
        entry,
        constants: vec![("VECTORS", vectors as f64)],
        bindings: Vec::new(),
        grid: line(vectors),
        in_bounds: false,
    }
}

/// The pass `dx = dy` for input `k`; `None` if that gradient is not needed.
pub fn backward(label: &'static str, shapes: &GpuShapes, k: usize) -> Option<Pass> {
    let bindings = vec![read(0, Slot::X(k)), read(2, Slot::Dy), write(3, Slot::Dx(k))];
    (shapes.dx[k] != GradientMode::None)
        .then(|| Pass { bindings, ..pass(label, shapes, "backward").into_dx(shapes, k) })
}

/// The passes of a layer that copies its single input, through its activation.
pub fn copies(label: &'static str, shapes: &GpuShapes, view: View) -> Passes {
    let bindings = vec![read(0, Slot::X(0)), write(1, Slot::Y)];
    let forward = Pass { bindings, ..pass(label, shapes, "forward").activate(shapes.activation) };
    Passes {
        forward: vec![forward],
        backward: backward(label, shapes, 0).into_iter().collect(),
        view,
        ..Passes::default()
    }
}

const SLOPE: &[&str] = &[crate::wgsl!(
    "
@group(0) @binding(0) var<storage, read_write> dy: array<V>;
@group(0) @binding(1) var<storage, read> y: array<V>;
override LEN: u32;

@compute @workgroup_size(64)
fn multiply(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < LEN {
        dy[i] = slope(dy[i], y[i]);
    }
}
"
)];

/// The pass that multiplies the gradient with respect to an activation's output by the derivative of the activation.
pub fn slope(activation: Activation, values: usize) -> Pass {
    let vectors = values.div_ceil(4);
    let pass = Pass {
        label: "activation backward",
        shader: SLOPE,
        lanes: Lanes::Four,
        entry: "multiply",
        constants: vec![("LEN", vectors as f64)],
        bindings: vec![write(0, Slot::Dy), read(1, Slot::Y)],
        grid: line(vectors),
        in_bounds: false,
    };
    pass.slope(activation)
}

/// The pass that applies an activation whose input is kept ([`Activation::needs_input`]).
pub fn activate(activation: Activation, values: usize) -> Pass {
    let vectors = values.div_ceil(4);
    let pass = Pass {
        label: "activation forward",
        shader: SHADER,
        lanes: Lanes::Four,
        entry: "forward",
        constants: vec![("VECTORS", vectors as f64)],
        bindings: vec![read(0, Slot::Y), write(1, Slot::Activated)],
        grid: line(vectors),
        in_bounds: false,
    };
    pass.activate(activation)
}
