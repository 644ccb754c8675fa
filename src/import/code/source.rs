//! The text of a script or a notebook, and where a place in it is for the reader.

use crate::base::error::{Error, Result};
use crate::import::imported::text;
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::ops::Range;

/// The largest notebook, in bytes: with its outputs, which hold images.
const MAX_NOTEBOOK: usize = 32 << 20;

/// The most code, in bytes.
const MAX_CODE: usize = 1 << 20;

/// Cells that hold something else than Python begin with `%%` and another word than these.
const PYTHON_MAGICS: [&str; 6] = ["time", "timeit", "capture", "prun", "python", "python3"];

/// Code as one text; a place in it is an offset in bytes.
pub struct Source {
    /// The cells of code, each followed by a line feed.
    pub text: String,
    cells: Vec<Cell>,
    is_notebook: bool,
    /// The first heading of a notebook.
    pub title: Option<String>,
}

struct Cell {
    /// Its place in the notebook, from 1, counting all cells.
    number: usize,
    range: Range<usize>,
}

#[derive(Deserialize)]
struct Notebook {
    cells: Option<Vec<NotebookCell>>,
    /// Until version 3 of the format.
    worksheets: Option<Vec<Worksheet>>,
}

#[derive(Deserialize)]
struct Worksheet {
    cells: Vec<NotebookCell>,
}

#[derive(Deserialize)]
struct NotebookCell {
    cell_type: String,
    #[serde(alias = "input", default, deserialize_with = "lines")]
    source: String,
}

/// A text, or a list of lines.
fn lines<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Text {
        Whole(String),
        Lines(Vec<String>),
    }
    Ok(match Text::deserialize(deserializer)? {
        Text::Whole(text) => text,
        Text::Lines(lines) => lines.concat(),
    })
}

impl Source {
    /// A script.
    ///
    /// # Errors
    /// [`Error::Import`] if it is not text, or too long.
    pub fn script(bytes: &[u8]) -> Result<Self> {
        Self::new([(1, &*text(bytes)?)], false, None)
    }

    /// The code of a notebook.
    ///
    /// # Errors
    /// [`Error::Import`] if it is not a notebook, or too large.
    pub fn notebook(bytes: &[u8]) -> Result<Self> {
        if bytes.len() > MAX_NOTEBOOK {
            let (most, size) = (MAX_NOTEBOOK >> 20, bytes.len() >> 20);
            let advice = "clear its outputs and save it again";
            return Err(Error::Import(format!("a notebook may have up to {most} MB; {advice}. Received: {size} MB")));
        }
        let read: Notebook = serde_json::from_str(&text(bytes)?)
            .map_err(|error| Error::Import(format!("this is not a notebook ({error})")))?;
        let cells = read.cells.or_else(|| Some(read.worksheets?.into_iter().flat_map(|sheet| sheet.cells).collect()));
        let cells = cells.ok_or_else(|| Error::Import("this is not a notebook: it has no cells".into()))?;
        let headings = cells.iter().filter(|cell| cell.cell_type == "markdown").flat_map(|cell| cell.source.lines());
        let title = headings.filter_map(|line| line.strip_prefix('#')).map(|line| line.trim_start_matches('#').trim());
        let title = title.filter(|line| !line.is_empty()).map(|line| line.chars().take(100).collect()).next();
        let code = cells.iter().enumerate().filter(|(_, cell)| cell.cell_type == "code" && is_python(&cell.source));
        Self::new(code.map(|(index, cell)| (index + 1, cell.source.as_str())), true, title)
    }

    fn new<'a>(
        code: impl IntoIterator<Item = (usize, &'a str)>,
        is_notebook: bool,
        title: Option<String>,
    ) -> Result<Self> {
        let mut source = Self { text: String::new(), cells: Vec::new(), is_notebook, title };
        for (number, code) in code {
            let start = source.text.len();
            code.split_inclusive('\n').for_each(|line| source.text.push_str(&untimed(line)));
            source.cells.push(Cell { number, range: start..source.text.len() });
            source.text.push('\n');
            if source.text.len() > MAX_CODE {
                let most = MAX_CODE >> 10;
                return Err(Error::Import(format!(
                    "there is more code than {most} KB, which is the most that is read"
                )));
            }
        }
        Ok(source)
    }

    /// The range of each cell, without the line feed after it.
    pub fn cells(&self) -> impl Iterator<Item = Range<usize>> {
        self.cells.iter().map(|cell| cell.range.clone())
    }

    /// A place as a reader finds it: `line 12`, in a notebook `cell 3, line 2`.
    pub fn place(&self, offset: usize) -> String {
        let cell = self.cells.iter().rev().find(|cell| cell.range.start <= offset);
        let start = cell.map_or(0, |cell| cell.range.start);
        let before = &self.text.as_bytes()[start..offset.min(self.text.len()).max(start)];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        match cell {
            Some(cell) if self.is_notebook => format!("cell {}, line {line}", cell.number),
            _ => format!("line {line}"),
        }
    }
}

/// A line without a command of IPython that measures the time of the Python code after it: `%time model.fit(x, y)`.
fn untimed(line: &str) -> Cow<'_, str> {
    let code = line.trim_start();
    let timed = ["%time ", "%timeit "].iter().find_map(|command| code.strip_prefix(command));
    // `%timeit -n 1 …` repeats it.
    match timed.map(str::trim_start).filter(|timed| !timed.starts_with('-') && !timed.is_empty()) {
        Some(timed) => format!("{}{timed}", &line[..line.len() - code.len()]).into(),
        None => line.into(),
    }
}

fn is_python(code: &str) -> bool {
    let first = code.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    match first.trim_start().strip_prefix("%%") {
        Some(magic) => {
            let word = magic.split_whitespace().next().unwrap_or_default();
            PYTHON_MAGICS.contains(&word)
        }
        None => true,
    }
}
