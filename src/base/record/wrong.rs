//! What is wrong with a document, and where.

use serde_json::Value;
use std::fmt;

/// A mistake in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong(Box<Mistake>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Mistake {
    /// `optimizer.learning_rate`, or `augmentation[1]`; empty for the whole.
    place: String,
    message: String,
}

impl Wrong {
    /// About the value that is being read.
    pub fn new(message: String) -> Self {
        Self(Box::new(Mistake { place: String::new(), message }))
    }

    /// A field is not there.
    pub fn missing(field: &str) -> Self {
        Self::new(format!("missing field `{field}`"))
    }

    /// Something else was expected.
    pub fn mismatch(received: &Value, expected: &str) -> Self {
        Self::new(format!("invalid type: {}, expected {expected}", Received(received)))
    }

    /// The right kind of value, but not one of those that may be.
    pub fn out_of_range(received: &Value, expected: &str) -> Self {
        Self::new(format!("invalid value: {}, expected {expected}", Received(received)))
    }

    /// The same, seen from the object that has the value as field `name`.
    pub fn within(self, name: &str) -> Self {
        let dot = if self.0.place.is_empty() || self.0.place.starts_with('[') { "" } else { "." };
        self.at(&format!("{name}{dot}"))
    }

    /// The same, seen from the list that has the value as item `index`.
    pub fn at_index(self, index: usize) -> Self {
        let dot = if self.0.place.is_empty() || self.0.place.starts_with('[') { "" } else { "." };
        self.at(&format!("[{index}]{dot}"))
    }

    fn at(mut self, before: &str) -> Self {
        self.0.place.insert_str(0, before);
        self
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Mistake { place, message } = &*self.0;
        let colon = if place.is_empty() { "" } else { ": " };
        write!(f, "{place}{colon}{message}")
    }
}

/// "one of `a`, `b`", or "`a`" alone.
pub fn one_of(names: &[&str]) -> String {
    let quoted = format!("`{}`", names.join("`, `"));
    if names.len() == 1 { quoted } else { format!("one of {quoted}") }
}

/// A value in words.
struct Received<'a>(&'a Value);

impl fmt::Display for Received<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.0 {
            Value::Null => write!(f, "null"),
            Value::Bool(yes) => write!(f, "boolean `{yes}`"),
            Value::Number(number) if number.is_f64() => write!(f, "number `{number}`"),
            Value::Number(number) => write!(f, "integer `{number}`"),
            Value::String(text) => write!(f, "string {text:?}"),
            Value::Array(_) => write!(f, "a list"),
            Value::Object(_) => write!(f, "an object"),
        }
    }
}
