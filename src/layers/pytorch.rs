//! What a layer is in PyTorch: the module that keeps its parameters, how these are called and laid out there, and the calls
//! that lead from its inputs to its output. All of it is data, so that it can be written as a script and compared with one
//! that is read.

use crate::tensor::initializer::{Initializer, Rule};
use crate::tensor::shape::Pair;
#[cfg(feature = "extended")]
use crate::tensor::shape::Shape;

/// Keras's `same` padding, which PyTorch does not have for strides above one.
pub const PAD_SAME: &str = r#"
def pad_same(x, kernel, stride, value=0.0):
    """Keras's "same": the odd row and column go below and to the right."""
    pads = []
    for size, k, s in zip(x.shape[:1:-1], kernel[::-1], stride[::-1]):
        total = max((-(-size // s) - 1) * s + k - size, 0)
        pads += [total // 2, total - total // 2]
    return F.pad(x, pads, value=value)

"#;

/// A layer in PyTorch. Tensors are `(n, channels, height, width)` there.
#[derive(Debug, Clone, Default)]
pub struct TorchLayer {
    /// The module that keeps parameters or a mode, as it is made; none where functions are enough.
    pub module: Option<Call>,
    /// The module's tensors that hold the layer's parameters.
    pub parameters: &'static [TorchParameter],
    /// A tensor of the module that the layer does not have; it keeps its initial values.
    pub frozen: Option<&'static str>,
    /// From the inputs to the output before the activation; no step returns the input.
    pub steps: Vec<Step>,
}

impl TorchLayer {
    /// Steps without a module.
    pub fn function(steps: impl Into<Vec<Step>>) -> Self {
        Self { steps: steps.into(), ..Self::default() }
    }

    /// A module, called.
    pub fn module(module: Call, parameters: &'static [TorchParameter]) -> Self {
        Self { module: Some(module), parameters, frozen: None, steps: vec![Step::Module] }
    }

    /// The same with a step before it.
    pub fn after(mut self, step: Option<Step>) -> Self {
        self.steps.splice(0..0, step);
        self
    }
}

/// One step on the way from the inputs to the output.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// `module(x)`
    Module,
    /// `function(x, …)`
    Function(Call),
    /// `x.method(…)`
    Method(Call),
    /// `x_0 + x_1 + …`
    Sum,
    /// `x_0 * x_1 * …`
    #[cfg(feature = "extended")]
    Product,
    /// `x_0 - x_1`
    #[cfg(feature = "extended")]
    Difference,
    /// `torch.maximum(torch.maximum(x_0, x_1), …)`
    #[cfg(feature = "extended")]
    Maximum,
    /// `torch.cat([x_0, x_1, …], axis)`
    #[cfg(feature = "extended")]
    Concatenate(usize),
    /// `x / n`
    #[cfg(feature = "extended")]
    Divide(usize),
    /// `x * scale + offset`
    #[cfg(feature = "extended")]
    Scale(f64, f64),
}

impl Step {
    /// Keras's `same` padding in front of a window; `value` fills it in place of zeros.
    pub fn pad_same(kernel: Pair, strides: Pair, value: Option<Literal>) -> Self {
        let call = Call::new("pad_same").with(kernel).with(strides).defined(&[PAD_SAME]);
        Self::Function(value.into_iter().fold(call, Call::with))
    }

    /// The same values in another shape of one image.
    #[cfg(feature = "extended")]
    pub fn reshape(shape: &Shape) -> Self {
        let call = Call::new("reshape").with(Literal::Name("-1"));
        Self::Method(shape.0.iter().copied().fold(call, Call::with))
    }

    /// The axes in another order, the batch's included.
    #[cfg(feature = "extended")]
    pub fn permute(axes: impl IntoIterator<Item = usize>) -> Self {
        Self::Method(axes.into_iter().fold(Call::new("permute"), Call::with))
    }

    /// A step on tensors whose channels come last, as in Keras.
    #[cfg(feature = "extended")]
    pub fn channels_last(input: &Shape, step: Self, output: &Shape) -> Vec<Self> {
        let to_last = (input.0.len() == 3).then(|| Self::permute([0, 2, 3, 1]));
        let to_first = (output.0.len() == 3).then(|| Self::permute([0, 3, 1, 2]));
        to_last.into_iter().chain([step]).chain(to_first).collect()
    }
}

/// The name of a class, function or method, and its arguments; those after the tensor for a function.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// `nn.Conv2d`
    pub name: &'static str,
    /// In order, with their names where they are written with them.
    pub arguments: Vec<(Option<&'static str>, Literal)>,
    /// Python functions that it needs, in the order in which they are to be written.
    pub definitions: &'static [&'static str],
}

impl Call {
    /// Without arguments.
    pub fn new(name: &'static str) -> Self {
        Self { name, arguments: Vec::new(), definitions: &[] }
    }

    /// One more argument by position.
    pub fn with(mut self, value: impl Into<Literal>) -> Self {
        self.arguments.push((None, value.into()));
        self
    }

    /// One more argument by name.
    pub fn named(mut self, name: &'static str, value: impl Into<Literal>) -> Self {
        self.arguments.push((Some(name), value.into()));
        self
    }

    /// `bias=False` where there is no bias: PyTorch has one unless told otherwise.
    pub fn with_bias(self, use_bias: bool) -> Self {
        if use_bias { self } else { self.named("bias", false) }
    }

    /// With the functions that it needs.
    pub fn defined(self, definitions: &'static [&'static str]) -> Self {
        Self { definitions, ..self }
    }
}

/// A value in a call.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `True`
    Bool(bool),
    /// `3`
    Int(usize),
    /// `-3`
    #[cfg(feature = "extended")]
    Negative(usize),
    /// `0.5`
    Float(f64),
    /// `(3, 3)`
    Tuple(Vec<Self>),
    /// A constant of Python's: `-math.inf`
    Name(&'static str),
}

impl From<bool> for Literal {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<usize> for Literal {
    fn from(value: usize) -> Self {
        Self::Int(value)
    }
}

impl From<f64> for Literal {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl From<Pair> for Literal {
    fn from(Pair(rows, columns): Pair) -> Self {
        [rows, columns].into()
    }
}

impl<const N: usize> From<[usize; N]> for Literal {
    fn from(values: [usize; N]) -> Self {
        Self::Tuple(values.map(Self::Int).to_vec())
    }
}

/// Where one of a layer's parameters lies in a module.
#[derive(Debug, Clone, Copy)]
pub struct TorchParameter {
    /// The layer's name of it.
    pub name: &'static str,
    /// The module's.
    pub tensor: &'static str,
    /// Keras's axes in the order in which PyTorch has them; empty where both orders are the same.
    pub axes: &'static [usize],
    /// How the module starts it.
    pub initializer: Initializer,
}

impl TorchParameter {
    /// The bias of a convolution or a dense layer.
    pub const BIAS: Self = Self::trained("bias", "bias", &[]);

    /// Gamma and beta.
    #[cfg(feature = "extended")]
    pub const NORMALIZATION: &[Self] = &[
        Self { name: "gamma", tensor: "weight", axes: &[], initializer: Initializer::ONES },
        Self { name: "beta", tensor: "bias", axes: &[], initializer: Initializer::ZEROS },
    ];

    /// A kernel with its axes in PyTorch's order.
    pub const fn kernel(axes: &'static [usize]) -> Self {
        Self::trained("kernel", "weight", axes)
    }

    const fn trained(name: &'static str, tensor: &'static str, axes: &'static [usize]) -> Self {
        Self { name, tensor, axes, initializer: Initializer::Named(Rule::PytorchDefault) }
    }
}
