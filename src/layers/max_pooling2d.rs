//! `max_pooling2d`: the largest value under each window, channel by channel; the zeros of `same` padding do not count.
//!
//! # Formula
//! `y[n, oy, ox, c] = max over ky, kx of x[n, oy*s - p + ky, ox*s - p + kx, c]`; the gradient goes to the first of
//! equal maxima, in reading order.

use super::pooling::{self, Pooling};
use crate::base::document;
use crate::kernels::cpu::workspace::reserve;
use crate::kernels::gpu::pass::{GpuShapes, Passes, Slot, WINDOW, line, write};
use crate::layers::keras::KerasLayer;
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerExport, LayerSpec, Rule};
use crate::layers::onnx::{OnnxLayer, Operator};
use crate::layers::pytorch::{Literal, Step, TorchLayer};
use crate::layers::sample::{Case, Samples};
use crate::tensor::real::Real;
use crate::tensor::shape::{Axis, Shape, Window};
use crate::tensor::view::{flat, flat_mut, images, images_mut};
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
@group(0) @binding(4) var<storage, read_write> taps: array<U>; // the place under the window that won

fn is_nan(v: V) -> B {
    return (bitcast<U>(v) & U(0x7fffffffu)) > U(0x7f800000u);
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
    var best = V(0.0);
    var tap = U(0u);
    var first = true;
    for (var ky = 0u; ky < KH; ky++) {
        for (var kx = 0u; kx < KW; kx++) {
            let iy = top + ky;
            let ix = left + kx;
            if iy < H && ix < W {
                let v = x[((n * H + iy) * W + ix) * C + c];
                // A NaN must win, so that it is seen and not trained on.
                let wins = (v > best) | is_nan(v) | B(first);
                best = select(best, v, wins);
                tap = select(tap, U(ky * KW + kx), wins);
                first = false;
            }
        }
    }
    y[i] = best;
    taps[i] = tap;
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
            let o = ((r.n * OH + oy) * OW + ox) * C + c;
            let tap = (r.ty - oy * SY) * KW + r.tx - ox * SX;
            sum += select(V(0.0), dy[o], taps[o] == U(tap));
        }
    }
    dx[i] = gradient(sum, dx[i], x[i]);
}

// Where windows do not overlap: each invocation writes the pixels under one, and those up to the next. What the winner
// was is known from `y`, so its slope is, too.
@compute @workgroup_size(64)
fn apart(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    let down = (H + PY + SY - 1u) / SY;
    let across = (W + PX + SX - 1u) / SX;
    let c = i % C;
    let ox = i / C % across;
    let oy = i / (C * across) % down;
    let n = i / (C * across * down);
    if n >= step.rows {
        return;
    }
    let o = ((n * OH + oy) * OW + ox) * C + c;
    let won = oy < OH && ox < OW;
    let v = select(V(0.0), slope(dy[o], y[o]), won);
    let tap = taps[o];
    for (var ky = 0u; ky < SY; ky++) {
        for (var kx = 0u; kx < SX; kx++) {
            let iy = oy * SY + ky - PY;
            let ix = ox * SX + kx - PX;
            if iy < H && ix < W {
                let at = ((n * H + iy) * W + ix) * C + c;
                let here = select(V(0.0), v, (tap == U(ky * KW + kx)) & B(ky < KH && kx < KW));
                dx[at] = select(here, here + dx[at], ADD);
            }
        }
    }
}
"
    ),
];

/// The largest value under each window, channel by channel.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct MaxPooling2d(Pooling);

impl LayerSpec for MaxPooling2d {
    fn kind(&self) -> &'static str {
        "max_pooling2d"
    }
    fn options(&self) -> Value {
        document::write(self)
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        self.0.output_shape(&inputs[0])
    }
    fn takes_maxima(&self) -> bool {
        true
    }
    fn passes(&self, shapes: &GpuShapes) -> Passes {
        let labels = ["max_pooling2d forward", "max_pooling2d backward"];
        // Which place won is kept for the way back.
        let mut passes = self.0.passes(labels, SHADER, shapes, vec![shapes.batch * shapes.output.len()]);
        let Window { y, x, channels } = self.0.placed(shapes.inputs);
        if y.stride >= y.kernel && x.stride >= x.kernel {
            let cells = |axis: Axis| (axis.input + axis.before).div_ceil(axis.stride);
            let items = shapes.batch * cells(y) * cells(x) * channels;
            for pass in &mut passes.backward {
                pass.entry = "apart";
                pass.grid = line(items / pass.lanes.width());
                pass.bindings.retain(|binding| binding.slot != Slot::X(0));
                pass.bindings.push(write(1, Slot::Y));
            }
        }
        passes
    }
}

impl LayerExport for MaxPooling2d {
    fn keras(&self) -> KerasLayer {
        KerasLayer::new("MaxPooling2D", pooling::ARGUMENTS)
    }
    fn pytorch(&self, _inputs: &[Shape]) -> TorchLayer {
        let pad = self.0.is_same().then(|| self.0.torch_padding(Literal::Name("-math.inf")));
        TorchLayer::function([Step::Function(self.0.torch_call("F.max_pool2d"))]).after(pad)
    }
    fn onnx(&self, inputs: &[Shape]) -> OnnxLayer {
        [Operator::new("MaxPool").over(&self.0.placed(inputs))].into()
    }
}

impl<T: Real> LayerCompute<T> for MaxPooling2d {
    fn forward(&self, cx: &mut Forward<T>) {
        let window = self.0.placed(cx.context.inputs);
        let (x, mut y) = (images(&cx.x[0]), images_mut(&mut cx.y));
        y.fill(T::neg_infinity());
        for (x, y) in x.outer_iter().zip(y.outer_iter_mut()) {
            pooling::for_each_run(&window, x, y, |y, x| {
                for (y, &x) in y.iter_mut().zip(x) {
                    // A NaN must win, so that it is seen and not trained on.
                    *y = if x > *y || x.is_nan() { x } else { *y };
                }
            });
        }
    }

    fn backward(&self, cx: &mut Backward<T>) {
        let Some(dx) = &mut cx.dx[0] else { return };
        let window = self.0.placed(cx.context.inputs);
        let ((run, starts), values) = (runs(&window), cx.context.inputs[0].len());
        // Slices: four views at once took 1.5 to 1.7 times as long.
        let (x, y, dy, dx) = (flat(&cx.x[0]), flat(&cx.y), flat(&cx.dy), flat_mut(dx));
        dx.fill(T::zero());
        // What of each value's gradient has not found its maximum yet.
        let rest = reserve(cx.workspace, run);
        let mut lines = y.chunks_exact(run).zip(dy.chunks_exact(run));
        for (x, dx) in x.chunks_exact(values).zip(dx.chunks_exact_mut(values)) {
            for (oy, ox) in starts.clone() {
                let Some((y, dy)) = lines.next() else { return };
                rest.copy_from_slice(dy);
                window.for_each_pixel(oy, ox, |start| {
                    let tap = dx[start..start + run].iter_mut().zip(&x[start..start + run]);
                    for ((dx, &x), (rest, &y)) in tap.zip(rest.iter_mut().zip(y)) {
                        let (here, later) = if x == y { (*rest, T::zero()) } else { (T::zero(), *rest) };
                        *dx += here;
                        *rest = later;
                    }
                });
            }
        }
    }
}

/// Outputs that can be treated alike: how many values they are, and where they start. That is a whole line of the output
/// where windows move by single pixels and none hangs over the side, since then a step to the right moves all their taps
/// alike; else one pixel.
fn runs(window: &Window) -> (usize, impl Iterator<Item = (usize, usize)> + Clone + use<>) {
    let (c, x, lines) = (window.channels, window.x, window.y.output);
    let whole = x.stride == 1 && x.before == 0 && x.output + x.kernel <= x.input + 1;
    let (run, width) = if whole { (x.output * c, 1) } else { (c, x.output) };
    (run, (0..lines).flat_map(move |oy| (0..width).map(move |ox| (oy, ox))))
}

impl Samples for MaxPooling2d {
    const SAMPLES: &'static [Case] = pooling::SAMPLES;
}
