//! What a layer is in ONNX: operators of one version of the standard set, and what they read. Tensors are
//! `(n, channels, height, width)` there, as in PyTorch. All of it is data, so that it can be written to a file and compared with
//! one that is read.

use crate::tensor::shape::{Axis, Shape, Window};

/// The version of ONNX's operators that layers are written in.
pub const OPSET: i64 = 17;

/// A layer in ONNX: operators in order. The last one's output is the layer's, before its activation; a layer without operators
/// returns its input.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OnnxLayer(pub Vec<Operator>);

impl<const N: usize> From<[Operator; N]> for OnnxLayer {
    fn from(operators: [Operator; N]) -> Self {
        Self(operators.into())
    }
}

impl OnnxLayer {
    /// Operators on tensors whose channels come last, as in Keras.
    pub fn channels_last(input: &Shape, operators: impl IntoIterator<Item = Operator>, output: &Shape) -> Self {
        let to_last = (input.0.len() == 3).then(|| Operator::new("Transpose").set("perm", [0, 2, 3, 1]));
        let to_first = (output.0.len() == 3).then(|| Operator::new("Transpose").set("perm", [0, 3, 1, 2]));
        Self(to_last.into_iter().chain(operators).chain(to_first).collect())
    }
}

/// One operator.
#[derive(Debug, Clone, PartialEq)]
pub struct Operator {
    /// `Conv`
    pub name: &'static str,
    /// What it reads, in ONNX's order.
    pub inputs: Vec<Operand>,
    /// Its attributes, where they differ from ONNX's defaults.
    pub attributes: Vec<(&'static str, Attribute)>,
}

/// What an operator reads.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// The output of the operator before it; for the first one the layer's first input.
    Previous,
    /// The layer's input of this index.
    Input(usize),
    /// The output of the layer's operator of this index.
    Output(usize),
    /// A parameter of the layer; Keras's axes in the order in which ONNX has them, empty where both orders are the same.
    Param(&'static str, &'static [usize]),
    /// Constant numbers of a shape.
    Floats(Vec<usize>, Vec<f32>),
    /// Constant integers, one axis.
    Ints(Vec<i64>),
}

/// The value of an operator's attribute.
#[derive(Debug, Clone, PartialEq)]
pub enum Attribute {
    /// A number.
    Float(f64),
    /// An integer.
    Int(i64),
    /// Integers.
    Ints(Vec<i64>),
    /// A text.
    Text(&'static str),
}

impl From<f64> for Attribute {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl From<usize> for Attribute {
    fn from(value: usize) -> Self {
        Self::Int(value as i64)
    }
}

impl From<Vec<i64>> for Attribute {
    fn from(values: Vec<i64>) -> Self {
        Self::Ints(values)
    }
}

impl<const N: usize> From<[usize; N]> for Attribute {
    fn from(values: [usize; N]) -> Self {
        Self::Ints(values.map(|value| value as i64).into())
    }
}

impl Operator {
    /// An operator of the output of the one before it.
    pub fn new(name: &'static str) -> Self {
        Self::of(name, [Operand::Previous])
    }

    /// An operator of any operands.
    pub fn of(name: &'static str, inputs: impl Into<Vec<Operand>>) -> Self {
        Self { name, inputs: inputs.into(), attributes: Vec::new() }
    }

    /// One more operand.
    pub fn with(mut self, operand: Operand) -> Self {
        self.inputs.push(operand);
        self
    }

    /// One more operand, a number.
    pub fn with_number(self, value: f64) -> Self {
        self.with(Operand::Floats(Vec::new(), vec![value as f32]))
    }

    /// A kernel with its axes in ONNX's order, and a bias where there is one.
    pub fn with_kernel(self, name: &'static str, axes: &'static [usize], use_bias: bool) -> Self {
        let operator = self.with(Operand::Param(name, axes));
        if use_bias { operator.with(Operand::Param("bias", &[])) } else { operator }
    }

    /// One more attribute; it takes the place of an earlier one of its name.
    pub fn set(mut self, name: &'static str, value: impl Into<Attribute>) -> Self {
        self.attributes.retain(|(other, _)| *other != name);
        self.attributes.push((name, value.into()));
        self
    }

    /// The size, strides and padding of a window.
    pub fn over(self, window: &Window) -> Self {
        let Window { y, x, .. } = window;
        let operator = self.set("kernel_shape", [y.kernel, x.kernel]).set("strides", [y.stride, x.stride]);
        operator.set("pads", [y.before, x.before, after(y), after(x)])
    }
}

/// The rows of padding below an image, or the columns to its right.
fn after(axis: &Axis) -> usize {
    ((axis.output - 1) * axis.stride + axis.kernel).saturating_sub(axis.input + axis.before)
}
