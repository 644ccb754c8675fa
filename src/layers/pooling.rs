//! What `max_pooling2d` and `average_pooling2d` share: their options and the frame of their GPU passes.

use crate::kernels::gpu::pass::{GpuShapes, Lanes, Pass, Passes, Slot, line, read, write};
use crate::layers::layer::Rule;
use crate::tensor::gradient::Dx;
use crate::tensor::shape::{Padding, Pair, Shape, Window};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Options of a pooling layer.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
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
