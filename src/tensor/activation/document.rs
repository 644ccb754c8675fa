//! How documents write an activation function: its name, or an object with its constants.

use super::{Activation, Extended};
use crate::base::document;
use crate::base::number::{NOT_NEGATIVE, is_not_negative};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;

/// Keras's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ActivationName")]
enum Name {
    /// `y = x`.
    Linear,
    /// `y = max(x, 0)`.
    Relu,
    /// `y = 1 / (1 + exp(-x))`.
    Sigmoid,
    /// `y = tanh(x)`.
    Tanh,
    /// `y = exp(x) / sum(exp(x))` over the last axis; allowed only in the last layer, where it is computed with the
    /// loss.
    Softmax,
    /// `y = x` above 0, `y = negative_slope x` below; `negative_slope` is 0.2 unless it is set.
    LeakyRelu,
    /// `y = x` above 0, `y = alpha (exp(x) - 1)` below; `alpha` is 1 unless it is set.
    Elu,
    /// ELU with constants that keep mean 0 and variance 1.
    Selu,
    /// `y = min(max(x, 0), 6)`.
    Relu6,
    /// `y = relu6(x + 3) / 6`.
    HardSigmoid,
    /// `y = log(exp(x) + 1)`.
    Softplus,
    /// `y = x / (|x| + 1)`.
    Softsign,
    /// `y = exp(x)`.
    Exponential,
    /// `y = x P(X <= x)` for a standard normal X; with `approximate`, tanh takes the distribution's place.
    Gelu,
    /// `y = x sigmoid(x)`.
    Silu,
    /// Another name of `silu`.
    Swish,
    /// `y = x hard_sigmoid(x)`.
    HardSilu,
    /// Another name of `hard_silu`.
    HardSwish,
    /// `y = x tanh(softplus(x))`.
    Mish,
}

/// A function with its constants: `{"type": "gelu", "approximate": true}`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ActivationWithConstants")]
struct Constants {
    /// The function.
    #[serde(rename = "type")]
    name: Name,
    /// For `gelu`: whether tanh approximates the normal distribution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    approximate: Option<bool>,
    /// For `leaky_relu`: the slope below 0, 0 or more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0))]
    negative_slope: Option<f64>,
    /// For `elu`: the limit far below 0 is `-alpha`; 0 or more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0))]
    alpha: Option<f64>,
}

/// Both forms, for the schema.
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "its schema alone is used")]
enum Form {
    /// The name alone.
    Named(Name),
    /// With constants.
    Valued(Constants),
}

impl JsonSchema for Activation {
    fn schema_name() -> Cow<'static, str> {
        "Activation".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Form::json_schema(generator)
    }
}

impl Constants {
    fn of(name: Name) -> Self {
        Self { name, approximate: None, negative_slope: None, alpha: None }
    }

    /// The function, or which constant it does not have.
    fn function(self) -> Result<Activation, String> {
        let Self { name, approximate, negative_slope, alpha } = self;
        let foreign = [
            ("approximate", approximate.is_some() && name != Name::Gelu, "gelu"),
            ("negative_slope", negative_slope.is_some() && name != Name::LeakyRelu, "leaky_relu"),
            ("alpha", alpha.is_some() && name != Name::Elu, "elu"),
        ];
        if let Some((constant, _, owner)) = foreign.iter().find(|(_, is_foreign, _)| *is_foreign) {
            return Err(format!("{constant} belongs to the activation {owner}"));
        }
        for (what, value) in [("negative_slope", negative_slope), ("alpha", alpha)] {
            if value.is_some_and(|value| !is_not_negative(value)) {
                return Err(format!("{what} {NOT_NEGATIVE}"));
            }
        }
        Ok(match name {
            Name::Linear => Activation::Linear,
            Name::Relu => Activation::Relu,
            Name::Sigmoid => Activation::Sigmoid,
            Name::Tanh => Activation::Tanh,
            Name::Softmax => Activation::Softmax,
            name => Activation::Extended(match name {
                Name::LeakyRelu => Extended::LeakyRelu { negative_slope: negative_slope.unwrap_or(0.2) },
                Name::Elu => Extended::Elu { alpha: alpha.unwrap_or(1.0) },
                Name::Selu => Extended::Selu,
                Name::Relu6 => Extended::Relu6,
                Name::HardSigmoid => Extended::HardSigmoid,
                Name::Softplus => Extended::Softplus,
                Name::Softsign => Extended::Softsign,
                Name::Exponential => Extended::Exponential,
                Name::Gelu => Extended::Gelu { approximate: approximate.unwrap_or(false) },
                Name::HardSilu | Name::HardSwish => Extended::HardSilu,
                Name::Mish => Extended::Mish,
                _ => Extended::Silu,
            }),
        })
    }

    /// The shortest form of a function.
    fn written(activation: Activation) -> Self {
        let Activation::Extended(function) = activation else {
            return Self::of(match activation {
                Activation::Relu => Name::Relu,
                Activation::Sigmoid => Name::Sigmoid,
                Activation::Tanh => Name::Tanh,
                Activation::Softmax => Name::Softmax,
                Activation::Linear | Activation::Extended(_) => Name::Linear,
            });
        };
        match function {
            Extended::LeakyRelu { negative_slope } => {
                let negative_slope = Some(negative_slope).filter(|&slope| slope != 0.2);
                Self { negative_slope, ..Self::of(Name::LeakyRelu) }
            }
            Extended::Elu { alpha } => Self { alpha: Some(alpha).filter(|&alpha| alpha != 1.0), ..Self::of(Name::Elu) },
            Extended::Gelu { approximate } => {
                Self { approximate: Some(true).filter(|_| approximate), ..Self::of(Name::Gelu) }
            }
            Extended::Selu => Self::of(Name::Selu),
            Extended::Relu6 => Self::of(Name::Relu6),
            Extended::HardSigmoid => Self::of(Name::HardSigmoid),
            Extended::Softplus => Self::of(Name::Softplus),
            Extended::Softsign => Self::of(Name::Softsign),
            Extended::Exponential => Self::of(Name::Exponential),
            Extended::Silu => Self::of(Name::Silu),
            Extended::HardSilu => Self::of(Name::HardSilu),
            Extended::Mish => Self::of(Name::Mish),
        }
    }
}

impl Serialize for Activation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = Constants::written(*self);
        match (written.approximate, written.negative_slope, written.alpha) {
            (None, None, None) => written.name.serialize(serializer),
            _ => written.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Activation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        document::name_or_object(
            deserializer,
            r#"an activation's name such as "relu", or {"type": "gelu", "approximate": true}"#,
            |name| Constants::of(name).function(),
            Constants::function,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(value: &Value) -> Result<Activation, String> {
        document::read(value)
    }

    #[test]
    fn a_name_or_an_object_is_read_and_written_in_its_shortest_form() {
        for (given, written) in [
            (json!("relu"), json!("relu")),
            (json!("swish"), json!("silu")),
            (json!({"type": "hard_swish"}), json!("hard_silu")),
            (json!({"type": "gelu", "approximate": false}), json!("gelu")),
            (json!({"type": "gelu", "approximate": true}), json!({"type": "gelu", "approximate": true})),
            (
                json!({"type": "leaky_relu", "negative_slope": 0.1}),
                json!({"type": "leaky_relu", "negative_slope": 0.1}),
            ),
            (json!({"type": "elu", "alpha": 1.0}), json!("elu")),
        ] {
            let activation = read(&given).unwrap();
            assert_eq!(serde_json::to_value(activation).unwrap(), written);
            assert_eq!(read(&written).unwrap(), activation);
        }
    }

    #[test]
    fn foreign_constants_and_unknown_names_are_refused() {
        for (given, expected) in [
            (json!("gelu_new"), "gelu_new"),
            (json!({"type": "relu", "alpha": 0.1}), "alpha belongs to the activation elu"),
            (json!({"type": "leaky_relu", "negative_slope": -0.1}), "negative_slope must be zero or more"),
            (json!({"type": "gelu", "exact": true}), "exact"),
            (json!(3), "an activation's name"),
        ] {
            let error = read(&given).unwrap_err();
            assert!(error.contains(expected), "{given}: {error}");
        }
    }
}
