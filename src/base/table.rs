//! Tables with box-drawing characters, and number formats, both as in Keras's summary.

use std::fmt::{Display, Formatter, Result};

/// `193034` as `193,034`.
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Formats bytes as Keras does: `754.04 KB`, where 1 KB is 1024 bytes.
pub fn memory(bytes: u64) -> String {
    let (mut value, mut unit) = (bytes as f64, "B");
    for next in ["KB", "MB", "GB", "TB"] {
        if value < 1024.0 {
            break;
        }
        (value, unit) = (value / 1024.0, next);
    }
    format!("{value:.2} {unit}")
}

/// A table with box-drawing characters. A column has a heading and a flag: true aligns it to the right, for numbers.
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
        let width = |column: usize| {
            let cells = self.rows.iter().map(|row| row[column].chars().count());
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
        for (i, row) in self.rows.iter().enumerate() {
            if i > 0 {
                f.write_str(&rule('├', "─", '┼', '┤'))?;
            }
            self.line(f, &row.iter().map(String::as_str).collect::<Vec<_>>(), &widths, '│')?;
        }
        f.write_str(&rule('└', "─", '┴', '┘'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_keras_writes_them() {
        assert_eq!((grouped(0), grouped(999), grouped(1_000)), ("0".into(), "999".into(), "1,000".into()));
        assert_eq!(grouped(11_050_212), "11,050,212");
        assert_eq!((memory(0), memory(4 * 193_034)), ("0.00 B".into(), "754.04 KB".into()));
        assert_eq!(memory(4 * 417_058), "1.59 MB");
    }
}
