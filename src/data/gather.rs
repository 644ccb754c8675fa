//! Which files form a set. A folder, an archive or a drop may hold the files of several sets; those of two sets are never mixed,
//! and a choice between two complete ones is left to the user.

use super::info::{DatasetInfo, Family};
use super::piece::{Piece, Place};
#[cfg(any(feature = "cli", feature = "files"))]
use super::shard::Shard;
use crate::base::error::{Error, FoundSet, Result};
use std::collections::{BTreeMap, BTreeSet};

/// A part of a data set, and the file from which it comes.
#[derive(Debug)]
pub(super) struct Entry {
    /// The path of the file, with that of its archive before it.
    pub path: String,
    pub group: Group,
    pub piece: Piece,
}

/// Files of one set lie in one folder, and their names have the same words beside those for the split and the content:
/// `emnist-letters-train-images` belongs to `emnist-letters-test-labels`, not to `emnist-digits-test-labels`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Group {
    folder: String,
    variant: String,
}

/// Words of file names for the splits.
const SPLITS: [&str; 4] = ["train", "t10k", "test", "val"];

/// Words of file names that say what is in the file, not to which set it belongs.
const PLAIN_WORDS: [&str; 30] = [
    "", "x", "y", "images", "image", "imgs", "img", "labels", "label", "targets", "target", "data", "batch", "idx",
    "idx1", "idx2", "idx3", "idx4", "int", "ubyte", "gz", "npy", "npz", "bin", "ing", "set", "kaggle", "id", "idation",
    "parquet",
];

impl Group {
    pub fn of(path: &str) -> Self {
        let path = path.replace('\\', "/").to_ascii_lowercase();
        let (mut folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let squeeze = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
        // Some unpackers put each file into a folder of its own name.
        let (parent, own) = folder.rsplit_once('/').unwrap_or(("", folder));
        if !own.is_empty() && squeeze(name).starts_with(&squeeze(own)) {
            folder = parent;
        }
        // The Hub's files end in their numbers, and in a checksum: the table is named before them.
        #[cfg(any(feature = "cli", feature = "files"))]
        let name = Shard::of(name).map_or(name, |shard| shard.stem);
        let words = name.split(|c: char| !c.is_ascii_alphanumeric()).map(without_split);
        let is_telling =
            |word: &String| !PLAIN_WORDS.contains(&word.as_str()) && !word.bytes().all(|b| b.is_ascii_digit());
        let variant = words.filter(is_telling).collect::<Vec<_>>().join("-");
        // A name without a split says nothing; the content does.
        let variant = if SPLITS.iter().any(|split| name.contains(split)) { variant } else { String::new() };
        Self { folder: folder.to_string(), variant }
    }

    /// Whether the names have words of their own.
    pub fn is_named(&self) -> bool {
        !self.variant.is_empty()
    }

    /// The words of the names, without those for the split and the content.
    #[cfg(any(feature = "cli", feature = "files"))]
    pub fn words(&self) -> &str {
        &self.variant
    }

    /// Whether the files lie in the same folder.
    #[cfg(any(feature = "cli", feature = "files"))]
    pub fn is_beside(&self, other: &Self) -> bool {
        self.folder == other.folder
    }

    /// The group for a message: the folder, and the words of the names.
    fn describe(&self, paths: &[String]) -> String {
        let first = paths.iter().min().map_or("", String::as_str);
        match (self.folder.is_empty(), self.variant.is_empty()) {
            (true, true) => format!("\"{first}\" and its like"),
            (true, false) => format!("the files \"{}\"", self.variant),
            (false, true) => format!("the files in \"{}\"", self.folder),
            (false, false) => format!("the files \"{}\" in \"{}\"", self.variant, self.folder),
        }
    }
}

/// A word without the name of a split.
fn without_split(word: &str) -> String {
    SPLITS
        .iter()
        .find_map(|split| word.split_once(split))
        .map_or_else(|| word.to_string(), |(before, after)| format!("{before}{after}"))
}

/// The entries that form the set.
///
/// # Errors
/// As [`choose`].
pub(super) fn settle(known: &DatasetInfo, mut entries: Vec<Entry>) -> Result<Vec<Entry>> {
    let chosen = choose(known, &entries)?;
    let group = chosen.first().map(|&i| entries[i].group.clone());
    let mut places = BTreeSet::new();
    let keep: BTreeSet<usize> = chosen.into_iter().filter(|&i| places.insert(entries[i].piece.place())).collect();
    let mut index = 0..;
    entries.retain(|entry| index.next().is_some_and(|i| keep.contains(&i)) || entry.piece.is_names());
    if let Some(group) = group {
        // Class names belong to all sets of their folder. The last ones count, so those that fit best come last.
        entries.sort_by_key(|entry| (entry.piece.is_names(), entry.group.folder == group.folder, entry.group == group));
    }
    Ok(entries)
}

/// Images and labels by their groups.
pub(super) fn groups(entries: &[Entry]) -> BTreeMap<&Group, Vec<usize>> {
    let mut groups: BTreeMap<&Group, Vec<usize>> = BTreeMap::new();
    for (i, entry) in entries.iter().enumerate().filter(|(_, entry)| !entry.piece.is_names()) {
        groups.entry(&entry.group).or_default().push(i);
    }
    groups
}

/// The images and labels that form the set: all of them where no two give the same part, else those of the one complete group.
///
/// # Errors
/// [`Error::Data`] if there are several complete sets that differ, or several incomplete ones.
pub(super) fn choose(known: &DatasetInfo, entries: &[Entry]) -> Result<Vec<usize>> {
    let groups = groups(entries);
    let variants: BTreeSet<&str> =
        groups.keys().map(|group| group.variant.as_str()).filter(|v| !v.is_empty()).collect();
    let all: Vec<usize> = groups.values().flatten().copied().collect();
    let clash = clash(entries, &all);
    if clash.is_none() && variants.len() <= 1 { Ok(all) } else { best_group(known, entries, &groups, clash) }
}

/// Two entries that give the same part with different contents.
fn clash(entries: &[Entry], among: &[usize]) -> Option<[usize; 2]> {
    let mut places: BTreeMap<Place, usize> = BTreeMap::new();
    among.iter().find_map(|&i| {
        let first = *places.entry(entries[i].piece.place()).or_insert(i);
        (first != i && entries[first].piece != entries[i].piece).then_some([first, i])
    })
}

/// The entries of the complete group.
fn best_group(
    known: &DatasetInfo,
    entries: &[Entry],
    groups: &BTreeMap<&Group, Vec<usize>>,
    clash: Option<[usize; 2]>,
) -> Result<Vec<usize>> {
    let found_set = |group: &Group, members: &[usize]| {
        let files: Vec<String> = members.iter().map(|&i| entries[i].path.clone()).collect();
        FoundSet { name: group.describe(&files), files }
    };
    let complete = |members: &[usize]| completeness(known, members.iter().map(|&i| &entries[i].piece));
    let best = groups.values().map(|members| complete(members)).max().unwrap_or(Completeness::Parts);
    let found: Vec<_> = groups.iter().filter(|(_, members)| complete(members) == best).collect();
    if best == Completeness::Parts {
        let same = clash.map(|[a, b]| {
            format!("\"{}\" and \"{}\" give the same part with different contents", entries[a].path, entries[b].path)
        });
        let same = same.unwrap_or_else(|| {
            "their names differ in more than the split (if they belong together, name them alike: train-images, test-images)"
                .to_string()
        });
        let sets: Vec<_> = groups.iter().map(|(group, members)| found_set(group, members)).collect();
        let message = format!(
            "these files seem to be of several sets, none of them complete: {same}. Give the files of one set. Received: {}",
            names(&sets, 4).join(", ")
        );
        return Err(Error::several(message, sets));
    }
    let clash = |members: &[usize]| self::clash(entries, members).map(|pair| (pair, members.to_vec()));
    if let Some(([a, b], members)) = found.iter().find_map(|(_, members)| clash(members)) {
        // Each of the two with all that is not the other.
        let with = |one: usize, other: usize| FoundSet {
            name: format!("\"{}\"", entries[one].path),
            files: members.iter().filter(|&&i| i != other).map(|&i| entries[i].path.clone()).collect(),
        };
        let message = format!(
            "\"{}\" and \"{}\" give the same part of {} with different contents. Give one of them",
            entries[a].path, entries[b].path, known.title
        );
        return Err(Error::several(message, vec![with(a, b), with(b, a)]));
    }
    let parts = |members: &[usize]| -> BTreeMap<Place, &Piece> {
        members.iter().map(|&i| (entries[i].piece.place(), &entries[i].piece)).collect()
    };
    let (_, first) = found[0];
    if found.iter().all(|(_, members)| parts(members) == parts(first)) {
        return Ok(first.clone());
    }
    let sets: Vec<_> = found.iter().map(|(group, members)| found_set(group, members)).collect();
    let message = format!(
        "{} different sets fit {}, and training on one and testing on another would be wrong: give the files of one of them \
         alone. Received: {}",
        found.len(),
        known.title,
        names(&sets, 6).join("; ")
    );
    Err(Error::several(message, sets))
}

/// The names of the first sets.
fn names(sets: &[FoundSet], most: usize) -> Vec<&str> {
    sets.iter().take(most).map(|set| set.name.as_str()).collect()
}

/// How much of a set there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Completeness {
    /// Training or test images are missing.
    Parts,
    /// There are training and test images, but not all of CIFAR-10's batches.
    Usable,
    Whole,
}

/// How complete these parts are.
pub(super) fn completeness<'a>(known: &DatasetInfo, pieces: impl Iterator<Item = &'a Piece> + Clone) -> Completeness {
    use super::images::Split;
    let has = |split: Split| {
        let of = |piece: &&Piece| piece.split() == Some(split);
        let mut parts = pieces.clone().filter(of);
        let (images, labels) = (
            pieces.clone().filter(of).any(|piece| matches!(piece, Piece::Images(..))),
            pieces.clone().filter(of).any(|piece| matches!(piece, Piece::Labels(..))),
        );
        parts.any(|piece| matches!(piece, Piece::Batch(..))) || (images && labels)
    };
    let batches: BTreeSet<Place> =
        pieces.clone().filter(|piece| matches!(piece, Piece::Batch(..))).map(Piece::place).collect();
    match has(Split::Train) && has(Split::Test) {
        false => Completeness::Parts,
        true if known.family == Family::Cifar && known.coarse.is_empty() && (1..6).contains(&batches.len()) => {
            Completeness::Usable
        }
        true => Completeness::Whole,
    }
}
