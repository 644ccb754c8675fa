//! `max_pooling2d`: the largest value under each window, channel by channel; the zeros of `same` padding do not count.
//!
//! # Formula
//! `y[n, oy, ox, c] = max over ky, kx of x[n, oy*s - p + ky, ox*s - p + kx, c]`; the gradient goes to the first of
//! equal maxima, in reading order.

use crate::engine::cpu::real::Real;
use crate::layer::{Backward, Describe, Forward, Math, Rule, reserve};
use crate::pass::{GpuShapes, Lanes, Pass, Passes, Slot, line, read, write};
use crate::plan::Dx;
use crate::shape::{Padding, Pair, Shape, Window};
use serde::{Deserialize, Serialize};

const SHADER: &[&str] = &["
@group(0) @binding(0) var<storage, read> x: array<V>;
@group(0) @binding(1) var<storage, read_write> y: array<V>;
@group(0) @binding(2) var<storage, read> dy: array<V>;
@group(0) @binding(3) var<storage, read_write> dx: array<V>;
@group(0) @binding(4) var<storage, read_write> taps: array<U>; // the place under the window that won
override H: u32;
override W: u32;
override C: u32; // Vs of a pixel
override OH: u32;
override OW: u32;
override KH: u32;
override KW: u32;
override SY: u32;
override SX: u32;
override PY: u32;
override PX: u32;

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
    let p = i / C;
    // The windows over this pixel: from the first that reaches it to the last that starts before it.
    let ty = p / W % H + PY;
    let tx = p % W + PX;
    let n = p / (W * H);
    let top = select((ty - KH) / SY + 1u, 0u, ty < KH);
    let left = select((tx - KW) / SX + 1u, 0u, tx < KW);
    if n >= step.rows {
        return;
    }
    var sum = V(0.0);
    for (var oy = top; oy < OH && oy * SY <= ty; oy++) {
        for (var ox = left; ox < OW && ox * SX <= tx; ox++) {
            let o = ((n * OH + oy) * OW + ox) * C + c;
            let tap = (ty - oy * SY) * KW + tx - ox * SX;
            sum += select(V(0.0), dy[o], taps[o] == U(tap));
        }
    }
    dx[i] = gradient(sum, dx[i], x[i]);
}
"];

/// Options of `max_pooling2d`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaxPooling2d {
    /// Window height and width.
    #[serde(default = "two")]
    pub pool_size: Pair,
    /// Steps of the window; the window's size where absent.
    #[serde(default)]
    pub strides: Option<Pair>,
    /// Whether windows may hang over the edge.
    #[serde(default)]
    pub padding: Padding,
}

fn two() -> Pair {
    Pair(2, 2)
}

impl MaxPooling2d {
    fn window(&self, input: &Shape) -> Rule<Window> {
        Window::new(input, self.pool_size, self.strides.unwrap_or(self.pool_size), self.padding)
    }
}

impl Describe for MaxPooling2d {
    fn kind(&self) -> &'static str {
        "max_pooling2d"
    }
    fn options(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_default()
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        let window = self.window(&inputs[0])?;
        Ok([window.y.output, window.x.output, window.channels].into())
    }
    fn passes(&self, shapes: &GpuShapes) -> Passes {
        let window = self.window(&shapes.inputs[0]).expect("the graph checked this shape");
        let lanes = Lanes::of(&[window.channels]);
        let pass = |label, entry, bindings, values: usize| Pass {
            label,
            shader: SHADER,
            lanes,
            entry,
            constants: Vec::new(),
            bindings,
            grid: line(shapes.batch * values / lanes.width()),
        };
        let bindings = vec![read(0, Slot::X(0)), write(1, Slot::Y), write(4, Slot::Scratch(0))];
        let forward = pass("max_pooling2d forward", "forward", bindings, shapes.output.len()).over(&window);
        let backward = || {
            let bindings =
                vec![read(0, Slot::X(0)), read(2, Slot::Dy), write(3, Slot::Dx(0)), write(4, Slot::Scratch(0))];
            let pass = pass("max_pooling2d backward", "backward", bindings, shapes.inputs[0].len());
            pass.over(&window).into_dx(shapes, 0)
        };
        let backward = if shapes.dx[0] == Dx::None { Vec::new() } else { vec![backward()] };
        let scratch = vec![shapes.batch * shapes.output.len()];
        Passes { forward: vec![forward], backward, scratch, ..Passes::default() }
    }
}

impl<T: Real> Math<T> for MaxPooling2d {
    fn forward(&self, cx: &mut Forward<T>) {
        let window = self.window(&cx.place.inputs[0]).expect("the graph checked this shape");
        let (run, starts) = runs(&window);
        let mut lines = cx.y.chunks_exact_mut(run);
        for picture in cx.x[0].chunks_exact(cx.place.inputs[0].len()) {
            for (oy, ox) in starts.clone() {
                let Some(y) = lines.next() else { return };
                y.fill(T::neg_infinity());
                window.under(oy, ox, |start| {
                    for (y, &x) in y.iter_mut().zip(&picture[start..start + run]) {
                        // A NaN must win, so that it is seen and not trained on.
                        *y = if x > *y || x.is_nan() { x } else { *y };
                    }
                });
            }
        }
    }

    fn backward(&self, cx: &mut Backward<T>) {
        let Some(dx) = cx.dx[0].take() else { return };
        let window = self.window(&cx.place.inputs[0]).expect("the graph checked this shape");
        let ((run, starts), values) = (runs(&window), cx.place.inputs[0].len());
        dx.fill(T::zero());
        // What of each value's gradient has not found its maximum yet.
        let rest = reserve(cx.workspace, run);
        let mut lines = cx.y.chunks_exact(run).zip(cx.dy.chunks_exact(run));
        for (x, dx) in cx.x[0].chunks_exact(values).zip(dx.chunks_exact_mut(values)) {
            for (oy, ox) in starts.clone() {
                let Some((y, dy)) = lines.next() else { return };
                rest.copy_from_slice(dy);
                window.under(oy, ox, |start| {
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
