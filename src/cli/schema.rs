//! `convlab schema`.

use super::output;
use crate::base::error::Result;
use crate::network::schema;

/// Prints the JSON Schema of experiment documents.
///
/// # Errors
/// [`Error::Io`](crate::base::error::Error::Io) if standard output cannot be written.
pub fn print() -> Result<()> {
    output::text(&schema::text())
}
