//! What JavaScript sees: the only place with `wasm_bindgen`. It translates, and holds no logic of its own.
//!
//! Every call throws a JavaScript `Error` with `kind` (and `layer` where one is at fault) beside its message. Three modules are
//! built from here: the engine, and two that the page loads only where they are asked for, the tools and the reader of
//! official files.

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
#[cfg(feature = "engine")]
pub mod lanes;
#[cfg(any(feature = "engine", feature = "files"))]
mod progress;
#[cfg(feature = "engine")]
pub mod session;
#[cfg(feature = "tools")]
pub mod tools;
