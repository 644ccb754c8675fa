//! Tables with box-drawing characters, as in Keras's summary.
//!
//! The `comfy-table` crate could draw these boxes too. It brings Unicode segmentation and wrapping into the wasm modules, which
//! tables of numbers and short names do not need, and would replace the fifty lines of [`Table`] by twenty-five.

use super::text::plain;
use std::borrow::Cow;
use std::fmt::{Display, Formatter, Result};

/// A table with box-drawing characters; each cell is one plain line, whatever its text. A column has a heading and a flag: true aligns it to the right, for numbers.
pub struct Table<'a> {
    headings: &'a [(&'a str, bool)],
    /// The cells, row by row.
    pub rows: Vec<Vec<String>>,
}

impl<'a> Table<'a> {
    /// A table without rows.
    pub fn new(headings: &'a [(&'a str, bool)]) -> Self {
        Self { headings, rows: Vec::new() }
    }

    fn line(&self, f: &mut Formatter, cells: &[&str], widths: &[usize], bar: char) -> Result {
        write!(f, "{bar}")?;
        for ((cell, &width), (_, number)) in cells.iter().zip(widths).zip(self.headings) {
            if *number {
                write!(f, " {cell:>width$} {bar}")?;
            } else {
                write!(f, " {cell:<width$} {bar}")?;
            }
        }
        writeln!(f)
    }
}

impl Display for Table<'_> {
    fn fmt(&self, f: &mut Formatter) -> Result {
        let rows: Vec<Vec<Cow<str>>> =
            self.rows.iter().map(|row| row.iter().map(|cell| plain(cell)).collect()).collect();
        let width = |column: usize| {
            let cells = rows.iter().map(|row| row[column].chars().count());
            cells.chain([self.headings[column].0.len()]).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.headings.len()).map(width).collect();
        let rule = |left: char, line: &str, cross: char, right: char| {
            let parts: Vec<String> = widths.iter().map(|width| line.repeat(width + 2)).collect();
            format!("{left}{}{right}\n", parts.join(&cross.to_string()))
        };
        f.write_str(&rule('┏', "━", '┳', '┓'))?;
        let headings: Vec<&str> = self.headings.iter().map(|(heading, _)| *heading).collect();
        self.line(f, &headings, &widths, '┃')?;
        f.write_str(&rule('┡', "━", '╇', '┩'))?;
        for (i, row) in rows.iter().enumerate() {
            if i > 0 {
                f.write_str(&rule('├', "─", '┼', '┤'))?;
            }
            self.line(f, &row.iter().map(|cell| &**cell).collect::<Vec<_>>(), &widths, '│')?;
        }
        f.write_str(&rule('└', "─", '┴', '┘'))
    }
}
