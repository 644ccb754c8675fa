//! Values that documents are made of.

use super::{Read, Reading, Write, Wrong};
use serde_json::{Map, Number, Value};

const WHOLE: &str = "a whole number of 0 or more";

/// A whole number of 0 to `most`, which is `expected` in words.
fn whole(value: &Value, most: u64, expected: &str) -> Reading<u64> {
    match value.as_u64() {
        Some(n) if n <= most => Ok(n),
        None if !value.is_i64() => Err(Wrong::mismatch(value, expected)),
        _ => Err(Wrong::out_of_range(value, expected)),
    }
}

impl Read for u8 {
    fn read(value: &Value) -> Reading<Self> {
        whole(value, Self::MAX.into(), "a whole number of 0 to 255").map(|n| n as Self)
    }
}

impl Read for u32 {
    fn read(value: &Value) -> Reading<Self> {
        whole(value, Self::MAX.into(), WHOLE).map(|n| n as Self)
    }
}

impl Read for usize {
    fn read(value: &Value) -> Reading<Self> {
        whole(value, Self::MAX as u64, WHOLE).map(|n| n as Self)
    }
}

impl Read for i64 {
    fn read(value: &Value) -> Reading<Self> {
        value.as_i64().ok_or_else(|| Wrong::mismatch(value, "a whole number"))
    }
}

impl Read for f64 {
    fn read(value: &Value) -> Reading<Self> {
        value.as_f64().ok_or_else(|| Wrong::mismatch(value, "a number"))
    }
}

impl Read for f32 {
    fn read(value: &Value) -> Reading<Self> {
        f64::read(value).map(|number| number as Self)
    }
}

impl Read for bool {
    fn read(value: &Value) -> Reading<Self> {
        value.as_bool().ok_or_else(|| Wrong::mismatch(value, "true or false"))
    }
}

impl Read for String {
    fn read(value: &Value) -> Reading<Self> {
        value.as_str().map(Self::from).ok_or_else(|| Wrong::mismatch(value, "a text"))
    }
}

impl Read for Value {
    fn read(value: &Value) -> Reading<Self> {
        Ok(value.clone())
    }
}

impl Read for Map<String, Value> {
    fn read(value: &Value) -> Reading<Self> {
        value.as_object().cloned().ok_or_else(|| Wrong::mismatch(value, "an object"))
    }
}

impl<T: Read> Read for Option<T> {
    fn read(value: &Value) -> Reading<Self> {
        if value.is_null() { Ok(None) } else { T::read(value).map(Some) }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(value: &Value) -> Reading<Self> {
        let list = value.as_array().ok_or_else(|| Wrong::mismatch(value, "a list"))?;
        let items = list.iter().enumerate();
        items.map(|(index, item)| T::read(item).map_err(|wrong| wrong.at_index(index))).collect()
    }
}

impl<T: Read, const N: usize> Read for [T; N] {
    fn read(value: &Value) -> Reading<Self> {
        Vec::read(value)?
            .try_into()
            .map_err(|list: Vec<T>| Wrong::new(format!("invalid length {}, expected a list of length {N}", list.len())))
    }
}

impl<A: Read, B: Read> Read for (A, B) {
    fn read(value: &Value) -> Reading<Self> {
        match value.as_array().map(Vec::as_slice) {
            Some([a, b]) => Ok((A::read(a)?, B::read(b)?)),
            _ => Err(Wrong::mismatch(value, "a list of two")),
        }
    }
}

/// Numbers, texts and what else serde's value is made from.
macro_rules! plain {
    ($($type:ty),*) => { $(
        impl Write for $type {
            fn write(&self) -> Value {
                Value::from(*self)
            }
        }
    )* };
}
plain!(bool, u8, u32, u64, usize, i64);

impl Write for str {
    fn write(&self) -> Value {
        Value::from(self)
    }
}

impl Write for f64 {
    fn write(&self) -> Value {
        // What is no number has no place in a document.
        Number::from_f64(*self).map_or(Value::Null, Value::Number)
    }
}

impl Write for f32 {
    fn write(&self) -> Value {
        f64::from(*self).write()
    }
}

impl Write for String {
    fn write(&self) -> Value {
        self.as_str().write()
    }
}

impl Write for Value {
    fn write(&self) -> Value {
        self.clone()
    }
}

impl Write for Map<String, Value> {
    fn write(&self) -> Value {
        Value::Object(self.clone())
    }
}

impl<T: Write> Write for Option<T> {
    fn write(&self) -> Value {
        self.as_ref().map_or(Value::Null, Write::write)
    }
}

impl<T: Write> Write for [T] {
    fn write(&self) -> Value {
        Value::Array(self.iter().map(Write::write).collect())
    }
}

impl<T: Write> Write for Vec<T> {
    fn write(&self) -> Value {
        self.as_slice().write()
    }
}

impl<T: Write, const N: usize> Write for [T; N] {
    fn write(&self) -> Value {
        self.as_slice().write()
    }
}

impl<A: Write, B: Write> Write for (A, B) {
    fn write(&self) -> Value {
        Value::Array(vec![self.0.write(), self.1.write()])
    }
}

impl<T: Write + ?Sized> Write for &T {
    fn write(&self) -> Value {
        (**self).write()
    }
}
