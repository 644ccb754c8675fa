//! `conv2d` and `dense` as matrix products: `y = patches(x) w + b`, `dx = dy w^T`, `dw = patches(x)^T dy`. The patches are
//! never written down; each invocation reads the pixels under its windows and keeps a tile of the result in registers.
//! A dense layer is the convolution of a picture of one pixel.

use super::{GpuShapes, Lanes, Pass, Passes, Slot, line, read, reduce, write};
use crate::plan::Dx;
use crate::shape::{Axis, Window};

const FOUR: &str = include_str!("four.wgsl");
const ONE: &str = include_str!("one.wgsl");
const GEOMETRY: &str = include_str!("geometry.wgsl");
const FORWARD: [&[&str]; 2] =
    [&[GEOMETRY, ONE, include_str!("forward.wgsl")], &[GEOMETRY, FOUR, include_str!("forward.wgsl")]];
const BACKWARD: [&[&str]; 2] =
    [&[GEOMETRY, ONE, include_str!("backward.wgsl")], &[GEOMETRY, FOUR, include_str!("backward.wgsl")]];
const WEIGHTS: [&[&str]; 2] =
    [&[GEOMETRY, ONE, include_str!("weights.wgsl")], &[GEOMETRY, FOUR, include_str!("weights.wgsl")]];

/// Rows of a tile in every kernel. Taller tiles run faster, but a browser's software adapter takes minutes to compile them:
/// its register allocator's time grows with the square of the values alive.
const ROWS: usize = 4;

/// The most values that the parts of a weight gradient may take together: 32 MiB.
const MOST_PARTS: usize = 1 << 23;

/// The window of a dense layer.
pub fn dense(features: usize) -> Window {
    let axis = Axis { input: 1, kernel: 1, stride: 1, before: 0, output: 1 };
    Window { y: axis, x: axis, channels: features }
}

/// The passes of a layer with kernel [`Slot::Param`] 0 and, where `bias`, bias 1.
pub fn passes(labels: [&'static str; 4], shapes: &GpuShapes, window: &Window, outputs: usize, bias: bool) -> Passes {
    let product = Product { labels, shapes, window, outputs, bias };
    let splits = product.splits();
    let mut backward = product.weights(splits);
    if shapes.dx[0] != Dx::None {
        backward.push(product.backward());
    }
    // Without a bias its gradient has nowhere to go, but the shader names it.
    let parts = if splits > 1 { [splits * product.weights_len(), splits * outputs] } else { [4, 4] };
    Passes { forward: vec![product.forward()], backward, temporary: parts.to_vec(), ..Passes::default() }
}

struct Product<'a> {
    labels: [&'static str; 4],
    shapes: &'a GpuShapes<'a>,
    window: &'a Window,
    outputs: usize,
    bias: bool,
}

impl Product<'_> {
    fn lanes(&self) -> Lanes {
        Lanes::of(&[self.window.channels, self.outputs])
    }

    fn weights_len(&self) -> usize {
        self.window.patch() * self.outputs
    }

    /// Parts of the sum over pixels that gives the weights' gradient: enough to keep the device busy, none shorter than
    /// 64 pixels.
    fn splits(&self) -> usize {
        let tiles = self.window.patch().div_ceil(ROWS) * self.outputs.div_ceil(8);
        let pixels = self.shapes.batch * self.window.pixels();
        let wanted = self.shapes.device.invocations.div_ceil(tiles);
        wanted.min(pixels / 64).min(MOST_PARTS / self.weights_len()).max(1)
    }

    fn pass(&self, label: usize, shader: &[&'static [&'static str]; 2], entry: &'static str, columns: usize) -> Pass {
        let lanes = self.lanes();
        let hangs = [self.window.y, self.window.x]
            .iter()
            .any(|axis| axis.before > 0 || (axis.output - 1) * axis.stride + axis.kernel > axis.input);
        let wide = columns > 4;
        let channels = self.window.channels;
        let pass = Pass {
            label: self.labels[label],
            shader: shader[usize::from(lanes == Lanes::Four)],
            lanes,
            entry,
            constants: vec![
                ("ROW", (self.window.x.input * channels) as f64),
                ("RUN", (self.window.x.kernel * channels) as f64),
                ("N", self.outputs as f64),
                ("PADDED", f64::from(hangs)),
                ("BIAS", f64::from(self.bias)),
                ("WIDE", f64::from(wide)),
                ("TILES", columns.div_ceil(if wide { 8 } else { 4 }) as f64),
            ],
            bindings: Vec::new(),
            grid: [1; 3],
        };
        // These shaders count channels in values.
        pass.over(self.window).with(&[("C", channels as f64)])
    }

    /// Tiles of a product of `rows` by `columns`.
    fn tiles(rows: usize, columns: usize) -> usize {
        rows.div_ceil(ROWS) * columns.div_ceil(if columns > 4 { 8 } else { 4 })
    }

    fn forward(&self) -> Pass {
        let pass = self.pass(0, &FORWARD, "forward", self.outputs);
        let b = if self.bias { Slot::Param(1) } else { Slot::Param(0) };
        Pass {
            bindings: vec![read(0, Slot::X(0)), read(1, Slot::Param(0)), read(2, b), write(3, Slot::Y)],
            grid: line(Self::tiles(self.shapes.batch * self.window.pixels(), self.outputs)),
            ..pass.activate(self.shapes.activation)
        }
    }

    fn backward(&self) -> Pass {
        let (y, x) = (self.window.y, self.window.x);
        let (qh, qw) = (y.input.div_ceil(y.stride), x.input.div_ceil(x.stride));
        let pass = self.pass(1, &BACKWARD, "backward", self.window.channels);
        let [across, down, _] = line(Self::tiles(self.shapes.batch * qh * qw, self.window.channels));
        Pass {
            bindings: vec![read(0, Slot::X(0)), read(1, Slot::Param(0)), read(4, Slot::Dy), write(5, Slot::Dx(0))],
            grid: [across, down, (y.stride * x.stride) as u32],
            ..pass.with(&[("QH", qh as f64), ("QW", qw as f64)]).into_dx(self.shapes, 0)
        }
    }

    fn weights(&self, splits: usize) -> Vec<Pass> {
        let direct = splits == 1;
        let dw = if direct { Slot::Grad(0) } else { Slot::Temporary(0) };
        let db = if direct && self.bias { Slot::Grad(1) } else { Slot::Temporary(1) };
        let pass = self.pass(2, &WEIGHTS, "weights", self.outputs).with(&[
            ("K", self.window.patch() as f64),
            ("SPLITS", splits as f64),
            ("DIRECT", f64::from(direct)),
        ]);
        let first = Pass {
            bindings: vec![read(0, Slot::X(0)), read(4, Slot::Dy), write(6, dw), write(7, db)],
            grid: line(splits * Self::tiles(self.window.patch(), self.outputs)),
            ..pass
        };
        let lengths = if self.bias { vec![self.weights_len(), self.outputs] } else { vec![self.weights_len()] };
        let mut passes = vec![first];
        if !direct {
            passes.push(reduce::sum(self.labels[3], &lengths, splits));
        }
        passes
    }
}
