//! `average_pooling2d`: the mean of the pixels under each window, channel by channel; the zeros of `same` padding do not
//! count, as in Keras.
//!
//! # Formula
//! `y[n, oy, ox, c] = 1 / m * sum over ky, kx of x[n, oy*s - p + ky, ox*s - p + kx, c]`, `m` the real pixels under the
//! window.

use super::pooling::{self, Pooling};
use crate::base::document;
use crate::kernels::cpu::workspace::reserve;
use crate::kernels::gpu::pass::{GpuShapes, Passes, WINDOW};
use crate::layers::keras::KerasLayer;
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerExport, LayerSpec, Rule};
use crate::layers::onnx::{OnnxLayer, Operator};
use crate::layers::pytorch::{PAD_SAME, Step, TorchLayer};
use crate::layers::sample::{Case, Samples};
use crate::tensor::real::Real;
use crate::tensor::shape::{Shape, Window};
use crate::tensor::view::{images, images_mut};
use ndarray::{ArrayViewMut3, Axis};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

const SHADER: &[&str] = &[
    WINDOW,
    crate::wgsl!(
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

/// PyTorch's average counts the zeros of the padding.
const AVERAGE_SAME: &str = r#"
def average_same(x, kernel, stride):
    """Keras's average divides by the pixels that are really there."""
    ones = torch.ones_like(x[:1, :1])
    return F.avg_pool2d(pad_same(x, kernel, stride), kernel, stride) / F.avg_pool2d(pad_same(ones, kernel, stride), kernel, stride)

"#;

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

impl LayerExport for AveragePooling2d {
    fn keras(&self) -> KerasLayer {
        KerasLayer::new("AveragePooling2D", pooling::ARGUMENTS)
    }
    fn pytorch(&self, _inputs: &[Shape]) -> TorchLayer {
        let pool = self.0.torch_call(if self.0.is_same() { "average_same" } else { "F.avg_pool2d" });
        let pool = if self.0.is_same() { pool.defined(&[PAD_SAME, AVERAGE_SAME]) } else { pool };
        TorchLayer::function([Step::Function(pool)])
    }
    fn onnx(&self, inputs: &[Shape]) -> OnnxLayer {
        // Padding does not count, which is ONNX's default.
        [Operator::new("AveragePool").over(&self.0.placed(inputs))].into()
    }
}

impl<T: Real> LayerCompute<T> for AveragePooling2d {
    fn forward(&self, cx: &mut Forward<T>) {
        let window = self.0.placed(cx.context.inputs);
        let (x, mut y) = (images(&cx.x[0]), images_mut(&mut cx.y));
        y.fill(T::zero());
        for (x, mut y) in x.outer_iter().zip(y.outer_iter_mut()) {
            let add = |y: &mut [T], x: &[T]| y.iter_mut().zip(x).for_each(|(y, &x)| *y += x);
            pooling::for_each_run(&window, x, y.view_mut(), add);
            divide(&window, y);
        }
    }

    fn backward(&self, cx: &mut Backward<T>) {
        let Some(dx) = &mut cx.dx[0] else { return };
        let window = self.0.placed(cx.context.inputs);
        let (dy, mut dx) = (images(&cx.dy), images_mut(dx));
        dx.fill(T::zero());
        let one = (window.y.output, window.x.output, window.channels);
        let memory = reserve(cx.workspace, cx.context.output.len());
        let mut shares = ArrayViewMut3::from_shape(one, memory).expect("one image's outputs");
        let runs = pooling::runs(&window);
        for (dy, mut dx) in dy.outer_iter().zip(dx.outer_iter_mut()) {
            shares.assign(&dy);
            divide(&window, shares.view_mut());
            for (oy, shares) in shares.outer_iter().enumerate() {
                let shares = shares.to_slice().expect("a line of outputs");
                let (top, bottom) = window.y.span(oy);
                for iy in top..bottom {
                    let mut pixels = dx.index_axis_mut(Axis(0), iy);
                    let pixels = pixels.as_slice_mut().expect("a line of pixels");
                    // The last tap first, so that each pixel sums over the outputs from left to right.
                    for run in runs.iter().rev() {
                        let pairs = pixels[run.pixels()].iter_mut().zip(&shares[run.outputs()]);
                        pairs.for_each(|(dx, &share)| *dx += share);
                    }
                }
            }
        }
    }
}

/// Divides each output by the number of pixels under its window.
fn divide<T: Real>(window: &Window, mut y: ArrayViewMut3<T>) {
    let y = y.as_slice_mut().expect("an image's outputs");
    for ((oy, ox), y) in window.positions().zip(y.chunks_exact_mut(window.channels)) {
        let share = T::of(1.0 / window.count(oy, ox) as f64);
        y.iter_mut().for_each(|y| *y *= share);
    }
}

impl Samples for AveragePooling2d {
    const SAMPLES: &'static [Case] = pooling::SAMPLES;
}
