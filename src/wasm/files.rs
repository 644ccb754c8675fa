//! The JavaScript interface of the decoders: it takes the official files one by one and returns pixels and labels for
//! the engine's [`Dataset`](super::data). It is a separate module, which the page loads only to read files. It
//! contains only conversions.

use super::convert::{JsResult, throw, to_js};
use super::progress::{JsProgress, report};
use crate::data::{Dataset as Data, Images, Loader};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// A data set's name, classes and image shape.
    #[wasm_bindgen(typescript_type = "DatasetHead")]
    pub type JsDatasetHead;
}

/// Reads the official files one by one, in any order.
#[wasm_bindgen]
pub struct DatasetLoader(Loader);

#[wasm_bindgen]
impl DatasetLoader {
    /// A loader for the data set `name`.
    #[wasm_bindgen(constructor)]
    pub fn new(name: &str) -> JsResult<DatasetLoader> {
        Loader::new(name).map(Self).map_err(throw)
    }

    /// Selects CIFAR-100's 20 superclasses instead of its 100 classes.
    pub fn coarse_labels(&mut self, coarse: bool) -> JsResult<()> {
        self.0.coarse_labels(coarse).map_err(throw)
    }

    /// Decodes a file; returns a description of what it was recognised as.
    pub fn add(&mut self, file_name: &str, bytes: &[u8], progress: JsProgress) -> JsResult<String> {
        self.0.add(file_name, bytes, &mut report(progress)).map_err(throw)
    }

    /// Descriptions of the files that are still missing.
    pub fn missing(&self) -> Vec<String> {
        self.0.missing()
    }

    /// The data set.
    ///
    /// # Errors
    /// Throws if a file is missing.
    pub fn finish(self) -> JsResult<DecodedSet> {
        self.0.finish().map(DecodedSet).map_err(throw)
    }
}

/// A decoded data set. Its parts are moved out one by one, so that memory holds no second copy.
#[wasm_bindgen]
pub struct DecodedSet(Data);

#[wasm_bindgen]
impl DecodedSet {
    /// Name, classes and image shape.
    pub fn head(&self) -> JsResult<JsDatasetHead> {
        to_js(&self.0.head())
    }

    /// Moves out the pixels of the training or the test images, shape (n, height, width, channels), 0 to 255.
    pub fn take_pixels(&mut self, test: bool) -> Vec<u8> {
        std::mem::take(&mut self.images(test).pixels)
    }

    /// Moves out the labels of the training or the test images, shape (n).
    pub fn take_labels(&mut self, test: bool) -> Vec<u8> {
        std::mem::take(&mut self.images(test).labels)
    }

    fn images(&mut self, test: bool) -> &mut Images {
        if test { &mut self.0.test } else { &mut self.0.train }
    }
}
