//! `average_pooling2d`: the mean of the pixels under each window, channel by channel; the zeros of `same` padding do not
//! count, as in Keras.
//!
//! # Formula
//! `y[n, oy, ox, c] = 1 / m * sum over ky, kx of x[n, oy*s - p + ky, ox*s - p + kx, c]`, `m` the real pixels under the
//! window.

use super::pooling::Pooling;
use crate::base::document;
use crate::kernels::gpu::pass::{GpuShapes, Passes, WINDOW};
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerSpec, Rule};
use crate::tensor::real::Real;
use crate::tensor::shape::Shape;
use crate::wgsl;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

const SHADER: &[&str] = &[
    WINDOW,
    wgsl!(
        "
@group(0) @binding(0) var<storage, read> x: array<V>;
@group(0) @binding(1) var<storage, read_write> y: array<V>;
@group(0) @binding(2) var<storage, read> dy: array<V>;
@group(0) @binding(3) var<storage, read_write> dx: array<V>;

// Pixels of an axis of n under the window at o.
fn real(o: u32, n: u32, kernel: u32, stride: u32, before: u32) -> u32 {
    let start = o * stride;
    let first = select(start - before, 0u, start < before);
    return min(start + kernel - before, n) - first;
}

fn share(oy: u32, ox: u32) -> f32 {
    return 1.0 / f32(real(oy, H, KH, SY, PY) * real(ox, W, KW, SX, PX));
}

@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    let c = i % C;
    let o = i / C;
    let n = o / (OW * OH);
    if n >= step.rows {
        return;
    }
    let top = o / OW % OH * SY - PY;
    let left = o % OW * SX - PX;
    var sum = V(0.0);
    for (var ky = 0u; ky < KH; ky++) {
        for (var kx = 0u; kx < KW; kx++) {
            let iy = top + ky;
            let ix = left + kx;
            if iy < H && ix < W {
                sum += x[((n * H + iy) * W + ix) * C + c];
            }
        }
    }
    y[i] = sum * share(o / OW % OH, o % OW);
}

@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    let c = i % C;
    let r = reach(i / C);
    if r.n >= step.rows {
        return;
    }
    var sum = V(0.0);
    for (var oy = r.top; oy < OH && oy * SY <= r.ty; oy++) {
        for (var ox = r.left; ox < OW && ox * SX <= r.tx; ox++) {
            sum += dy[((r.n * OH + oy) * OW + ox) * C + c] * share(oy, ox);
        }
    }
    dx[i] = gradient(sum, dx[i], x[i]);
}
"
    ),
];

/// The mean of the values under each window, channel by channel.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct AveragePooling2d(Pooling);

impl LayerSpec for AveragePooling2d {
    fn kind(&self) -> &'static str {
        "average_pooling2d"
    }
    fn options(&self) -> Value {
        document::write(self)
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        self.0.output_shape(&inputs[0])
    }
    fn passes(&self, shapes: &GpuShapes) -> Passes {
        self.0.passes(["average_pooling2d forward", "average_pooling2d backward"], SHADER, shapes, Vec::new())
    }
}

impl<T: Real> LayerCompute<T> for AveragePooling2d {
    fn forward(&self, cx: &mut Forward<T>) {
        let window = self.0.placed(cx.context.inputs);
        let c = window.channels;
        let mut pixels = cx.y.chunks_exact_mut(c);
        for picture in cx.x[0].chunks_exact(cx.context.inputs[0].len()) {
            for (oy, ox) in window.positions() {
                let Some(y) = pixels.next() else { return };
                y.fill(T::zero());
                window.under(oy, ox, |start| {
                    y.iter_mut().zip(&picture[start..start + c]).for_each(|(y, &x)| *y += x);
                });
                let share = T::of(1.0 / window.count(oy, ox) as f64);
                y.iter_mut().for_each(|y| *y *= share);
            }
        }
    }

    fn backward(&self, cx: &mut Backward<T>) {
        let Some(dx) = cx.dx[0].take() else { return };
        let window = self.0.placed(cx.context.inputs);
        let c = window.channels;
        dx.fill(T::zero());
        let mut pixels = cx.dy.chunks_exact(c);
        for dx in dx.chunks_exact_mut(cx.context.inputs[0].len()) {
            for (oy, ox) in window.positions() {
                let Some(dy) = pixels.next() else { return };
                let share = T::of(1.0 / window.count(oy, ox) as f64);
                window.under(oy, ox, |start| {
                    dx[start..start + c].iter_mut().zip(dy).for_each(|(dx, &dy)| *dx += dy * share);
                });
            }
        }
    }
}
