//! Optimisers: one file each, with its options; an [`Update`] holds the arithmetic.

mod constants;
#[macro_use]
mod options;

#[cfg(feature = "extended")]
mod adagrad;
mod adam;
mod adamw;
#[cfg(feature = "extended")]
mod averaging;
#[cfg(feature = "extended")]
mod group;
#[cfg(feature = "extended")]
mod lion;
#[cfg(feature = "extended")]
mod matrices;
#[cfg(feature = "extended")]
mod muon;
#[cfg(feature = "extended")]
mod nadam;
mod rmsprop;
mod sgd;
mod update;

#[cfg(feature = "extended")]
pub use adagrad::Adagrad;
pub use adam::Adam;
pub use adamw::Adamw;
#[cfg(feature = "extended")]
pub use averaging::{Averaging, Lookahead};
#[cfg(feature = "extended")]
pub use group::Group;
#[cfg(feature = "extended")]
pub use lion::Lion;
#[cfg(feature = "extended")]
pub use matrices::{Matrices, Orthogonal};
#[cfg(feature = "extended")]
pub use muon::Muon;
#[cfg(feature = "extended")]
pub use nadam::Nadam;
pub use options::{Clip, Method};
pub use rmsprop::Rmsprop;
pub use sgd::Sgd;
pub use update::Update;

use crate::base::document;
use constants::positive;
use options::Shared;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

crate::registry! {
    /// The update rule: how a step changes the weights.
    #[schemars(rename = "Optimizer")]
    pub enum Rule as dyn Method {
        "sgd" => Sgd,
        "adam" => Adam,
        "adamw" => Adamw,
        "rmsprop" => Rmsprop,
        #[cfg(feature = "extended")]
        "nadam" => Nadam,
        #[cfg(feature = "extended")]
        "adagrad" => Adagrad,
        #[cfg(feature = "extended")]
        "lion" => Lion,
        #[cfg(feature = "extended")]
        "muon" => Muon,
    }
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
    /// Groups of parameters with factors of their own.
    #[cfg(feature = "extended")]
    pub groups: Vec<Group>,
    /// Which parameters are matrices to the rule, if it treats them differently.
    #[cfg(feature = "extended")]
    pub matrices: Option<Matrices>,
    /// The average of the weights that is kept beside them.
    #[cfg(feature = "extended")]
    pub averaging: Option<Averaging>,
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
        let Shared { learning_rate, weight_decay, clips, .. } = rule.shared();
        #[cfg(feature = "extended")]
        let Shared { groups, ema, lookahead, .. } = rule.shared();
        #[cfg(feature = "extended")]
        let averaging = Averaging::of(ema, lookahead)?;
        #[cfg(feature = "extended")]
        groups.iter().try_for_each(Group::check)?;
        let mut clips = clips.into_iter().flatten();
        let clip = clips.next();
        if let Some(Clip::Norm(bound) | Clip::GlobalNorm(bound) | Clip::Value(bound)) = clip {
            positive("the clipping bound", bound)?;
        }
        if clips.next().is_some() {
            return Err("at most one of clipnorm, global_clipnorm and clipvalue may be set".into());
        }
        constants::not_negative("learning_rate", learning_rate)?;
        constants::check(
            (0.0..=1.0).contains(&weight_decay),
            "weight_decay",
            "must lie between 0 and 1",
            weight_decay,
        )?;
        Ok(Self {
            learning_rate,
            weight_decay,
            clip,
            update: rule.update()?,
            #[cfg(feature = "extended")]
            groups,
            #[cfg(feature = "extended")]
            averaging,
            #[cfg(feature = "extended")]
            matrices: rule.matrices(),
            given: options,
        })
    }

    /// A rule without slots, for an engine that computes gradients and updates nothing.
    pub fn idle() -> Self {
        Self {
            learning_rate: 0.0,
            weight_decay: 0.0,
            clip: None,
            update: Update::Plain,
            #[cfg(feature = "extended")]
            groups: Vec::new(),
            #[cfg(feature = "extended")]
            averaging: None,
            #[cfg(feature = "extended")]
            matrices: None,
            given: Map::new(),
        }
    }

    /// Number of slots: values stored for each weight between steps. The last one is the average's, if there is one.
    pub fn slots(&self) -> usize {
        #[cfg(feature = "extended")]
        if self.averaging.is_some() {
            return self.update.slots() + 1;
        }
        self.update.slots()
    }

    /// The number of values of each slot, for so many weights and moving statistics: one for each weight. Lookahead's slow moving
    /// statistics follow its slow weights.
    pub fn slot_lengths(&self, weights: usize, state: usize) -> Vec<usize> {
        #[cfg_attr(not(feature = "extended"), allow(unused_mut, reason = "the small engine keeps no averages"))]
        let mut lengths = vec![weights; self.slots()];
        #[cfg(feature = "extended")]
        if let (true, Some(last)) = (self.averages_state(), lengths.last_mut()) {
            *last += state;
        }
        #[cfg(not(feature = "extended"))]
        let _ = state;
        lengths
    }

    /// Whether the last slot holds the average of the moving statistics, too.
    #[cfg(feature = "extended")]
    pub fn averages_state(&self) -> bool {
        self.averaging.is_some_and(Averaging::covers_state)
    }

    /// Tells the length of the run, on which Lookahead's course depends.
    #[cfg(feature = "extended")]
    pub fn set_total_steps(&mut self, steps: usize) {
        if let Some(Averaging::Lookahead { total_steps, .. }) = &mut self.averaging {
            *total_steps = steps;
        }
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
        assert!(parse("{\"type\": \"adadelta\"}").unwrap_err().contains("adadelta"));
    }

    #[test]
    fn a_document_keeps_the_options_that_it_gives() {
        let optimizer =
            parse("{\"momentum\": 0.5, \"type\": \"sgd\", \"clipnorm\": null, \"learning_rate\": 1}").unwrap();
        let written = json!({"type": "sgd", "learning_rate": 1.0, "momentum": 0.5});
        assert_eq!(document::write(&optimizer).to_string(), written.to_string());
    }
}
