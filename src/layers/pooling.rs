//! What `max_pooling2d` and `average_pooling2d` share: their options and the frame of their GPU passes.

use crate::kernels::gpu::pass::{GpuShapes, Lanes, Pass, Passes, Slot, line, read, write};
use crate::layers::keras::Argument;
use crate::layers::layer::Rule;
use crate::layers::pytorch::{Call, Literal, Step};
use crate::layers::sample::Case;
use crate::tensor::gradient::GradientMode;
use crate::tensor::shape::{Padding, Pair, Shape, Window};
use ndarray::{ArrayView3, ArrayViewMut3, Axis};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use std::ops::Range;

/// Options of a pooling layer.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
#[schemars(extend("examples" = [{"pool_size": 2}]))]
pub struct Pooling {
    /// Height and width of the window in pixels; one number for both.
    #[serde(default = "Pair::twos")]
    pool_size: Pair,
    /// Pixels that the window moves down and across; the window's size where it is not set.
    strides: Option<Pair>,
    /// `valid`: windows stay inside the image. `same`: windows may hang over its edge.
    #[serde(default)]
    padding: Padding,
}

/// The arguments of Keras's classes.
pub const ARGUMENTS: &[Argument] =
    &[Argument::Positional("pool_size"), Argument::KeywordOr("strides", "pool_size"), Argument::Keyword("padding")];

impl Pooling {
    fn window(&self, input: &Shape) -> Rule<Window> {
        Window::new(input, self.pool_size, self.strides.unwrap_or(self.pool_size), self.padding)
    }

    /// The window over an input that [`Self::output_shape`] has accepted.
    pub fn placed(&self, inputs: &[Shape]) -> Window {
        self.window(&inputs[0]).expect("the graph checked this shape")
    }

    /// `(oh, ow, channels)`
    pub fn output_shape(&self, input: &Shape) -> Rule<Shape> {
        let window = self.window(input)?;
        Ok([window.y.output, window.x.output, window.channels].into())
    }

    /// Whether windows may hang over the edge.
    pub fn is_same(&self) -> bool {
        self.padding == Padding::Same
    }

    /// A function of PyTorch's with the window as its arguments.
    pub fn torch_call(&self, name: &'static str) -> Call {
        Call::new(name).with(self.pool_size).with(self.strides.unwrap_or(self.pool_size))
    }

    /// Keras's `same` padding, filled with `value`, in PyTorch.
    pub fn torch_padding(&self, value: Literal) -> Step {
        Step::pad_same(self.pool_size, self.strides.unwrap_or(self.pool_size), Some(value))
    }

    /// A pass forward, from binding 0 to 1, and one backward, from 2 to 3. What lies between, if anything, is binding 4.
    pub fn passes(
        &self,
        [forward, backward]: [&'static str; 2],
        shader: &'static [&'static str],
        shapes: &GpuShapes,
        scratch: Vec<usize>,
    ) -> Passes {
        let window = self.placed(shapes.inputs);
        let lanes = Lanes::of(&[window.channels]);
        let pass = |label, entry, mut bindings: Vec<_>, values: usize| {
            bindings.extend((0..scratch.len()).map(|i| write(4, Slot::Scratch(i))));
            let grid = line(shapes.batch * values / lanes.width());
            Pass { label, shader, lanes, entry, constants: Vec::new(), bindings, grid, in_bounds: false }.over(&window)
        };
        let forward = pass(forward, "forward", vec![read(0, Slot::X(0)), write(1, Slot::Y)], shapes.output.len());
        let backward = || {
            let bindings = vec![read(0, Slot::X(0)), read(2, Slot::Dy), write(3, Slot::Dx(0))];
            pass(backward, "backward", bindings, shapes.inputs[0].len()).into_dx(shapes, 0)
        };
        let backward = if shapes.dx[0] == GradientMode::None { Vec::new() } else { vec![backward()] };
        Passes { forward: vec![forward], backward, scratch, ..Passes::default() }
    }
}

/// Values of a line of outputs and the values of a line of pixels that they see, as many of each.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    output: usize,
    pixel: usize,
    len: usize,
}

impl Run {
    /// Its part of a line of outputs.
    pub fn outputs(self) -> Range<usize> {
        self.output..self.output + self.len
    }

    /// Its part of a line of pixels.
    pub fn pixels(self) -> Range<usize> {
        self.pixel..self.pixel + self.len
    }
}

/// All runs between a line of outputs and a line of pixels, tap after tap: one a tap where windows move by single pixels, else
/// one an output. Slices of lines, since views of them took 1.1 times as long to train `mnist-10`, whose lines are short.
pub fn runs(window: &Window) -> SmallVec<[Run; 32]> {
    let (axis, c) = (window.x, window.channels);
    let mut runs = SmallVec::new();
    for (outputs, first) in (0..axis.kernel).map(|tap| axis.reach(tap)) {
        if axis.stride == 1 {
            runs.push(Run { output: outputs.start * c, pixel: first * c, len: outputs.len() * c });
        } else {
            let pairs = outputs.zip((first..).step_by(axis.stride));
            runs.extend(pairs.map(|(output, pixel)| Run { output: output * c, pixel: pixel * c, len: c }));
        }
    }
    runs
}

/// Calls `visit` with every run of an image's outputs and pixels, in reading order of the pixels under each window.
pub fn for_each_run<T>(
    window: &Window,
    x: ArrayView3<T>,
    mut y: ArrayViewMut3<T>,
    mut visit: impl FnMut(&mut [T], &[T]),
) {
    let runs = runs(window);
    for (oy, mut outputs) in y.outer_iter_mut().enumerate() {
        let outputs = outputs.as_slice_mut().expect("a line of outputs");
        let (top, bottom) = window.y.span(oy);
        for iy in top..bottom {
            let pixels = x.index_axis(Axis(0), iy).to_slice().expect("a line of pixels");
            runs.iter().for_each(|run| visit(&mut outputs[run.outputs()], &pixels[run.pixels()]));
        }
    }
}

/// What both are tested on.
pub const SAMPLES: &[Case] = &[
    Case::new(r#"{}"#, &[6, 8, 4]),
    Case::new(r#"{}"#, &[5, 7, 3]),
    Case::new(r#"{"pool_size": 2, "strides": 1}"#, &[5, 6, 8]),
    Case::new(r#"{"pool_size": 3, "strides": 2, "padding": "same"}"#, &[7, 6, 5]),
    Case::new(r#"{"pool_size": [2, 3], "strides": [3, 4]}"#, &[9, 11, 1]),
    Case::new(r#"{"pool_size": 3, "strides": 1, "padding": "same"}"#, &[4, 5, 4]),
    Case::new(r#"{"pool_size": 2, "strides": 3, "padding": "same"}"#, &[8, 7, 2]),
    Case::new(r#"{"pool_size": [4, 1], "padding": "same"}"#, &[6, 3, 12]),
    Case::new(r#"{"pool_size": [2, 9], "strides": 1, "padding": "same"}"#, &[4, 3, 4]),
];
