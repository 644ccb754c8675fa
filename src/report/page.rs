//! The HTML that all reports share: the page, its head, sections, tables, boxes for observations.

use super::written::Written;
use crate::base::text::escape;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// What all pages share: the colours, the margins and the font.
const PALETTE: &str = include_str!("palette.css");

const STYLE: &str = include_str!("report.css");

/// Rows of a table. A longer one continues in a table of its own, so that each fits on a page.
const ROWS: usize = 30;

/// A self-contained HTML file with the styles of a report.
pub fn page(title: &str, body: &str) -> String {
    document(title, "", STYLE, body)
}

/// A self-contained HTML file with its styles; `head` is more for its head, in HTML.
pub fn document(title: &str, head: &str, style: &str, body: &str) -> String {
    let title = escape(title);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n{head}\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>\n{PALETTE}{style}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )
}

/// Title, author, course and date.
pub fn head(title: &str, written: &Written, now: &str) -> String {
    let fields: String = written
        .head(now)
        .iter()
        .map(|(label, value)| format!("<div><dt>{label}</dt><dd>{}</dd></div>", escape(value)))
        .collect();
    format!("<header><h1>{}</h1><dl class=\"author\">{fields}</dl></header>\n", escape(title))
}

/// A section with its heading.
pub fn section(title: &str, content: &str) -> String {
    format!("<section><h2>{title}</h2>{content}</section>\n")
}

/// Pairs of label and value.
pub fn pairs(list: &[(&str, String)]) -> String {
    let rows = list.iter().map(|(label, value)| format!("<dt>{}</dt><dd>{}</dd>", escape(label), escape(value)));
    format!("<dl class=\"pairs\">{}</dl>", rows.collect::<String>())
}

/// What the author observed at a figure; an empty box, to be filled in by hand, where nothing is entered.
pub fn observation(written: &Written, figure: &str) -> String {
    let lines: Vec<String> = written.lines(figure).into_iter().map(escape).collect();
    let kind = if lines.is_empty() { "observation empty" } else { "observation" };
    format!("<div class=\"{kind}\"><h3>Observations</h3><p>{}</p></div>", lines.join("<br>"))
}

/// A table, in pieces of as many rows as fit on a page.
pub fn table(headings: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let head: String = headings.iter().map(|heading| format!("<th scope=\"col\">{}</th>", escape(heading))).collect();
    let row = |cells: Vec<String>| {
        let cells: String = cells.iter().map(|cell| format!("<td>{}</td>", escape(cell))).collect();
        format!("<tr>{cells}</tr>")
    };
    let rows: Vec<String> = rows.map(row).collect();
    let piece = |rows: &[String]| {
        format!(
            "<div class=\"wide\"><table><thead><tr>{head}</tr></thead><tbody>{}</tbody></table></div>",
            rows.concat()
        )
    };
    rows.chunks(ROWS).map(piece).collect()
}

/// A link that saves a file, whose content is part of the page.
pub fn attachment(name: &str, kind: &str, content: &str) -> String {
    let data = BASE64_STANDARD.encode(content);
    format!("<p>Attachment: <a download=\"{0}\" href=\"data:{kind};base64,{data}\">{0}</a></p>", escape(name))
}
