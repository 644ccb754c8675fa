//! `average_pooling2d`: the mean of the pixels under each window, channel by channel; the zeros of `same` padding do not
//! count, as in Keras.
//!
//! # Formula
//! `y[n, oy, ox, c] = 1 / m * sum over ky, kx of x[n, oy*s - p + ky, ox*s - p + kx, c]`, `m` the real pixels under the
//! window.

use crate::engine::cpu::real::Real;
use crate::layer::{Backward, Describe, Forward, Math, Rule};
use crate::pass::{GpuShapes, Lanes, Pass, Passes, Slot, line, read, write};
use crate::plan::Dx;
use crate::shape::{Padding, Pair, Shape, Window};
use serde::{Deserialize, Serialize};

const SHADER: &[&str] = &["
@group(0) @binding(0) var<storage, read> x: array<V>;
@group(0) @binding(1) var<storage, read_write> y: array<V>;
@group(0) @binding(2) var<storage, read> dy: array<V>;
@group(0) @binding(3) var<storage, read_write> dx: array<V>;
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
            sum += dy[((n * OH + oy) * OW + ox) * C + c] * share(oy, ox);
        }
    }
    dx[i] = gradient(sum, dx[i], x[i]);
}
"];

/// Options of `average_pooling2d`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AveragePooling2d {
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

impl AveragePooling2d {
    fn window(&self, input: &Shape) -> Rule<Window> {
        Window::new(input, self.pool_size, self.strides.unwrap_or(self.pool_size), self.padding)
    }
}

impl Describe for AveragePooling2d {
    fn kind(&self) -> &'static str {
        "average_pooling2d"
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
        let bindings = vec![read(0, Slot::X(0)), write(1, Slot::Y)];
        let forward = pass("average_pooling2d forward", "forward", bindings, shapes.output.len()).over(&window);
        let backward = || {
            let bindings = vec![read(0, Slot::X(0)), read(2, Slot::Dy), write(3, Slot::Dx(0))];
            let pass = pass("average_pooling2d backward", "backward", bindings, shapes.inputs[0].len());
            pass.over(&window).into_dx(shapes, 0)
        };
        let backward = if shapes.dx[0] == Dx::None { Vec::new() } else { vec![backward()] };
        Passes { forward: vec![forward], backward, ..Passes::default() }
    }
}

impl<T: Real> Math<T> for AveragePooling2d {
    fn forward(&self, cx: &mut Forward<T>) {
        let window = self.window(&cx.place.inputs[0]).expect("the graph checked this shape");
        let c = window.channels;
        let mut pixels = cx.y.chunks_exact_mut(c);
        for picture in cx.x[0].chunks_exact(cx.place.inputs[0].len()) {
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
        let window = self.window(&cx.place.inputs[0]).expect("the graph checked this shape");
        let c = window.channels;
        dx.fill(T::zero());
        let mut pixels = cx.dy.chunks_exact(c);
        for dx in dx.chunks_exact_mut(cx.place.inputs[0].len()) {
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
