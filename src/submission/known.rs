//! Verdicts of earlier checks, so that a check that was broken off goes on, and unchanged files are not replayed again.

use super::verdict::{Judgement, Verdict};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Verdicts by the checksums of all that they depend on.
#[derive(Debug, Default)]
pub struct Known(HashMap<String, Judgement>);

/// A line of the text in which they are kept.
#[derive(Serialize, Deserialize)]
struct Line {
    key: String,
    #[serde(flatten)]
    judgement: Judgement,
}

impl Known {
    /// Reads lines. One that was cut off is left out.
    pub fn read(text: &str) -> Self {
        let lines = text.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok());
        Self(lines.map(|line| (line.key, line.judgement)).collect())
    }

    /// The verdict of an equal file.
    pub fn get(&self, key: &str) -> Option<&Judgement> {
        self.0.get(key)
    }

    /// Adds a verdict, and returns its line; `None` for one that says only that the run cannot be repeated on this machine.
    pub fn add(&mut self, key: &str, judgement: &Judgement) -> Option<String> {
        if judgement.verdict == Verdict::Unreadable {
            return None;
        }
        self.0.insert(key.into(), judgement.clone());
        let line = Line { key: key.into(), judgement: judgement.clone() };
        serde_json::to_string(&line).ok().map(|line| line + "\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_what_was_added_but_for_a_line_that_was_cut_off() {
        let judgement = |verdict| Judgement { verdict, reason: "a\nb".into(), differences: Vec::new() };
        let mut known = Known::default();
        let first = known.add("1", &judgement(Verdict::Confirmed)).unwrap();
        let second = known.add("2", &judgement(Verdict::Refuted)).unwrap();
        assert_eq!(known.add("3", &judgement(Verdict::Unreadable)), None);
        assert!(known.get("3").is_none());
        let read = Known::read(&(first + &second[..second.len() - 5]));
        assert_eq!(read.get("1"), Some(&judgement(Verdict::Confirmed)));
        assert!(read.get("2").is_none());
    }
}
