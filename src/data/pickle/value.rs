//! The values that a pickle of CIFAR holds.

use std::borrow::Cow;

/// A value of the files, borrowing its bytes from the input.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::data) enum Value<'a> {
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
pub(in crate::data) enum Global {
    Reconstruct,
    Ndarray,
    Dtype,
}

/// A two-dimensional array of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::data) struct Pixels<'a> {
    pub rows: usize,
    pub columns: usize,
    /// Column-major, as Fortran has it.
    pub(super) fortran: bool,
    pub(super) values: &'a [u8],
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
    pub(super) fn is_plain(&self) -> bool {
        matches!(self, Self::None | Self::Bool(_) | Self::Int(_) | Self::Bytes(_) | Self::Global(_) | Self::Uint8)
    }

    pub(super) fn may_be_in_tuple(&self) -> bool {
        self.is_plain() || matches!(self, Self::Tuple(values) if values.iter().all(Value::is_plain))
    }
}
