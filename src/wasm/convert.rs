//! Values on their way between Rust and JavaScript, for all wasm modules.

use crate::error::Error;
#[cfg(not(feature = "files"))]
use crate::record::Read;
use crate::record::Write;
use js_sys::Reflect;
use serde::Serialize;
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
    js.into()
}

/// By way of a JSON value, so that there is one way only: the page loads the code for it.
pub(crate) fn to_js<T: JsCast>(value: &dyn Write) -> JsResult<T> {
    let js = value.write().serialize(&serde_wasm_bindgen::Serializer::json_compatible());
    js.map(JsCast::unchecked_into).map_err(|error| throw(Error::Spec(error.to_string())))
}

#[cfg(not(feature = "files"))]
pub(crate) fn from_js<T: Read>(value: JsValue) -> JsResult<T> {
    let value = document(value).map_err(|error| throw(Error::Spec(error)))?;
    T::read(&value).map_err(|wrong| throw(Error::Spec(wrong.to_string())))
}

/// The browser's own parser.
pub(crate) fn parse_json(text: &str) -> Result<Value, String> {
    let wrong = |error: JsValue| error.unchecked_into::<js_sys::Error>().message().into();
    js_sys::JSON::parse(text).map_err(wrong).and_then(document)
}

fn document(value: JsValue) -> Result<Value, String> {
    serde_wasm_bindgen::from_value(value).map_err(|error| error.to_string())
}
