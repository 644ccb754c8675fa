//! The GPU passes of layers that move pixels and have no weights: a forward and a backward pass of one shader.

use crate::kernels::gpu::pass::{GpuShapes, Lanes, Pass, Passes, Slot, line, read, write};
use crate::tensor::gradient::GradientMode;

/// The passes with the labels `[forward, backward]` of a shader with the entry points of the same names and the bindings `x`, `y`,
/// `dy` and `dx`. It has the constants `H`, `W` and `C` (of the input, `C` in vectors), and the layer's `own`.
pub(super) fn passes(
    [forward, backward]: [&'static str; 2],
    shader: &'static [&'static str],
    shapes: &GpuShapes,
    own: &[(&'static str, f64)],
) -> Passes {
    let (input, output) = (&shapes.inputs[0], shapes.output);
    let lanes = Lanes::of(&[input.channels()]);
    let size = [("H", input.0[0] as f64), ("W", input.0[1] as f64), ("C", (input.channels() / lanes.width()) as f64)];
    let pass = |label, entry, bindings, values: usize| Pass {
        label,
        shader,
        lanes,
        entry,
        constants: [&size, own].concat(),
        bindings,
        grid: line(shapes.batch * values / lanes.width()),
        in_bounds: false,
    };
    let forward = vec![pass(forward, "forward", vec![read(0, Slot::X(0)), write(1, Slot::Y)], output.len())];
    let backward = || {
        let bindings = vec![read(0, Slot::X(0)), read(2, Slot::Dy), write(3, Slot::Dx(0))];
        pass(backward, "backward", bindings, input.len()).into_dx(shapes, 0)
    };
    let backward = if shapes.dx[0] == GradientMode::None { Vec::new() } else { vec![backward()] };
    Passes { forward, backward, ..Passes::default() }
}
