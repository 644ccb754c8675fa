//! The specification of a layer's parameters: shape, initialiser, regulariser, constraint.

use crate::base::record::{Read, Reading, Write, Wrong};
use crate::tensor::initializer::{Fans, Initializer};
use serde_json::Value;

/// The specification of one parameter.
#[derive(Debug, Clone)]
pub struct ParamSpec {
    /// Keras's name inside the layer: `kernel`, `bias`, `gamma`, …
    pub name: &'static str,
    /// Keras's shape.
    pub shape: Vec<usize>,
    /// The rule for the initial values.
    pub initializer: Initializer,
    /// Fan in and fan out, by which the initialiser scales.
    pub fans: Fans,
    /// False for moving statistics, which the optimiser does not update.
    pub trainable: bool,
    /// The penalty that the loss adds for it.
    pub regularizer: Regularizer,
    /// The bound on its norm after each update.
    pub constraint: Option<MaxNorm>,
}

impl ParamSpec {
    /// A trainable parameter without regulariser and constraint.
    pub fn new(name: &'static str, shape: &[usize], initializer: Initializer) -> Self {
        let (regularizer, constraint) = (Regularizer::default(), None);
        let (shape, fans) = (shape.to_vec(), Fans::of(shape));
        Self { name, shape, initializer, fans, trainable: true, regularizer, constraint }
    }

    /// Sets PyTorch's fan in, which does not follow from the shape of a bias or of a depthwise kernel.
    pub fn torch_fan_in(mut self, fan_in: usize) -> Self {
        self.fans.torch_fan_in = fan_in as f64;
        self
    }

    /// Sets the regulariser and the constraint.
    pub fn bounded(mut self, regularizer: Option<Regularizer>, constraint: &Option<MaxNorm>) -> Self {
        self.regularizer = regularizer.unwrap_or_default();
        self.constraint.clone_from(constraint);
        self
    }

    /// The number of values.
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// True if an axis has size zero.
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
    /// True if both weights are zero, so there is no penalty.
    pub fn is_none(&self) -> bool {
        self.l1 == 0.0 && self.l2 == 0.0
    }
}

/// Keras's `MaxNorm`: after each update, `w = w * clip(norm, 0, max_norm) / (1e-7 + norm)`, with the L2 norm over
/// `axis`.
#[derive(Debug, Clone, PartialEq)]
pub struct MaxNorm {
    /// The largest norm.
    pub max_norm: f64,
    /// The axes that the norm sums over; negative ones count from the end.
    pub axis: Axes,
}
crate::record!(MaxNorm { max_norm, axis = Axes::One(0) });

impl MaxNorm {
    /// For each of a kernel's `rank` axes, whether the norm sums over it; `None` if an axis is out of range or
    /// repeated.
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

/// One axis or several; in JSON a number or a list of numbers.
#[derive(Debug, Clone, PartialEq)]
pub enum Axes {
    /// One axis.
    One(i64),
    /// Several axes.
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
