//! The JavaScript interface, the only module with `wasm_bindgen`. It contains only conversions.
//!
//! A failed call throws a JavaScript `Error` with a message, the `kind` of the error, and `layer` if a layer breaks a
//! rule. Four wasm modules are built from here: the engine, and three that the page loads on demand, the tools, the decoders of
//! official files, and the files of other programs.

#![allow(clippy::missing_errors_doc, reason = "every function throws as described above")]

use wasm_bindgen::prelude::wasm_bindgen;

/// TypeScript declarations of the objects that cross the boundary, generated from the Rust types by `tests/types.rs`.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

mod convert;
#[cfg(feature = "engine")]
pub mod data;
#[cfg(feature = "engine")]
pub mod engine;
#[cfg(feature = "files")]
pub mod files;
#[cfg(feature = "tools")]
pub mod homework;
#[cfg(feature = "import")]
pub mod import;
#[cfg(feature = "engine")]
pub mod lanes;
#[cfg(any(feature = "engine", feature = "files"))]
mod progress;
#[cfg(feature = "engine")]
pub mod session;
#[cfg(feature = "tools")]
pub mod sweep;
#[cfg(feature = "tools")]
pub mod tools;
