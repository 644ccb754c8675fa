//! `global_average_pooling2d`: the mean of each channel over the whole picture.
//!
//! # Formula
//! `y[n, c] = 1 / (h * w) * sum over i, j of x[n, i, j, c]`
//!
//! # Source
//! Lin, Chen and Yan, "Network In Network", 2013.

use crate::base::document;
use crate::kernels::cpu::sums::sum_rows;
use crate::kernels::gpu::pass::{GpuShapes, Lanes, Pass, Passes, Slot, line, read, write};
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerSpec, Rule};
use crate::tensor::gradient::Dx;
use crate::tensor::real::Real;
use crate::tensor::shape::Shape;
use crate::wgsl;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const SHADER: &[&str] = &[wgsl!(
    "
@group(0) @binding(0) var<storage, read> x: array<V>;
@group(0) @binding(1) var<storage, read_write> y: array<V>;
@group(0) @binding(2) var<storage, read> dy: array<V>;
@group(0) @binding(3) var<storage, read_write> dx: array<V>;
override C: u32; // Vs of a pixel
override PIXELS: u32;

@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i >= step.rows * C {
        return;
    }
    let first = i / C * PIXELS * C + i % C;
    var sum = V(0.0);
    for (var p = 0u; p < PIXELS; p++) {
        sum += x[first + p * C];
    }
    y[i] = sum / f32(PIXELS);
}

@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i >= step.rows * PIXELS * C {
        return;
    }
    let v = dy[i / (PIXELS * C) * C + i % C] / f32(PIXELS);
    dx[i] = gradient(v, dx[i], x[i]);
}
"
)];

/// The mean of each channel over the whole image.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GlobalAveragePooling2d {}

impl LayerSpec for GlobalAveragePooling2d {
    fn kind(&self) -> &'static str {
        "global_average_pooling2d"
    }
    fn options(&self) -> serde_json::Value {
        document::write(self)
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        let (_, _, c) = inputs[0].hwc()?;
        Ok([c].into())
    }
    fn passes(&self, shapes: &GpuShapes) -> Passes {
        let (c, values) = (shapes.output.len(), shapes.inputs[0].len());
        let lanes = Lanes::of(&[c]);
        let pass = |label, entry, bindings, values: usize| Pass {
            label,
            shader: SHADER,
            lanes,
            entry,
            constants: vec![("C", (c / lanes.width()) as f64), ("PIXELS", (shapes.inputs[0].len() / c) as f64)],
            bindings,
            grid: line(shapes.batch * values / lanes.width()),
            in_bounds: false,
        };
        let label = "global_average_pooling2d forward";
        let forward = pass(label, "forward", vec![read(0, Slot::X(0)), write(1, Slot::Y)], c);
        let backward = || {
            let bindings = vec![read(0, Slot::X(0)), read(2, Slot::Dy), write(3, Slot::Dx(0))];
            pass("global_average_pooling2d backward", "backward", bindings, values).into_dx(shapes, 0)
        };
        let backward = if shapes.dx[0] == Dx::None { Vec::new() } else { vec![backward()] };
        Passes { forward: vec![forward], backward, ..Passes::default() }
    }
}

/// `1 / (h * w)` of one picture.
fn share<T: Real>(input: &Shape) -> T {
    T::of(input.channels() as f64 / input.len() as f64)
}

impl<T: Real> LayerCompute<T> for GlobalAveragePooling2d {
    fn forward(&self, cx: &mut Forward<T>) {
        let input = &cx.context.inputs[0];
        for (x, y) in cx.x[0].chunks_exact(input.len()).zip(cx.y.chunks_exact_mut(input.channels())) {
            sum_rows(x, y);
            y.iter_mut().for_each(|y| *y *= share(input));
        }
    }

    fn backward(&self, cx: &mut Backward<T>) {
        let Some(dx) = cx.dx[0].take() else { return };
        let input = &cx.context.inputs[0];
        let c = input.channels();
        for (dx, dy) in dx.chunks_exact_mut(input.len()).zip(cx.dy.chunks_exact(c)) {
            for pixel in dx.chunks_exact_mut(c) {
                pixel.iter_mut().zip(dy).for_each(|(dx, &dy)| *dx = dy * share(input));
            }
        }
    }
}
