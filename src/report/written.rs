//! What the author of a report adds to it.

use serde::Deserialize;
use std::collections::BTreeMap;
use ts_rs::TS;

/// The author, and what they observed.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct Written {
    /// The author's name.
    pub name: String,
    /// The course.
    pub course: String,
    /// The date; that of the report if empty.
    pub date: String,
    /// An observation for each figure: `curves`, `history`, `confusion`, `classes`, `first_image`, `images`, `network`; in a
    /// comparison `accuracy`, `loss`, `gap`, `table`.
    #[ts(type = "{ [figure: string]: string }")]
    pub observations: BTreeMap<String, String>,
}

impl Written {
    /// Name, course and date, as pairs of label and value. The labels stay where nothing is entered, to be filled in by hand.
    pub(super) fn head(&self, now: &str) -> [(&'static str, String); 3] {
        let date = if self.date.trim().is_empty() { now } else { self.date.trim() };
        [("Name", self.name.trim().into()), ("Course", self.course.trim().into()), ("Date", date.into())]
    }

    /// The lines of the observation of a figure; none if there is no observation.
    pub(super) fn lines(&self, figure: &str) -> Vec<&str> {
        let text = self.observations.get(figure).map_or("", |text| text.trim());
        if text.is_empty() { Vec::new() } else { text.lines().map(str::trim_end).collect() }
    }
}
