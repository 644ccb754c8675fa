//! A reader for the python version of CIFAR, and for nothing else.
//!
//! A pickle is a program for a small stack machine that can call any function. This one knows only the instructions
//! that the official files use (protocol 2: a dictionary of byte strings, lists and one array of unsigned bytes), and
//! the three names that NumPy writes. Every other instruction or name is refused; nothing is ever executed.
//!
//! # Source
//! CPython, `Lib/pickletools.py`, for the instructions; NumPy's `ndarray.__reduce__` for the array.

mod machine;

pub(super) use machine::parse;

use std::borrow::Cow;

/// A value of the files, borrowing its bytes from the input.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'a> {
    None,
    Bool(bool),
    Int(i64),
    Bytes(&'a [u8]),
    /// Of plain values, or of plain values and tuples of them; never deeper, so nothing here recurses far.
    Tuple(Vec<Value<'a>>),
    /// Of plain values.
    List(Vec<Value<'a>>),
    Dict(Vec<(&'a [u8], Value<'a>)>),
    /// An array; empty until its state has been read.
    Array(Option<Pixels<'a>>),
    /// Where a collection begins.
    Mark,
    Global(Global),
    /// The type `uint8`, the only one accepted.
    Uint8,
}

/// The names that NumPy's arrays refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Global {
    Reconstruct,
    Ndarray,
    Dtype,
}

/// A two-dimensional array of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pixels<'a> {
    pub rows: usize,
    pub columns: usize,
    /// Column-major, as Fortran has it.
    fortran: bool,
    values: &'a [u8],
}

impl<'a> Pixels<'a> {
    /// The values in row-major order.
    pub fn row_major(self) -> Cow<'a, [u8]> {
        if !self.fortran {
            return Cow::Borrowed(self.values);
        }
        let row = |i: usize| self.values[i..].iter().step_by(self.rows);
        Cow::Owned((0..self.rows).flat_map(|i| row(i).copied()).collect())
    }
}

impl<'a> Value<'a> {
    /// The dictionary's entry; as in python, the last one of its key.
    pub fn get(&self, key: &str) -> Option<&Value<'a>> {
        match self {
            Self::Dict(entries) => entries.iter().rev().find(|(k, _)| *k == key.as_bytes()).map(|(_, value)| value),
            _ => None,
        }
    }

    /// Neither a collection nor unfinished.
    fn is_plain(&self) -> bool {
        matches!(self, Self::None | Self::Bool(_) | Self::Int(_) | Self::Bytes(_) | Self::Global(_) | Self::Uint8)
    }

    fn may_be_in_tuple(&self) -> bool {
        self.is_plain() || matches!(self, Self::Tuple(values) if values.iter().all(Value::is_plain))
    }
}
