//! What `max_pooling2d` and `average_pooling2d` share: their options and the frame of their GPU passes.

use crate::kernels::gpu::pass::{GpuShapes, Lanes, Pass, Passes, Slot, line, read, write};
use crate::layers::keras::Argument;
use crate::layers::layer::Rule;
use crate::layers::pytorch::{Call, Literal, Step};
use crate::layers::sample::Case;
use crate::tensor::gradient::Dx;
use crate::tensor::shape::{Padding, Pair, Shape, Window};
use ndarray::{ArrayView2, ArrayView3, ArrayViewMut2, ArrayViewMut3, s};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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

    /// Calls `visit` for every line of the output and every tap that lies inside the image, in reading order, with outputs
    /// and the pixels that they see: `(outputs, channels)` each.
    pub fn for_each_tap<T>(
        window: &Window,
        x: ArrayView3<T>,
        mut y: ArrayViewMut3<T>,
        visit: impl Fn(ArrayViewMut2<T>, ArrayView2<T>),
    ) {
        for (oy, mut line) in y.outer_iter_mut().enumerate() {
            let (top, bottom) = window.y.span(oy);
            for pixels in x.slice(s![top..bottom, .., ..]).outer_iter() {
                for tap in 0..window.x.kernel {
                    let (outputs, seen) = window.x.reach(tap);
                    visit(line.slice_mut(s![outputs, ..]), pixels.slice(s![seen, ..]));
                }
            }
        }
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
        let backward = if shapes.dx[0] == Dx::None { Vec::new() } else { vec![backward()] };
        Passes { forward: vec![forward], backward, scratch, ..Passes::default() }
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
];
