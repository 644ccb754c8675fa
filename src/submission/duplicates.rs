//! Files of a class that may be copies of each other.

use super::Submission;
use super::class::HandedIn;
use super::rubric::{Question, answers};
use super::seed::plain_name;
use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

/// A written answer of at least this many characters is not equal to another by chance.
const LONG_ANSWER: usize = 30;

/// The most answers of a file that are compared.
const MOST_ANSWERS: usize = 100;

/// The most files that are named as copies of one.
const NAMED: usize = 20;

/// The most files that are counted as copies of one.
const COUNTED: usize = 1000;

/// For each file, the places of those with equal parts, and these parts.
#[derive(Debug, Clone)]
pub struct Duplicates(Vec<(BTreeSet<usize>, Vec<&'static str>)>);

impl Duplicates {
    /// Finds them. Times, which no two runs share, and long answers of one's own words always count. Equal weights and curves are
    /// what honest runs with one seed have, so they count only for the files that `telling` marks.
    pub fn find(handed: &[HandedIn], telling: &[bool], questions: &[Question]) -> Self {
        let mut found = Self(vec![Default::default(); handed.len()]);
        found.equal(handed, "run times", |_, run| {
            let epochs = &run.history.epochs;
            let times: Vec<u64> = epochs.iter().map(|epoch| epoch.seconds.to_bits()).collect();
            epochs.iter().any(|epoch| epoch.seconds > 0.0).then_some(times)
        });
        found.equal(handed, "weights", |index, run| telling[index].then(|| run.weights_sha256.to_lowercase()));
        found.equal(handed, "curves", |index, run| {
            let epochs = &run.history.epochs;
            let curve: Vec<[u64; 2]> =
                epochs.iter().map(|epoch| [epoch.loss.to_bits(), epoch.accuracy.to_bits()]).collect();
            (telling[index] && !curve.is_empty()).then_some(curve)
        });
        found.equal(handed, "answers", |_, run| long_answers(run, questions));
        found
    }

    /// Adds the files with an equal key to each other; a file may have several keys.
    fn equal<K: Eq + Hash, Keys: IntoIterator<Item = K>>(
        &mut self,
        handed: &[HandedIn],
        part: &'static str,
        keys: impl Fn(usize, &Submission) -> Keys,
    ) {
        let mut groups: HashMap<K, Vec<usize>> = HashMap::new();
        for (index, one) in handed.iter().enumerate() {
            for key in one.submission.as_ref().ok().into_iter().flat_map(|run| keys(index, run)) {
                groups.entry(key).or_default().push(index);
            }
        }
        for group in groups.values().filter(|group| group.len() > 1) {
            for &index in group {
                let (files, parts) = &mut self.0[index];
                for &other in group.iter().filter(|&&other| other != index) {
                    if files.len() == COUNTED {
                        break;
                    }
                    files.insert(other);
                }
                if !parts.contains(&part) {
                    parts.push(part);
                }
            }
        }
    }

    /// The names of the files of which one may be a copy, with a count of those beyond the first, and what they have in common.
    pub fn of(&self, index: usize, handed: &[HandedIn]) -> (Vec<String>, Vec<&'static str>) {
        let (files, parts) = &self.0[index];
        let mut names: Vec<String> = files.iter().take(NAMED).map(|&other| handed[other].file.clone()).collect();
        match files.len() {
            0..=NAMED => {}
            COUNTED => names.push(format!("and {} or more others", COUNTED - NAMED)),
            count => names.push(format!("and {} more", count - NAMED)),
        }
        (names, parts.clone())
    }
}

/// The long answers in one's own words: each once.
fn long_answers(run: &Submission, questions: &[Question]) -> BTreeSet<String> {
    let is_closed = |id: &str| questions.iter().any(|question| question.id == id && question.is_closed());
    let open = answers(run).into_iter().filter(|(id, _)| !is_closed(id));
    let plain = open.map(|(_, answer)| plain_name(&answer));
    plain.filter(|text| text.chars().count() >= LONG_ANSWER).take(MOST_ANSWERS).collect()
}
