//! The JavaScript interface of other programs' files: models to read and to write. It is a separate module, which the page loads
//! when a file comes or goes. It contains only conversions.

use super::convert::{JsResult, from_js, throw, to_js};
use crate::base::error::Error;
use crate::experiment::Experiment;
use crate::export::{self, ModelFormat};
use crate::import::{self, Imported};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// An experiment document.
    #[wasm_bindgen(typescript_type = "Experiment")]
    pub type JsExperiment;
    /// An experiment document, where there is one.
    #[wasm_bindgen(typescript_type = "Experiment | undefined")]
    pub type JsBasis;
    /// The format of a file.
    #[wasm_bindgen(typescript_type = "\"keras-model\" | \"onnx\" | \"pytorch-weights\"")]
    pub type JsFormat;
    /// What an imported file holds apart from its weights.
    #[wasm_bindgen(typescript_type = "ImportedHead")]
    pub type JsHead;
}

/// A trained network as a file that other tools open; `weights` is a safetensors file.
#[wasm_bindgen]
pub fn export_model(spec: JsExperiment, weights: &[u8], format: JsFormat) -> JsResult<Vec<u8>> {
    let name = JsValue::from(format).as_string().unwrap_or_default();
    let format = ModelFormat::from_name(&name).ok_or_else(|| {
        let known = ModelFormat::ALL.map(ModelFormat::name).join(", ");
        throw(Error::Spec(format!("a file's format is one of {known}. Received: \"{name}\"")))
    })?;
    let spec: Experiment = from_js(spec.into())?;
    export::model(&spec, weights, format).map(|file| file.bytes).map_err(throw)
}

/// A file that was read.
#[wasm_bindgen]
pub struct ImportedFile(Imported);

#[wasm_bindgen]
impl ImportedFile {
    /// Reads a file by its name's ending. `basis` is the experiment of a file that has weights only.
    #[wasm_bindgen(constructor)]
    pub fn new(name: &str, bytes: &[u8], basis: JsBasis) -> JsResult<ImportedFile> {
        let basis = JsValue::from(basis);
        let basis: Option<Experiment> = if basis.is_undefined() { None } else { Some(from_js(basis)?) };
        import::read(name, bytes, basis.as_ref()).map(Self).map_err(throw)
    }

    /// The experiment, what is not supported, and which tensors were taken for which.
    pub fn head(&self) -> JsResult<JsHead> {
        to_js(&self.0.head())
    }

    /// Moves out the weights, a safetensors file; undefined where the file has none.
    pub fn take_weights(&mut self) -> Option<Vec<u8>> {
        self.0.weights.take()
    }
}
