//! A number of pixels on each side of an image, as padding and cropping take it.

use crate::tensor::shape::{MAX_WINDOW, Pair};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

/// A number of pixels on each side of an image.
#[derive(Debug, Clone, Copy)]
pub struct Sides {
    /// Rows above.
    pub top: usize,
    /// Rows below.
    pub bottom: usize,
    /// Columns to the left.
    pub left: usize,
    /// Columns to the right.
    pub right: usize,
}

impl Sides {
    /// None on any side.
    #[cfg(feature = "extended")]
    pub fn none() -> Self {
        Self { top: 0, bottom: 0, left: 0, right: 0 }
    }

    /// `[[top, bottom], [left, right]]`
    pub fn axes(self) -> [[usize; 2]; 2] {
        [[self.top, self.bottom], [self.left, self.right]]
    }
}

impl Default for Sides {
    fn default() -> Self {
        Self { top: 1, bottom: 1, left: 1, right: 1 }
    }
}

impl Serialize for Sides {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.axes().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Sides {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberOrAxes;

        impl<'de> Visitor<'de> for NumberOrAxes {
            type Value = Sides;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("n, [rows, columns] or [[top, bottom], [left, right]]")
            }

            fn visit_u64<E: Error>(self, n: u64) -> Result<Sides, E> {
                let n = usize::try_from(n).map_err(|_| E::invalid_value(Unexpected::Unsigned(n), &self))?;
                Ok(Sides { top: n, bottom: n, left: n, right: n })
            }

            // One number for both sides of an axis is a pair, too.
            fn visit_seq<A: SeqAccess<'de>>(self, mut axes: A) -> Result<Sides, A::Error> {
                let mut next = |place| axes.next_element()?.ok_or_else(|| A::Error::invalid_length(place, &self));
                let (Pair(top, bottom), Pair(left, right)) = (next(0)?, next(1)?);
                Ok(Sides { top, bottom, left, right })
            }
        }

        deserializer.deserialize_any(NumberOrAxes)
    }
}

impl JsonSchema for Sides {
    fn schema_name() -> Cow<'static, str> {
        "Sides".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let number = json_schema!({"type": "integer", "minimum": 0, "maximum": MAX_WINDOW});
        let pair = json_schema!({"type": "array", "items": number, "minItems": 2, "maxItems": 2});
        json_schema!({
            "description": "One number for all sides, `[rows, columns]` or `[[top, bottom], [left, right]]`.",
            "anyOf": [number, pair, {"type": "array", "items": pair, "minItems": 2, "maxItems": 2}],
        })
    }
}
