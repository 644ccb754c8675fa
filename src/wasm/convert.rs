//! Conversion of values between Rust and JavaScript through JSON, for all wasm modules.

use crate::base::document;
use crate::base::error::Error;
use js_sys::Reflect;
use serde::Serialize;
#[cfg(any(feature = "engine", feature = "tools"))]
use serde::de::DeserializeOwned;
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
    js.into()
}

/// A value as plain JavaScript objects, arrays, numbers and strings, with null for what JSON does not have (NaN, infinities).
pub(crate) fn to_js<T: JsCast>(value: &impl Serialize) -> JsResult<T> {
    // Through `Value`, so that each type is serialised by one generated function, the one for JSON.
    let js = document::write(value).serialize(&serde_wasm_bindgen::Serializer::json_compatible())?;
    Ok(js.unchecked_into())
}

/// Reads a JavaScript value; undefined fields are absent, as in JSON.
#[cfg(any(feature = "engine", feature = "tools"))]
pub(crate) fn from_js<T: DeserializeOwned>(value: JsValue) -> JsResult<T> {
    // `stringify` returns undefined for values without a JSON form, such as undefined itself.
    let json = js_sys::JSON::stringify(&value)?.as_string().unwrap_or_else(|| "null".into());
    let document = serde_json::from_str(&json).map_err(|error| throw(Error::Spec(error.to_string())))?;
    document::read(&document).map_err(|message| throw(Error::Spec(message)))
}
