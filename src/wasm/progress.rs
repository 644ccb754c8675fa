//! Progress, told to a JavaScript function.

use js_sys::Function;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `(done, total) => void`.
    #[wasm_bindgen(typescript_type = "((done: number, total: number) => void) | undefined")]
    pub type JsProgress;
}

/// Calls back with progress; what the callback throws is its own affair.
pub(crate) fn report(progress: JsProgress) -> impl FnMut(usize, usize) {
    let callback = JsValue::from(progress).dyn_into::<Function>().ok();
    move |done, total| {
        if let Some(callback) = &callback {
            let _ = callback.call2(&JsValue::NULL, &(done as f64).into(), &(total as f64).into());
        }
    }
}
