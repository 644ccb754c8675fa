//! The overview of a class: as CSV for a spreadsheet, and as one HTML page.

use super::assignment::Assignment;
use super::class::Entry;
use super::moment::moment;
use super::verdict::Verdict;
use super::word;
use crate::base::csv;
use crate::base::error::Result;
use crate::base::text::{duration, escape, plain};
use crate::report::{document, now};

const STYLE: &str = include_str!("overview.css");

/// What a browser may load for the overview: nothing but its own styles.
const POLICY: &str =
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n";

const COLUMNS: [&str; 15] = [
    "file",
    "student",
    "verdict",
    "test_accuracy",
    "guess",
    "points",
    "late",
    "modified",
    "seconds",
    "seed",
    "answers",
    "duplicates_of",
    "equal",
    "engine",
    "reason",
];

/// The lines as CSV with a heading.
///
/// # Errors
/// As [`table`](csv::table).
pub fn csv(entries: &[Entry]) -> Result<String> {
    let heading = COLUMNS.map(String::from).to_vec();
    csv::table([heading].into_iter().chain(entries.iter().map(|entry| cells(entry).to_vec())))
}

fn cells(entry: &Entry) -> [String; 15] {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let number = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    let answers: Vec<String> = entry.answers.iter().map(|(id, answer)| format!("{id}: {answer}")).collect();
    [
        entry.file.clone(),
        text(&entry.student),
        entry.verdict.name().into(),
        number(entry.test_accuracy),
        number(entry.guess),
        number(entry.points),
        entry.late.map_or_else(String::new, |late| if late { "late" } else { "" }.into()),
        text(&entry.modified),
        entry.seconds.map_or_else(String::new, |seconds| format!("{seconds:.1}")),
        entry.seed.map_or_else(String::new, |seed| seed.to_string()),
        answers.join("; "),
        entry.duplicates_of.join("; "),
        entry.duplicate_parts.join(", "),
        text(&entry.engine),
        entry.reason.clone(),
    ]
}

/// The overview as one HTML page without scripts, for the screen and for paper.
pub fn html(assignment: Option<&Assignment>, entries: &[Entry]) -> String {
    let title = assignment.map_or("Without an assignment", |assignment| &assignment.document.assignment);
    let facts = assignment.map_or_else(|| format!("Checked {}", now()), facts);
    let mut body = format!("<header><p>Convlab: submissions</p><h1>{}</h1><p>{facts}</p></header>\n", shown(title));
    body += "<main>\n";
    body += &counts(entries);
    body += &table_of(entries);
    let details: String = entries.iter().enumerate().map(|(index, entry)| detail(index, entry)).collect();
    body += &format!("<section><h2>One by one</h2>{details}</section>\n");
    body += &format!("<p class=\"faint\">Not checked, the student’s word: {}.</p>\n</main>\n", word::parts());
    document(&format!("{}: submissions", plain(title)), POLICY, STYLE, &body)
}

/// Whether a file begins as the table or the page that is written here.
pub fn is_overview(start: &[u8]) -> bool {
    let page = document("", POLICY, STYLE, "");
    let head = page.split("<title>").next().unwrap_or_default();
    start.starts_with((COLUMNS.join(",") + "\r\n").as_bytes()) || start.starts_with(head.as_bytes())
}

/// Text of unknown origin in HTML: one plain line, isolated from the direction of the text around it.
fn shown(text: &str) -> String {
    format!("<bdi>{}</bdi>", escape(&plain(text)))
}

fn facts(assignment: &Assignment) -> String {
    let mut facts = vec![format!("Checked {}", now())];
    facts.push(if assignment.allows_tolerance() { "within a tolerance".into() } else { "to the last bit".into() });
    if let Some(deadline) = assignment.deadline {
        facts.push(format!("to hand in until {}", moment(deadline.unix_timestamp())));
    }
    facts.push(if assignment.has_own_seeds() { "each student’s own seed".into() } else { "one seed for all".into() });
    facts.join("; ")
}

fn counts(entries: &[Entry]) -> String {
    let count = |verdict: Verdict| entries.iter().filter(|entry| entry.verdict == verdict).count();
    let box_of =
        |verdict: Verdict| format!("<div class=\"{0}\"><dt>{0}</dt><dd>{1}</dd></div>", verdict.name(), count(verdict));
    let all = [Verdict::Confirmed, Verdict::Plausible, Verdict::Refuted, Verdict::Unreadable].map(box_of).concat();
    format!("<dl class=\"counts\">{all}</dl>\n")
}

fn table_of(entries: &[Entry]) -> String {
    let headings =
        ["Student", "Verdict", "Accuracy", "Guess", "Points", "Handed in", "Time", "May be a copy of", "File"];
    let head: String = headings.iter().map(|heading| format!("<th scope=\"col\">{heading}</th>")).collect();
    let rows: String = entries.iter().enumerate().map(|(index, entry)| row(index, entry)).collect();
    format!(
        "<div class=\"wide\" role=\"region\" aria-label=\"All submissions\" tabindex=\"0\"><table><caption>{} files</caption><thead><tr>{head}</tr></thead>\
         <tbody>{rows}</tbody></table></div>\n",
        entries.len()
    )
}

fn row(index: usize, entry: &Entry) -> String {
    let name = entry.student.as_deref().map_or_else(|| "<i>no name</i>".into(), shown);
    let late = if entry.late == Some(true) { " <strong class=\"late\">late</strong>" } else { "" };
    let copies: Vec<String> = entry.duplicates_of.iter().map(|file| shown(file)).collect();
    let cells = [
        format!("<span class=\"verdict {0}\">{0}</span>", entry.verdict.name()),
        percent(entry.test_accuracy),
        percent(entry.guess),
        entry.points.map_or_else(String::new, |points| points.to_string()),
        format!("{}{late}", entry.modified.as_deref().unwrap_or_default()),
        entry.seconds.map_or_else(String::new, duration),
        copies.join(", "),
        shown(&entry.file),
    ];
    let cells: String = cells.iter().map(|cell| format!("<td>{cell}</td>")).collect();
    format!("<tr><th scope=\"row\"><a href=\"#file-{index}\">{name}</a></th>{cells}</tr>\n")
}

fn percent(share: Option<f64>) -> String {
    share.map_or_else(String::new, |share| format!("{:.2}&nbsp;%", 100.0 * share))
}

fn detail(index: usize, entry: &Entry) -> String {
    let name = entry.student.as_deref().map_or_else(|| "<i>no name</i>".into(), shown);
    let mut html = format!(
        "<article id=\"file-{index}\"><h3>{name}: <span class=\"verdict {0}\">{0}</span></h3><p>{1}</p>",
        entry.verdict.name(),
        shown(&entry.reason)
    );
    let differences = entry.judgement.as_ref().map(|judgement| judgement.differences.as_slice()).unwrap_or_default();
    if !differences.is_empty() {
        let row = |what: &str, theirs: &str, ours: &str| {
            format!("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>", shown(what), shown(theirs), shown(ours))
        };
        let rows: String = differences.iter().map(|one| row(&one.what, &one.submitted, &one.replayed)).collect();
        html += &format!(
            "<table><thead><tr><th scope=\"col\">Figure</th><th scope=\"col\">In the file</th><th scope=\"col\">Replayed</th></tr></thead>\
             <tbody>{rows}</tbody></table>"
        );
    }
    if !entry.duplicates_of.is_empty() {
        let files: Vec<String> = entry.duplicates_of.iter().map(|file| shown(file)).collect();
        html += &format!("<p>Equal {}: {}</p>", entry.duplicate_parts.join(", "), files.join(", "));
    }
    if !entry.answers.is_empty() {
        let pair = |(id, answer): &(String, String)| format!("<dt>{}</dt><dd>{}</dd>", shown(id), shown(answer));
        html += &format!("<dl class=\"answers\">{}</dl>", entry.answers.iter().map(pair).collect::<String>());
    }
    html + "</article>\n"
}
