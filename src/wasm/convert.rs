//! Values on their way between Rust and JavaScript, for all wasm modules.

use crate::base::error::Error;
#[cfg(any(feature = "engine", feature = "tools"))]
use crate::base::record::Read;
use crate::base::record::Write;
use js_sys::Reflect;
#[cfg(any(feature = "engine", feature = "tools"))]
use js_sys::{Array, Object};
use serde::Serialize;
#[cfg(any(feature = "engine", feature = "tools"))]
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

#[cfg(any(feature = "engine", feature = "tools"))]
pub(crate) fn from_js<T: Read>(value: JsValue) -> JsResult<T> {
    let value = document(value).map_err(|error| throw(Error::Spec(error)))?;
    T::read(&value).map_err(|wrong| throw(Error::Spec(wrong.to_string())))
}

/// A value of JavaScript's as JSON would have it.
#[cfg(any(feature = "engine", feature = "tools"))]
fn document(value: JsValue) -> Result<Value, String> {
    if value.is_null() || value.is_undefined() {
        return Ok(Value::Null);
    }
    if let Some(yes) = value.as_bool() {
        return Ok(yes.into());
    }
    if let Some(number) = value.as_f64() {
        let is_whole = js_sys::Number::is_safe_integer(&value);
        return Ok(if is_whole { (number as i64).into() } else { number.into() });
    }
    if let Some(text) = value.as_string() {
        return Ok(text.into());
    }
    if let Some(list) = value.dyn_ref::<Array>() {
        return list.iter().map(document).collect();
    }
    if !value.is_object() {
        return Err(format!("this is nothing that JSON has. Received: {value:?}"));
    }
    // What is undefined is as good as not there.
    let entries = Object::entries(value.unchecked_ref()).into_iter().map(JsCast::unchecked_into::<Array>);
    let entries = entries.filter(|entry| !entry.get(1).is_undefined());
    entries.map(|entry| Ok((entry.get(0).as_string().unwrap_or_default(), document(entry.get(1))?))).collect()
}
