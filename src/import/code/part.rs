//! Parts of the document.

use crate::base::document;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

/// A part of the document, with its place in the code and its name there.
pub struct Part {
    pub key: &'static str,
    pub value: Json,
    pub place: usize,
    pub what: String,
}

/// Options without those that have their default.
pub fn simplified<T: DeserializeOwned + Serialize>(options: Map<String, Json>) -> Json {
    let read = |options: &Map<String, Json>| {
        document::read::<T>(&Json::Object(options.clone())).map(|read| document::write(&read)).ok()
    };
    let (whole, mut fewer) = (read(&options), options.clone());
    for name in options.keys().filter(|name| !["type", "learning_rate"].contains(&&***name)) {
        let mut without = fewer.clone();
        without.shift_remove(name);
        if read(&without) == whole {
            fewer = without;
        }
    }
    fewer.into()
}
