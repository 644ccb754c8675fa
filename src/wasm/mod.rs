//! What JavaScript sees: the only place with `wasm_bindgen`. It translates, and holds no logic of its own.
//!
//! Every call throws a JavaScript `Error` with `kind` (and `layer` where one is at fault) beside its message. Two modules are
//! built from here: the engine, and the tools that the page loads only where they are asked for.

mod convert;
#[cfg(not(feature = "tools"))]
pub mod data;
#[cfg(not(feature = "tools"))]
pub mod engine;
#[cfg(not(feature = "tools"))]
pub mod lanes;
#[cfg(not(feature = "tools"))]
pub mod session;
#[cfg(feature = "tools")]
pub mod tools;
