//! An array of bytes from an IDX or NumPy file, checked against its shape.

use crate::base::error::{Error, Result};

/// The most bytes of an unpacked file: more than the largest official one (EMNIST ByClass's 547 MB).
pub(super) const MAX_BYTES: usize = 640 << 20;

/// Bytes in row-major order.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Array {
    pub shape: Vec<usize>,
    pub values: Vec<u8>,
}

impl Array {
    /// Creates the array.
    ///
    /// # Errors
    /// [`Error::Data`] if the number of values differs from that of the shape.
    pub fn new(shape: Vec<usize>, values: Vec<u8>) -> Result<Self> {
        let expected = volume(&shape)?;
        if values.len() != expected {
            return Err(Self::wrong_length(&shape, expected, values.len()));
        }
        Ok(Self { shape, values })
    }

    /// The error of a file that holds another number of values than its header gives.
    pub fn wrong_length(shape: &[usize], expected: usize, received: usize) -> Error {
        let what = if received < expected { "cut short" } else { "too long" };
        Error::Data(format!(
            "the file is {what}: its header gives {} = {expected} values; download or copy it again. Received: {received} values",
            show(shape)
        ))
    }
}

/// The number of values in `shape`.
///
/// # Errors
/// [`Error::Data`] if it is zero or more than [`MAX_BYTES`].
pub(super) fn volume(shape: &[usize]) -> Result<usize> {
    let volume = shape.iter().try_fold(1_usize, |product, &n| product.checked_mul(n));
    match volume {
        Some(0) => Err(Error::Data(format!(
            "the file's header gives no values at all; download or copy it again. Received: the size {}",
            show(shape)
        ))),
        Some(volume) if volume <= MAX_BYTES => Ok(volume),
        _ => Err(Error::Data(format!(
            "the file's header gives more than {} MiB of values, which no known data set has; choose another file. Received: the size {}",
            MAX_BYTES >> 20,
            show(shape)
        ))),
    }
}

/// A shape for display: `60000 x 28 x 28`.
pub(super) fn show(shape: &[usize]) -> String {
    if shape.is_empty() {
        return "a single number".to_string();
    }
    shape.iter().map(ToString::to_string).collect::<Vec<_>>().join(" x ")
}
