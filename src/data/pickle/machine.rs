//! The stack machine, with one method for each kind of instruction.

use super::value::{Global, Pixels, Value};
use crate::base::error::{Error, Result};
use crate::data::array::volume;

/// The most values that a pickle may build; the official files build fewer than 200 000.
const MAX_VALUES: usize = 1_000_000;

/// Decodes a pickle to its value.
///
/// # Errors
/// [`Error::Data`] if it is truncated, or is not of the supported kind.
pub fn parse(bytes: &[u8]) -> Result<Value<'_>> {
    let mut machine = Machine { input: bytes, at: 0, made: 0, stack: Vec::new(), memo: Vec::new() };
    while !machine.step()? {}
    match machine.stack.as_slice() {
        [_] => machine.pop(),
        values => Err(machine.refuse(&format!("it ends with {} values instead of one", values.len()))),
    }
}

struct Machine<'a> {
    input: &'a [u8],
    at: usize,
    made: usize,
    stack: Vec<Value<'a>>,
    /// Plain values that later instructions may recall. Collections are not kept: no official file recalls one, and
    /// repeated collections would let a small file grow without bound.
    memo: Vec<Option<Value<'a>>>,
}

impl<'a> Machine<'a> {
    /// Runs one instruction; returns true at the end.
    fn step(&mut self) -> Result<bool> {
        let code = self.take(1)?[0];
        match code {
            0x80 => self.protocol()?,
            b'.' => return Ok(true),
            b'(' => self.push(Value::Mark)?,
            b'N' => self.push(Value::None)?,
            0x88 | 0x89 => self.push(Value::Bool(code == 0x88))?,
            b'K' | b'M' | b'J' | 0x8a => {
                let value = self.integer(code)?;
                self.push(Value::Int(value))?;
            }
            b'U' | b'T' | b'X' => {
                let value = self.bytes(code)?;
                self.push(Value::Bytes(value))?;
            }
            b'}' => self.push(Value::Dict(Vec::new()))?,
            b']' => self.push(Value::List(Vec::new()))?,
            b')' | b't' | 0x85..=0x87 => self.tuple(code)?,
            b'a' | b'e' => self.append(code)?,
            b's' | b'u' => self.set(code)?,
            b'q' | b'r' => self.remember(code)?,
            b'h' | b'j' => self.recall(code)?,
            b'c' => self.global()?,
            b'R' => self.call()?,
            b'b' => self.build()?,
            _ => return Err(self.refuse(&format!("instruction {code:#04x} is not used by the official files"))),
        }
        Ok(false)
    }

    fn refuse(&self, why: &str) -> Error {
        Error::Data(format!(
            "not a Python file of CIFAR, at byte {}: {why}. Only plain dictionaries of lists and uint8 arrays are read, \
             and no code in a pickle is run; use the official Python version or the binary version",
            self.at
        ))
    }

    fn take(&mut self, n: usize) -> Result<&'a [u8]> {
        let bytes = self.at.checked_add(n).and_then(|end| self.input.get(self.at..end)).ok_or_else(|| {
            Error::Data(format!(
                "the Python file is cut short: it ends at byte {}. Download or copy it again",
                self.input.len()
            ))
        })?;
        self.at += n;
        Ok(bytes)
    }

    /// `width` bytes as an unsigned number, least significant first.
    fn number(&mut self, width: usize) -> Result<usize> {
        Ok(self.take(width)?.iter().rev().fold(0, |value, &byte| value << 8 | usize::from(byte)))
    }

    fn push(&mut self, value: Value<'a>) -> Result<()> {
        self.made += 1;
        if self.made > MAX_VALUES {
            return Err(self.refuse("it builds more than a million values"));
        }
        self.stack.push(value);
        Ok(())
    }

    fn pop(&mut self) -> Result<Value<'a>> {
        self.stack.pop().ok_or_else(|| self.refuse("it takes a value from an empty stack"))
    }

    /// All values since the last mark, in order.
    fn pop_to_mark(&mut self) -> Result<Vec<Value<'a>>> {
        let mark = self.stack.iter().rposition(|value| *value == Value::Mark);
        let mark = mark.ok_or_else(|| self.refuse("it closes a collection that was never opened"))?;
        let values = self.stack.split_off(mark + 1);
        self.stack.pop();
        Ok(values)
    }

    fn protocol(&mut self) -> Result<()> {
        match self.take(1)?[0] {
            0..=2 => Ok(()),
            other => Err(self.refuse(&format!("pickle protocol {other} where the official files have 2"))),
        }
    }

    fn integer(&mut self, code: u8) -> Result<i64> {
        let width = match code {
            b'K' => 1,
            b'M' => 2,
            b'J' => 4,
            _ => usize::from(self.take(1)?[0]),
        };
        if width > 8 {
            return Err(self.refuse("an integer of more than 64 bits"));
        }
        let bytes = self.take(width)?;
        // The two long forms are signed: the top bit of the last byte is extended.
        let negative = matches!(code, b'J' | 0x8a) && bytes.last().is_some_and(|byte| byte & 0x80 != 0);
        let mut word = [if negative { 0xff } else { 0 }; 8];
        word[..width].copy_from_slice(bytes);
        Ok(i64::from_le_bytes(word))
    }

    fn bytes(&mut self, code: u8) -> Result<&'a [u8]> {
        let length = self.number(if code == b'U' { 1 } else { 4 })?;
        self.take(length)
    }

    fn tuple(&mut self, code: u8) -> Result<()> {
        let values = match code {
            b')' => Vec::new(),
            b't' => self.pop_to_mark()?,
            _ => {
                let start = self.stack.len().checked_sub(usize::from(code - 0x84));
                let start = start.ok_or_else(|| self.refuse("a tuple of more values than there are"))?;
                self.stack.split_off(start)
            }
        };
        if !values.iter().all(Value::may_be_in_tuple) {
            return Err(self.refuse("a tuple of values that are not plain"));
        }
        self.push(Value::Tuple(values))
    }

    /// Pops one value, or all since the mark.
    fn popped(&mut self, all: bool) -> Result<Vec<Value<'a>>> {
        if all { self.pop_to_mark() } else { Ok(vec![self.pop()?]) }
    }

    fn append(&mut self, code: u8) -> Result<()> {
        let values = self.popped(code == b'e')?;
        if !values.iter().all(Value::is_plain) {
            return Err(self.refuse("a list of values that are not plain"));
        }
        match self.stack.last_mut() {
            Some(Value::List(list)) => list.extend(values),
            _ => return Err(self.refuse("it appends to a value that is not a list")),
        }
        Ok(())
    }

    fn set(&mut self, code: u8) -> Result<()> {
        let values = if code == b'u' {
            self.pop_to_mark()?
        } else {
            let value = self.pop()?;
            vec![self.pop()?, value]
        };
        let mut entries = Vec::new();
        let mut values = values.into_iter();
        while let Some(key) = values.next() {
            match (key, values.next()) {
                (_, Some(Value::Dict(_) | Value::Mark) | None) => {
                    return Err(self.refuse("a dictionary with an invalid entry"));
                }
                (Value::Bytes(key), Some(value)) => entries.push((key, value)),
                _ => return Err(self.refuse("a dictionary whose key is not a string")),
            }
        }
        match self.stack.last_mut() {
            Some(Value::Dict(dict)) => dict.extend(entries),
            _ => return Err(self.refuse("it sets an entry of a value that is not a dictionary")),
        }
        Ok(())
    }

    fn remember(&mut self, code: u8) -> Result<()> {
        let index = self.number(if code == b'q' { 1 } else { 4 })?;
        if index > MAX_VALUES {
            return Err(self.refuse("it remembers more than a million values"));
        }
        if self.memo.len() <= index {
            self.memo.resize(index + 1, None);
        }
        self.memo[index] = self.stack.last().filter(|value| value.is_plain()).cloned();
        Ok(())
    }

    fn recall(&mut self, code: u8) -> Result<()> {
        let index = self.number(if code == b'h' { 1 } else { 4 })?;
        let value = self.memo.get(index).cloned().flatten();
        let value = value.ok_or_else(|| self.refuse("it recalls a value that is not plain"))?;
        self.push(value)
    }

    /// Reads a line of text of at most 80 bytes.
    fn line(&mut self) -> Result<&'a [u8]> {
        let rest = &self.input[self.at..];
        let Some(length) = rest.iter().take(80).position(|&byte| byte == b'\n') else {
            return Err(self.refuse("a name without an end"));
        };
        Ok(&self.take(length + 1)?[..length])
    }

    fn global(&mut self) -> Result<()> {
        let (module, name) = (self.line()?, self.line()?);
        let global = match (module, name) {
            (b"numpy.core.multiarray" | b"numpy._core.multiarray", b"_reconstruct") => Global::Reconstruct,
            (b"numpy", b"ndarray") => Global::Ndarray,
            (b"numpy", b"dtype") => Global::Dtype,
            _ => {
                let name = [module, b".", name].concat();
                return Err(self.refuse(&format!("it refers to {}", name.escape_ascii())));
            }
        };
        self.push(Value::Global(global))
    }

    /// The two calls that create an array. The array is empty until [`Machine::build`] fills it.
    fn call(&mut self) -> Result<()> {
        let (arguments, function) = (self.pop()?, self.pop()?);
        let (Value::Global(function), Value::Tuple(arguments)) = (function, arguments) else {
            return Err(self.refuse("it calls a value that is not a function"));
        };
        let value = match (function, arguments.as_slice()) {
            (Global::Reconstruct, [Value::Global(Global::Ndarray), ..]) => Value::Array(None),
            (Global::Dtype, [Value::Bytes(b"u1" | b"|u1"), ..]) => Value::Uint8,
            (Global::Dtype, _) => return Err(self.refuse("an array whose type is not uint8")),
            _ => return Err(self.refuse("it calls a function that the official files do not call")),
        };
        self.push(value)
    }

    fn build(&mut self) -> Result<()> {
        let (state, value) = (self.pop()?, self.pop()?);
        let built = match (value, &state) {
            // The state of the type is byte order and fields, which do not apply to bytes.
            (Value::Uint8, Value::Tuple(_)) => Value::Uint8,
            (Value::Array(None), Value::Tuple(state)) => Value::Array(Some(self.pixels(state)?)),
            _ => return Err(self.refuse("it changes a value that is not a new array")),
        };
        self.push(built)
    }

    fn pixels(&self, state: &[Value<'a>]) -> Result<Pixels<'a>> {
        let [_, Value::Tuple(shape), Value::Uint8, order, Value::Bytes(values)] = state else {
            return Err(self.refuse("an array whose state is not (version, shape, uint8, order, bytes)"));
        };
        let fortran = matches!(order, Value::Bool(true) | Value::Int(1));
        let [Value::Int(rows), Value::Int(columns)] = shape.as_slice() else {
            return Err(self.refuse("an array that does not have two dimensions"));
        };
        let (Ok(rows), Ok(columns)) = (usize::try_from(*rows), usize::try_from(*columns)) else {
            return Err(self.refuse("an array of a negative size"));
        };
        if volume(&[rows, columns])? != values.len() {
            return Err(self.refuse(&format!("an array of {rows} x {columns} with {} values", values.len())));
        }
        Ok(Pixels { rows, columns, fortran, values })
    }
}
