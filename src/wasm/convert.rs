//! Values on their way between Rust and JavaScript, for all wasm modules.

use crate::error::Error;
use js_sys::Reflect;
use serde::Serialize;
#[cfg(not(feature = "files"))]
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

/// By way of a JSON value, so that each type is written by one serialiser only: the page loads the code for it.
pub(crate) fn to_js<T: JsCast>(value: &impl Serialize) -> JsResult<T> {
    let wrong = |error: String| throw(Error::Spec(error));
    let value = serde_json::to_value(value).map_err(|error| wrong(error.to_string()))?;
    value
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
        .map(JsCast::unchecked_into)
        .map_err(|error| wrong(error.to_string()))
}

#[cfg(not(feature = "files"))]
pub(crate) fn from_js<T: DeserializeOwned>(value: JsValue) -> JsResult<T> {
    let wrong = |error: String| throw(Error::Spec(error));
    let value: serde_json::Value = serde_wasm_bindgen::from_value(value).map_err(|error| wrong(error.to_string()))?;
    serde_json::from_value(value).map_err(|error| wrong(error.to_string()))
}
