//! JSON documents as Rust types: serde's derives, with errors that name the invalid field.

mod forms;
mod reader;
#[cfg(any(feature = "cli", feature = "tools", feature = "import"))]
mod unique;

pub use forms::name_or_object;

use reader::{Path, Reader};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// Parses JSON. At most 127 values may lie within one another, so that no function that follows a document's structure overflows
/// the stack.
///
/// # Errors
/// If the text is not JSON, is nested more deeply, or has an object with a key twice.
#[cfg(any(feature = "cli", feature = "tools", feature = "import"))]
pub fn parse(text: &str) -> Result<Value, String> {
    use serde::de::DeserializeSeed;
    let mut json = serde_json::Deserializer::from_str(text);
    let value = unique::Unique.deserialize(&mut json).and_then(|value| json.end().map(|()| value));
    value.map_err(|error| match error.to_string() {
        message if message.starts_with(unique::TWICE) => message,
        message => not_json(&message),
    })
}

/// Parses JSON. The module that only trains gets documents that the page has parsed, in which no key is left twice.
///
/// # Errors
/// If the text is not JSON, or more than 127 values lie within one another.
#[cfg(not(any(feature = "cli", feature = "tools", feature = "import")))]
pub fn parse(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| not_json(&error.to_string()))
}

fn not_json(message: &str) -> String {
    match message.strip_prefix("recursion limit exceeded") {
        Some(place) => format!("it is nested more than 127 levels deep{place}"),
        None => format!("it is not JSON ({message})"),
    }
}

/// Reads a parsed document.
///
/// # Errors
/// If the document does not fit the type. The message names the field, what was expected there and what was received:
/// `batch_size: invalid type: string "many", expected a whole number of 0 or more`.
pub fn read<T: DeserializeOwned>(document: &Value) -> Result<T, String> {
    let mut path = Path::default();
    let read = T::deserialize(Reader { value: document, path: &mut path });
    read.map_err(|error| located(&path, &error.to_string()))
}

/// A message with the path of the invalid value.
fn located(path: &Path, message: &str) -> String {
    let message = in_words(message);
    if path.is_empty() { message.into() } else { format!("{path}: {message}") }
}

/// The same value as JSON. Numbers that JSON does not have (NaN, infinities) become null.
///
/// # Panics
/// If a map has keys that are not strings; no document of this crate has such a map.
pub fn write<T: Serialize + ?Sized>(value: &T) -> Value {
    serde_json::to_value(value).expect("documents have strings as keys")
}

/// The fields of a struct as JSON.
///
/// # Panics
/// If the value is not a struct.
pub fn fields<T: Serialize + ?Sized>(value: &T) -> Map<String, Value> {
    match write(value) {
        Value::Object(fields) => fields,
        other => panic!("a struct is written as an object, not as {other}"),
    }
}

/// Replaces the names of Rust types in serde's messages with words that authors of documents know.
fn in_words(message: &str) -> Cow<'_, str> {
    let Some((received, expected)) = message.rsplit_once(", expected ") else { return message.into() };
    let expected = match expected {
        "f32" | "f64" => "a number",
        "u32" => "a whole number of 0 to 4294967295",
        "u64" | "usize" => "a whole number of 0 or more",
        "u8" => "a whole number of 0 to 255",
        "i64" => "a whole number",
        "a map" => "an object",
        name if name.starts_with("struct ") => "an object",
        _ => return message.into(),
    };
    format!("{received}, expected {expected}").into()
}

/// Defines an enum whose variants are structs, selected by a document's `type`: one line per variant.
///
/// The `type` is read first, then the struct by its own derives, so that errors name the struct's field. (serde's own
/// internally tagged enums lose the path to the field.)
#[macro_export]
macro_rules! registry {
    ($(#[$about:meta])* $public:vis enum $family:ident as dyn $trait:path { $($(#[$when:meta])* $name:literal => $kind:ident),* $(,)? }) => {
        #[derive(Debug, Clone, PartialEq, serde::Serialize, schemars::JsonSchema)]
        #[serde(tag = "type")]
        $(#[$about])*
        #[allow(missing_docs, reason = "a variant is the struct of its name")]
        $public enum $family {
            $(
                $(#[$when])*
                #[serde(rename = $name)]
                $kind($kind),
            )*
        }

        impl<'de> serde::Deserialize<'de> for $family {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
                let fields = serde::Deserialize::deserialize(deserializer)?;
                let read = $crate::base::document::split_type(fields).and_then(|(kind, fields)| match kind.as_str() {
                    $($(#[$when])* Some($name) => $crate::base::document::read(&fields).map(Self::$kind),)*
                    _ => Err($crate::base::document::unknown_type(&kind, &[$($(#[$when])* $name),*])),
                });
                read.map_err(serde::de::Error::custom)
            }
        }

        impl std::ops::Deref for $family {
            type Target = dyn $trait;

            fn deref(&self) -> &Self::Target {
                match self {
                    $($(#[$when])* Self::$kind(kind) => kind,)*
                }
            }
        }
    };
}

/// The TypeScript type of such a family: an object whose options depend on its `type`.
#[derive(Debug, Clone, Copy, ts_rs::TS)]
#[ts(type = "{ type: string, [option: string]: unknown }")]
pub struct Typed;

/// Separates the `type` of such an object from its other fields.
///
/// # Errors
/// If it has no `type`.
pub fn split_type(mut fields: Map<String, Value>) -> Result<(Value, Value), String> {
    let kind = fields.remove("type").ok_or("missing field `type`")?;
    Ok((kind, Value::Object(fields)))
}

/// The error for an unknown `type`.
pub fn unknown_type(received: &Value, known: &[&str]) -> String {
    format!("unknown type {received}, expected one of `{}`", known.join("`, `"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde_json::json;

    #[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
    #[serde(rename_all = "snake_case")]
    enum Colour {
        Red,
        Blue,
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
    #[serde(deny_unknown_fields)]
    struct Catch {
        players: usize,
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
    #[serde(deny_unknown_fields)]
    struct Football {
        size: f64,
        colour: Option<Colour>,
        #[serde(default)]
        marks: Vec<u8>,
    }

    trait Game {
        fn players(&self) -> usize;
    }

    impl Game for Catch {
        fn players(&self) -> usize {
            self.players
        }
    }

    impl Game for Football {
        fn players(&self) -> usize {
            22
        }
    }

    crate::registry! {
        /// A game.
        enum Play as dyn Game { "catch" => Catch, "football" => Football }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let ball = Football { size: 2.0, colour: Some(Colour::Blue), marks: vec![] };
        let document = write(&Play::Football(ball.clone()));
        assert_eq!(document, json!({"type": "football", "size": 2.0, "colour": "blue", "marks": []}));
        assert_eq!(document.to_string().find("\"type\""), Some(1));
        let play: Play = read(&document).unwrap();
        assert_eq!((play.players(), play), (22, Play::Football(ball)));
    }

    #[test]
    fn depth_has_a_limit() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(parse(&nested(127)).is_ok());
        for deep in [nested(128), nested(1_500), nested(1_000_000), "{\"a\":".repeat(1_500)] {
            let message = parse(&deep).unwrap_err();
            assert_eq!(message.split(" at line").next(), Some("it is nested more than 127 levels deep"), "{message}");
        }
        assert!(parse("{\"a\" 1}").unwrap_err().starts_with("it is not JSON (expected `:`"));
        assert!(parse("{} {}").unwrap_err().starts_with("it is not JSON (trailing characters"));
    }

    #[test]
    fn a_key_stands_once_in_an_object() {
        let text = r#"{"a": [null, true, -1, 18446744073709551615, 0.1, "ä\n", {"b": {}}], "b": {"a": []}}"#;
        assert_eq!(parse(text).unwrap().to_string().replace([' ', '\n'], ""), text.replace(' ', ""));
        for (text, place) in [
            (r#"{"a": 1, "a": 1}"#, "\"a\" at line 1 column 12"),
            ("{\"x\": [{\"a\": 1,\n\"\\u0061\": 2}]}", "\"a\" at line 2 column 8"),
        ] {
            assert_eq!(parse(text).unwrap_err(), format!("an object may have a key once. Received twice: {place}"));
        }
    }

    #[test]
    fn errors_say_where_and_what() {
        let football = |fields: Value| {
            let mut document = json!({"type": "football", "size": 1});
            document.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            json!({"games": [document]})
        };
        #[derive(Debug, Deserialize)]
        struct Day {
            #[serde(rename = "games")]
            _games: Vec<Play>,
        }
        for (document, message) in [
            (json!(3), "invalid type: integer `3`, expected an object"),
            (json!([[]]), "invalid type: sequence, expected an object"),
            (json!({}), "missing field `games`"),
            (json!({"games": [{}]}), "games[0]: missing field `type`"),
            (
                json!({"games": [{"type": "chess"}]}),
                "games[0]: unknown type \"chess\", expected one of `catch`, `football`",
            ),
            (
                json!({"games": [{"type": "catch", "players": -1}]}),
                "games[0]: players: invalid value: integer `-1`, expected a whole number of 0 or more",
            ),
            (
                json!({"games": [{"type": "catch", "players": 3.0}]}),
                "games[0]: players: invalid type: floating point `3.0`, expected a whole number of 0 or more",
            ),
            (football(json!({"size": "big"})), "games[0]: size: invalid type: string \"big\", expected a number"),
            (
                football(json!({"marks": [1, 300]})),
                "games[0]: marks[1]: invalid value: integer `300`, expected a whole number of 0 to 255",
            ),
            (football(json!({"colour": "grey"})), "games[0]: colour: unknown variant `grey`, expected `red` or `blue`"),
            (
                football(json!({"weight": 1})),
                "games[0]: weight: unknown field `weight`, expected one of `size`, `colour`, `marks`",
            ),
        ] {
            assert_eq!(read::<Day>(&document).unwrap_err(), message);
        }
    }
}
