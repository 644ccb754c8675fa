//! NumPy's `.npy`: a magic number, a version, a Python dictionary as text (type, order, shape), values. Keras
//! distributes MNIST as a zip archive of four of them, `mnist.npz`.
//!
//! # Source
//! NumPy, `numpy/lib/format.py`.

use super::array::{Array, show, volume};
use crate::base::error::{Error, Result};

/// Decodes an array of unsigned bytes, or of integers from 0 to 255 (labels are often stored as 64-bit integers).
///
/// # Errors
/// [`Error::Data`] if the array is damaged, or has another type, order or values.
pub(super) fn decode(bytes: &[u8]) -> Result<Array> {
    let (header, values) = split(bytes)?;
    if value_of(header, "fortran_order")?.starts_with("True") {
        return Err(wrong("only arrays in C order are read, not in Fortran order", header));
    }
    let shape = shape(header)?;
    let quoted = value_of(header, "descr")?;
    let kind = quoted.split(['\'', '"']).nth(1).unwrap_or("");
    let width = match kind {
        "|u1" | "|i1" | "|b1" => 1,
        "<u2" | "<i2" => 2,
        "<u4" | "<i4" => 4,
        "<u8" | "<i8" => 8,
        _ => return Err(wrong("pixels must be uint8 (0 to 255) and labels integers", header)),
    };
    let count = volume(&shape)?;
    if count.checked_mul(width) != Some(values.len()) {
        return Err(Error::Data(format!(
            "the array is cut short or too long: {} values of {width} bytes do not fit. Received: {} bytes",
            show(&shape),
            values.len()
        )));
    }
    let signed = kind.contains('i');
    let narrow = values.chunks_exact(width).map(|value| match value {
        [byte, rest @ ..] if rest.iter().all(|&b| b == 0) && (!rest.is_empty() || !signed || *byte < 0x80) => Ok(*byte),
        _ => Err(wrong("an integer array must have values from 0 to 255", header)),
    });
    Array::new(shape, narrow.collect::<Result<_>>()?)
}

/// Splits a file into the text of its header and its values.
fn split(bytes: &[u8]) -> Result<(&str, &[u8])> {
    let cut = || Error::Data(format!("not a complete NumPy array. Received: {}", super::sniff::describe(bytes)));
    let (width, rest) = match bytes.strip_prefix(b"\x93NUMPY") {
        Some([1, _, rest @ ..]) => (2, rest),
        Some([2 | 3, _, rest @ ..]) => (4, rest),
        _ => return Err(cut()),
    };
    let (length, rest) = rest.split_at_checked(width).ok_or_else(cut)?;
    let length = length.iter().rev().fold(0, |value, &byte| value << 8 | usize::from(byte));
    let (header, values) = rest.split_at_checked(length).ok_or_else(cut)?;
    Ok((std::str::from_utf8(header).map_err(|_| cut())?, values))
}

/// The text that follows `'key':` in the header.
fn value_of<'a>(header: &'a str, key: &str) -> Result<&'a str> {
    let found = header.split_once(&format!("'{key}'")).and_then(|(_, rest)| rest.trim_start().strip_prefix(':'));
    found.map(str::trim_start).ok_or_else(|| wrong(&format!("the array's header lacks '{key}'"), header))
}

/// The shape from the header.
fn shape(header: &str) -> Result<Vec<usize>> {
    let bad = || wrong("the array's shape must be a tuple of whole numbers", header);
    let inner = value_of(header, "shape")?.strip_prefix('(').and_then(|rest| rest.split_once(')')).ok_or_else(bad)?.0;
    inner.split(',').map(str::trim).filter(|n| !n.is_empty()).map(|n| n.parse().map_err(|_| bad())).collect()
}

fn wrong(rule: &str, header: &str) -> Error {
    Error::Data(format!("{rule}. Received: {}", header.trim().chars().take(120).collect::<String>()))
}
