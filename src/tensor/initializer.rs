//! Initial weights by Keras's rules. The random numbers are counter-based, so every engine starts from the same
//! weights.

#[cfg(feature = "extended")]
mod extended;

#[cfg(feature = "extended")]
pub use extended::{Distribution, Extended, Mode};

use crate::tensor::random::{self, stream};
use schemars::JsonSchema;
use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// The distribution of the initial values.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "InitializerName")]
pub enum Rule {
    /// Uniform within `sqrt(6 / (fan_in + fan_out))` (Glorot and Bengio, 2010).
    GlorotUniform,
    /// Truncated normal, variance `2 / (fan_in + fan_out)`.
    GlorotNormal,
    /// Uniform within `sqrt(6 / fan_in)` (He et al., 2015).
    HeUniform,
    /// Truncated normal, variance `2 / fan_in`.
    HeNormal,
    /// Uniform within `sqrt(3 / fan_in)`.
    LecunUniform,
    /// Truncated normal, variance `1 / fan_in`.
    LecunNormal,
    /// All 0.
    Zeros,
    /// All 1.
    Ones,
    /// All equal to a given value.
    Constant,
    /// Normal; `mean` 0 and `stddev` 0.05 unless they are set.
    #[cfg(feature = "extended")]
    RandomNormal,
    /// Normal, drawn again beyond two standard deviations; `mean` 0 and `stddev` 0.05 unless they are set.
    #[cfg(feature = "extended")]
    TruncatedNormal,
    /// Uniform between `minval` and `maxval`, -0.05 and 0.05 unless they are set.
    #[cfg(feature = "extended")]
    RandomUniform,
    /// Variance `scale / n` with `n` by `mode`, drawn from `distribution`.
    #[cfg(feature = "extended")]
    VarianceScaling,
    /// Orthogonal columns or rows, times `gain` (Saxe et al., 2014).
    #[cfg(feature = "extended")]
    Orthogonal,
    /// The identity times `gain`; of a convolution at the middle tap (Dirac). Outputs beyond the inputs start by the rule `others`.
    #[cfg(feature = "extended")]
    Identity,
    /// Of the first convolution: the eigenvectors of the patches of the first `images` training images, divided by the root of their
    /// eigenvalue plus `epsilon`, and the same negated.
    #[cfg(feature = "extended")]
    Whitening,
    /// PyTorch's default for convolutions and linear layers, biases included: uniform within `1 / sqrt(fan_in)`.
    PytorchDefault,
}

/// In JSON, the name of a rule, or an object of a rule and a value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Initializer {
    /// The name alone.
    Named(Rule),
    /// A rule with its constants.
    Valued(Valued),
}

impl<'de> Deserialize<'de> for Initializer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameOrObject;

        impl<'de> Visitor<'de> for NameOrObject {
            type Value = Initializer;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str(r#"an initialiser's name such as "glorot_uniform", or {"type": "constant", "value": 0.1}"#)
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<Initializer, E> {
                Rule::deserialize(StrDeserializer::new(name)).map(Initializer::Named)
            }

            fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Initializer, A::Error> {
                let valued = Valued::deserialize(MapAccessDeserializer::new(fields))?;
                #[cfg(feature = "extended")]
                valued.check().map_err(A::Error::custom)?;
                Ok(Initializer::Valued(valued))
            }
        }

        deserializer.deserialize_any(NameOrObject)
    }
}

/// The object form: `{"type": "constant", "value": 0.1}`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "InitializerWithValue")]
pub struct Valued {
    /// The rule.
    #[serde(rename = "type")]
    pub rule: Rule,
    /// The value for `constant`; other rules ignore it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub value: f64,
    /// Mean, for `random_normal` and `truncated_normal`.
    #[cfg(feature = "extended")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<f64>,
    /// Standard deviation, 0 or more, for `random_normal` and `truncated_normal`.
    #[cfg(feature = "extended")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0))]
    pub stddev: Option<f64>,
    /// Lower bound, for `random_uniform`.
    #[cfg(feature = "extended")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minval: Option<f64>,
    /// Upper bound, for `random_uniform`.
    #[cfg(feature = "extended")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maxval: Option<f64>,
    /// Scale of the variance, above 0, for `variance_scaling`; 1 unless it is set.
    #[cfg(feature = "extended")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub scale: Option<f64>,
    /// What the variance is divided by, for `variance_scaling`; `fan_in` unless it is set.
    #[cfg(feature = "extended")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// What is drawn from, for `variance_scaling`; `truncated_normal` unless it is set.
    #[cfg(feature = "extended")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distribution: Option<Distribution>,
    /// Factor, for `orthogonal` and `identity`; 1 unless it is set.
    #[cfg(feature = "extended")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gain: Option<f64>,
    /// The rule by which outputs beyond the inputs start, for `identity`; `zeros` unless it is set.
    #[cfg(feature = "extended")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub others: Option<Rule>,
    /// Number of training images, for `whitening`; 5000 unless it is set.
    #[cfg(feature = "extended")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub images: Option<usize>,
    /// Added to the eigenvalues, above 0, for `whitening`; 0.0005 unless it is set.
    #[cfg(feature = "extended")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub epsilon: Option<f64>,
}

#[cfg(feature = "extended")]
impl Valued {
    /// Checks the constants.
    ///
    /// # Errors
    /// A message where a constant belongs to another rule or is out of range.
    fn check(&self) -> Result<(), String> {
        let normal = matches!(self.rule, Rule::RandomNormal | Rule::TruncatedNormal);
        let (uniform, scaling) = (self.rule == Rule::RandomUniform, self.rule == Rule::VarianceScaling);
        let has_gain = matches!(self.rule, Rule::Orthogonal | Rule::Identity);
        let foreign = [
            ("mean", self.mean.is_some() && !normal),
            ("stddev", self.stddev.is_some() && !normal),
            ("minval", self.minval.is_some() && !uniform),
            ("maxval", self.maxval.is_some() && !uniform),
            ("scale", self.scale.is_some() && !scaling),
            ("mode", self.mode.is_some() && !scaling),
            ("distribution", self.distribution.is_some() && !scaling),
            ("gain", self.gain.is_some() && !has_gain),
            ("others", self.others.is_some() && self.rule != Rule::Identity),
            ("images", self.images.is_some() && self.rule != Rule::Whitening),
            ("epsilon", self.epsilon.is_some() && self.rule != Rule::Whitening),
        ];
        if let Some((constant, _)) = foreign.iter().find(|(_, is_foreign)| *is_foreign) {
            return Err(format!("{constant} belongs to another initialiser"));
        }
        if self.stddev.is_some_and(|stddev| stddev.is_nan() || stddev < 0.0) {
            return Err("stddev must be zero or more".into());
        }
        if self.scale.is_some_and(|scale| scale.is_nan() || scale <= 0.0) {
            return Err("scale must be above zero".into());
        }
        if self.images == Some(0) {
            return Err("images must be above zero".into());
        }
        if self.epsilon.is_some_and(|epsilon| epsilon.is_nan() || epsilon <= 0.0) {
            return Err("epsilon must be above zero".into());
        }
        if uniform && self.minval.unwrap_or(-0.05) > self.maxval.unwrap_or(0.05) {
            return Err("minval must not be above maxval".into());
        }
        Ok(())
    }
}

fn is_zero(value: &f64) -> bool {
    *value == 0.0
}

impl Initializer {
    /// Keras's default for kernels.
    pub const GLOROT: Self = Self::Named(Rule::GlorotUniform);
    /// Keras's default for biases.
    pub const ZEROS: Self = Self::Named(Rule::Zeros);
    /// Keras's default for scales.
    pub const ONES: Self = Self::Named(Rule::Ones);

    /// The rule with its constants, where it is one beyond the basic ones.
    #[cfg(feature = "extended")]
    fn extended(self) -> Option<Extended> {
        let (rule, given) = match self {
            Self::Named(rule) => (rule, None),
            Self::Valued(valued) => (valued.rule, Some(valued)),
        };
        let constant = |of: fn(Valued) -> Option<f64>, default: f64| given.and_then(of).unwrap_or(default);
        let (mean, stddev) = (constant(|given| given.mean, 0.0), constant(|given| given.stddev, 0.05));
        let gain = constant(|given| given.gain, 1.0);
        Some(match rule {
            Rule::RandomNormal => Extended::Normal { mean, stddev },
            Rule::TruncatedNormal => Extended::TruncatedNormal { mean, stddev },
            Rule::RandomUniform => Extended::Uniform {
                low: constant(|given| given.minval, -0.05),
                high: constant(|given| given.maxval, 0.05),
            },
            Rule::VarianceScaling => Extended::VarianceScaling {
                scale: constant(|given| given.scale, 1.0),
                mode: given.and_then(|given| given.mode).unwrap_or_default(),
                distribution: given.and_then(|given| given.distribution).unwrap_or_default(),
            },
            Rule::Orthogonal => Extended::Orthogonal(gain),
            Rule::Identity => Extended::Identity(gain),
            // Where there are no images: a network that is only counted or shown.
            Rule::Whitening => Extended::Orthogonal(1.0),
            _ => return None,
        })
    }

    /// Number of images and the number added to the eigenvalues, if the values come from training images.
    #[cfg(feature = "extended")]
    pub fn whitening(self) -> Option<(usize, f64)> {
        let (images, epsilon) = match self {
            Self::Named(Rule::Whitening) => (None, None),
            Self::Valued(Valued { rule: Rule::Whitening, images, epsilon, .. }) => (images, epsilon),
            _ => return None,
        };
        Some((images.unwrap_or(5000), epsilon.unwrap_or(0.0005)))
    }

    /// [`Self::GLOROT`], for serde.
    pub fn glorot() -> Self {
        Self::GLOROT
    }

    /// [`Self::ZEROS`], for serde.
    pub fn zeros() -> Self {
        Self::ZEROS
    }

    /// Fills `out`, a parameter of this shape, with initial values. `index` is the parameter's number in the network, so each parameter has its own
    /// random numbers.
    pub fn fill(self, out: &mut [f32], shape: &[usize], fans: Fans, seed: u32, index: u32) {
        let Fans { fan_in, fan_out, torch_fan_in } = fans;
        #[cfg(not(feature = "extended"))]
        let _ = shape;
        #[cfg(feature = "extended")]
        if let Self::Valued(Valued { rule: Rule::Identity, others: Some(others), gain, .. }) = self {
            Self::Named(others).fill(out, shape, fans, seed, index);
            return extended::identity_beside(out, shape, gain.unwrap_or(1.0));
        }
        #[cfg(feature = "extended")]
        if let Some(rule) = self.extended() {
            return rule.fill(out, shape, [fan_in, fan_out], (seed, stream::INIT + index));
        }
        let (rule, value) = match self {
            Self::Named(rule) => (rule, 0.0),
            Self::Valued(valued) => (valued.rule, valued.value),
        };
        let key = stream::INIT + index;
        let uniform = |out: &mut [f32], limit: f64| {
            for (i, w) in out.iter_mut().enumerate() {
                *w = ((2.0 * f64::from(random::uniform(seed, 0, key, i as u32)) - 1.0) * limit) as f32;
            }
        };
        match rule {
            Rule::GlorotUniform => uniform(out, (6.0 / (fan_in + fan_out)).sqrt()),
            Rule::HeUniform => uniform(out, (6.0 / fan_in).sqrt()),
            Rule::LecunUniform => uniform(out, (3.0 / fan_in).sqrt()),
            Rule::PytorchDefault => uniform(out, torch_fan_in.sqrt().recip()),
            Rule::GlorotNormal => truncated_normal(out, (2.0 / (fan_in + fan_out)).sqrt(), seed, key),
            Rule::HeNormal => truncated_normal(out, (2.0 / fan_in).sqrt(), seed, key),
            Rule::LecunNormal => truncated_normal(out, fan_in.sqrt().recip(), seed, key),
            Rule::Zeros => out.fill(0.0),
            Rule::Ones => out.fill(1.0),
            Rule::Constant => out.fill(value as f32),
            #[cfg(feature = "extended")]
            _ => unreachable!("filled above"),
        }
    }
}

/// Truncated normal values: each is drawn again until it lies within two standard deviations. Truncation reduces the
/// variance; the divisor restores it, as in Keras.
fn truncated_normal(out: &mut [f32], deviation: f64, seed: u32, key: u32) {
    let deviation = deviation / 0.879_625_661_034_239_8;
    for (i, w) in out.iter_mut().enumerate() {
        let inside = (0..).map(|attempt| random::normal(seed, attempt, key, i as u32)).find(|z| z.abs() <= 2.0);
        *w = (inside.unwrap_or(0.0) * deviation) as f32;
    }
}

/// Fan in, the number of inputs of one output value, and fan out, the number of outputs of one input value. The rules
/// scale by them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fans {
    /// Keras's fan in.
    pub fan_in: f64,
    /// Keras's fan out.
    pub fan_out: f64,
    /// PyTorch's fan in of the layer, used for kernel and bias.
    pub torch_fan_in: f64,
}

impl Fans {
    /// Keras's fans of a kernel: the last two axes are inputs and outputs, each multiplied by the size of the axes
    /// before them (the receptive field).
    pub fn of(shape: &[usize]) -> Self {
        let (fan_in, fan_out) = match shape {
            [] => (1.0, 1.0),
            [n] => (*n as f64, *n as f64),
            [field @ .., c_in, c_out] => {
                let field = field.iter().product::<usize>() as f64;
                (field * *c_in as f64, field * *c_out as f64)
            }
        };
        Self { fan_in, fan_out, torch_fan_in: fan_in }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn variance(rule: Rule) -> f64 {
        let mut w = vec![0.0; 40_000];
        let shape = [3, 3, 16, 32];
        Initializer::Named(rule).fill(&mut w, &shape, Fans::of(&shape), 1, 0);
        w.iter().map(|&w| f64::from(w).powi(2)).sum::<f64>() / w.len() as f64
    }

    #[test]
    fn variances_are_those_of_the_rules() {
        for (rule, expected) in [
            (Rule::GlorotUniform, 2.0 / 432.0),
            (Rule::GlorotNormal, 2.0 / 432.0),
            (Rule::HeUniform, 2.0 / 144.0),
            (Rule::HeNormal, 2.0 / 144.0),
            (Rule::LecunUniform, 1.0 / 144.0),
            (Rule::LecunNormal, 1.0 / 144.0),
            (Rule::PytorchDefault, 1.0 / 432.0),
        ] {
            let ratio = variance(rule) / expected;
            assert!((ratio - 1.0).abs() < 0.03, "{rule:?}: {ratio}");
        }
    }

    #[test]
    fn json_takes_a_name_or_a_constant() {
        let named = Initializer::deserialize(json!("he_normal")).unwrap();
        assert_eq!(named, Initializer::Named(Rule::HeNormal));
        let constant = Initializer::deserialize(json!({"type": "constant", "value": 0.1})).unwrap();
        let mut w = [0.0; 2];
        constant.fill(&mut w, &[2], Fans::of(&[2]), 0, 0);
        assert_eq!(w, [0.1, 0.1]);
    }
}
