//! Reports progress to a JavaScript function.

use js_sys::Function;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `(done, total) => void`.
    #[wasm_bindgen(typescript_type = "((done: number, total: number) => void) | undefined")]
    pub type JsProgress;
}

/// A function that reports progress to the callback; it ignores exceptions of the callback.
pub(crate) fn report(progress: JsProgress) -> impl FnMut(usize, usize) {
    let callback = JsValue::from(progress).dyn_into::<Function>().ok();
    move |done, total| {
        if let Some(callback) = &callback {
            let _ = callback.call2(&JsValue::NULL, &(done as f64).into(), &(total as f64).into());
        }
    }
}
