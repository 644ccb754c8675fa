//! The one error type. Every message says what was wrong, what was received and, where it helps, what to do.

use thiserror::Error;

/// Shorthand used throughout the crate.
pub type Result<T> = std::result::Result<T, Error>;

/// What can go wrong, by the part of the program that found it.
#[derive(Debug, Clone, Error, PartialEq)]
pub enum Error {
    /// The experiment document breaks a rule that belongs to no single layer.
    #[error("experiment: {0}")]
    Spec(String),
    /// A layer breaks a rule: an unknown option, an impossible shape.
    #[error("layer \"{layer}\": {message}")]
    Layer {
        /// The layer's name, given or derived.
        layer: String,
        /// The rule, and what was received.
        message: String,
    },
    /// Part of the contract that this build cannot run.
    #[error("not yet: {0}")]
    NotYet(String),
    /// A data file is missing, damaged or of the wrong kind.
    #[error("data: {0}")]
    Data(String),
    /// A weights or checkpoint file does not fit the network.
    #[error("weights: {0}")]
    Weights(String),
    /// The engine cannot run the plan on this device.
    #[error("{engine} engine: {message}")]
    Engine {
        /// `cpu` or `gpu`.
        engine: &'static str,
        /// What did not fit or failed.
        message: String,
    },
    /// Training met a value that is not a number, and stopped.
    #[error("training stopped: {0}")]
    Diverged(String),
    /// A submission is no such file, or its figures are not true.
    #[error("submission: {0}")]
    Submission(String),
    /// Reading or writing a file failed.
    #[error("{path}: {message}")]
    Io {
        /// The file or folder.
        path: String,
        /// The system's reason.
        message: String,
    },
}

impl Error {
    /// An [`Error::Layer`] from its parts.
    pub fn layer(layer: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Layer { layer: layer.into(), message: message.into() }
    }

    /// An [`Error::Io`] for `path`.
    pub fn io(path: impl AsRef<std::path::Path>, error: &std::io::Error) -> Self {
        Self::Io { path: path.as_ref().display().to_string(), message: error.to_string() }
    }

    /// A short, stable word for the kind, for programs that read errors.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Spec(_) => "spec",
            Self::Layer { .. } => "layer",
            Self::NotYet(_) => "not_yet",
            Self::Data(_) => "data",
            Self::Weights(_) => "weights",
            Self::Engine { .. } => "engine",
            Self::Diverged(_) => "diverged",
            Self::Submission(_) => "submission",
            Self::Io { .. } => "io",
        }
    }

    /// The layer at fault, where there is one.
    pub fn layer_name(&self) -> Option<&str> {
        match self {
            Self::Layer { layer, .. } => Some(layer),
            _ => None,
        }
    }
}
