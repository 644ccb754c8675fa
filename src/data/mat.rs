//! MATLAB's files of level 5 (version 7 and older), of which SVHN consists: named arrays of numbers, each compressed alone. No kept crate
//! limits what it unpacks.
//!
//! # Source
//! MathWorks, "MAT-File Format", <https://www.mathworks.com/help/pdf_doc/matlab/matfile_format.pdf>, chapter 1.

use super::array::{MAX_BYTES, show, volume};
use super::stream::read_all;
use crate::base::error::{Error, Result};
use flate2::bufread::ZlibDecoder;

/// How every file begins.
pub(super) const MAGIC: &[u8] = b"MATLAB 5.0 MAT-file";
/// The length of the header.
const HEADER: usize = 128;
/// The most arrays of a file.
const MAX_ARRAYS: usize = 64;

/// An array of whole numbers, the first axis running fastest.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct MatArray {
    pub name: String,
    pub shape: Vec<usize>,
    pub values: Vec<u8>,
}

fn damaged(why: &str) -> Error {
    Error::Data(format!("the MATLAB file is damaged ({why}). Download or copy it again"))
}

/// The next element: its type, its content, and what follows it.
struct Element<'a> {
    kind: u32,
    content: &'a [u8],
    rest: &'a [u8],
}

/// Reads numbers in the byte order of the file.
#[derive(Clone, Copy)]
struct Order {
    is_big_endian: bool,
}

impl Order {
    fn number(self, bytes: [u8; 4]) -> u32 {
        if self.is_big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
    }

    fn numbers(self, bytes: &[u8]) -> Vec<u32> {
        bytes.as_chunks::<4>().0.iter().map(|&bytes| self.number(bytes)).collect()
    }

    fn element(self, bytes: &[u8]) -> Result<Element<'_>> {
        let cut = || damaged("it is cut short");
        let first = self.number(*bytes.first_chunk().ok_or_else(cut)?);
        // Up to four bytes of content stand in the tag itself.
        let (short, kind) = (first >> 16, first & 0xffff);
        let (content, used) = match short {
            0 => {
                let length = self.number(*bytes.get(4..).and_then(<[u8]>::first_chunk).ok_or_else(cut)?) as usize;
                let content = bytes.get(8..).and_then(|rest| rest.get(..length)).ok_or_else(cut)?;
                // Compressed elements are not padded to eight bytes.
                (content, 8 + if kind == 15 { length } else { length.next_multiple_of(8) })
            }
            _ => (bytes.get(4..8).and_then(|part| part.get(..short as usize)).ok_or_else(cut)?, 8),
        };
        Ok(Element { kind, content, rest: bytes.get(used..).unwrap_or(&[]) })
    }

    fn array(self, bytes: &[u8]) -> Result<Option<MatArray>> {
        let flags = self.element(bytes)?;
        let class = self.numbers(flags.content).first().copied().unwrap_or(0) & 0xff;
        // Classes 6 to 15 are arrays of numbers.
        if !(6..=15).contains(&class) {
            return Ok(None);
        }
        let dimensions = self.element(flags.rest)?;
        let shape: Vec<usize> = self.numbers(dimensions.content).iter().map(|&size| size as usize).collect();
        let name = self.element(dimensions.rest)?;
        let data = self.element(name.rest)?;
        let count = volume(&shape)?;
        let values = self.values(data.kind, data.content)?;
        if values.len() != count {
            return Err(damaged(&format!("an array of {} has {} values", show(&shape), values.len())));
        }
        let name = String::from_utf8_lossy(name.content).chars().filter(char::is_ascii_graphic).take(32).collect();
        Ok(Some(MatArray { name, shape, values }))
    }

    /// Values from 0 to 255, whatever their type.
    fn values(self, kind: u32, bytes: &[u8]) -> Result<Vec<u8>> {
        fn narrow<const N: usize>(bytes: &[u8], number: impl Fn([u8; N]) -> f64) -> Result<Vec<u8>> {
            let byte = |&bytes: &[u8; N]| {
                let value = number(bytes);
                let fits = (0.0..=255.0).contains(&value) && value.fract() == 0.0;
                let wrong = || Error::Data(format!("values are whole numbers from 0 to 255. Received: {value}"));
                fits.then_some(value as u8).ok_or_else(wrong)
            };
            bytes.as_chunks::<N>().0.iter().map(byte).collect()
        }
        macro_rules! read {
            ($type:ty) => {
                narrow(bytes, |bytes| {
                    f64::from(if self.is_big_endian {
                        <$type>::from_be_bytes(bytes)
                    } else {
                        <$type>::from_le_bytes(bytes)
                    })
                })
            };
        }
        match kind {
            2 => Ok(bytes.to_vec()),
            1 => read!(i8),
            3 => read!(i16),
            4 => read!(u16),
            5 => read!(i32),
            6 => read!(u32),
            7 => read!(f32),
            9 => read!(f64),
            _ => Err(damaged(&format!("values of the type {kind} are no numbers"))),
        }
    }
}

/// The arrays of numbers in a file.
///
/// # Errors
/// [`Error::Data`] if it is damaged or of another version.
pub(super) fn decode(bytes: &[u8], limit: usize) -> Result<Vec<MatArray>> {
    let order = match bytes.get(126..HEADER) {
        Some(b"IM") => Order { is_big_endian: false },
        Some(b"MI") => Order { is_big_endian: true },
        _ => return Err(damaged("its header is cut short")),
    };
    let mut rest = &bytes[HEADER..];
    let mut arrays = Vec::new();
    while !rest.is_empty() {
        let element = order.element(rest)?;
        rest = element.rest;
        let found = match element.kind {
            14 => order.array(element.content)?,
            15 => {
                let unpacked =
                    read_all(ZlibDecoder::new(element.content), limit.min(MAX_BYTES), element.content.len())?;
                let inner = order.element(&unpacked)?;
                if inner.kind == 14 { order.array(inner.content)? } else { None }
            }
            _ => None,
        };
        arrays.extend(found);
        if arrays.len() > MAX_ARRAYS {
            return Err(damaged(&format!("it has more than {MAX_ARRAYS} arrays")));
        }
    }
    Ok(arrays)
}
