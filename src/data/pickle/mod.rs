//! A reader for the Python version of CIFAR only.
//!
//! A pickle is a program for a stack machine that can call any function. This reader supports only the instructions
//! that the official files use (protocol 2: a dictionary of byte strings, lists and one array of unsigned bytes), and
//! the three names that NumPy writes. All other instructions and names are rejected; no code is executed.
//!
//! # Source
//! CPython, `Lib/pickletools.py`, for the instructions; NumPy's `ndarray.__reduce__` for the array.

mod machine;
mod value;

pub(super) use machine::parse;
pub(super) use value::Value;
