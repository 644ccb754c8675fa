//! How documents write an initialiser: the name of a rule, or an object with its constants.

#[cfg(feature = "extended")]
use super::extended::{Distribution, Mode};
use crate::base::document;
#[cfg(feature = "extended")]
use crate::base::number::{NOT_NEGATIVE, POSITIVE, is_not_negative, is_positive};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

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
        document::name_or_object(
            deserializer,
            r#"an initialiser's name such as "glorot_uniform", or {"type": "constant", "value": 0.1}"#,
            |rule| Ok(Self::Named(rule)),
            |valued: Valued| {
                #[cfg(feature = "extended")]
                valued.check()?;
                Ok(Self::Valued(valued))
            },
        )
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
        if self.stddev.is_some_and(|stddev| !is_not_negative(stddev)) {
            return Err(format!("stddev {NOT_NEGATIVE}"));
        }
        if self.scale.is_some_and(|scale| !is_positive(scale)) {
            return Err(format!("scale {POSITIVE}"));
        }
        if self.images == Some(0) {
            return Err("images must be above zero".into());
        }
        if self.epsilon.is_some_and(|epsilon| !is_positive(epsilon)) {
            return Err(format!("epsilon {POSITIVE}"));
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
