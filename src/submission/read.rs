//! Reading a submission's file, which may be any file.

use super::{FORMAT, Submission};
use crate::base::document;
use crate::base::error::{Error, Result};
use crate::base::text::{bytes, decode, grouped};
use serde_json::Value;

/// The most answers of a submission.
const MOST_ANSWERS: usize = 1000;

/// The most bytes of its answers together.
const MOST_ANSWER_BYTES: usize = 1 << 20;

/// The most characters of a student's name.
const LONGEST_NAME: usize = 200;

/// How other kinds of files begin, and what they are. Those that begin with `<` are told apart by their text.
const KINDS: [(&[u8], &str); 11] = [
    (b"PK", "a zip archive, or a document of an office program"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "an image (PNG)"),
    (b"\xff\xd8\xff", "an image (JPEG)"),
    (b"GIF8", "an image (GIF)"),
    (b"\x89HDF", "a model of Keras (HDF5)"),
];

impl Submission {
    /// Reads a file: text in UTF-8 or UTF-16.
    ///
    /// # Errors
    /// [`Error::Submission`] if it is not a submission. It says what was received.
    pub fn parse(file: &[u8]) -> Result<Self> {
        let none = |why: String| Error::Submission(format!("this is not a submission file of Convlab: {why}"));
        let text = decode(file).filter(|_| kind(file).is_none());
        let text =
            text.ok_or_else(|| none(format!("it is {}", kind(file).unwrap_or("neither text nor a known file"))))?;
        let value = document::parse(&text).map_err(|why| none(reason(&text, why)))?;
        if value.get("format").is_none() && value.get("layers").is_some() {
            return Err(none("it is an experiment; hand in the submission that Convlab saves after the run".into()));
        }
        let submission: Self = document::read(&value).map_err(none)?;
        if submission.format != FORMAT {
            return Err(none(format!("its format must be \"{FORMAT}\". Received: \"{}\"", submission.format)));
        }
        check_answers(submission.answers.as_ref()).map_err(none)?;
        check_words(&submission).map_err(none)?;
        Ok(submission)
    }
}

/// Bounds of what the student enters besides the answers.
fn check_words(submission: &Submission) -> std::result::Result<(), String> {
    let length = submission.student.as_ref().map_or(0, |name| name.chars().count());
    if length > LONGEST_NAME {
        return Err(format!("student must have at most {LONGEST_NAME} characters. Received: {length}"));
    }
    match submission.guess {
        Some(guess) if !(0.0..=1.0).contains(&guess) => {
            Err(format!("guess must lie between 0 and 1. Received: {guess:e}"))
        }
        _ => Ok(()),
    }
}

/// What a file is by its first bytes, if that is not text.
fn kind(file: &[u8]) -> Option<&'static str> {
    KINDS.iter().find(|(start, _)| file.starts_with(start)).map(|(_, kind)| *kind)
}

/// Why a text is not JSON, in words that its author knows.
fn reason(text: &str, why: String) -> String {
    let start = text.trim_start();
    if start.is_empty() {
        return "the file is empty".into();
    }
    if start.starts_with('<') {
        return "it is a page (HTML) or XML; hand in the JSON file that Convlab saved".into();
    }
    if !start.starts_with(['{', '[']) {
        return "it is text, but not JSON".into();
    }
    if why.starts_with("it is not JSON (EOF") {
        return "it is cut off: the end of the file is missing".into();
    }
    why
}

/// Bounds what goes into the tables of a class.
fn check_answers(answers: Option<&Value>) -> std::result::Result<(), String> {
    let Some(answers) = answers else { return Ok(()) };
    let count = answers.as_object().map(|all| all.len()).or(answers.as_array().map(Vec::len)).unwrap_or(1);
    if count > MOST_ANSWERS {
        let [most, count] = [MOST_ANSWERS, count].map(|count| grouped(count as u64));
        return Err(format!("it may have {most} answers. Received: {count}"));
    }
    let size = answers.to_string().len();
    if size > MOST_ANSWER_BYTES {
        let [most, size] = [MOST_ANSWER_BYTES, size].map(|size| bytes(size as u64));
        return Err(format!("its answers together may have {most}. Received: {size}"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_submission_is_named() {
        for (file, part) in [
            (&b""[..], "the file is empty"),
            (b"\xef\xbb\xbf \n", "the file is empty"),
            (b"PK\x03\x04", "a zip archive"),
            (b"\x1f\x8b\x08", "a gzip archive"),
            (b"%PDF-1.7", "a PDF"),
            (b"\x89PNG\xff", "an image (PNG)"),
            (b"caf\xe9", "neither text nor a known file"),
            (b"<!doctype html>", "a page (HTML)"),
            (b"Hello", "text, but not JSON"),
            (b"{\"format\": ", "cut off"),
            (b"{\"format\" 1}", "not JSON"),
            (b"{\"format\": 1, \"experiment\": {\"seed\": 1, \"seed\": 2}}", "Received twice: \"seed\" at line 1"),
            (b"[1]", "expected an object"),
            (b"{\"name\": \"net-1\", \"layers\": []}", "it is an experiment"),
            (b"{}", "missing field `format`"),
        ] {
            let message = Submission::parse(file).unwrap_err().to_string();
            assert!(message.contains(part), "{part}: {message}");
        }
    }

    #[test]
    fn answers_have_bounds() {
        let answers = |count: usize, letters: usize| Value::from(vec!["x".repeat(letters); count]);
        assert!(check_answers(None).is_ok() && check_answers(Some(&answers(1000, 1000))).is_ok());
        assert!(check_answers(Some(&answers(1001, 1))).unwrap_err().contains("Received: 1,001"));
        assert!(check_answers(Some(&answers(2, 1 << 20))).unwrap_err().contains("Received: 2.00 MB"));
    }
}
