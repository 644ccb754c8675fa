//! The values in a pickle of CIFAR.

use std::borrow::Cow;

/// A value, which borrows its bytes from the input.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::data) enum Value<'a> {
    None,
    Bool(bool),
    Int(i64),
    Bytes(&'a [u8]),
    /// A tuple of plain values, or of plain values and tuples of them; not deeper, so recursion is bounded.
    Tuple(Vec<Value<'a>>),
    /// A list of plain values.
    List(Vec<Value<'a>>),
    Dict(Vec<(&'a [u8], Value<'a>)>),
    /// An array; empty until its state has been read.
    Array(Option<Pixels<'a>>),
    /// The mark at which a collection begins.
    Mark,
    Global(Global),
    /// The type `uint8`, the only one accepted.
    Uint8,
}

/// The global names that NumPy's arrays refer to.
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
    /// Column-major order (Fortran order).
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
    /// The dictionary's entry for `key`; as in Python, the last one wins.
    pub fn get(&self, key: &str) -> Option<&Value<'a>> {
        match self {
            Self::Dict(entries) => entries.iter().rev().find(|(k, _)| *k == key.as_bytes()).map(|(_, value)| value),
            _ => None,
        }
    }

    /// Whether the value is neither a collection nor unfinished.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self, Self::None | Self::Bool(_) | Self::Int(_) | Self::Bytes(_) | Self::Global(_) | Self::Uint8)
    }

    pub(super) fn may_be_in_tuple(&self) -> bool {
        self.is_plain() || matches!(self, Self::Tuple(values) if values.iter().all(Value::is_plain))
    }
}
