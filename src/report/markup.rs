//! Pieces of Markdown.

use super::written::Written;
use crate::base::text::plain;

/// Name, course and date.
pub(super) fn author(written: &Written, now: &str) -> String {
    table(&["", ""], written.head(now).into_iter().map(|(label, value)| vec![label.into(), value]))
}

/// What the author observed at a figure.
pub(super) fn observation(written: &Written, figure: &str) -> String {
    let lines: Vec<String> = written.lines(figure).into_iter().map(|line| format!("> {}\n", literal(line))).collect();
    if lines.is_empty() { String::new() } else { format!("**Observations**\n\n{}\n", lines.concat()) }
}

/// Text of unknown origin as Markdown that shows this text and nothing else, on one line.
pub(super) fn literal(text: &str) -> String {
    escape(text, |_| true)
}

/// Escapes what Markdown or HTML would take as markup, as far as `is_text` says that it is text.
pub(super) fn escape(text: &str, is_text: impl Fn(char) -> bool) -> String {
    let text = plain(text);
    let mut markdown = String::with_capacity(text.len());
    let mut before = ' ';
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let is_markup = match letter {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '&' | '|' | '~' | '$' | '#' => true,
            // Within a word, as in `val_loss`, it is a letter.
            '_' => !(before.is_alphanumeric() && letters.peek().is_some_and(|next| next.is_alphanumeric())),
            // Addresses become links.
            ':' => letters.peek() == Some(&'/'),
            _ => false,
        };
        if is_markup && is_text(letter) {
            markdown.push('\\');
        }
        markdown.push(letter);
        before = letter;
    }
    markdown
}

/// A code block whose fence is longer than any row of backticks in it.
pub(super) fn fenced(language: &str, code: &str) -> String {
    let longest = code.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat((longest + 1).max(3));
    format!("{fence}{language}\n{code}{fence}\n")
}

pub(super) fn table(headings: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut text = line(headings.iter().map(|heading| literal(heading)).collect());
    text += &line(vec!["---".into(); headings.len()]);
    rows.for_each(|row| text += &line(row.iter().map(|value| literal(value)).collect()));
    text + "\n"
}
