//! Values as Python and Markdown write them.

use crate::export::script::{docstring, python};
use serde_json::{Map, Value};

/// A number, without a decimal point where it is whole; a list is a tuple.
pub fn value(value: &Value) -> String {
    match value {
        Value::Number(number) => number.as_f64().map_or_else(|| number.to_string(), float),
        Value::Array(items) => format!("({})", items.iter().map(self::value).collect::<Vec<_>>().join(", ")),
        other => python(other),
    }
}

/// A number as it is usually written: `0.001`, `1e-7`, `40000`.
pub fn float(number: f64) -> String {
    let small = number != 0.0 && number.abs() < 1e-4;
    if small { format!("{number:e}") } else { number.to_string() }
}

/// Fields as arguments with names; a null is left out.
pub fn keywords(fields: &Map<String, Value>) -> Vec<String> {
    let given = fields.iter().filter(|(_, value)| !value.is_null());
    given.map(|(name, value)| format!("{name}={}", self::value(value))).collect()
}

/// `SparseCategoricalCrossentropy`.
pub fn camel_case(name: &str) -> String {
    crate::network::names::class_name(name)
}

/// Text on one line that is neither code, a link nor HTML.
pub fn markdown(text: &str) -> String {
    let plain = |letter: char| if "<>[]`*_#!".contains(letter) { format!("\\{letter}") } else { letter.to_string() };
    docstring(text).chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_are_short() {
        assert_eq!(value(&json!([1.0, 0.001, 1e-7, -0.5, 40_000])), "(1, 0.001, 1e-7, -0.5, 40000)");
        assert_eq!(markdown("a <b> [c](d)\n`e`"), "a \\<b\\> \\[c\\](d) \\`e\\`");
    }
}
