//! What a file is for, by its name.

use super::archive::base_name;
use super::images::Split;
use super::info::{DatasetInfo, Family};

/// The role of a file, by its name alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Images, labels or both, and the number of a CIFAR-10 training batch.
    Data(Split, u8),
    /// Class names as text, one per line; true for the coarse ones.
    Names(bool),
    /// A file that comes with the data set but is not needed.
    Companion,
    Unknown,
}

/// The role of a file with this name. The content decides the format, but does not distinguish training from test.
pub(super) fn role(known: &DatasetInfo, name: &str) -> Role {
    let name = name.to_ascii_lowercase();
    if ["readme.html", "readme", ".ds_store", "thumbs.db", "desktop.ini"].contains(&name.as_str())
        || name.starts_with("._")
    {
        return Role::Companion;
    }
    if name.ends_with(".txt") {
        let names = ["batches.meta.txt", "label_names.txt", "classes.txt"].iter().any(|end| name.ends_with(end));
        return if names && known.has_names() { Role::Names(name.starts_with("coarse")) } else { Role::Unknown };
    }
    if known.family == Family::Cifar && ["meta", "batches.meta"].contains(&name.as_str()) {
        return Role::Names(false);
    }
    let of_svhn = [".mat", ".parquet"].iter().any(|end| name.ends_with(end)) && !name.contains("extra");
    if known.family == Family::Mat && !of_svhn {
        return Role::Unknown;
    }
    if let Some((_, rest)) = name.split_once("data_batch_") {
        let number =
            rest.bytes().take_while(u8::is_ascii_digit).fold(0_u8, |n, d| n.wrapping_mul(10).wrapping_add(d - b'0'));
        return Role::Data(Split::Train, number);
    }
    let is_word = |word: &str| name.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| part == word);
    // EMNIST's archive holds six sets.
    if known.split_name().is_some_and(|split| !is_word(split)) {
        return Role::Unknown;
    }
    match ["train", "t10k", "test"].iter().find(|word| name.contains(*word)) {
        Some(&"train") => Role::Data(Split::Train, 0),
        Some(_) => Role::Data(Split::Test, 0),
        None if known.has_validation() && ["val", "valid", "validation"].into_iter().any(is_word) => {
            Role::Data(Split::Validation, 0)
        }
        None => Role::Unknown,
    }
}

/// The role of a file by its name; where that says nothing of the split, by the name of its folder (`train/images.npy`).
pub(super) fn role_of(known: &DatasetInfo, path: &str) -> Role {
    let of_name = role(known, base_name(path));
    if of_name != Role::Unknown || known.family != Family::Idx {
        return of_name;
    }
    let folder = path.rsplit(['/', '\\']).nth(1).unwrap_or("");
    match role(known, folder) {
        Role::Data(split, 0) if !base_name(path).ends_with(".txt") => Role::Data(split, 0),
        _ => Role::Unknown,
    }
}
