//! GPU passes as plain data: a layer describes which shader runs with which buffers; `engine/gpu` allocates, binds and
//! runs. Nothing here depends on `wgpu`, so every shader can be validated without a GPU.
//!
//! A shader consists of [`PRELUDE`], the random functions, the type aliases of its [`Lanes`], [`ELEMENTWISE`], and the
//! parts of the pass. Shapes are `override` constants, so that they are constants for the driver's compiler. Loops that
//! fill registers are unrolled in the source, because software adapters do not unroll.

use crate::kernels::gpu::tuning::Tuning;
use crate::tensor::activation::Activation;
use crate::tensor::gradient::GradientMode;
use crate::tensor::random;
use crate::tensor::shape::{Shape, Window};
use crate::wgsl;

/// The shapes and options for which a layer creates its passes.
#[derive(Debug, Clone, Copy)]
pub struct GpuShapes<'a> {
    /// The shapes of the inputs, per image.
    pub inputs: &'a [Shape],
    /// The shape of the output, per image.
    pub output: &'a Shape,
    /// The number of images in a full micro-batch; the actual number of a step is `step.rows` in the shader.
    pub batch: usize,
    /// The activation that forward passes apply to their output.
    pub activation: Activation,
    /// For each input, how the gradient with respect to it is stored.
    pub dx: &'a [GradientMode],
    /// For each input, the activation by whose derivative `dx` is multiplied. It is that of the layer before, if this
    /// layer is the only reader of the input; else `Linear`.
    pub slopes: &'a [Activation],
    /// Whether the layer computes as in inference during training, too.
    pub inference: bool,
    /// The number of the layer's random stream.
    pub stream: u32,
    /// The tuning for the device.
    pub device: Tuning,
}

/// A buffer that a pass binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// Input `i` of the layer.
    X(usize),
    /// Output, after the activation; before it where the activation's derivative needs its input
    /// ([`Activation::needs_input`]).
    Y,
    /// Output after such an activation.
    Activated,
    /// The gradient with respect to input `i`; passes write all of it, or add to it, as [`GpuShapes::dx`] says.
    Dx(usize),
    /// The gradient with respect to the output before the activation.
    Dy,
    /// Parameter `i`.
    Param(usize),
    /// The gradient with respect to trainable parameter `i`; a pass writes all of it, or adds to it if `step.piece` is
    /// above
    /// 0.
    Grad(usize),
    /// The layer's own buffer `i`, kept from the forward to the backward pass.
    Scratch(usize),
    /// Temporary buffer `i`, shared by all layers; valid during the layer's passes of one direction.
    Temporary(usize),
    /// A buffer of the whole network.
    Global(Global),
}

/// Buffers of the whole network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Global {
    /// The images of one chunk of the data set, see [`super::data`]; bound when the data set is uploaded.
    Images,
    /// For each row of the batch, the index of its image and its label.
    Rows,
    /// For each row, the transform of its image.
    Transforms,
    /// The network's input: pixels from 0 to 1.
    Input,
    /// The network's output, before softmax.
    Logits,
    /// The gradient with respect to the logits.
    Dlogits,
    /// For each pending step: loss, number of correct predictions, penalty, and whether loss or penalty was not finite.
    Metrics,
    /// For each class, its numbers in the loss; see [`super::loss::class_table`].
    #[cfg(feature = "extended")]
    ClassTable,
    /// All trainable parameters, flat.
    Weights,
    /// The gradients with respect to the weights, flat.
    Gradients,
    /// The optimiser's slots, one after another.
    Slots,
    /// All moving statistics, flat.
    State,
    /// The parameter that each block of [`crate::network::graph::ALIGNMENT`] weights belongs to.
    Blocks,
    /// A row of constants for each parameter, see [`crate::network::program::update::table`].
    Table,
    /// For each block, the sum of its squared gradients, and its penalty.
    BlockSums,
    /// For each parameter, the clipping factor of its gradient, the sum of its squared gradients, and its penalty.
    Factors,
}

/// The number of consecutive values (channels) in the shader's type `V`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lanes {
    /// `V` is `f32`.
    One,
    /// `V` is `vec4<f32>`; every stride must be divisible by four.
    Four,
}

impl Lanes {
    /// [`Self::Four`] if all `sizes` are divisible by four.
    pub fn of(sizes: &[usize]) -> Self {
        if sizes.iter().all(|size| size.is_multiple_of(4)) { Self::Four } else { Self::One }
    }

    /// The number of values in a `V`.
    pub fn width(self) -> usize {
        match self {
            Self::One => 1,
            Self::Four => 4,
        }
    }

    /// The type aliases for the shader.
    pub fn text(self) -> &'static str {
        match self {
            Self::One => "alias V = f32;\nalias U = u32;\nalias B = bool;\n",
            Self::Four => "alias V = vec4<f32>;\nalias U = vec4<u32>;\nalias B = vec4<bool>;\n",
        }
    }
}

/// A buffer bound to a shader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Binding {
    /// The number of the binding.
    pub number: u32,
    /// The buffer.
    pub slot: Slot,
    /// Whether the shader writes to it.
    pub writes: bool,
}

/// A buffer that the shader reads.
pub fn read(number: u32, slot: Slot) -> Binding {
    Binding { number, slot, writes: false }
}

/// A buffer that the shader writes, and may read.
pub fn write(number: u32, slot: Slot) -> Binding {
    Binding { number, slot, writes: true }
}

/// One dispatch.
#[derive(Debug, Clone)]
pub struct Pass {
    /// The name for errors and profiles: `conv2d forward`.
    pub label: &'static str,
    /// WGSL source with `override` constants, in parts; [`Pass::source`] puts the common source before them.
    pub shader: &'static [&'static str],
    /// The width of `V`.
    pub lanes: Lanes,
    /// The entry point.
    pub entry: &'static str,
    /// The values of the `override` constants.
    pub constants: Vec<(&'static str, f64)>,
    /// The buffers of `@group(0)`.
    pub bindings: Vec<Binding>,
    /// The number of workgroups along x, y and z.
    pub grid: [u32; 3],
    /// Whether the shader itself guarantees that it stays inside its buffers and arrays, and that its loops end.
    /// Natively the checks that wgpu would add are then left out.
    pub in_bounds: bool,
}

impl Pass {
    /// The whole source of the shader.
    pub fn source(&self) -> String {
        let is_extended = |(name, value): &(&str, f64)| ["ACTIVATION", "SLOPE"].contains(name) && *value >= 4.0;
        let extended = if self.constants.iter().any(is_extended) { EXTENDED } else { BASIC };
        [PRELUDE, random::WGSL, self.lanes.text(), extended, ELEMENTWISE].iter().chain(self.shader).copied().collect()
    }

    /// The same with these constants, which replace those of the same name.
    pub fn with(mut self, constants: &[(&'static str, f64)]) -> Self {
        self.constants.retain(|(name, _)| constants.iter().all(|(other, _)| name != other));
        self.constants.extend_from_slice(constants);
        self
    }

    /// The same with the constants of a window's geometry; channels are counted in `V`s.
    pub fn over(self, window: &Window) -> Self {
        let n = |value: usize| value as f64;
        let (y, x) = (window.y, window.x);
        let channels = n(window.channels / self.lanes.width());
        self.with(&[
            ("H", n(y.input)),
            ("W", n(x.input)),
            ("C", channels),
            ("OH", n(y.output)),
            ("OW", n(x.output)),
            ("KH", n(y.kernel)),
            ("KW", n(x.kernel)),
            ("SY", n(y.stride)),
            ("SX", n(x.stride)),
            ("PY", n(y.before)),
            ("PX", n(x.before)),
        ])
    }

    /// The same, with an activation applied to the output.
    pub fn activate(self, activation: Activation) -> Self {
        let mut pass = self.with(&[("ACTIVATION", code(activation))]);
        pass.constants.extend(activation.constant().map(|value| ("ACTIVATION_CONSTANT", value)));
        pass
    }

    /// The same, with gradients multiplied by the derivative of an activation.
    pub fn slope(self, activation: Activation) -> Self {
        let mut pass = self.with(&[("SLOPE", code(activation))]);
        pass.constants.extend(activation.constant().map(|value| ("SLOPE_CONSTANT", value)));
        pass
    }

    /// The same, for the gradient with respect to input `i`: added to that of another layer if there is one, and
    /// multiplied by the derivative of the activation before ([`GpuShapes::slopes`]).
    pub fn into_dx(self, shapes: &GpuShapes, i: usize) -> Self {
        let add = f64::from(shapes.dx[i] == GradientMode::Add);
        self.with(&[("ADD", add)]).slope(shapes.slopes[i])
    }
}

/// The number of an activation in shaders.
pub fn code(activation: Activation) -> f64 {
    match activation {
        Activation::Linear | Activation::Softmax => 0.0,
        Activation::Relu => 1.0,
        Activation::Sigmoid => 2.0,
        Activation::Tanh => 3.0,
        #[cfg(feature = "extended")]
        Activation::Extended(function) => f64::from(function.code()),
    }
}

/// Whether a layer's output is a view of its input.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum View {
    /// Output and input have separate buffers.
    #[default]
    No,
    /// `dx` and `dy` are the same buffer.
    Gradient,
    /// `y` and `x` are the same buffer, and so are `dx` and `dy`.
    Both,
}

/// A layer's passes.
#[derive(Debug, Clone, Default)]
pub struct Passes {
    /// The forward pass in training.
    pub forward: Vec<Pass>,
    /// The forward pass in inference, if it differs.
    pub infer: Option<Vec<Pass>>,
    /// The backward pass.
    pub backward: Vec<Pass>,
    /// The sizes of the layer's own buffers ([`Slot::Scratch`]), in 4-byte values.
    pub scratch: Vec<usize>,
    /// The sizes of the shared buffers that it needs ([`Slot::Temporary`]), in 4-byte values.
    pub temporary: Vec<usize>,
    /// The copies that the engine may omit if this layer is the only reader of its input.
    pub view: View,
}

/// The geometry of a sliding window; [`Pass::over`] sets its constants.
pub const WINDOW: &str = wgsl!(include_str!("window.wgsl"));

/// The start of every shader: the step's uniforms.
pub const PRELUDE: &str = wgsl!(include_str!("prelude.wgsl"));

/// Part of every shader, after [`Lanes::text`]: activations and their derivatives. They propagate NaN.
pub const ELEMENTWISE: &str = wgsl!(include_str!("activation.wgsl"));

/// The place of [`EXTENDED`] in shaders that need none of its functions.
const BASIC: &str = crate::wgsl!(
    "
fn activate_extended(v: V) -> V { return v; }
fn slope_extended(dy: V, y: V) -> V { return dy; }
"
);

/// The activations beyond the basic ones.
#[cfg(feature = "extended")]
const EXTENDED: &str = wgsl!(include_str!("activation_extended.wgsl"));
#[cfg(not(feature = "extended"))]
const EXTENDED: &str = BASIC;

/// A grid of workgroups of 64 for `items` invocations.
pub fn line(items: usize) -> [u32; 3] {
    grid(items, 64)
}

/// A grid for `items` items, `per_group` per workgroup. It is folded into two dimensions if it exceeds the 65 535
/// workgroups that WebGPU allows per axis; the shader computes the index of its item with `line`.
pub fn grid(items: usize, per_group: usize) -> [u32; 3] {
    let groups = items.div_ceil(per_group).max(1) as u32;
    let rows = groups.div_ceil(65_535);
    [groups.div_ceil(rows), rows, 1]
}
