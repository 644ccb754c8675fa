//! The crate's error type. Every message says what is wrong, what was received and, if it helps, what to do.

use super::text::{plain, shortened};
use serde::Serialize;
use std::io::ErrorKind;
use thiserror::Error;

/// Shorthand used throughout the crate.
pub type Result<T> = std::result::Result<T, Error>;

/// An error, by the part of the program that detects it.
#[derive(Debug, Clone, Error, PartialEq)]
pub enum Error {
    /// The experiment document breaks a rule that does not belong to a single layer.
    #[error("experiment: {}", one_line(.0))]
    Spec(String),
    /// A layer breaks a rule, for example by an unknown option or an impossible shape.
    #[error("layer \"{}\": {}", one_line(layer), one_line(message))]
    Layer {
        /// The layer's name, given or generated.
        layer: String,
        /// The rule, and the received value.
        message: String,
    },
    /// A data file is missing, damaged or of the wrong kind.
    #[error("data: {}", one_line(.0))]
    Data(String),
    /// Data files of several sets, of which none may be chosen here.
    #[error("data: {}", one_line(&.0.message))]
    SeveralSets(Several),
    /// A weights or checkpoint file does not fit the network.
    #[error("weights: {}", one_line(.0))]
    Weights(String),
    /// A file of another program cannot be read, or holds what has no counterpart here.
    #[error("import: {}", one_line(.0))]
    Import(String),
    /// The engine cannot run the network on this device.
    #[error("{engine} engine: {}", one_line(message))]
    Engine {
        /// `cpu` or `gpu`.
        engine: &'static str,
        /// What did not fit or failed.
        message: String,
    },
    /// Training stopped at a value that is NaN or infinite.
    #[error("training stopped: {}", one_line(.0))]
    Diverged(String),
    /// A file is not a submission, or its figures are refuted.
    #[error("submission: {}", one_line(.0))]
    Submission(String),
    /// Reading or writing a file failed.
    #[error("{}: {}", one_line(path), one_line(message))]
    Io {
        /// The file or folder.
        path: String,
        /// The system's reason.
        message: String,
    },
}

/// Data files of several sets.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Several {
    /// What would be wrong with taking them together, and what to do.
    pub message: String,
    /// The sets, so that a program can ask which of them is meant. None where the files do not tell.
    pub sets: Vec<FoundSet>,
}

/// One of several sets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FoundSet {
    /// What to call it in a question.
    pub name: String,
    /// Its files, by the paths under which they were given; what lies in an archive has the archive's path before its own.
    pub files: Vec<String>,
}

impl From<&str> for Several {
    fn from(message: &str) -> Self {
        Self { message: message.to_string(), sets: Vec::new() }
    }
}

/// Messages are truncated to this many characters, since they quote untrusted input.
const LONGEST: usize = 1000;

/// One plain line, truncated: messages quote received input, which may have any length and content.
fn one_line(message: &str) -> String {
    shortened(&plain(&shortened(message, LONGEST)), LONGEST).into_owned()
}

impl Error {
    /// An [`Error::Layer`] of a name and a message.
    pub fn layer(layer: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Layer { layer: layer.into(), message: message.into() }
    }

    /// An [`Error::SeveralSets`] of a message and the sets.
    pub fn several(message: impl Into<String>, sets: Vec<FoundSet>) -> Self {
        Self::SeveralSets(Several { message: message.into(), sets })
    }

    /// An [`Error::Io`] for `path`.
    pub fn io(path: impl AsRef<std::path::Path>, error: &std::io::Error) -> Self {
        let message = match advice(error.kind()) {
            Some(advice) => format!("{advice} ({error})"),
            None => error.to_string(),
        };
        Self::Io { path: path.as_ref().display().to_string(), message }
    }

    /// A data error with another message; any other error as it is.
    #[must_use]
    pub(crate) fn map_data(self, change: impl FnOnce(String) -> String) -> Self {
        match self {
            Self::Data(message) => Self::Data(change(message)),
            Self::SeveralSets(several) => Self::SeveralSets(Several { message: change(several.message), ..several }),
            other => other,
        }
    }

    /// A data error that begins with the file it was found in; any other error as it is.
    #[must_use]
    pub(crate) fn in_file(self, file: impl std::fmt::Display) -> Self {
        self.map_data(|message| format!("{file}: {message}"))
    }

    /// A short, stable identifier of the kind, for programs that handle errors.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Spec(_) => "spec",
            Self::Layer { .. } => "layer",
            Self::Data(_) | Self::SeveralSets(_) => "data",
            Self::Weights(_) => "weights",
            Self::Import(_) => "import",
            Self::Engine { .. } => "engine",
            Self::Diverged(_) => "diverged",
            Self::Submission(_) => "submission",
            Self::Io { .. } => "io",
        }
    }

    /// The sets of which one can be chosen, where data files are of several.
    pub fn sets(&self) -> &[FoundSet] {
        match self {
            Self::SeveralSets(several) => &several.sets,
            _ => &[],
        }
    }

    /// The name of the layer that breaks a rule, if there is one.
    pub fn layer_name(&self) -> Option<&str> {
        match self {
            Self::Layer { layer, .. } => Some(layer),
            _ => None,
        }
    }
}

/// What a system's error means, and what to do.
fn advice(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::NotFound => "there is no such file or folder; check the path",
        ErrorKind::PermissionDenied => "access is denied; check the permissions of the file and of its folder",
        ErrorKind::AlreadyExists => "there is already a file or folder of this name; remove it, or choose another name",
        ErrorKind::NotADirectory => "a part of the path is a file, not a folder; check the path",
        ErrorKind::IsADirectory => "this is a folder; give a file",
        ErrorKind::StorageFull => "the disk is full; free some space",
        ErrorKind::ReadOnlyFilesystem => "nothing can be written there; choose another folder",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_received_stays_on_the_line() {
        assert_eq!(Error::Data("a\nb\u{1b}[31m".into()).to_string(), "data: a\\nb\\u{1b}[31m");
        let io = Error::io("x\n\u{202e}.json", &std::io::Error::other("gone\r"));
        assert_eq!(io.to_string(), "x\\n\\u{202e}.json: gone\\r");
        let gone = Error::io("x.json", &std::io::Error::from(ErrorKind::NotFound)).to_string();
        assert!(gone.starts_with("x.json: there is no such file or folder; check the path ("), "{gone}");
        let long = Error::layer("é".repeat(3000), "wrong").to_string();
        assert!(long.ends_with("é…\": wrong") && long.chars().count() < 1100, "{long}");
        assert_eq!(Error::Spec("é".repeat(999)).to_string().chars().count(), 999 + "experiment: ".len());
    }
}
