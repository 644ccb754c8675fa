//! A layer's parameters as their layer describes them: shape, initial values, penalty on their size, bound on their norm.

use crate::tensor::initializer::{Fans, Initializer};
use schemars::JsonSchema;
use serde::de::value::SeqAccessDeserializer;
use serde::de::{Error, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

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
    /// True where it asks for nothing.
    pub fn is_none(&self) -> bool {
        self.l1 == 0.0 && self.l2 == 0.0
    }
}

/// After each update `w * clip(norm, 0, max_norm) / (1e-7 + norm)`, norms taken over `axis`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MaxNorm {
    /// The largest norm, above 0.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub max_norm: f64,
    /// The axes that a norm runs over; negative ones count from the end.
    #[serde(default)]
    pub axis: Axes,
}

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
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Axes {
    /// One.
    One(i64),
    /// Several.
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
