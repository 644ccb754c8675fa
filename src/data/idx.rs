//! The IDX format of MNIST: two zero bytes, a type, the number of dimensions, each dimension as a big-endian `u32`,
//! values.
//!
//! # Source
//! LeCun, Cortes and Burges, "The MNIST database of handwritten digits", at the end of the page.

use super::array::Array;
use super::sniff;
use crate::base::error::{Error, Result};

/// The type code of unsigned bytes, the only one used for images.
const UNSIGNED_BYTE: u8 = 8;

/// The shape in the header of an IDX file, and the length of the header in bytes.
///
/// # Errors
/// [`Error::Data`] if `start` is not the start of an IDX file of unsigned bytes with 1, 3 or 4 dimensions.
pub(super) fn header(start: &[u8]) -> Result<(Vec<usize>, usize)> {
    let [0, 0, kind, dimensions, rest @ ..] = start else {
        return Err(wrong("an IDX file begins with 00 00 08", start));
    };
    if *kind != UNSIGNED_BYTE {
        return Err(wrong(
            &format!("only IDX files of unsigned bytes (type 08) hold images or labels, not type {kind:02x}"),
            start,
        ));
    }
    let dimensions = usize::from(*dimensions);
    if !matches!(dimensions, 1 | 3 | 4) {
        return Err(wrong(
            &format!("labels have 1 dimension and images 3 (n, height, width) or 4 (…, channels), not {dimensions}"),
            start,
        ));
    }
    let Some(sizes) = rest.get(..4 * dimensions) else {
        return Err(wrong("the file ends within its header: it is cut short", start));
    };
    let shape = sizes.chunks_exact(4).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]) as usize).collect();
    Ok((shape, 4 + 4 * dimensions))
}

/// Decodes a complete IDX file.
pub(super) fn decode(bytes: &[u8]) -> Result<Array> {
    let (shape, start) = header(bytes)?;
    Array::new(shape, bytes[start..].to_vec())
}

fn wrong(rule: &str, start: &[u8]) -> Error {
    Error::Data(format!("{rule}. Received: {}", sniff::describe(start)))
}
