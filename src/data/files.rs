//! From the bytes of one file of any supported format to the parts of a data set that it contains.

use super::archive::{Contents, Limits, base_name, tar_members, zip_members};
use super::array::{Array, show, volume};
use super::cifar::{self, Python};
use super::gather::{Completeness, Group, completeness};
use super::images::{Split, check_labels};
use super::info::{DatasetInfo, Family};
use super::piece::Piece;
use super::role::{Role, role_of};
use super::sniff::{Kind, describe, kind};
use super::stream::{Progress, gunzip, peek_gzip, read_all, reserve};
use super::{idx, mat, npy};
use crate::base::error::{Error, Result};
use crate::base::text::decode;
use ndarray::ArrayView;

/// Whether a member of an archive may be needed. Image files, code and web pages are not.
fn wanted(known: &DatasetInfo, path: &str) -> bool {
    let name = base_name(path);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    let data = ["", "bin", "gz", "npy", "txt", "meta"].contains(&extension.as_str()) || extension.ends_with("ubyte");
    let of_cifar = known.family != Family::Cifar && name.contains("_batch");
    data && !of_cifar && !name.is_empty() && matches!(role_of(known, path), Role::Data(..) | Role::Names(_))
}

/// The parts of the data set that the file contains, each with its path inside an archive (empty for a single file).
///
/// # Errors
/// [`Error::Data`] if there are none, or the file is damaged.
pub(super) fn read(known: &DatasetInfo, path: &str, bytes: &[u8], progress: Progress) -> Result<Vec<(String, Piece)>> {
    let alone = |piece| vec![(String::new(), piece)];
    match kind(bytes) {
        Kind::Gzip => {
            let start = peek_gzip(bytes);
            if kind(&start) == Kind::Tar {
                read_tar(known, path, bytes, progress)
            } else {
                let inner = unpack(known, &start, bytes, progress)?;
                file(known, path, &inner).map(alone)
            }
        }
        Kind::Tar => read_tar(known, path, bytes, progress),
        Kind::Zip => {
            members(known, path, |wanted, visit| zip_members(bytes, limits(known, bytes.len()), wanted, visit))
        }
        Kind::Mat if known.family == Family::Mat => matlab(known, path, bytes),
        #[cfg(any(feature = "cli", feature = "files"))]
        Kind::Parquet => super::parquet::pieces(known, path, bytes, progress),
        _ => file(known, path, bytes).map(alone),
    }
}

/// SVHN's files: images whose rows run fastest and whose last axis counts them, and labels in which 10 stands for the digit 0.
fn matlab(known: &DatasetInfo, path: &str, bytes: &[u8]) -> Result<Vec<(String, Piece)>> {
    let Role::Data(split, _) = role_of(known, path) else { return Err(which_split()) };
    let mut arrays = mat::decode(bytes, known.max_bytes())?;
    let mut take = |name: &str| arrays.iter().position(|array| array.name == name).map(|i| arrays.swap_remove(i));
    let (Some(images), Some(mut digits)) = (take("X"), take("y")) else {
        let names: Vec<_> = arrays.iter().map(|array| array.name.as_str()).collect();
        return Err(Error::Data(format!(
            "a file of {} has the arrays X and y. Received: {}",
            known.title,
            if names.is_empty() { "neither".to_string() } else { names.join(", ") }
        )));
    };
    let size = known.size.unwrap_or([32, 32, 3]);
    let [height, width, channels] = size;
    let (n, stored) = match images.shape[..] {
        // MATLAB drops a last axis of 1.
        [h, w, c] if [h, w, c] == size => (1, &images.values),
        [h, w, c, n] if [h, w, c] == size => (n, &images.values),
        _ => {
            let rule = format!("the images of {} have the shape {} x n", known.title, show(&size));
            return Err(Error::Data(format!("{rule}. Received: {}", show(&images.shape))));
        }
    };
    let view =
        ArrayView::from_shape((n, channels, width, height), stored).map_err(|error| Error::Data(error.to_string()))?;
    let mut pixels = Vec::new();
    reserve(&mut pixels, stored.len())?;
    pixels.extend(view.permuted_axes([0, 3, 2, 1]).iter().copied());
    for digit in &mut digits.values {
        *digit = match *digit {
            10 => 0,
            1..=9 => *digit,
            other => return Err(Error::Data(format!("labels of {} run from 1 to 10. Received: {other}", known.title))),
        };
    }
    let named = |piece| (String::new(), piece);
    Ok(vec![named(Piece::Images(split, size, pixels)), named(Piece::Labels(split, digits.values))])
}

fn limits(known: &DatasetInfo, input: usize) -> Limits {
    Limits { bytes: known.max_bytes(), member: known.max_bytes(), input, members: Limits::MEMBERS }
}

fn read_tar(known: &DatasetInfo, archive: &str, bytes: &[u8], progress: Progress) -> Result<Vec<(String, Piece)>> {
    let limits = limits(known, bytes.len());
    members(known, archive, |wanted, visit| tar_members(bytes, progress, limits, wanted, visit))
}

/// The parts in an archive, whose members `walk` visits.
fn members<W>(known: &DatasetInfo, archive: &str, walk: W) -> Result<Vec<(String, Piece)>>
where
    W: FnOnce(&dyn Fn(&str) -> bool, &mut dyn FnMut(&str, Vec<u8>) -> Result<()>) -> Result<Contents>,
{
    let mut pieces: Vec<(String, Piece)> = Vec::new();
    let whole = |path: &str| format!("{archive}/{path}");
    let mut unfit = None;
    let seen = walk(&|path| wanted(known, &whole(path)), &mut |path, bytes| {
        let piece = match member(known, &whole(path), bytes).map_err(|error| error.in_file(base_name(path))) {
            Ok(piece) => piece,
            // People save more than the set: mean_train.npy.
            Err(error) if path.ends_with(".npy") && Group::of(path).is_named() => {
                unfit.get_or_insert(error);
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        // A file that was added to the archive again replaces the former.
        pieces.retain(|(other, _)| other != path);
        pieces.push((path.to_string(), piece));
        Ok(())
    })?;
    let is_partial = || completeness(known, pieces.iter().map(|(_, piece)| piece)) == Completeness::Parts;
    if let Some(error) = unfit.filter(|_| is_partial()) {
        return Err(error);
    }
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
fn member(known: &DatasetInfo, path: &str, bytes: Vec<u8>) -> Result<Piece> {
    if kind(&bytes) != Kind::Gzip {
        return file(known, path, &bytes);
    }
    let inner = unpack(known, &peek_gzip(&bytes), &bytes, &mut |_, _| ())?;
    drop(bytes);
    file(known, path, &inner)
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
pub(super) fn file(known: &DatasetInfo, path: &str, bytes: &[u8]) -> Result<Piece> {
    let role = role_of(known, path);
    match (kind(bytes), known.family) {
        _ if bytes.is_empty() => Err(Error::Data("the file is empty (0 bytes). Download or copy it again".to_string())),
        (Kind::Pickle, Family::Cifar) => python(known, role, bytes),
        (Kind::Npy, _) => array(known, role, npy::decode(bytes)?),
        (_, Family::Stl) => stl(known, role, path, bytes),
        (Kind::Idx, Family::Idx) => array(known, role, idx::decode(bytes)?),
        (_, _) if matches!(role, Role::Names(_)) => names_text(known, role == Role::Names(true), bytes),
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

/// STL-10's files: labels of one byte, or images of three planes, each of which is stored column by column.
fn stl(known: &DatasetInfo, role: Role, path: &str, bytes: &[u8]) -> Result<Piece> {
    let Role::Data(split, _) = role else { return Err(which_split()) };
    if base_name(path).to_ascii_lowercase().contains("_y") {
        return Ok(Piece::Labels(split, labels(known, bytes.to_vec())?));
    }
    const SIDE: usize = 96;
    if bytes.is_empty() || !bytes.len().is_multiple_of(3 * SIDE * SIDE) {
        return Err(Error::Data(format!(
            "images of {} are a whole number of {} bytes. Received: {}",
            known.title,
            3 * SIDE * SIDE,
            describe(bytes)
        )));
    }
    let n = bytes.len() / (3 * SIDE * SIDE);
    let stored = ArrayView::from_shape((n, 3, SIDE, SIDE), bytes).map_err(|error| Error::Data(error.to_string()))?;
    // (n, channel, column, row) to (n, row, column, channel).
    let pixels = stored.permuted_axes([0, 3, 2, 1]).iter().copied().collect();
    Ok(Piece::Images(split, [SIDE, SIDE, 3], pixels))
}

/// Labels counted from 0, which some files count from 1.
fn labels(known: &DatasetInfo, mut labels: Vec<u8>) -> Result<Vec<u8>> {
    let first = known.first_label();
    if let Some(label) = labels.iter().find(|label| **label < first) {
        return Err(Error::Data(format!("labels of {} are counted from {first}. Received: {label}", known.title)));
    }
    labels.iter_mut().for_each(|label| *label -= first);
    check_labels(&labels, known.classes.len())?;
    Ok(labels)
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
            return Ok(Piece::Labels(split, labels(known, array.values)?));
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
        _ if known.is_transposed() => Ok(Piece::Images(split, size, transposed(size, &array.values))),
        _ => Ok(Piece::Images(split, size, array.values)),
    }
}

/// Grey square images with rows and columns exchanged.
fn transposed([height, width, _]: [usize; 3], pixels: &[u8]) -> Vec<u8> {
    let image = |image: &[u8], out: &mut Vec<u8>| {
        (0..height).for_each(|column| out.extend(image[column..].iter().step_by(width).copied()));
    };
    let mut out = Vec::with_capacity(pixels.len());
    pixels.chunks_exact(height * width).for_each(|pixels| image(pixels, &mut out));
    out
}

fn names_text(known: &DatasetInfo, coarse: bool, bytes: &[u8]) -> Result<Piece> {
    let text = if bytes.len() < 65_536 { decode(bytes) } else { None };
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
