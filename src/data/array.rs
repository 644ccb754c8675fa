//! An array of bytes as IDX, NumPy and pickle files hold it, checked against its shape.

use crate::base::error::{Error, Result};

/// The most that one file may hold when unpacked: nearly three times the largest official one (CIFAR-100's 186 MB).
pub(super) const MAX_BYTES: usize = 512 << 20;

/// Bytes in row-major order.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Array {
    pub shape: Vec<usize>,
    pub values: Vec<u8>,
}

impl Array {
    /// The array, if there are as many values as the shape asks for.
    pub fn new(shape: Vec<usize>, values: Vec<u8>) -> Result<Self> {
        let expected = volume(&shape)?;
        if values.len() != expected {
            let what = if values.len() < expected { "cut short" } else { "too long" };
            return Err(Error::Data(format!(
                "the file is {what}: it announces {} and so {expected} values; download or copy it again. Received: {} values",
                show(&shape),
                values.len()
            )));
        }
        Ok(Self { shape, values })
    }
}

/// The number of values in `shape`, with no overflow and nothing absurd.
pub(super) fn volume(shape: &[usize]) -> Result<usize> {
    let volume = shape.iter().try_fold(1_usize, |product, &n| product.checked_mul(n));
    match volume {
        Some(0) => Err(Error::Data(format!(
            "the file announces no values at all; download or copy it again. Received: the size {}",
            show(shape)
        ))),
        Some(volume) if volume <= MAX_BYTES => Ok(volume),
        _ => Err(Error::Data(format!(
            "the file announces more than {} MiB of values, which no data set here has; choose another file. Received: the size {}",
            MAX_BYTES >> 20,
            show(shape)
        ))),
    }
}

/// A shape for people: `60000 x 28 x 28`.
pub(super) fn show(shape: &[usize]) -> String {
    shape.iter().map(ToString::to_string).collect::<Vec<_>>().join(" x ")
}
