//! What a layer is: its shapes and parameters ([`Describe`]), its arithmetic on the CPU ([`Math`]) and its passes on
//! the GPU ([`Describe::passes`]). One file under `layers/` holds all three for one layer.

use crate::engine::cpu::real::Real;
use crate::init::{Fans, Initializer};
use crate::pass::{GpuShapes, Passes};
use crate::record::{Read, Reading, Write, Wrong};
use crate::shape::Shape;
use serde_json::Value;
use smallvec::SmallVec;

/// A short list that lives on the stack: a layer's inputs, parameters, gradients.
pub type Few<T> = SmallVec<[T; 4]>;

/// Result of a shape rule; the graph adds the layer's name to the message.
pub type Rule<T> = std::result::Result<T, String>;

/// One of a layer's parameters.
#[derive(Debug, Clone)]
pub struct ParamSpec {
    /// Keras's name inside the layer: `kernel`, `bias`, `gamma`, …
    pub name: &'static str,
    /// Keras's shape.
    pub shape: Vec<usize>,
    /// How it starts.
    pub initializer: Initializer,
    /// What the initialiser scales by.
    pub fans: Fans,
    /// False for moving statistics, which the optimiser leaves alone.
    pub trainable: bool,
    /// Penalty on its size.
    pub regularizer: Regularizer,
    /// Bound on its norm.
    pub constraint: Option<MaxNorm>,
}

impl ParamSpec {
    /// A trainable parameter without penalty or bound.
    pub fn new(name: &'static str, shape: &[usize], initializer: Initializer) -> Self {
        let (regularizer, constraint) = (Regularizer::default(), None);
        let (shape, fans) = (shape.to_vec(), Fans::of(shape));
        Self { name, shape, initializer, fans, trainable: true, regularizer, constraint }
    }

    /// The same with PyTorch's fan in, which biases and depthwise kernels cannot read off their own shape.
    pub fn torch_fan_in(mut self, fan_in: usize) -> Self {
        self.fans.torch_fan_in = fan_in as f64;
        self
    }

    /// The same with a penalty and a bound.
    pub fn bounded(mut self, regularizer: Option<Regularizer>, constraint: &Option<MaxNorm>) -> Self {
        self.regularizer = regularizer.unwrap_or_default();
        self.constraint.clone_from(constraint);
        self
    }

    /// Values in the parameter.
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// True where an axis is zero.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// `l1 * sum(|w|) + l2 * sum(w^2)`, added to the loss.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Regularizer {
    /// Weight of the sum of absolute values.
    pub l1: f64,
    /// Weight of the sum of squares.
    pub l2: f64,
}
crate::record!(Regularizer { l1 = 0.0, l2 = 0.0 });

impl Regularizer {
    /// True where it asks for nothing.
    pub fn is_none(&self) -> bool {
        self.l1 == 0.0 && self.l2 == 0.0
    }
}

/// After each update `w * clip(norm, 0, max_norm) / (1e-7 + norm)`, norms taken over `axis`.
#[derive(Debug, Clone, PartialEq)]
pub struct MaxNorm {
    /// The largest norm.
    pub max_norm: f64,
    /// The axes that a norm runs over; negative ones count from the end.
    pub axis: Axes,
}
crate::record!(MaxNorm { max_norm, axis = Axes::One(0) });

impl MaxNorm {
    /// The axes of a kernel of `rank` axes that a norm runs over, as flags; `None` where one lies outside or comes twice.
    pub fn axes(&self, rank: usize) -> Option<Vec<bool>> {
        let list = match &self.axis {
            Axes::One(axis) => std::slice::from_ref(axis),
            Axes::Many(axes) => axes,
        };
        let mut flags = vec![false; rank];
        for &axis in list {
            let axis = usize::try_from(if axis < 0 { axis + rank as i64 } else { axis }).ok()?;
            let flag = flags.get_mut(axis).filter(|flag| !**flag)?;
            *flag = true;
        }
        Some(flags)
    }
}

/// One axis or several.
#[derive(Debug, Clone, PartialEq)]
pub enum Axes {
    /// One.
    One(i64),
    /// Several.
    Many(Vec<i64>),
}

impl Read for Axes {
    fn read(value: &Value) -> Reading<Self> {
        let axes = if value.is_array() { Vec::read(value).map(Self::Many) } else { i64::read(value).map(Self::One) };
        axes.map_err(|_| Wrong::mismatch(value, "an axis or a list of axes"))
    }
}

impl Write for Axes {
    fn write(&self) -> Value {
        match self {
            Self::One(axis) => axis.write(),
            Self::Many(axes) => axes.write(),
        }
    }
}

/// An elementwise function after a layer, applied in place; its gradient needs only its output.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Activation {
    /// `y = x`.
    #[default]
    Linear,
    /// `y = max(x, 0)`.
    Relu,
    /// `y = 1 / (1 + exp(-x))`.
    Sigmoid,
    /// `y = tanh(x)`.
    Tanh,
    /// `y = exp(x) / sum(exp(x))` over the last axis; only as a network's last step, where it joins the loss.
    Softmax,
}
crate::names!(Activation {
    "linear" => Linear,
    "relu" => Relu,
    "sigmoid" => Sigmoid,
    "tanh" => Tanh,
    "softmax" => Softmax,
});

/// Everything about a layer that does not depend on numbers.
pub trait Describe: Send + Sync {
    /// The contract's `type`: `conv2d`, …
    fn kind(&self) -> &'static str;
    /// The options as the contract writes them.
    fn options(&self) -> Value;
    /// The shape of one picture's output, or the rule that the inputs break.
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape>;
    /// The parameters, trainable ones first.
    fn params(&self, _inputs: &[Shape]) -> Vec<ParamSpec> {
        Vec::new()
    }
    /// The function applied to the output.
    fn activation(&self) -> Activation {
        Activation::Linear
    }
    /// True where the layer takes two inputs or more.
    fn merges(&self) -> bool {
        false
    }
    /// Multiply-accumulates a picture of convolutions and dense layers (no biases, as is the custom).
    fn macs(&self, _inputs: &[Shape], _output: &Shape) -> u64 {
        0
    }
    /// The layer's GPU passes for a batch of `shapes.batch` pictures. The activation is not part of them.
    fn passes(&self, shapes: &GpuShapes) -> Passes;
}

/// A layer's arithmetic over one shard of the batch. `T` is `f32` to train, `f64` to check gradients.
///
/// Tensors are `rows` pictures one after another, each laid out as its shape says (channels last). Every method writes
/// all of its outputs; nothing is accumulated by the layer.
pub trait Math<T: Real>: Describe {
    /// Writes `y`.
    fn forward(&self, cx: &mut Forward<T>);
    /// Writes `dx` (where it is wanted) and the gradients.
    fn backward(&self, cx: &mut Backward<T>);

    /// How many sums over the whole batch `forward` needs first (0 for most layers).
    fn forward_sums(&self, _inputs: &[Shape]) -> usize {
        0
    }
    /// Writes this shard's part of them into `sums`.
    fn forward_partials(&self, _cx: &Forward<T>, _sums: &mut [f64]) {}
    /// How many sums over the whole batch `backward` needs first.
    fn backward_sums(&self, _inputs: &[Shape]) -> usize {
        0
    }
    /// Writes this shard's part of them into `sums`.
    fn backward_partials(&self, _cx: &mut Backward<T>, _sums: &mut [f64]) {}
    /// Updates the non-trainable parameters once a training step, from the batch's forward sums.
    fn update_state(&self, _cx: &mut State<T>) {}
}

/// What the graph holds: a layer in `f32`, and in `f64` where gradients can be checked. The page has no use for `f64`, and
/// would load it for nothing.
#[cfg(any(test, not(target_arch = "wasm32")))]
pub trait Layer: Math<f32> + Math<f64> {}
#[cfg(any(test, not(target_arch = "wasm32")))]
impl<L: Math<f32> + Math<f64>> Layer for L {}
/// What the graph holds.
#[cfg(not(any(test, not(target_arch = "wasm32"))))]
pub trait Layer: Math<f32> {}
#[cfg(not(any(test, not(target_arch = "wasm32"))))]
impl<L: Math<f32>> Layer for L {}

/// Its name: whoever wants to see its options has [`Describe::options`].
impl std::fmt::Debug for dyn Layer {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(self.kind())
    }
}

/// Where a layer runs: its shapes and its place in the run.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Shapes of one picture of each input.
    pub inputs: &'a [Shape],
    /// Shape of one picture of the output.
    pub output: &'a Shape,
    /// Pictures in this shard.
    pub rows: usize,
    /// The first one's position in the batch: random masks are drawn by position.
    pub first_row: usize,
    /// Pictures in the whole batch.
    pub batch_rows: usize,
    /// Training (dropout on, batch statistics) or inference.
    pub training: bool,
    /// The experiment's seed.
    pub seed: u32,
    /// Training steps done before this one.
    pub step: u32,
    /// This layer's random stream.
    pub stream: u32,
}

/// What `forward` reads and writes.
pub struct Forward<'a, T> {
    /// Where.
    pub place: Place<'a>,
    /// Inputs.
    pub x: Few<&'a [T]>,
    /// Parameters, in [`Describe::params`]'s order.
    pub params: Few<&'a [T]>,
    /// Output.
    pub y: &'a mut [T],
    /// Totals of `forward_partials` over the batch.
    pub sums: &'a [f64],
    /// Memory that keeps its size between calls; contents undefined.
    pub workspace: &'a mut Vec<T>,
}

/// What `backward` reads and writes.
pub struct Backward<'a, T> {
    /// Where.
    pub place: Place<'a>,
    /// Inputs, as in `forward`.
    pub x: Few<&'a [T]>,
    /// Output, after the activation.
    pub y: &'a [T],
    /// Gradient of the loss by the output (before the activation).
    pub dy: &'a [T],
    /// Parameters.
    pub params: Few<&'a [T]>,
    /// Gradients by the inputs; `None` where nobody needs one.
    pub dx: Few<Option<&'a mut [T]>>,
    /// Gradients by the trainable parameters, for this shard.
    pub grads: Few<&'a mut [T]>,
    /// Totals of `forward_partials`, as in `forward`.
    pub forward_sums: &'a [f64],
    /// Totals of `backward_partials` over the batch.
    pub sums: &'a [f64],
    /// Memory that keeps its size between calls; contents undefined.
    pub workspace: &'a mut Vec<T>,
}

/// What `update_state` reads and writes.
pub struct State<'a, T> {
    /// Where; `rows` is the whole batch.
    pub place: Place<'a>,
    /// Totals of `forward_partials`.
    pub sums: &'a [f64],
    /// The non-trainable parameters, in order.
    pub params: Few<&'a mut [T]>,
}

/// `workspace` grown to at least `len` values; it never shrinks, so a training step allocates nothing.
pub fn reserve<T: Real>(workspace: &mut Vec<T>, len: usize) -> &mut [T] {
    if workspace.len() < len {
        workspace.resize(len, T::zero());
    }
    &mut workspace[..len]
}
