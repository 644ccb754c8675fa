//! What JavaScript sees of the official files: they are taken one by one, and come out as plain pixels and labels for the
//! engine's [`Dataset`](super::data). A module of its own, so that only those load it who bring files. It translates, and
//! holds no logic of its own.

use super::convert::{JsResult, throw, to_js};
use super::progress::{JsProgress, report};
use crate::data::{Dataset as Data, Images, Loader};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// What a decoded set says of itself.
    #[wasm_bindgen(typescript_type = "DatasetHead")]
    pub type JsDatasetHead;
}

/// Takes the official files one by one, in any order.
#[wasm_bindgen]
pub struct DatasetLoader(Loader);

#[wasm_bindgen]
impl DatasetLoader {
    /// For the data set called `name`.
    #[wasm_bindgen(constructor)]
    pub fn new(name: &str) -> JsResult<DatasetLoader> {
        Loader::new(name).map(Self).map_err(throw)
    }

    /// CIFAR-100's 20 superclasses instead of its 100 classes.
    pub fn coarse_labels(&mut self, coarse: bool) -> JsResult<()> {
        self.0.coarse_labels(coarse).map_err(throw)
    }

    /// Decodes a file; returns what it was recognised as.
    pub fn add(&mut self, file_name: &str, bytes: &[u8], progress: JsProgress) -> JsResult<String> {
        self.0.add(file_name, bytes, &mut report(progress)).map_err(throw)
    }

    /// What is still needed.
    pub fn missing(&self) -> Vec<String> {
        self.0.missing()
    }

    /// The data set; throws where something is missing.
    pub fn finish(self) -> JsResult<DecodedSet> {
        self.0.finish().map(DecodedSet).map_err(throw)
    }
}

/// A decoded set, to be taken out part by part: nothing is held twice.
#[wasm_bindgen]
pub struct DecodedSet(Data);

#[wasm_bindgen]
impl DecodedSet {
    /// What it is.
    pub fn head(&self) -> JsResult<JsDatasetHead> {
        to_js(&self.0.head())
    }

    /// The pixels of the training pictures, or of the test pictures; they are gone from here afterwards.
    pub fn take_pixels(&mut self, test: bool) -> Vec<u8> {
        std::mem::take(&mut self.images(test).pixels)
    }

    /// Their labels, likewise.
    pub fn take_labels(&mut self, test: bool) -> Vec<u8> {
        std::mem::take(&mut self.images(test).labels)
    }

    fn images(&mut self, test: bool) -> &mut Images {
        if test { &mut self.0.test } else { &mut self.0.train }
    }
}
