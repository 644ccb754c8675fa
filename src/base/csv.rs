//! Tables for spreadsheets, as CSV (RFC 4180).

use super::error::{Error, Result};
use super::text::plain;
use csv::{QuoteStyle, Terminator, WriterBuilder};

/// Rows as CSV. Cells may be foreign text.
///
/// # Errors
/// [`Error::Spec`] if they cannot be written; that is a bug.
pub fn table(rows: impl IntoIterator<Item = Vec<String>>) -> Result<String> {
    let wrong = |why: String| Error::Spec(format!("the table cannot be written ({why})"));
    let mut bytes = Vec::new();
    for row in rows {
        // Some spreadsheets separate cells at semicolons, which the crate does not quote by itself.
        let style =
            if row.iter().any(|cell| cell.contains(';')) { QuoteStyle::NonNumeric } else { QuoteStyle::Necessary };
        let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).quote_style(style).from_writer(&mut bytes);
        writer.write_record(row.iter().map(|cell| harmless(cell))).map_err(|error| wrong(error.to_string()))?;
        writer.flush().map_err(|error| wrong(error.to_string()))?;
    }
    String::from_utf8(bytes).map_err(|error| wrong(error.to_string()))
}

/// A cell that no spreadsheet takes for a formula: one plain line, with an apostrophe before what begins like one. A number stays a
/// number. A spreadsheet that separates cells at semicolons does so within a quoted cell, too, unless that is the first of its line.
fn harmless(cell: &str) -> String {
    let line = plain(cell);
    let guarded = |(i, part): (usize, &str)| {
        // Of a part in the middle of a cell, quotes may be read as those of a cell of its own.
        let content = if i == 0 { part } else { part.trim_start_matches('"') };
        if is_formula(content) { format!("'{part}") } else { part.to_string() }
    };
    line.split(';').enumerate().map(guarded).collect::<Vec<_>>().join(";")
}

fn is_formula(text: &str) -> bool {
    let starts = |c: char| {
        matches!(
            c,
            '=' | '+' | '-' | '@' | '|' | '%' | '＝' | '＋' | '－' | '＠' | '﹦' | '﹢' | '﹣' | '﹫' | '−' | '\''
        )
    };
    // Some programs ignore spaces before a formula.
    let is_number = text.parse().is_ok_and(f64::is_finite);
    text.trim_start().starts_with(starts) && !is_number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_with_separators_are_quoted() {
        let table = |cells: &[&str]| table([cells.iter().map(|cell| cell.to_string()).collect()]).unwrap();
        assert_eq!(table(&["a\"b, c", "d e", "", "1.5"]), "\"a\"\"b, c\",d e,,1.5\r\n");
        assert_eq!(table(&["a;=b", "-1.5", "c"]), "\"a;'=b\",-1.5,\"c\"\r\n");
        assert_eq!(table(&["a\nb"]), "a\\nb\r\n");
    }

    #[test]
    fn a_cell_is_no_formula() {
        for cell in
            ["=1+1", "+1+1", "-1+1", "@SUM(A1)", " =1", "|x", "%0", "＝1", "-", "'x", "-inf", "+infinity", "-NaN"]
        {
            assert_eq!(harmless(cell), format!("'{cell}"));
        }
        assert_eq!(harmless("\t=1"), "\\t=1");
        assert_eq!(harmless("a;=1;-2;b; +c;\"=d"), "a;'=1;-2;b;' +c;'\"=d");
        assert_eq!(harmless("\"said\""), "\"said\"");
        for cell in ["-1.5", "0.75", "Ada-Lovelace", "a=b", ""] {
            assert_eq!(harmless(cell), cell);
        }
    }
}
