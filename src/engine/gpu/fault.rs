//! Errors of the WebGPU engine.

use crate::base::error::Error;

/// An [`Error::Engine`] of this engine.
pub fn fault(message: impl Into<String>) -> Error {
    Error::Engine { engine: "gpu", message: message.into() }
}
