//! The specification of a layer's parameters: shape, initialiser, regulariser, constraint.

use crate::tensor::initializer::{Fans, Initializer};
use schemars::JsonSchema;
use serde::de::value::SeqAccessDeserializer;
use serde::de::{Error, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// The specification of one parameter.
#[derive(Debug, Clone)]
pub struct ParamSpec {
    /// Keras's name inside the layer: `kernel`, `bias`, `gamma`, …
    pub name: &'static str,
    /// Keras's shape.
    pub shape: Vec<usize>,
    /// The rule for the initial values.
    pub initializer: Initializer,
    /// Given initial values, in place of the rule's.
    pub values: Option<Vec<f32>>,
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
        Self { name, shape, initializer, values: None, fans, trainable: true, regularizer, constraint }
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Regularizer {
    /// Weight of the sum of absolute values.
    #[schemars(range(min = 0.0))]
    pub l1: f64,
    /// Weight of the sum of squares.
    #[schemars(range(min = 0.0))]
    pub l2: f64,
}

impl Regularizer {
    /// True if both weights are zero, so there is no penalty.
    pub fn is_none(&self) -> bool {
        self.l1 == 0.0 && self.l2 == 0.0
    }
}

/// Keras's `MaxNorm`: after each update, `w = w * clip(norm, 0, max_norm) / (1e-7 + norm)`, with the L2 norm over
/// `axis`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MaxNorm {
    /// The largest norm, above 0.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub max_norm: f64,
    /// The axes that the norm sums over; negative ones count from the end.
    #[serde(default)]
    pub axis: Axes,
}

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
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Axes {
    /// One axis.
    One(i64),
    /// Several axes.
    Many(Vec<i64>),
}

impl Default for Axes {
    fn default() -> Self {
        Self::One(0)
    }
}

impl<'de> Deserialize<'de> for Axes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMany;

        impl<'de> Visitor<'de> for OneOrMany {
            type Value = Axes;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an axis or a list of axes")
            }

            fn visit_i64<E: Error>(self, axis: i64) -> Result<Axes, E> {
                Ok(Axes::One(axis))
            }

            fn visit_u64<E: Error>(self, axis: u64) -> Result<Axes, E> {
                i64::try_from(axis).map(Axes::One).map_err(|_| E::invalid_value(Unexpected::Unsigned(axis), &self))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, axes: A) -> Result<Axes, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(axes)).map(Axes::Many)
            }
        }

        deserializer.deserialize_any(OneOrMany)
    }
}
