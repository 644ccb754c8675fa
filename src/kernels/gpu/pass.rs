//! GPU work as plain data: a layer says which shader to run over which buffers; `engine/gpu` allocates, binds, runs.
//! Nothing here knows `wgpu`, so every shader can be validated without a GPU.
//!
//! A shader is [`PRELUDE`], the random functions, the text of its [`Lanes`], and the pass's own parts. Shapes come in
//! as `override` constants, so that the driver's compiler sees them as numbers. Loops that fill registers are written
//! out: software adapters do not unroll.

use crate::kernels::gpu::tuning::Tuning;
use crate::tensor::activation::Activation;
use crate::tensor::gradient::Dx;
use crate::tensor::random;
use crate::tensor::shape::{Shape, Window};

/// What a layer's passes are made for.
#[derive(Debug, Clone, Copy)]
pub struct GpuShapes<'a> {
    /// Shapes of one image of each input.
    pub inputs: &'a [Shape],
    /// Shape of one image of the output.
    pub output: &'a Shape,
    /// Images in a full batch; the step's real number is `step.rows` in the shader.
    pub batch: usize,
    /// The function that forward passes apply to what they store in `y`.
    pub activation: Activation,
    /// Where the gradient by each input goes.
    pub dx: &'a [Dx],
    /// For each input, the function that gave it, where its slope is to be multiplied into `dx`: this layer is then the
    /// only one that reads the input, and the gradient need not be touched again.
    pub slopes: &'a [Activation],
    /// The layer's random stream.
    pub stream: u32,
    /// What the device likes.
    pub device: Tuning,
}

/// A buffer that a pass binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// Input `i` of the layer.
    X(usize),
    /// Output, after the activation.
    Y,
    /// Gradient by input `i`; passes write it whole, or add to it as [`GpuShapes::dx`] says.
    Dx(usize),
    /// Gradient by the output (before the activation).
    Dy,
    /// Parameter `i`.
    Param(usize),
    /// Gradient by trainable parameter `i`; a pass writes it whole, or adds to it where `step.piece` is above 0.
    Grad(usize),
    /// The layer's own memory `i`, kept from the forward to the backward pass.
    Scratch(usize),
    /// Memory `i` shared by all layers, gone when the layer's passes of one direction have run.
    Temporary(usize),
    /// A buffer of the whole network.
    Global(Global),
}

/// Buffers of the whole network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Global {
    /// Images of one chunk of a data set, see [`data`]; known only when there is data.
    Pictures,
    /// Which image each row of the batch is, and its label.
    Rows,
    /// How each row's image is changed.
    Transforms,
    /// The network's input: pixels of 0 to 1.
    Input,
    /// The network's output.
    Logits,
    /// The gradient by it.
    Dlogits,
    /// Loss, right answers and penalty of each step in the ring, and whether something was no number.
    Metrics,
    /// All trainable parameters.
    Weights,
    /// Their gradients.
    Gradients,
    /// The optimiser's slots, one after another.
    Slots,
    /// The parameter that each block of [`crate::network::graph::ALIGNMENT`] weights belongs to.
    Blocks,
    /// Numbers of each parameter, see [`update`].
    Table,
    /// Of each block, the squares of its gradients and its penalty.
    BlockSums,
    /// Of each parameter, what its gradient is multiplied by, the squares of its gradients and its penalty.
    Factors,
}

/// How many neighbouring values (channels) one `V` of the shader holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lanes {
    /// `V` is `f32`.
    One,
    /// `V` is `vec4<f32>`; every stride must divide by four.
    Four,
}

impl Lanes {
    /// Four where all `sizes` divide by four.
    pub fn of(sizes: &[usize]) -> Self {
        if sizes.iter().all(|size| size.is_multiple_of(4)) { Self::Four } else { Self::One }
    }

    /// Values in a `V`.
    pub fn width(self) -> usize {
        match self {
            Self::One => 1,
            Self::Four => 4,
        }
    }

    /// The shader's words for it.
    pub fn text(self) -> &'static str {
        match self {
            Self::One => "alias V = f32;\nalias U = u32;\nalias B = bool;\n",
            Self::Four => "alias V = vec4<f32>;\nalias U = vec4<u32>;\nalias B = vec4<bool>;\n",
        }
    }
}

/// A buffer in its place in the shader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Binding {
    /// The binding's number.
    pub number: u32,
    /// Which buffer.
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
    /// For errors and profiles: `conv2d forward`.
    pub label: &'static str,
    /// WGSL with `override` constants, in parts; [`Pass::source`] puts the common text before them.
    pub shader: &'static [&'static str],
    /// What `V` is.
    pub lanes: Lanes,
    /// The entry point.
    pub entry: &'static str,
    /// Values of the `override` constants.
    pub constants: Vec<(&'static str, f64)>,
    /// Buffers of `@group(0)`.
    pub bindings: Vec<Binding>,
    /// Workgroups along x, y and z.
    pub grid: [u32; 3],
    /// The shader minds the ends of its buffers and arrays itself, so no driver need do it again.
    pub in_bounds: bool,
}

impl Pass {
    /// The whole text of the shader.
    pub fn source(&self) -> String {
        [PRELUDE, random::WGSL, self.lanes.text(), ELEMENTWISE].iter().chain(self.shader).copied().collect()
    }

    /// The same with these constants, which take the place of others of their names.
    pub fn with(mut self, constants: &[(&'static str, f64)]) -> Self {
        self.constants.retain(|(name, _)| constants.iter().all(|(other, _)| name != other));
        self.constants.extend_from_slice(constants);
        self
    }

    /// The same for a window's geometry, channels counted in `V`s.
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

    /// The same, storing through an activation.
    pub fn activate(self, activation: Activation) -> Self {
        self.with(&[("ACTIVATION", code(activation))])
    }

    /// The same, for the gradient by input `i`: added where another layer wrote before, times the input's own slope.
    pub fn into_dx(self, shapes: &GpuShapes, i: usize) -> Self {
        let add = f64::from(shapes.dx[i] == Dx::Add);
        self.with(&[("ADD", add), ("SLOPE", code(shapes.slopes[i]))])
    }
}

/// The shader's number of an activation.
pub fn code(activation: Activation) -> f64 {
    match activation {
        Activation::Linear | Activation::Softmax => 0.0,
        Activation::Relu => 1.0,
        Activation::Sigmoid => 2.0,
        Activation::Tanh => 3.0,
    }
}

/// Whether a layer's tensors are its input's under another name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum View {
    /// They are not.
    #[default]
    No,
    /// `dx` is `dy`.
    Gradient,
    /// `y` is `x`, and `dx` is `dy`.
    Both,
}

/// A layer's passes.
#[derive(Debug, Clone, Default)]
pub struct Passes {
    /// Training.
    pub forward: Vec<Pass>,
    /// Inference, where it differs from training.
    pub infer: Option<Vec<Pass>>,
    /// Gradients.
    pub backward: Vec<Pass>,
    /// Sizes of the layer's own memory, in 4-byte values.
    pub scratch: Vec<usize>,
    /// Sizes of the memory it shares, in 4-byte values.
    pub temporary: Vec<usize>,
    /// What the engine may leave out where nobody else reads the input.
    pub view: View,
}

/// The geometry of a sliding window; [`Pass::over`] sets its constants.
pub const WINDOW: &str = include_str!("window.wgsl");

/// Put before every shader: the step's numbers.
pub const PRELUDE: &str = include_str!("prelude.wgsl");

/// Put before every shader, after [`Lanes::text`]: activations and their slopes. NaN stays NaN.
pub const ELEMENTWISE: &str = include_str!("activation.wgsl");

/// A grid of workgroups of 64 for `items` invocations.
pub fn line(items: usize) -> [u32; 3] {
    grid(items, 64)
}

/// A grid for `items` items at `per_group` a workgroup, folded into two dimensions where it is longer than the 65 535
/// workgroups that WebGPU allows along one axis; the shader finds its item with `line`.
pub fn grid(items: usize, per_group: usize) -> [u32; 3] {
    let groups = items.div_ceil(per_group).max(1) as u32;
    let rows = groups.div_ceil(65_535);
    [groups.div_ceil(rows), rows, 1]
}
