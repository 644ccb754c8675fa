//! Conversion of values between Rust and JavaScript through JSON, for all wasm modules.

use crate::base::document;
use crate::base::error::Error;
use js_sys::Reflect;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use wasm_bindgen::prelude::*;

pub(crate) type JsResult<T> = Result<T, JsValue>;

pub(crate) fn throw(error: Error) -> JsValue {
    let js = js_sys::Error::new(&error.to_string());
    js.set_name("ConvlabError");
    // Setting a property of a fresh object cannot fail.
    let _ = Reflect::set(&js, &"kind".into(), &error.kind().into());
    if let Some(layer) = error.layer_name() {
        let _ = Reflect::set(&js, &"layer".into(), &layer.into());
    }
    // `{ name, files }[]`: the page can ask which set is meant.
    if !error.sets().is_empty()
        && let Ok(sets) = to_js::<JsValue>(&error.sets())
    {
        let _ = Reflect::set(&js, &"sets".into(), &sets);
    }
    js.into()
}

/// A value as plain JavaScript objects, arrays, numbers and strings, with null for what JSON does not have (NaN, infinities).
pub(crate) fn to_js<T: JsCast>(value: &impl Serialize) -> JsResult<T> {
    // Through `Value`, so that each type is serialised by one generated function, the one for JSON.
    let mut value = document::write(value);
    round_large_integers(&mut value);
    Ok(value.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?.unchecked_into())
}

/// Replaces integers that JavaScript's numbers cannot hold exactly with the nearest number, as `JSON.parse` does. The serializer
/// would refuse them.
fn round_large_integers(value: &mut Value) {
    const MAX_SAFE: u64 = (1 << 53) - 1;
    match value {
        Value::Number(number) if number.as_u64().is_some_and(|n| n > MAX_SAFE) => *value = number.as_f64().into(),
        Value::Array(items) => items.iter_mut().for_each(round_large_integers),
        Value::Object(fields) => fields.values_mut().for_each(round_large_integers),
        _ => {}
    }
}

/// Reads a JavaScript value; undefined fields are absent, as in JSON.
pub(crate) fn from_js<T: DeserializeOwned>(value: JsValue) -> JsResult<T> {
    let refused = |why: String| throw(Error::Spec(why));
    // `stringify` follows the structure of a value and gives up where that is very deep, or a circle.
    let json = js_sys::JSON::stringify(&value)
        .map_err(|_| refused("the document cannot be read: it is nested too deeply, or contains itself".into()))?;
    // It returns undefined for values without a JSON form, such as undefined itself.
    let json = json.as_string().unwrap_or_else(|| "null".into());
    let document = document::parse(&json).map_err(|why| refused(format!("the document cannot be read: {why}")))?;
    document::read(&document).map_err(refused)
}
