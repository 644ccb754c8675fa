//! JSON documents as Rust types. A type names its fields once, in [`record!`](crate::record!), and is then read from a parsed
//! document, with everything checked on the way in, and written to one.
//!
//! serde's derived code is made anew for every type and every format, and the page would have to download all of it. Here a
//! field costs one call. Whoever speaks serde is served by way of a [`Value`].

mod macros;
mod values;
mod wrong;

pub use wrong::Wrong;

use serde_json::{Map, Value};

/// What was read, or what is wrong with the document.
pub type Reading<T> = std::result::Result<T, Wrong>;

/// What is read from a document.
pub trait Read: Sized {
    /// Reads a value.
    ///
    /// # Errors
    /// Says where it is wrong, what was expected there and what was received.
    fn read(value: &Value) -> Reading<Self>;

    /// What a field is that the document does not have, where that is allowed.
    fn absent() -> Option<Self> {
        None
    }
}

/// What is written to a document.
pub trait Write {
    /// The value.
    fn write(&self) -> Value;
}

/// The fields of an object that is being read.
pub struct Fields<'a>(&'a Map<String, Value>);

impl<'a> Fields<'a> {
    /// An object.
    ///
    /// # Errors
    /// Where it is none.
    pub fn of(value: &'a Value) -> Reading<Self> {
        value.as_object().map(Self).ok_or_else(|| Wrong::mismatch(value, "an object"))
    }

    /// The same, with no other fields than these.
    ///
    /// # Errors
    /// Names the first one that is unknown.
    pub fn only(self, known: &[&str]) -> Reading<Self> {
        match self.0.keys().find(|key| !known.contains(&key.as_str())) {
            None => Ok(self),
            Some(key) if known.is_empty() => Err(Wrong::new(format!("unknown field `{key}`, there are no fields"))),
            Some(key) => Err(Wrong::new(format!("unknown field `{key}`, expected {}", wrong::one_of(known)))),
        }
    }

    /// The field that tells variants apart, as the one of `names` that it is.
    ///
    /// # Errors
    /// Where it is none of them.
    pub fn name<'n>(&self, tag: &str, names: &[&'n str]) -> Reading<&'n str> {
        let value = self.0.get(tag).ok_or_else(|| Wrong::missing(tag))?;
        name_of(value, names).map(|place| names[place]).map_err(|wrong| wrong.within(tag))
    }

    /// A field.
    ///
    /// # Errors
    /// Where it is wrong, or missing and needed.
    pub fn get<T: Read>(&self, name: &str) -> Reading<T> {
        match self.0.get(name) {
            Some(value) => T::read(value).map_err(|wrong| wrong.within(name)),
            None => T::absent().ok_or_else(|| Wrong::missing(name)),
        }
    }

    /// A field, or what stands for it where it is missing.
    ///
    /// # Errors
    /// Where it is wrong.
    pub fn get_or<T: Read>(&self, name: &str, default: T) -> Reading<T> {
        if self.0.contains_key(name) { self.get(name) } else { Ok(default) }
    }
}

/// A field to write: its name, its value, and whether it is left out where there is nothing in it.
pub type Field<'a> = (&'a str, &'a dyn Write, bool);

/// An object of these fields.
pub fn object(fields: &[Field]) -> Value {
    let mut map = Map::new();
    for (name, value, is_optional) in fields {
        let value = value.write();
        let is_nothing = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        if !(*is_optional && is_nothing) {
            map.insert((*name).to_string(), value);
        }
    }
    Value::Object(map)
}

/// An object that begins with the field that tells variants apart.
pub fn tagged(tag: &str, name: &str, fields: Value) -> Value {
    let mut map = Map::from_iter([(tag.to_string(), name.write())]);
    if let Value::Object(fields) = fields {
        map.extend(fields);
    }
    Value::Object(map)
}

/// The one of `names` that a value is.
///
/// # Errors
/// Lists them.
pub fn name_of(value: &Value, names: &[&str]) -> Reading<usize> {
    let text = value.as_str().ok_or_else(|| Wrong::mismatch(value, &wrong::one_of(names)))?;
    let place = names.iter().position(|name| *name == text);
    place.ok_or_else(|| Wrong::new(format!("unknown variant `{text}`, expected {}", wrong::one_of(names))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[derive(Debug, Clone, Copy, PartialEq)]
    enum Colour {
        Red,
        Blue,
    }
    crate::names!(Colour { "red" => Red, "blue" => Blue });

    #[derive(Debug, Clone, PartialEq)]
    struct Ball {
        size: f64,
        colour: Colour,
        marks: Vec<u8>,
        owner: Option<String>,
        place: [usize; 2],
    }
    crate::record!(Ball { size, colour = Colour::Red, marks: optional, owner: optional, place = [0, 0] });

    #[derive(Debug, Clone, PartialEq)]
    enum Game {
        Catch { players: usize },
        Football { ball: Ball, wind: f64 },
    }
    crate::record!(Game by "type" { "catch" => Catch { players }, "football" => Football { ball, wind = 0.5 } });

    #[test]
    fn what_is_written_is_read_again() {
        let ball = Ball::read(&json!({"size": 2})).unwrap();
        assert_eq!(ball, Ball { size: 2.0, colour: Colour::Red, marks: vec![], owner: None, place: [0, 0] });
        assert_eq!(ball.write(), json!({"size": 2.0, "colour": "red", "place": [0, 0]}));
        let game = Game::Football { ball, wind: 1.5 };
        assert_eq!(Game::read(&game.write()).unwrap(), game);
        let text = serde_json::to_string(&game).unwrap();
        assert_eq!(serde_json::from_str::<Game>(&text).unwrap(), game);
    }

    #[test]
    fn errors_say_where_and_what() {
        let football = |ball: Value| json!({"type": "football", "ball": ball});
        for (document, message) in [
            (json!(3), "invalid type: integer `3`, expected an object"),
            (json!({}), "missing field `type`"),
            (json!({"type": "chess"}), "type: unknown variant `chess`, expected one of `catch`, `football`"),
            (
                json!({"type": "catch", "players": -1}),
                "players: invalid value: integer `-1`, expected a whole number of 0 or more",
            ),
            (
                json!({"type": "catch", "players": 1.5}),
                "players: invalid type: number `1.5`, expected a whole number of 0 or more",
            ),
            (json!({"type": "catch", "players": 1, "x": 1}), "unknown field `x`, expected one of `type`, `players`"),
            (football(json!({})), "ball: missing field `size`"),
            (football(json!({"size": "big"})), "ball.size: invalid type: string \"big\", expected a number"),
            (
                football(json!({"size": 1, "marks": [1, 300]})),
                "ball.marks[1]: invalid value: integer `300`, expected a whole number of 0 to 255",
            ),
            (football(json!({"size": 1, "place": [1]})), "ball.place: invalid length 1, expected a list of length 2"),
            (
                football(json!({"size": 1, "colour": null})),
                "ball.colour: invalid type: null, expected one of `red`, `blue`",
            ),
        ] {
            assert_eq!(Game::read(&document).unwrap_err().to_string(), message);
        }
    }
}
