//! Matrix products for software adapters: each invocation reads the pixels under its windows and computes a tile of the
//! result in registers. There are no barriers.

use super::product::{Layer, MOST_PARTS};
use super::tile::expand;
use crate::kernels::gpu::pass::{Lanes, Pass, Passes, Slot, line, read, write};
use crate::kernels::gpu::reduce;
use crate::kernels::gpu::tuning::Tile;
use crate::tensor::gradient::GradientMode;
use crate::wgsl;

const FOUR: &str = wgsl!(include_str!("four.wgsl"));
const ONE: &str = wgsl!(include_str!("one.wgsl"));
const GEOMETRY: &str = wgsl!(include_str!("geometry.wgsl"));
const FORWARD: [&[&str]; 2] =
    [&[GEOMETRY, ONE, wgsl!(include_str!("forward.wgsl"))], &[GEOMETRY, FOUR, wgsl!(include_str!("forward.wgsl"))]];
const BACKWARD: [&[&str]; 2] =
    [&[GEOMETRY, ONE, wgsl!(include_str!("backward.wgsl"))], &[GEOMETRY, FOUR, wgsl!(include_str!("backward.wgsl"))]];
const WEIGHTS: [&[&str]; 2] =
    [&[GEOMETRY, ONE, wgsl!(include_str!("weights.wgsl"))], &[GEOMETRY, FOUR, wgsl!(include_str!("weights.wgsl"))]];

/// The layer's passes.
pub fn passes(layer: &Layer) -> Passes {
    let (tile, splits) = layer.splits();
    let mut backward = layer.weights((tile, splits));
    if layer.shapes.dx[0] != GradientMode::None {
        backward.push(layer.backward());
    }
    // The shader declares the bias gradient even without a bias, so it needs a buffer.
    let parts = if splits > 1 { [splits * layer.weights_len(), splits * layer.outputs] } else { [4, 4] };
    Passes { forward: vec![layer.forward()], backward, temporary: parts.to_vec(), ..Passes::default() }
}

/// The pass of a layer's input gradient, for any strides.
pub fn input_gradient(layer: &Layer) -> Pass {
    layer.backward()
}

impl Layer<'_> {
    fn lanes(&self) -> Lanes {
        Lanes::of(&[self.window.channels, self.outputs])
    }

    fn tile(&self, rows: usize, columns: usize, depth: usize) -> Tile {
        Tile::of(self.shapes.device, rows, columns, depth)
    }

    fn pass(
        &self,
        label: usize,
        shader: &[&'static [&'static str]; 2],
        entry: &'static str,
        tiled: (Tile, usize),
    ) -> Pass {
        let lanes = self.lanes();
        let (tile, columns) = tiled;
        let hangs = [self.window.y, self.window.x]
            .iter()
            .any(|axis| axis.before > 0 || (axis.output - 1) * axis.stride + axis.kernel > axis.input);
        let channels = self.window.channels;
        let pass = Pass {
            label: self.labels[label],
            shader: expand(shader[usize::from(lanes == Lanes::Four)], tile, &[]),
            lanes,
            entry,
            constants: vec![
                ("ROW", (self.window.x.input * channels) as f64),
                ("RUN", (self.window.x.kernel * channels) as f64),
                ("N", self.outputs as f64),
                ("PADDED", f64::from(hangs)),
                ("BIAS", f64::from(self.bias)),
                ("TILES", columns.div_ceil(tile.columns) as f64),
            ],
            bindings: Vec::new(),
            grid: [1; 3],
            in_bounds: false,
        };
        // These shaders count channels in values, not in `V`s.
        pass.over(self.window).with(&[("C", channels as f64)])
    }

    fn forward(&self) -> Pass {
        let (pixels, outputs) = (self.pixels(), self.outputs);
        let tile = self.tile(pixels, outputs, self.window.patch());
        let pass = self.pass(0, &FORWARD, "forward", (tile, outputs));
        let b = if self.bias { Slot::Param(1) } else { Slot::Param(0) };
        Pass {
            bindings: vec![read(0, Slot::X(0)), read(1, Slot::Param(0)), read(2, b), write(3, Slot::Y)],
            grid: line(tile.count(pixels, outputs)),
            ..pass.activate(self.shapes.activation)
        }
    }

    fn backward(&self) -> Pass {
        let (y, x, channels) = (self.window.y, self.window.x, self.window.channels);
        let (qh, qw) = (y.input.div_ceil(y.stride), x.input.div_ceil(x.stride));
        let pixels = self.shapes.batch * qh * qw;
        let tile = self.tile(pixels, channels, y.kernel * x.kernel * self.outputs);
        let pass = self.pass(1, &BACKWARD, "backward", (tile, channels));
        let [across, down, _] = line(tile.count(pixels, channels));
        Pass {
            bindings: vec![read(0, Slot::X(0)), read(1, Slot::Param(0)), read(4, Slot::Dy), write(5, Slot::Dx(0))],
            grid: [across, down, (y.stride * x.stride) as u32],
            ..pass.with(&[("QH", qh as f64), ("QW", qw as f64)]).into_dx(self.shapes, 0)
        }
    }

    /// The tile of the weight gradient, and the number of parts into which its sum over pixels is cut: enough to use
    /// the whole device, with at least 64 pixels per part.
    fn splits(&self) -> (Tile, usize) {
        let (patch, pixels) = (self.window.patch(), self.pixels());
        let tile = self.tile(patch, self.outputs, pixels);
        let wanted = self.shapes.device.invocations.div_ceil(tile.count(patch, self.outputs));
        (tile, wanted.min(pixels / 64).min(MOST_PARTS / self.weights_len()).max(1))
    }

    fn weights(&self, (tile, splits): (Tile, usize)) -> Vec<Pass> {
        let direct = splits == 1;
        let (patch, outputs) = (self.window.patch(), self.outputs);
        let dw = if direct { Slot::Grad(0) } else { Slot::Temporary(0) };
        let db = if direct && self.bias { Slot::Grad(1) } else { Slot::Temporary(1) };
        let pass = self.pass(2, &WEIGHTS, "weights", (tile, outputs)).with(&[
            ("K", patch as f64),
            ("SPLITS", splits as f64),
            ("DIRECT", f64::from(direct)),
        ]);
        let first = Pass {
            bindings: vec![read(0, Slot::X(0)), read(4, Slot::Dy), write(6, dw), write(7, db)],
            grid: line(splits * tile.count(patch, outputs)),
            ..pass
        };
        let mut passes = vec![first];
        if !direct {
            passes.push(reduce::sum(self.labels[3], self.shapes.device, &self.gradients(), splits));
        }
        passes
    }
}
