//! `.json`: Convlab's own experiment document.

use super::imported::{Imported, text};
use crate::base::error::Result;
use crate::experiment::Experiment;

/// Reads the document.
///
/// # Errors
/// [`Error::Spec`](crate::Error::Spec) if it is none.
pub fn read(bytes: &[u8], _basis: Option<&Experiment>) -> Result<Imported> {
    let experiment = Experiment::from_json(&text(bytes)?)?;
    Ok(Imported { experiment, weights: None, unsupported: Vec::new(), matched: Vec::new() })
}
