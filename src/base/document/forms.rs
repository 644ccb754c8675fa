//! Values that documents write in two forms: a name alone, or an object with the name and its constants.

use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;

/// Reads a value whose name is an `N` and whose object is an `O`. serde's derive for untagged enums would read each form in turn, and
/// its error would not say why the one that was meant does not fit.
///
/// # Errors
/// Where the value is neither a string nor an object: the message asks for what `expected` describes. Also those of the name, of the
/// object and of the two functions.
pub fn name_or_object<'de, D: Deserializer<'de>, N: Deserialize<'de>, O: Deserialize<'de>, T>(
    deserializer: D,
    expected: &'static str,
    of_name: fn(N) -> Result<T, String>,
    of_object: fn(O) -> Result<T, String>,
) -> Result<T, D::Error> {
    deserializer.deserialize_any(NameOrObject { expected, of_name, of_object })
}

struct NameOrObject<N, O, T> {
    expected: &'static str,
    of_name: fn(N) -> Result<T, String>,
    of_object: fn(O) -> Result<T, String>,
}

impl<'de, N: Deserialize<'de>, O: Deserialize<'de>, T> Visitor<'de> for NameOrObject<N, O, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<T, E> {
        (self.of_name)(N::deserialize(StrDeserializer::new(name))?).map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<T, A::Error> {
        (self.of_object)(O::deserialize(MapAccessDeserializer::new(fields))?).map_err(A::Error::custom)
    }
}
