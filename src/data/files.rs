//! From the bytes of one file of any supported format to the parts of a data set that it contains.

use super::archive::{Contents, tar_members, zip_members};
use super::array::{Array, show, volume};
use super::cifar::{self, Batch, Python};
use super::images::{Split, check_labels};
use super::info::{DatasetInfo, Family};
use super::sniff::{Kind, describe, kind};
use super::stream::{Counted, Progress, gunzip, peek_gzip, read_all};
use super::{idx, npy};
use crate::base::error::{Error, Result};

/// A part of a data set.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Images of `[height, width, channels]`, whose labels come from another file.
    Images(Split, [usize; 3], Vec<u8>),
    Labels(Split, Vec<u8>),
    /// Images with their labels, and the number of the batch.
    Batch(Split, u8, Batch),
    /// Class names, and coarse ones; either may be empty.
    Names(Vec<String>, Vec<String>),
}

impl Piece {
    /// The identity of a piece: of two with the same identity, the later replaces the earlier.
    fn place(&self) -> (std::mem::Discriminant<Self>, Option<(Split, u8)>, bool) {
        let place = match self {
            Self::Images(split, ..) | Self::Labels(split, _) => Some((*split, 0)),
            Self::Batch(split, number, _) => Some((*split, *number)),
            Self::Names(..) => None,
        };
        (std::mem::discriminant(self), place, matches!(self, Self::Names(names, _) if names.is_empty()))
    }
}

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
    if let Some((_, rest)) = name.split_once("data_batch_") {
        let number =
            rest.bytes().take_while(u8::is_ascii_digit).fold(0_u8, |n, d| n.wrapping_mul(10).wrapping_add(d - b'0'));
        return Role::Data(Split::Train, number);
    }
    match ["train", "t10k", "test"].iter().find(|word| name.contains(*word)) {
        Some(&"train") => Role::Data(Split::Train, 0),
        Some(_) => Role::Data(Split::Test, 0),
        None => Role::Unknown,
    }
}

/// Whether a member of an archive may be needed. Image files, code and web pages are not.
fn wanted(known: &DatasetInfo, name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    let data = ["", "bin", "gz", "npy", "txt", "meta"].contains(&extension.as_str()) || extension.ends_with("ubyte");
    let of_cifar = known.family == Family::Idx && name.contains("_batch");
    data && !of_cifar && matches!(role(known, name), Role::Data(..) | Role::Names(_))
}

/// The parts of the data set that the file contains.
///
/// # Errors
/// [`Error::Data`] if there are none, or the file is damaged.
pub(super) fn read(known: &DatasetInfo, name: &str, bytes: &[u8], progress: Progress) -> Result<Vec<Piece>> {
    match kind(bytes) {
        Kind::Gzip => {
            let start = peek_gzip(bytes);
            if kind(&start) == Kind::Tar {
                read_tar(known, gunzip(bytes, progress), bytes.len())
            } else {
                let inner = unpack(known, &start, bytes, progress)?;
                Ok(vec![file(known, name, &inner)?])
            }
        }
        Kind::Tar => read_tar(known, Counted::new(bytes, progress), bytes.len()),
        Kind::Zip => members(known, |wanted, visit| zip_members(bytes, known.max_bytes(), wanted, visit)),
        _ => Ok(vec![file(known, name, bytes)?]),
    }
}

fn read_tar(known: &DatasetInfo, reader: impl std::io::Read, input: usize) -> Result<Vec<Piece>> {
    members(known, |wanted, visit| tar_members(reader, [known.max_bytes(), input], wanted, visit))
}

/// The parts in an archive, whose members `walk` visits.
fn members<W>(known: &DatasetInfo, walk: W) -> Result<Vec<Piece>>
where
    W: FnOnce(&dyn Fn(&str) -> bool, &mut dyn FnMut(&str, Vec<u8>) -> Result<()>) -> Result<Contents>,
{
    let mut pieces: Vec<Piece> = Vec::new();
    let seen = walk(&|name| wanted(known, name), &mut |name, bytes| {
        let piece = member(known, name, bytes).map_err(|error| within(name, error))?;
        // Some archives contain a file twice, in different folders.
        pieces.retain(|other| other.place() != piece.place());
        pieces.push(piece);
        Ok(())
    })?;
    if pieces.is_empty() {
        return Err(Error::Data(format!(
            "it contains no file of {}, which takes {}. Received: {}",
            known.title,
            known.files,
            seen.describe()
        )));
    }
    Ok(pieces)
}

/// Reads a member of an archive. A compressed member is unpacked once.
fn member(known: &DatasetInfo, name: &str, bytes: Vec<u8>) -> Result<Piece> {
    if kind(&bytes) != Kind::Gzip {
        return file(known, name, &bytes);
    }
    let inner = unpack(known, &peek_gzip(&bytes), &bytes, &mut |_, _| ())?;
    drop(bytes);
    file(known, name, &inner)
}

/// Inflates a single gzip file. If it contains an IDX file, its header limits the size.
fn unpack(known: &DatasetInfo, start: &[u8], bytes: &[u8], progress: Progress) -> Result<Vec<u8>> {
    let mut limit = known.max_bytes();
    if known.family == Family::Idx && kind(start) == Kind::Idx {
        let (shape, length) = idx::header(start)?;
        limit = limit.min(length + volume(&shape)?);
    }
    read_all(gunzip(bytes, progress), limit, bytes.len())
}

/// Reads a single file that is not an archive.
pub(super) fn file(known: &DatasetInfo, name: &str, bytes: &[u8]) -> Result<Piece> {
    let role = role(known, name);
    match (kind(bytes), known.family) {
        (_, Family::Cifar | Family::Idx) if bytes.is_empty() => {
            Err(Error::Data("the file is empty (0 bytes). Download or copy it again".to_string()))
        }
        (Kind::Pickle, Family::Cifar) => python(known, role, bytes),
        (Kind::Npy, _) => array(known, role, npy::decode(bytes)?),
        (Kind::Idx, Family::Idx) => array(known, role, idx::decode(bytes)?),
        (Kind::Other, _) if matches!(role, Role::Names(_)) => names_text(known, role == Role::Names(true), bytes),
        (_, Family::Cifar) => {
            let batch = cifar::decode_binary(known, bytes)?;
            let Role::Data(split, number) = role else { return Err(which_split()) };
            Ok(Piece::Batch(split, number, batch))
        }
        _ => Err(Error::Data(format!(
            "not a file of {}, which takes {}. Received: {}",
            known.title,
            known.files,
            describe(bytes)
        ))),
    }
}

fn which_split() -> Error {
    Error::Data(
        "its name does not say whether this is the training or the test part; put \"train\" or \"test\" into the name"
            .to_string(),
    )
}

fn python(known: &DatasetInfo, role: Role, bytes: &[u8]) -> Result<Piece> {
    match cifar::decode_python(known, bytes)? {
        Python::Names(names, coarse) => names_checked(known, names, coarse),
        Python::Batch(told, batch) => match (told, role) {
            // CIFAR-100 has one batch per split, numbered 1 in the Python version and not numbered in the binary one.
            (Some((split, number)), _) => {
                Ok(Piece::Batch(split, if known.coarse.is_empty() { number } else { 0 }, batch))
            }
            (None, Role::Data(split, number)) => Ok(Piece::Batch(split, number, batch)),
            _ => Err(which_split()),
        },
    }
}

/// Labels or images from an array: labels have one dimension, images three or four.
fn array(known: &DatasetInfo, role: Role, array: Array) -> Result<Piece> {
    let split = match role {
        Role::Data(split, _) => Some(split),
        _ => Split::BOTH.into_iter().find(|&split| known.count(split) == array.shape.first().copied()),
    };
    let split = split.ok_or_else(which_split)?;
    let size = match array.shape[..] {
        [_] | [_, 1] => {
            check_labels(&array.values, known.classes.len())?;
            return Ok(Piece::Labels(split, array.values));
        }
        [_, height, width] => [height, width, 1],
        [_, height, width, channels] => [height, width, channels],
        _ => {
            return Err(Error::Data(format!(
                "labels have 1 dimension, images 3 (n, height, width) or 4 (…, channels). Received: {}",
                show(&array.shape)
            )));
        }
    };
    match known.size {
        Some(expected) if expected != size => Err(Error::Data(format!(
            "the images of {} are {}; choose the data set that these belong to, or \"custom\". Received: {}",
            known.title,
            show(&expected),
            show(&size)
        ))),
        _ => Ok(Piece::Images(split, size, array.values)),
    }
}

fn names_text(known: &DatasetInfo, coarse: bool, bytes: &[u8]) -> Result<Piece> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() < 65_536);
    let text = text.ok_or_else(|| {
        Error::Data(format!("class names are a short text, one per line. Received: {}", describe(bytes)))
    })?;
    let names = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_string).collect();
    if coarse { names_checked(known, Vec::new(), names) } else { names_checked(known, names, Vec::new()) }
}

fn names_checked(known: &DatasetInfo, names: Vec<String>, coarse: Vec<String>) -> Result<Piece> {
    for name in names.iter().chain(&coarse) {
        if name.is_empty() || name.chars().count() > 64 || name.chars().any(|c| c.is_control() || "<>".contains(c)) {
            return Err(Error::Data(format!(
                "a class name is a line of 1 to 64 plain characters. Received: {name:.80?}"
            )));
        }
    }
    for (names, classes) in [(&names, known.classes.len()), (&coarse, known.coarse.len())] {
        let fits = if known.size.is_some() { names.len() == classes } else { names.len() <= 256 };
        if !names.is_empty() && !fits {
            return Err(Error::Data(format!(
                "{} has {classes} classes. Received: {} class names",
                known.title,
                names.len()
            )));
        }
    }
    if names.is_empty() && coarse.is_empty() {
        return Err(Error::Data("a file of class names has one per line. Received: no name".to_string()));
    }
    Ok(Piece::Names(names, coarse))
}

/// Adds the name of the file to an error.
pub(super) fn within(name: &str, error: Error) -> Error {
    match error {
        Error::Data(message) => Error::Data(format!("{name}: {message}")),
        other => other,
    }
}
