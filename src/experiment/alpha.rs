//! The `alpha` of the focal loss.

use schemars::JsonSchema;
use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;
use ts_rs::TS;

/// The factor of the focal loss: one for all classes, or one for each.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema, TS)]
#[serde(untagged)]
pub enum Alpha {
    /// For all classes.
    All(f64),
    /// For each class.
    Each(Vec<f64>),
}

impl<'de> Deserialize<'de> for Alpha {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct OneOrEach;

        impl<'de> Visitor<'de> for OneOrEach {
            type Value = Alpha;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a number, or a list with a number for each class")
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> std::result::Result<Alpha, E> {
                Ok(Alpha::All(value))
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> std::result::Result<Alpha, E> {
                Ok(Alpha::All(value as f64))
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> std::result::Result<Alpha, E> {
                Ok(Alpha::All(value as f64))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> std::result::Result<Alpha, A::Error> {
                let mut all = Vec::new();
                while let Some(value) = items.next_element()? {
                    all.push(value);
                }
                Ok(Alpha::Each(all))
            }
        }

        deserializer.deserialize_any(OneOrEach)
    }
}
