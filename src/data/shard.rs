//! The parts of one table, as the Hub names them: `train-00001-of-00003.parquet`, formerly with a checksum behind,
//! `train-00001-of-00003-a09b74b3ef9c3b56.parquet`.

use super::archive::base_name;

/// A file's place among those of its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shard<'a> {
    /// The name before the numbers: `train`.
    pub stem: &'a str,
    /// Counted from 0.
    pub number: usize,
    /// The number of files.
    pub of: usize,
}

/// The most files of a table; more are no numbers of parts.
const MAX_SHARDS: usize = 100_000;

impl<'a> Shard<'a> {
    /// The place that the name of a file gives.
    pub fn of(path: &'a str) -> Option<Self> {
        let (before, after) = base_name(path).rsplit_once("-of-")?;
        let (stem, number) = before.rsplit_once(['-', '_'])?;
        let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        let (number, of) = (digits(number)?, digits(&after[..end])?);
        (number < of && of <= MAX_SHARDS).then_some(Self { stem, number, of })
    }
}

/// The path of another file of the table.
pub(super) fn sibling(path: &str, number: usize) -> Option<String> {
    let (before, after) = path.rsplit_once("-of-")?;
    let head = before.trim_end_matches(|c: char| c.is_ascii_digit());
    let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
    let (of, rest) = after.split_at(end);
    // The checksum of another file is not known.
    let (checksum, extension) = rest.rsplit_once('.').unwrap_or((rest, ""));
    let checksum = if checksum.is_empty() { "" } else { "-…" };
    Some(format!("{head}{number:0width$}-of-{of}{checksum}.{extension}", width = before.len() - head.len()))
}

/// The number of a file in the order of its table; by its first digits where it is not named as on the Hub.
pub(super) fn number(path: &str) -> usize {
    Shard::of(path).map_or_else(
        || {
            let mut numbers = base_name(path).split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty());
            numbers.next().and_then(digits).unwrap_or(0)
        },
        |shard| shard.number,
    )
}

fn digits(text: &str) -> Option<usize> {
    text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hubs_names_tell_the_place_of_a_file() {
        let shard = |path| Shard::of(path).map(|shard| (shard.stem, shard.number, shard.of));
        assert_eq!(shard("data/train-00001-of-00003.parquet"), Some(("train", 1, 3)));
        assert_eq!(shard("cifar10-test-00000-of-00001-a09b74b3ef9c3b56.parquet"), Some(("cifar10-test", 0, 1)));
        for path in ["train.parquet", "train-3-of-3.parquet", "one-of-many.parquet", "train-+1-of-3.parquet", "-of-"] {
            assert_eq!(shard(path), None, "{path}");
        }
        assert_eq!(shard("train-0-of-99999999999999999999"), None);
        let next = |path| sibling(path, 2).unwrap();
        assert_eq!(next("a/train-00001-of-00003.parquet"), "a/train-00002-of-00003.parquet");
        assert_eq!(next("train-1-of-3-a09b.parquet"), "train-2-of-3-….parquet");
    }
}
