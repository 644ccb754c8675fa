//! The result of checking a submission.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the check of a submission comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Repeated with the same figures, to the last bit.
    Confirmed,
    /// Repeated with figures within a stated tolerance, which the assignment allows.
    Plausible,
    /// Not the assigned run, or other figures than those of its repetition.
    Refuted,
    /// Not a submission, or one that cannot be repeated here.
    Unreadable,
}

impl Verdict {
    /// The name in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Plausible => "plausible",
            Self::Refuted => "refuted",
            Self::Unreadable => "unreadable",
        }
    }

    /// Whether the submission passes: confirmed or plausible.
    pub fn passes(self) -> bool {
        matches!(self, Self::Confirmed | Self::Plausible)
    }
}

/// A figure that differs from the replay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Difference {
    /// The figure's name.
    pub what: String,
    /// The value in the file.
    pub submitted: String,
    /// The value of the replay, or of the assignment.
    pub replayed: String,
}

/// A verdict and its reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// Why, in a sentence.
    pub reason: String,
    /// The figures that differ.
    pub differences: Vec<Difference>,
}

impl Judgement {
    /// A judgement without differing figures.
    pub fn new(verdict: Verdict, reason: impl Into<String>) -> Self {
        Self { verdict, reason: reason.into(), differences: Vec::new() }
    }

    /// [`Verdict::Refuted`].
    pub fn refuted(reason: impl Into<String>) -> Self {
        Self::new(Verdict::Refuted, reason)
    }

    /// [`Verdict::Unreadable`].
    pub fn unreadable(reason: impl Into<String>) -> Self {
        Self::new(Verdict::Unreadable, reason)
    }

    /// Refuted by figures that differ, of which the reason names the first.
    pub fn by_differences(differences: Vec<Difference>) -> Self {
        let reason = match differences.as_slice() {
            [] => "its figures differ from those of its repetition".into(),
            [first, rest @ ..] => format!(
                "{} is {} in the file and {} when replayed{}",
                first.what,
                first.submitted,
                first.replayed,
                if rest.is_empty() { String::new() } else { format!(", and {} more differ", rest.len()) }
            ),
        };
        Self { verdict: Verdict::Refuted, reason, differences }
    }
}
