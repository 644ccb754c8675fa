//! Groups of parameters with factors of their own.

use super::constants::not_negative;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Factors for the parameters whose name matches. Of several groups the first one that matches counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ParameterGroup")]
pub struct Group {
    /// The name of a layer and a tensor, such as `dense.bias`; `*` stands for any letters: `*.bias`.
    #[serde(rename = "match")]
    pub pattern: String,
    /// Factor of the learning rate, 0 or more.
    #[serde(default = "one")]
    #[schemars(range(min = 0.0))]
    pub learning_rate_multiplier: f64,
    /// Factor of the weight decay, 0 or more; 0 for parameters without decay.
    #[serde(default = "one")]
    #[schemars(range(min = 0.0))]
    pub weight_decay_multiplier: f64,
}

fn one() -> f64 {
    1.0
}

impl Group {
    /// Whether a parameter belongs to the group.
    pub fn matches(&self, name: &str) -> bool {
        let mut pieces = self.pattern.split('*');
        let Some(mut rest) = pieces.next().and_then(|first| name.strip_prefix(first)) else { return false };
        let Some(last) = pieces.next_back() else { return rest.is_empty() };
        for piece in pieces {
            match rest.find(piece) {
                Some(at) => rest = &rest[at + piece.len()..],
                None => return false,
            }
        }
        rest.ends_with(last)
    }

    /// Checks the factors.
    pub(super) fn check(&self) -> Result<(), String> {
        for (what, factor) in [
            ("learning_rate_multiplier", self.learning_rate_multiplier),
            ("weight_decay_multiplier", self.weight_decay_multiplier),
        ] {
            not_negative(what, factor)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_letters() {
        for (pattern, name, expected) in [
            ("dense.bias", "dense.bias", true),
            ("dense.bias", "dense_1.bias", false),
            ("*.bias", "dense_1.bias", true),
            ("batch_normalization*.*", "batch_normalization_2.gamma", true),
            ("*a*b", "xaxb", true),
            ("a*a", "a", false),
            ("*", "anything", true),
            ("", "a", false),
        ] {
            let group = Group { pattern: pattern.into(), learning_rate_multiplier: 1.0, weight_decay_multiplier: 1.0 };
            assert_eq!(group.matches(name), expected, "{pattern} {name}");
        }
    }
}
