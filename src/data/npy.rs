//! NumPy's `.npy`: a magic number, a version, a Python dictionary as text (type, order, shape), values. Keras
//! distributes MNIST as a zip archive of four of them, `mnist.npz`.
//!
//! # Source
//! NumPy, `numpy/lib/format.py`.

use super::array::{Array, show, volume};
use crate::base::error::{Error, Result};
use ndarray::{ArrayView, IxDyn, ShapeBuilder};

/// Decodes an array of bytes, or of numbers from 0 to 255 (labels are often stored as 64-bit integers or as floats). Images of
/// floats from 0 to 1, and of truth values, are scaled to 0 to 255: also those of black and white alone, since the other images of
/// their set may have shades.
///
/// # Errors
/// [`Error::Data`] if the array is damaged, or has another type or other values.
pub(super) fn decode(bytes: &[u8]) -> Result<Array> {
    let (header, values) = split(bytes)?;
    let shape = shape(header)?;
    let kind = ValueType::of(header)?;
    let count = volume(&shape)?;
    if count.checked_mul(kind.width) != Some(values.len()) {
        return Err(Error::Data(format!(
            "the array is cut short or too long: {} values of {} bytes do not fit. Received: {} bytes",
            show(&shape),
            kind.width,
            values.len()
        )));
    }
    let narrow = kind.narrow(values, shape.len() > 2).ok_or_else(|| {
        wrong("pixels and labels must be whole numbers from 0 to 255 (or pixels from 0 to 1 as floats)", header)
    })?;
    match value_of(header, "fortran_order")? {
        order if order.starts_with("False") => Array::new(shape, narrow),
        order if order.starts_with("True") => in_c_order(shape, &narrow),
        _ => Err(wrong("the array's fortran_order must be True or False", header)),
    }
}

/// Reorders values whose first index runs fastest.
fn in_c_order(shape: Vec<usize>, values: &[u8]) -> Result<Array> {
    let view = ArrayView::from_shape(IxDyn(&shape).f(), values)
        .map_err(|error| Error::Data(format!("an array of {} cannot be read: {error}", show(&shape))))?;
    let ordered = view.iter().copied().collect();
    Array::new(shape, ordered)
}

/// How a value is stored.
#[derive(Debug, Clone, Copy)]
struct ValueType {
    /// `u` unsigned, `i` signed, `b` boolean, `f` floating point.
    family: u8,
    /// Bytes of a value.
    width: usize,
    is_big_endian: bool,
}

impl ValueType {
    /// The type that `descr` names, in all forms that NumPy takes: `|u1`, `<i8`, `>f4`, `u1`, `uint8`. The order of a single byte
    /// means nothing, and some writers give one.
    fn of(header: &str) -> Result<Self> {
        let refused =
            || wrong("pixels must be uint8 (0 to 255) and labels integers; other numbers are read, too", header);
        let text = value_of(header, "descr")?;
        let quote = text.chars().next().filter(|quote| ['\'', '"'].contains(quote)).ok_or_else(refused)?;
        let name = text[1..].split(quote).next().unwrap_or("");
        let (is_big_endian, name) = match name.as_bytes().first() {
            Some(b'>') => (true, &name[1..]),
            Some(b'<' | b'=' | b'|') => (false, &name[1..]),
            _ => (false, name),
        };
        let (family, width) = match name {
            "u1" | "uint8" | "B" => (b'u', 1),
            "i1" | "int8" => (b'i', 1),
            "b1" | "bool" | "?" => (b'b', 1),
            "u2" | "uint16" => (b'u', 2),
            "i2" | "int16" => (b'i', 2),
            "u4" | "uint32" => (b'u', 4),
            "i4" | "int32" => (b'i', 4),
            "u8" | "uint64" => (b'u', 8),
            "i8" | "int64" => (b'i', 8),
            "f2" | "float16" => (b'f', 2),
            "f4" | "float32" => (b'f', 4),
            "f8" | "float64" => (b'f', 8),
            _ => return Err(refused()),
        };
        Ok(Self { family, width, is_big_endian })
    }

    /// The values as bytes; `None` if one has no place there.
    fn narrow(self, values: &[u8], is_images: bool) -> Option<Vec<u8>> {
        let little = |value: &[u8]| {
            let mut bytes = [0; 8];
            bytes[..value.len()].copy_from_slice(value);
            if self.is_big_endian {
                bytes[..value.len()].reverse();
            }
            bytes
        };
        let chunks = values.chunks_exact(self.width);
        match self.family {
            b'f' => self.narrow_floats(chunks.map(little), is_images),
            b'b' => {
                let white = if is_images { 255 } else { 1 };
                values.iter().map(|&value| (value <= 1).then_some(value * white)).collect()
            }
            _ if self.width == 1 && self.family == b'u' => Some(values.to_vec()),
            // A negative number has its highest bit set.
            b'i' if self.width == 1 => values.iter().map(|&value| (value < 0x80).then_some(value)).collect(),
            _ => chunks.map(little).map(|value| (value[1..] == [0; 7]).then_some(value[0])).collect(),
        }
    }

    fn narrow_floats(self, values: impl Iterator<Item = [u8; 8]> + Clone, is_images: bool) -> Option<Vec<u8>> {
        let number = |bytes: [u8; 8]| match self.width {
            2 => half(u16::from_le_bytes([bytes[0], bytes[1]])),
            4 => f64::from(f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])),
            _ => f64::from_le_bytes(bytes),
        };
        let numbers = values.map(number);
        let is_share = |value: f64| (0.0..=1.0).contains(&value);
        let is_scaled = is_images && numbers.clone().all(is_share);
        let scale = if is_scaled { 255.0 } else { 1.0 };
        let byte = |value: f64| {
            let value = value * scale;
            let whole = value.round();
            ((0.0..=255.0).contains(&whole) && (is_scaled || whole == value)).then_some(whole as u8)
        };
        numbers.map(byte).collect()
    }
}

/// The value of a float of 16 bits: 1 bit of sign, 5 of the exponent, 10 of the fraction.
fn half(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023) / 1024.0);
    let value = match exponent {
        0 => libm::scalbn(fraction, -14),
        31 => f64::NAN,
        _ => libm::scalbn(1.0 + fraction, exponent - 15),
    };
    if bits >> 15 == 1 { -value } else { value }
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
    let after = |quote: char| header.split_once(&format!("{quote}{key}{quote}")).map(|(_, rest)| rest.trim_start());
    let found = after('\'').or_else(|| after('"')).and_then(|rest| rest.strip_prefix(':'));
    found.map(str::trim_start).ok_or_else(|| wrong(&format!("the array's header lacks '{key}'"), header))
}

/// The shape from the header. Python 2 on Windows writes its numbers as `40L`.
fn shape(header: &str) -> Result<Vec<usize>> {
    let bad = || wrong("the array's shape must be a tuple of whole numbers", header);
    let inner = value_of(header, "shape")?.strip_prefix('(').and_then(|rest| rest.split_once(')')).ok_or_else(bad)?.0;
    let numbers = inner.split(',').map(str::trim).filter(|number| !number.is_empty());
    numbers.map(|number| number.strip_suffix('L').unwrap_or(number).parse().map_err(|_| bad())).collect()
}

fn wrong(rule: &str, header: &str) -> Error {
    Error::Data(format!("{rule}. Received: {}", header.trim().chars().take(120).collect::<String>()))
}
