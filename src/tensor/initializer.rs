//! Initial weights by Keras's rules. The random numbers are counter-based, so every engine starts from the same
//! weights.

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
    /// PyTorch's default for convolutions and linear layers, biases included: uniform within `1 / sqrt(fan_in)`.
    PytorchDefault,
}

/// In JSON, the name of a rule, or an object of a rule and a value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Initializer {
    /// The name alone.
    Named(Rule),
    /// A rule with a value.
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
                Valued::deserialize(MapAccessDeserializer::new(fields)).map(Initializer::Valued)
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
    #[serde(default)]
    pub value: f64,
}

impl Initializer {
    /// Keras's default for kernels.
    pub const GLOROT: Self = Self::Named(Rule::GlorotUniform);
    /// Keras's default for biases.
    pub const ZEROS: Self = Self::Named(Rule::Zeros);
    /// Keras's default for scales.
    pub const ONES: Self = Self::Named(Rule::Ones);

    /// [`Self::GLOROT`], for serde.
    pub fn glorot() -> Self {
        Self::GLOROT
    }

    /// [`Self::ZEROS`], for serde.
    pub fn zeros() -> Self {
        Self::ZEROS
    }

    /// Fills `out` with initial values. `index` is the parameter's number in the network, so each parameter has its own
    /// random numbers.
    pub fn fill(self, out: &mut [f32], fans: Fans, seed: u32, index: u32) {
        let Fans { fan_in, fan_out, torch_fan_in } = fans;
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
        Initializer::Named(rule).fill(&mut w, Fans::of(&[3, 3, 16, 32]), 1, 0);
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
        constant.fill(&mut w, Fans::of(&[2]), 0, 0);
        assert_eq!(w, [0.1, 0.1]);
    }
}
