//! A serde deserializer of parsed JSON that knows the path of the value it reads. It is stricter than `serde_json`'s: a struct is
//! read from an object only, not from an array of its fields. That also makes the wasm smaller: of the two readers that serde's derives
//! generate for a struct, one is never used.

use serde::Deserializer;
use serde::de::value::{Error, StrDeserializer};
use serde::de::{DeserializeSeed, Error as _, IntoDeserializer, MapAccess, SeqAccess, Unexpected, Visitor};
use serde_json::{Value, map};
use std::fmt::{self, Display};
use std::slice;

/// A step from a value to one of its parts.
#[derive(Clone, Copy)]
enum Step<'a> {
    Field(&'a str),
    Item(usize),
}

/// The path to the value that is being read. After an error it is the path to the invalid value.
#[derive(Default)]
pub(super) struct Path<'a>(Vec<Step<'a>>);

impl Path<'_> {
    /// Whether this is the path of the whole document.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Display for Path<'_> {
    /// `layers[0].filters`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(i, step)| match step {
            Step::Field(name) if i == 0 => f.write_str(name),
            Step::Field(name) => write!(f, ".{name}"),
            Step::Item(index) => write!(f, "[{index}]"),
        })
    }
}

/// A value to read.
pub(super) struct Reader<'p, 'a> {
    pub value: &'a Value,
    pub path: &'p mut Path<'a>,
}

impl<'a> Reader<'_, 'a> {
    fn refuse<'de, V: Visitor<'de>>(self, visitor: &V) -> Result<V::Value, Error> {
        Err(Error::invalid_type(kind_of(self.value), visitor))
    }

    fn boolean<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::Bool(value) => visitor.visit_bool(*value),
            _ => self.refuse(&visitor),
        }
    }

    fn number<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match kind_of(self.value) {
            Unexpected::Unsigned(value) => visitor.visit_u64(value),
            Unexpected::Signed(value) => visitor.visit_i64(value),
            Unexpected::Float(value) => visitor.visit_f64(value),
            _ => self.refuse(&visitor),
        }
    }

    fn text<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::String(value) => visitor.visit_str(value),
            _ => self.refuse(&visitor),
        }
    }

    fn array<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let Value::Array(array) = self.value else { return self.refuse(&visitor) };
        let mut items = Items { left: array.iter(), length: array.len(), path: self.path };
        let read = visitor.visit_seq(&mut items)?;
        match items.left.len() {
            0 => Ok(read),
            left => Err(Error::invalid_length(array.len(), &&*format!("{} elements", array.len() - left))),
        }
    }

    fn object<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::Object(object) => visitor.visit_map(Fields { left: object.iter(), value: None, path: self.path }),
            _ => self.refuse(&visitor),
        }
    }
}

/// What a value is, for messages.
fn kind_of(value: &Value) -> Unexpected<'_> {
    match value {
        Value::Null => Unexpected::Other("null"),
        Value::Bool(value) => Unexpected::Bool(*value),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(value), _) => Unexpected::Unsigned(value),
            (None, Some(value)) => Unexpected::Signed(value),
            (None, None) => Unexpected::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        Value::String(value) => Unexpected::Str(value),
        Value::Array(_) => Unexpected::Seq,
        Value::Object(_) => Unexpected::Map,
    }
}

macro_rules! read_by {
    ($($reader:ident: $($method:ident)*;)*) => {
        $($(
            fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
                self.$reader(visitor)
            }
        )*)*
    };
}

impl<'de> Deserializer<'de> for Reader<'_, '_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(_) => self.boolean(visitor),
            Value::Number(_) => self.number(visitor),
            Value::String(_) => self.text(visitor),
            Value::Array(_) => self.array(visitor),
            Value::Object(_) => self.object(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.value.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.object(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.array(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.array(visitor)
    }

    /// Reads the name of a variant without fields. An enum whose variants have fields is tagged (see [`registry!`](crate::registry)).
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let Value::String(variant) = self.value else { return self.refuse(&visitor) };
        let variant: StrDeserializer<Error> = variant.as_str().into_deserializer();
        visitor.visit_enum(variant)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_any(visitor)
    }

    read_by! {
        boolean: deserialize_bool;
        number: deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128 deserialize_u8 deserialize_u16
            deserialize_u32 deserialize_u64 deserialize_u128 deserialize_f32 deserialize_f64;
        text: deserialize_char deserialize_str deserialize_string deserialize_identifier;
        array: deserialize_seq deserialize_bytes deserialize_byte_buf;
        object: deserialize_map;
        deserialize_any: deserialize_unit deserialize_ignored_any;
    }
}

/// The elements of an array.
struct Items<'p, 'a> {
    left: slice::Iter<'a, Value>,
    length: usize,
    path: &'p mut Path<'a>,
}

impl<'de> SeqAccess<'de> for &mut Items<'_, '_> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let index = self.length - self.left.len();
        let Some(value) = self.left.next() else { return Ok(None) };
        self.path.0.push(Step::Item(index));
        let read = seed.deserialize(Reader { value, path: &mut *self.path })?;
        self.path.0.pop();
        Ok(Some(read))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left.len())
    }
}

/// The fields of an object.
struct Fields<'p, 'a> {
    left: map::Iter<'a>,
    /// The value of the field whose name was read last. That name is part of the path.
    value: Option<&'a Value>,
    path: &'p mut Path<'a>,
}

impl<'de> MapAccess<'de> for Fields<'_, '_> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let Some((name, value)) = self.left.next() else { return Ok(None) };
        self.value = Some(value);
        self.path.0.push(Step::Field(name));
        let name: StrDeserializer<Error> = name.as_str().into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        let value =
            self.value.take().ok_or_else(|| Error::custom("the value of a field was asked for before its name"))?;
        let read = seed.deserialize(Reader { value, path: &mut *self.path })?;
        self.path.0.pop();
        Ok(read)
    }
}
