//! Matrix products for hardware GPUs: a workgroup computes a block of the product, and its invocations share the
//! operands through workgroup memory. On software adapters a barrier costs more than this saves; they use
//! [`super::registers`].

pub mod block;

use super::product::{Layer, MOST_PARTS};
use super::registers;
use super::tile::expand;
use crate::kernels::gpu::pass::{Lanes, Pass, Passes, Slot, grid, line, read, write};
use crate::kernels::gpu::reduce;
use crate::wgsl;

use crate::tensor::gradient::GradientMode;
use crate::tensor::shape::{Axis, Shape, Window};

use block::Cut;

const GEOMETRY: &str = wgsl!(include_str!("geometry.wgsl"));
const PATCH: [&str; 2] = [wgsl!(include_str!("patch_one.wgsl")), wgsl!(include_str!("patch_four.wgsl"))];
const COLUMNS: [&str; 2] = [wgsl!(include_str!("columns_one.wgsl")), wgsl!(include_str!("columns_four.wgsl"))];
const TAPS: [&str; 2] = [wgsl!(include_str!("taps_one.wgsl")), wgsl!(include_str!("taps_four.wgsl"))];
const DY: [&str; 2] = [wgsl!(include_str!("dy_one.wgsl")), wgsl!(include_str!("dy_four.wgsl"))];
/// The product kernels, indexed by whether channels and columns are divisible by four.
const PRODUCT: [[&[&str]; 2]; 2] = {
    const P: &str = wgsl!(include_str!("product.wgsl"));
    [
        [&[GEOMETRY, PATCH[0], P, COLUMNS[0]], &[GEOMETRY, PATCH[0], P, COLUMNS[1]]],
        [&[GEOMETRY, PATCH[1], P, COLUMNS[0]], &[GEOMETRY, PATCH[1], P, COLUMNS[1]]],
    ]
};
const WEIGHTS: [[&[&str]; 2]; 2] = {
    const W: &str = wgsl!(include_str!("weights.wgsl"));
    [
        [&[GEOMETRY, TAPS[0], W, DY[0]], &[GEOMETRY, TAPS[0], W, DY[1]]],
        [&[GEOMETRY, TAPS[1], W, DY[0]], &[GEOMETRY, TAPS[1], W, DY[1]]],
    ]
};
const ROTATE: [&[&str]; 2] = {
    const T: &str = wgsl!(include_str!("rotate.wgsl"));
    [&[T, wgsl!(include_str!("rotate_one.wgsl"))], &[T, wgsl!(include_str!("rotate_four.wgsl"))]]
};
const FINISH: &[&str] = &[wgsl!(include_str!("finish.wgsl"))];

/// Input gradients with more phases than this use [`super::registers`], because each phase is a separate pass.
const MOST_PHASES: usize = 16;

/// The temporary buffers: parts of the products, parts of the bias gradient, the rotated kernel.
const PARTS: usize = 0;
const BIAS_PARTS: usize = 1;
const ROTATED: usize = 2;

/// The index of a shader variant: 1 for four lanes, else 0.
fn by(lanes: Lanes) -> usize {
    usize::from(lanes == Lanes::Four)
}

/// The passes of a layer.
pub fn passes(layer: &Layer) -> Passes {
    let (forward, forward_parts) = forward(layer);
    let (mut backward, weight_parts) = weights(layer);
    let mut temporary = vec![forward_parts.max(weight_parts[0]), weight_parts[1]];
    if layer.shapes.dx[0] != GradientMode::None {
        let Window { y, x, .. } = *layer.window;
        if y.stride * x.stride > MOST_PHASES {
            backward.push(registers::input_gradient(layer));
        } else {
            let (passes, parts) = input_gradient(layer);
            backward.extend(passes);
            temporary[PARTS] = temporary[PARTS].max(parts);
            temporary.push(layer.weights_len());
        }
    }
    Passes { forward, backward, temporary, ..Passes::default() }
}

/// A product of patches with a matrix, or of transposed patches with one row per window.
struct Patches {
    /// The window over the images that patches are taken from.
    window: Window,
    /// Rows and columns of padding before the image.
    before: [i64; 2],
    /// The number of columns of the product.
    columns: usize,
}

/// A pass over the blocks of a product.
struct Work {
    label: &'static str,
    kernel: &'static [[&'static [&'static str]; 2]; 2],
    entry: &'static str,
    cut: Cut,
    /// The number of rows of the product.
    rows: usize,
}

impl Patches {
    /// The patches of a layer's forward pass.
    fn of(layer: &Layer) -> Self {
        let window = *layer.window;
        Self { window, before: [window.y, window.x].map(|axis| axis.before as i64), columns: layer.outputs }
    }

    fn pass(&self, work: Work) -> Pass {
        let Work { label, kernel, entry, cut, rows } = work;
        let lanes = Lanes::of(&[self.columns]);
        let kernel = kernel[by(Lanes::of(&[self.window.channels]))][by(lanes)];
        let block = cut.block;
        Pass {
            label,
            shader: expand(kernel, block.tile, &block.counts()),
            lanes,
            entry,
            constants: self.constants(cut, rows),
            bindings: Vec::new(),
            grid: grid(block.count(rows, self.columns) * cut.splits, 1),
            in_bounds: true,
        }
    }

    fn constants(&self, cut: Cut, rows: usize) -> Vec<(&'static str, f64)> {
        let (Window { y, x, channels }, [before_y, before_x]) = (self.window, self.before);
        let n = |value: usize| value as f64;
        let hangs = |axis: Axis, before: i64| {
            before > 0 || ((axis.output - 1) * axis.stride + axis.kernel) as i64 - before > axis.input as i64
        };
        vec![
            ("H", n(y.input)),
            ("W", n(x.input)),
            ("C", n(channels)),
            ("OH", n(y.output)),
            ("OW", n(x.output)),
            ("SY", n(y.stride)),
            ("SX", n(x.stride)),
            ("PY", before_y as f64),
            ("PX", before_x as f64),
            ("ROW", n(x.input * channels)),
            // At least 1, because the shader divides by it. A window without taps has a run of 0.
            ("RUN", n((x.kernel * channels).max(1))),
            ("K", n(self.window.patch())),
            ("N", n(self.columns)),
            ("PADDED", f64::from(hangs(y, before_y) || hangs(x, before_x))),
            ("TILES", n(self.columns.div_ceil(cut.block.columns))),
            ("DOWN", n(rows.div_ceil(cut.block.rows))),
            ("SPLITS", n(cut.splits)),
            ("SHARE", n(cut.share)),
            ("DIRECT", f64::from(cut.splits == 1)),
        ]
    }
}

/// The most parts for a product of `values` values.
fn most_parts(values: usize) -> usize {
    (MOST_PARTS / values.max(1)).clamp(1, 256)
}

/// The passes of `y = patches(x) w + b`, and the number of values in its parts.
fn forward(layer: &Layer) -> (Vec<Pass>, usize) {
    let patches = Patches::of(layer);
    let (rows, columns) = (layer.pixels(), layer.outputs);
    let cut = Cut::of(layer.shapes.device.block, [rows, columns, layer.window.patch()], most_parts(rows * columns));
    let work = Work { label: layer.labels[0], kernel: &PRODUCT, entry: "product", cut, rows };
    let b = if layer.bias { Slot::Param(1) } else { Slot::Param(0) };
    let result = if cut.splits == 1 { Slot::Y } else { Slot::Temporary(PARTS) };
    let (y, x) = (layer.window.y, layer.window.x);
    // The forward pass does not read `before`, but its binding needs a buffer.
    let w = Slot::Param(0);
    let pass = Pass {
        bindings: vec![read(0, Slot::X(0)), read(1, w), read(2, b), write(3, result), read(4, w)],
        ..patches.pass(work).with(&place([y.output, x.output], [1, 1], [0, 0]))
    };
    let common = [("BIAS", f64::from(layer.bias)), ("FORWARD", 1.0)];
    let pass = pass.with(&common).with(&[("LEN", (rows * columns) as f64)]).activate(layer.shapes.activation);
    if cut.splits == 1 {
        return (vec![pass], 0);
    }
    let bindings = vec![read(0, Slot::Temporary(PARTS)), read(1, b), write(2, Slot::Y), read(3, w)];
    let finish = finish(layer.labels[0], cut, layer, layer.shapes.output, columns)
        .with(&common)
        .activate(layer.shapes.activation);
    (vec![pass, Pass { bindings, ..finish }], cut.splits * rows * columns)
}

/// The constants for the pixels at which the results of windows are stored: image size, step, first pixel.
fn place(
    [rows, columns]: [usize; 2],
    [step_y, step_x]: [usize; 2],
    [from_y, from_x]: [usize; 2],
) -> [(&'static str, f64); 6] {
    [
        ("RH", rows as f64),
        ("RW", columns as f64),
        ("STEP_Y", step_y as f64),
        ("STEP_X", step_x as f64),
        ("FROM_Y", from_y as f64),
        ("FROM_X", from_x as f64),
    ]
}

/// The pass that adds up the parts of a product whose result has shape `shape` per image.
fn finish(label: &'static str, cut: Cut, layer: &Layer, shape: &Shape, channels: usize) -> Pass {
    let (batch, image) = (layer.shapes.batch, shape.len());
    let lanes = Lanes::of(&[channels]);
    let n = |values: usize| (values / lanes.width()) as f64;
    Pass {
        label,
        shader: FINISH,
        lanes,
        entry: "finish",
        constants: vec![
            ("SPLITS", cut.splits as f64),
            ("LEN", n(batch * image)),
            ("IMAGE", n(image)),
            ("N", n(channels)),
        ],
        bindings: Vec::new(),
        grid: line(batch * image / lanes.width()),
        in_bounds: true,
    }
}

/// The passes of `dw = patches(x)^T dy` and `db`, and the numbers of values in their parts.
fn weights(layer: &Layer) -> (Vec<Pass>, [usize; 2]) {
    let (patch, columns, windows) = (layer.window.patch(), layer.outputs, layer.pixels());
    let cut = Cut::of(layer.shapes.device.block, [patch, columns, windows], most_parts(layer.weights_len()));
    let direct = cut.splits == 1;
    let work = Work { label: layer.labels[2], kernel: &WEIGHTS, entry: "weights", cut, rows: patch };
    let dw = if direct { Slot::Grad(0) } else { Slot::Temporary(PARTS) };
    let db = if direct && layer.bias { Slot::Grad(1) } else { Slot::Temporary(BIAS_PARTS) };
    let first = Pass {
        bindings: vec![read(0, Slot::X(0)), read(1, Slot::Dy), write(2, dw), write(3, db)],
        ..Patches::of(layer).pass(work).with(&[("BIAS", f64::from(layer.bias))])
    };
    if direct {
        // The shader declares the bias gradient even without a bias, so it needs a buffer.
        return (vec![first], [4, 4]);
    }
    let sum = reduce::sum(layer.labels[3], layer.shapes.device, &layer.gradients(), cut.splits);
    (vec![first, sum], [cut.splits * layer.weights_len(), cut.splits * columns])
}

/// The passes of `dx = dy w^T`, as products of patches of `dy` with the rotated kernel, one per phase; and the number
/// of values in their parts.
fn input_gradient(layer: &Layer) -> (Vec<Pass>, usize) {
    let Window { y, x, channels } = *layer.window;
    let values = layer.shapes.batch * y.input * x.input * channels;
    let phases: Vec<Phase> =
        (0..y.stride * x.stride).map(|i| Phase::new(layer, [i / x.stride, i % x.stride])).collect();
    // Several phases would share the buffer of their parts, so only the product of a single phase is cut.
    let most = if phases.len() == 1 { most_parts(values) } else { 1 };
    let mut passes = vec![rotate(layer)];
    let mut parts = 0;
    for phase in &phases {
        let rows = layer.shapes.batch * phase.patches.window.pixels();
        let depth = phase.patches.window.patch();
        let cut = Cut::of(layer.shapes.device.block, [rows, channels, depth], most);
        let work = Work { label: layer.labels[1], kernel: &PRODUCT, entry: "product", cut, rows };
        let result = if cut.splits == 1 { Slot::Dx(0) } else { Slot::Temporary(PARTS) };
        let constants = [("BIAS", 0.0), ("FORWARD", 0.0), ("LEN", values as f64), ("BASE", phase.base as f64)];
        let pass = phase.patches.pass(work).with(&place([y.input, x.input], [y.stride, x.stride], phase.at));
        let rotated = Slot::Temporary(ROTATED);
        passes.push(Pass {
            bindings: vec![
                read(0, Slot::Dy),
                read(1, rotated),
                read(2, rotated),
                write(3, result),
                read(4, Slot::X(0)),
            ],
            ..pass.with(&constants).into_dx(layer.shapes, 0)
        });
        if cut.splits > 1 {
            let bindings =
                vec![read(0, Slot::Temporary(PARTS)), read(1, rotated), write(2, Slot::Dx(0)), read(3, Slot::X(0))];
            let finish = finish(layer.labels[1], cut, layer, &layer.shapes.inputs[0], channels)
                .with(&[("BIAS", 0.0), ("FORWARD", 0.0)]);
            passes.push(Pass { bindings, ..finish.into_dx(layer.shapes, 0) });
            parts = cut.splits * values;
        }
    }
    (passes, parts)
}

/// The pass that rotates the kernel by 180°.
fn rotate(layer: &Layer) -> Pass {
    let Window { y, x, channels } = *layer.window;
    let lanes = Lanes::of(&[channels, layer.outputs]);
    let n = |value: usize| value as f64;
    let width = lanes.width();
    Pass {
        label: layer.labels[1],
        shader: ROTATE[by(lanes)],
        lanes,
        entry: "rotate",
        constants: vec![
            ("KH", n(y.kernel)),
            ("KW", n(x.kernel)),
            ("SY", n(y.stride)),
            ("SX", n(x.stride)),
            ("C", n(channels / width)),
            ("N", n(layer.outputs / width)),
        ],
        bindings: vec![read(0, Slot::Param(0)), write(1, Slot::Temporary(ROTATED))],
        grid: line(layer.weights_len() / (width * width)),
        in_bounds: true,
    }
}

/// A phase: all pixels with the same `(y, x)` modulo the strides. They are multiplied by the same taps of the kernel,
/// so their gradient is a separate convolution.
struct Phase {
    patches: Patches,
    /// `(y, x)` of the first pixel.
    at: [usize; 2],
    /// The index of its first tap in the rotated kernel, in values.
    base: usize,
}

impl Phase {
    fn new(layer: &Layer, at: [usize; 2]) -> Self {
        let Window { y, x, channels } = *layer.window;
        let [down, across] = [(y, at[0]), (x, at[1])].map(|(axis, at)| Taps::new(axis, at));
        let window = Window { y: down.axis, x: across.axis, channels: layer.outputs };
        // As `class_base` in rotate.wgsl.
        let before = down.earlier * x.kernel + across.earlier * down.axis.kernel;
        let patches = Patches { window, before: [down.before, across.before], columns: channels };
        Self { patches, at, base: before * channels * layer.outputs }
    }
}

/// One axis of a phase: the window over the outputs that depend on a pixel.
struct Taps {
    axis: Axis,
    before: i64,
    /// The number of taps of the classes before this one.
    earlier: usize,
}

impl Taps {
    fn new(axis: Axis, at: usize) -> Self {
        let count = |class: usize| axis.kernel.saturating_sub(class).div_ceil(axis.stride);
        let (class, shift) = ((at + axis.before) % axis.stride, (at + axis.before) / axis.stride);
        let kernel = count(class);
        let output = axis.input.saturating_sub(at).div_ceil(axis.stride).max(1);
        Self {
            axis: Axis { input: axis.output, kernel, stride: 1, before: 0, output },
            before: kernel as i64 - 1 - shift as i64,
            earlier: (0..class).map(count).sum(),
        }
    }
}
