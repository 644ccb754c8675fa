//! The Parquet files that form a set, and their classes.

use super::table::Labels;
use crate::base::error::{Error, FoundSet, Result};
use crate::data::gather::Group;
use crate::data::images::{self, Split};
use crate::data::shard::{Shard, number, sibling};
use std::collections::{BTreeMap, BTreeSet};

/// The most classes; a label is a byte.
const MAX_CLASSES: usize = 256;
/// The most names that a message lists.
const LISTED: usize = 3;

/// The decoded rows of a file.
#[derive(Debug)]
pub(super) struct Part {
    pub path: String,
    pub split: Split,
    pub pixels: Vec<u8>,
    pub labels: Labels,
    pub names: Option<Vec<String>>,
    pub rows: usize,
}

impl Part {
    /// The set to which the file belongs. Those of a split may lie in a folder of its name.
    fn group(&self) -> Group {
        let path = self.path.replace('\\', "/");
        let (folders, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let without_splits = |folder: &str| {
            let words = folder.split(|c: char| !c.is_ascii_alphanumeric());
            words.filter(|word| split_word(&word.to_ascii_lowercase()).is_none()).collect::<Vec<_>>().join("-")
        };
        let folders: Vec<String> = folders.split('/').map(without_splits).filter(|folder| !folder.is_empty()).collect();
        Group::of(&format!("{}/{name}", folders.join("/")))
    }

    fn is_copy_of(&self, other: &Self) -> bool {
        self.split == other.split
            && self.labels == other.labels
            && self.names == other.names
            && self.pixels == other.pixels
    }

    /// Whether the two cannot belong to one set: they give the same images, or their names tell of different sets.
    fn excludes(&self, other: &Self) -> bool {
        let (own, its) = (self.group(), other.group());
        if self.split != other.split {
            return own.is_named() && its.is_named() && own.words() != its.words();
        }
        let repeats = match (Shard::of(&self.path), Shard::of(&other.path)) {
            (None, None) => false,
            (Some(a), Some(b)) => own == its && (a.number == b.number || a.of != b.of),
            _ => own == its,
        };
        repeats || !own.is_beside(&its) || own.is_named() != its.is_named()
    }
}

/// The split of a file, by the words of its name, else of its folder.
pub(super) fn split_of(path: &str) -> Split {
    let path = path.to_ascii_lowercase();
    let word = |part: &str| part.split(|c: char| !c.is_ascii_alphabetic()).find_map(split_word);
    path.rsplit(['/', '\\']).find_map(word).unwrap_or(Split::Train)
}

fn split_word(word: &str) -> Option<Split> {
    match word {
        "train" | "training" => Some(Split::Train),
        "test" | "testing" => Some(Split::Test),
        "val" | "valid" | "validation" | "dev" => Some(Split::Validation),
        _ => None,
    }
}

/// The files of one set, in the order of their numbers and names; of equal ones the first.
///
/// # Errors
/// [`Error::Data`] if there are files of several sets.
pub(super) fn choose(mut parts: Vec<Part>) -> Result<Vec<Part>> {
    parts.sort_by(|a, b| (number(&a.path), &a.path).cmp(&(number(&b.path), &b.path)));
    let mut chosen: Vec<Part> = Vec::new();
    let mut rest = parts.into_iter();
    while let Some(part) = rest.next() {
        if chosen.iter().any(|other| part.is_copy_of(other)) {
            continue;
        }
        let Some(other) = chosen.iter().find(|other| part.excludes(other)) else {
            chosen.push(part);
            continue;
        };
        let message = format!(
            "several sets fit, and a mixture of them would be wrong: give one of them. If the files belong together, put them \
             into one folder and name them alike (train-1, train-2, test). Received: \"{}\" ({} rows) and \"{}\" ({} rows)",
            other.path, other.rows, part.path, part.rows
        );
        let all: Vec<&Part> = chosen.iter().chain([&part]).chain(rest.as_slice()).collect();
        // Files in other folders may fit by their names, and may be of the other set.
        let fits = |a: &Part, b: &Part| a.group().is_beside(&b.group()) && !a.excludes(b) && !b.excludes(a);
        let set = |one: &Part| {
            let its = all.iter().filter(|part| part.path == one.path || fits(part, one));
            FoundSet { name: one.path.clone(), files: its.map(|part| part.path.clone()).collect() }
        };
        return Err(Error::several(message, vec![set(other), set(&part)]));
    }
    Ok(chosen)
}

/// The files that are missing between others, by their numbers.
pub(super) fn absent(parts: &[Part]) -> Vec<String> {
    let mut tables: BTreeMap<(Group, Split), (&str, usize, BTreeSet<usize>)> = BTreeMap::new();
    for part in parts {
        if let Some(Shard { number, of, .. }) = Shard::of(&part.path) {
            let table = tables.entry((part.group(), part.split)).or_insert((&part.path, of, BTreeSet::new()));
            table.2.insert(number);
        }
    }
    let mut missing = Vec::new();
    for (path, of, numbers) in tables.into_values() {
        let absent: Vec<usize> = (0..of).filter(|number| !numbers.contains(number)).collect();
        missing.extend(absent.iter().take(LISTED).filter_map(|&number| sibling(path, number)));
        if absent.len() > LISTED {
            missing.push(format!("{} more of the {of} files", absent.len() - LISTED));
        }
    }
    missing
}

/// The names of the classes, and the labels of each file as indices into them.
pub(super) fn classes(parts: &[Part]) -> Result<(Vec<String>, Vec<Vec<u8>>)> {
    let wrong =
        |rule: String| Err(Error::Data(format!("{rule}: choose another \"label_column\" in the experiment's dataset")));
    let texts = parts.iter().filter(|part| matches!(part.labels, Labels::Texts(_))).count();
    if texts != 0 && texts != parts.len() {
        return wrong("some files have texts as labels, others numbers".to_string());
    }
    let distinct: BTreeSet<&String> = parts
        .iter()
        .flat_map(|part| match &part.labels {
            Labels::Texts(values) => values.as_slice(),
            Labels::Numbers(_) => &[],
        })
        .collect();
    if distinct.len() > MAX_CLASSES {
        return wrong(format!(
            "a data set has at most {MAX_CLASSES} classes. Received: {} different labels",
            distinct.len()
        ));
    }
    let given = parts.iter().filter(|part| part.names.as_ref().is_some_and(|names| names.len() <= MAX_CLASSES));
    // The classes are in the order of the training files.
    let given = given.min_by_key(|part| part.split);
    let most = given.and_then(|part| part.names.as_ref()).map_or(MAX_CLASSES, Vec::len);
    let mut highest = 0;
    let mut labels = Vec::new();
    for part in parts {
        let mut own = Vec::with_capacity(part.labels.len());
        match &part.labels {
            Labels::Numbers(values) => {
                let order = given.map(|first| order(part, first)).transpose()?.flatten();
                for &value in values {
                    let Some(label) = u8::try_from(value).ok().filter(|&label| usize::from(label) < most) else {
                        return wrong(format!("labels run from 0 to {}. Received: {value}", most - 1));
                    };
                    highest = highest.max(label);
                    own.push(order.as_ref().map_or(label, |order| order[usize::from(label)]));
                }
            }
            Labels::Texts(values) => {
                let sorted: Vec<&String> = distinct.iter().copied().collect();
                own.extend(values.iter().map(|value| sorted.binary_search(&value).unwrap_or(0) as u8));
            }
        }
        labels.push(own);
    }
    let names = match (texts > 0, given.and_then(|part| part.names.clone())) {
        (true, _) => distinct.into_iter().cloned().collect(),
        (false, Some(names)) => names,
        (false, None) => (0..=highest).map(|class| class.to_string()).collect(),
    };
    Ok((names, labels))
}

/// Which label of the file `first` each label of `part` is, where the two name the same classes in another order.
///
/// # Errors
/// [`Error::Data`] if they name other classes.
fn order(part: &Part, first: &Part) -> Result<Option<Vec<u8>>> {
    let (Some(own), Some(names)) = (&part.names, &first.names) else { return Ok(None) };
    if own == names {
        return Ok(None);
    }
    if let Some(order) = images::order(own, names) {
        return Ok(Some(order));
    }
    let list = |names: &[String]| {
        let more = if names.len() > LISTED { ", …" } else { "" };
        format!("{} classes ({}{more})", names.len(), names[..names.len().min(LISTED)].join(", "))
    };
    Err(Error::Data(format!(
        "the files name different classes, so their labels do not mean the same: give the files of one set. Received: \"{}\" with \
         {}, and \"{}\" with {}",
        first.path,
        list(names),
        part.path,
        list(own)
    )))
}
