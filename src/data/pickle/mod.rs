//! A reader for the python version of CIFAR, and for nothing else.
//!
//! A pickle is a program for a small stack machine that can call any function. This one knows only the instructions
//! that the official files use (protocol 2: a dictionary of byte strings, lists and one array of unsigned bytes), and
//! the three names that NumPy writes. Every other instruction or name is refused; nothing is ever executed.
//!
//! # Source
//! CPython, `Lib/pickletools.py`, for the instructions; NumPy's `ndarray.__reduce__` for the array.

mod machine;
mod value;

pub(super) use machine::parse;
pub(super) use value::Value;
