//! A layer's parameters as their layer describes them: shape, initial values, penalty on their size, bound on their norm.

use crate::base::record::{Read, Reading, Write, Wrong};
use crate::tensor::initializer::{Fans, Initializer};
use serde_json::Value;

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
