//! What an import gives, and what every kind of file needs.

use crate::base::error::{Error, Result};
use crate::experiment::Experiment;
use serde::Serialize;
use ts_rs::TS;

/// The largest file that is read, in bytes.
pub const MAX_BYTES: usize = 1 << 30;

/// What a file holds.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The experiment, without what is listed in `unsupported`.
    pub experiment: Experiment,
    /// The weights as a safetensors file, which [`crate::results::weights`] reads; none where the file has none.
    pub weights: Option<Vec<u8>>,
    /// What has no counterpart here, in the order of the file.
    pub unsupported: Vec<Unsupported>,
    /// Which tensors of the file were taken for which parameters, where names did not decide it.
    pub matched: Vec<Matched>,
}

/// A tensor of a file that was taken for a parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Matched {
    /// The parameter: `dense.kernel`.
    pub ours: String,
    /// The file's tensor: `fc1.weight`.
    pub theirs: String,
    /// Whether its features were put from the order (channels, height, width) into (height, width, channels).
    pub reordered: bool,
}

/// What an imported file holds apart from its weights.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ImportedHead {
    /// The experiment, without what is listed in `unsupported`.
    pub experiment: Experiment,
    /// What has no counterpart here, in the order of the file.
    pub unsupported: Vec<Unsupported>,
    /// Which tensors of the file were taken for which parameters, where names did not decide it.
    pub matched: Vec<Matched>,
}

/// A part of a file that has no counterpart here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Unsupported {
    /// Its place: `line 12`, `cell 3, line 2`, `layer lstm`.
    #[serde(rename = "where")]
    pub place: String,
    /// What it is: `LSTM`.
    pub what: String,
}

impl Imported {
    /// Everything but the weights.
    pub fn head(&self) -> ImportedHead {
        ImportedHead {
            experiment: self.experiment.clone(),
            unsupported: self.unsupported.clone(),
            matched: self.matched.clone(),
        }
    }

    /// What is left out, as a sentence; none where nothing is.
    pub fn left_out(&self) -> Option<String> {
        let parts: Vec<String> = self.unsupported.iter().map(|part| format!("{}: {}", part.place, part.what)).collect();
        let things = if parts.len() == 1 { "1 thing is" } else { &format!("{} things are", parts.len()) };
        (!parts.is_empty()).then(|| format!("{things} not supported: {}", parts.join("; ")))
    }
}

/// An error about a file.
pub fn refused(message: impl Into<String>) -> Error {
    Error::Import(message.into())
}

/// Text without its byte-order mark.
///
/// # Errors
/// [`Error::Import`] if it is not text in UTF-8 or UTF-16.
pub fn text(bytes: &[u8]) -> Result<String> {
    crate::base::text::decode(bytes).ok_or_else(|| refused("this is not text in UTF-8 or UTF-16"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_one_sentence() {
        let experiment = crate::experiment::presets::list()[0].experiment.clone();
        let part = |place: &str, what: &str| Unsupported { place: place.into(), what: what.into() };
        let mut imported = Imported { experiment, weights: None, unsupported: Vec::new(), matched: Vec::new() };
        assert_eq!(imported.left_out(), None);
        imported.unsupported.push(part("line 12", "LSTM"));
        assert_eq!(imported.left_out().unwrap(), "1 thing is not supported: line 12: LSTM");
        imported.unsupported.push(part("line 20", "Lambda"));
        assert_eq!(imported.left_out().unwrap(), "2 things are not supported: line 12: LSTM; line 20: Lambda");
    }
}
