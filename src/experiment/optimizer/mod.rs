//! Optimisers: one file each, with its options; an [`Update`] holds the arithmetic.

#[macro_use]
mod options;

mod adam;
mod adamw;
mod rmsprop;
mod sgd;
mod update;

pub use adam::Adam;
pub use adamw::Adamw;
pub use options::{Clip, Method};
pub use rmsprop::Rmsprop;
pub use sgd::Sgd;
pub use update::Update;

use crate::base::document;
use options::{Shared, positive};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

crate::registry! {
    /// The update rule: how a step changes the weights.
    #[schemars(rename = "Optimizer")]
    pub enum Rule as dyn Method { "sgd" => Sgd, "adam" => Adam, "adamw" => Adamw, "rmsprop" => Rmsprop }
}

/// An update rule with the shared options.
#[derive(Debug, Clone, PartialEq)]
pub struct Optimizer {
    /// The learning rate that schedules start from.
    pub learning_rate: f64,
    /// Decoupled weight decay; 0 for none.
    pub weight_decay: f64,
    /// How gradients are clipped, if at all.
    pub clip: Option<Clip>,
    /// The rule.
    pub update: Update,
    /// The options that the document sets; the others have their defaults.
    given: Map<String, Value>,
}

impl Optimizer {
    /// Reads and checks the options; a null means that the option is not set.
    fn from_options(mut given: Map<String, Value>) -> Result<Self, String> {
        given.retain(|_, value| !value.is_null());
        let given = Value::Object(given);
        let rule: Rule = document::read(&given)?;
        let mut options = document::fields(&rule);
        options.retain(|name, _| given.get(name).is_some());
        let Shared { learning_rate, weight_decay, clips } = rule.shared();
        let mut clips = clips.into_iter().flatten();
        let clip = clips.next();
        if let Some(Clip::Norm(bound) | Clip::GlobalNorm(bound) | Clip::Value(bound)) = clip {
            positive("the clipping bound", bound)?;
        }
        if clips.next().is_some() {
            return Err("at most one of clipnorm, global_clipnorm and clipvalue may be set".into());
        }
        options::check(
            learning_rate >= 0.0 && learning_rate.is_finite(),
            "learning_rate",
            "must be zero or more",
            learning_rate,
        )?;
        options::check((0.0..=1.0).contains(&weight_decay), "weight_decay", "must lie between 0 and 1", weight_decay)?;
        Ok(Self { learning_rate, weight_decay, clip, update: rule.update()?, given: options })
    }
}

impl<'de> Deserialize<'de> for Optimizer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_options(Map::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl Serialize for Optimizer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.given.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parse(json: &str) -> Result<Optimizer, String> {
        document::read(&serde_json::from_str(json).unwrap())
    }

    #[test]
    fn defaults_are_keras_defaults() {
        let adam = parse("{\"type\": \"adam\"}").unwrap();
        assert_eq!(adam.update, Update::Adam { beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7 });
        assert_eq!(adam.learning_rate, 0.001);
        assert_eq!(parse("{\"type\": \"sgd\"}").unwrap().learning_rate, 0.01);
        assert_eq!(parse("{\"type\": \"adamw\"}").unwrap().weight_decay, 0.004);
    }

    #[test]
    fn options_of_other_rules_and_absurd_values_are_refused() {
        assert!(parse("{\"type\": \"adam\", \"momentum\": 0.9}").unwrap_err().contains("momentum"));
        assert!(parse("{\"type\": \"sgd\", \"learning_rate\": -1}").unwrap_err().contains("Received: -1"));
        assert!(parse("{\"type\": \"sgd\", \"clipnorm\": 1, \"clipvalue\": 1}").is_err());
        assert!(parse("{\"type\": \"adagrad\"}").unwrap_err().contains("adagrad"));
    }

    #[test]
    fn a_document_keeps_the_options_that_it_gives() {
        let optimizer =
            parse("{\"momentum\": 0.5, \"type\": \"sgd\", \"clipnorm\": null, \"learning_rate\": 1}").unwrap();
        let written = json!({"type": "sgd", "learning_rate": 1.0, "momentum": 0.5});
        assert_eq!(document::write(&optimizer).to_string(), written.to_string());
    }
}
