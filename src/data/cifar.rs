//! CIFAR-10 and CIFAR-100 batches, binary and Python. Both store an image as three planes (red, green, blue); decoding
//! interleaves them, so that the channels are the last axis.
//!
//! # Source
//! Krizhevsky, "The CIFAR-10 dataset", <https://www.cs.toronto.edu/~kriz/cifar.html>, for both layouts.

use super::images::Split;
use super::info::DatasetInfo;
use super::pickle::{self, Value};
use super::sniff;
use super::stream::reserve;
use crate::base::error::{Error, Result};

/// The bytes of an image, and of one of its planes.
const IMAGE: usize = 3072;
const PLANE: usize = IMAGE / 3;

/// The images of one file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Batch {
    /// `(n, 32, 32, 3)`.
    pub pixels: Vec<u8>,
    pub labels: Vec<u8>,
    /// The coarse labels of CIFAR-100; empty for CIFAR-10.
    pub coarse: Vec<u8>,
}

impl Batch {
    /// Adds an image given as three planes.
    fn push_planes(&mut self, planes: &[u8]) {
        let (red, rest) = planes.split_at(PLANE);
        let (green, blue) = rest.split_at(PLANE);
        self.pixels.extend(red.iter().zip(green).zip(blue).flat_map(|((&r, &g), &b)| [r, g, b]));
    }

    fn check_labels(&self, known: &DatasetInfo) -> Result<()> {
        super::images::check_labels(&self.labels, known.classes.len())?;
        super::images::check_labels(&self.coarse, known.coarse.len())
    }
}

/// Decodes a binary batch: records of one label (CIFAR-100: the coarse one, then the fine one) and an image.
pub(super) fn decode_binary(known: &DatasetInfo, bytes: &[u8]) -> Result<Batch> {
    let head = if known.coarse.is_empty() { 1 } else { 2 };
    let record = head + IMAGE;
    if bytes.is_empty() || !bytes.len().is_multiple_of(record) {
        let other = if head == 1 { ("CIFAR-100", record + 1) } else { ("CIFAR-10", record - 1) };
        let hint = match !bytes.is_empty() && bytes.len().is_multiple_of(other.1) {
            true => format!(" (its length is right for {})", other.0),
            false => String::new(),
        };
        return Err(Error::Data(format!(
            "a binary batch of {} is a whole number of records of {record} bytes; choose the complete official files. Received: {}{hint}",
            known.title,
            sniff::describe(bytes)
        )));
    }
    let mut batch = Batch::default();
    reserve(&mut batch.pixels, bytes.len() / record * IMAGE)?;
    for record in bytes.chunks_exact(record) {
        let (labels, planes) = record.split_at(head);
        batch.labels.push(labels[head - 1]);
        batch.coarse.extend(&labels[..head - 1]);
        batch.push_planes(planes);
    }
    // The binary version has no magic number, so a file of the right length can still be of another kind.
    let other_kind = |message| format!("{message}; the file is damaged or not a binary batch of {}", known.title);
    batch.check_labels(known).map_err(|error| error.map_data(other_kind))?;
    Ok(batch)
}

/// The content of a Python file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Python {
    /// Images, with the split and the number of the batch if the file gives them.
    Batch(Option<(Split, u8)>, Batch),
    /// The class names, and the coarse ones (CIFAR-100).
    Names(Vec<String>, Vec<String>),
}

/// Decodes a Python batch, or the file with the class names.
pub(super) fn decode_python(known: &DatasetInfo, bytes: &[u8]) -> Result<Python> {
    let (label_key, coarse_key, names_key) = match known.coarse.is_empty() {
        true => ("labels", "", "label_names"),
        false => ("fine_labels", "coarse_labels", "fine_label_names"),
    };
    let root = pickle::parse(bytes)?;
    if let Some(names) = root.get(names_key) {
        let coarse = root.get("coarse_label_names").map(names_of).transpose()?;
        return Ok(Python::Names(names_of(names)?, coarse.unwrap_or_default()));
    }
    let (Some(Value::Array(Some(data))), Some(labels)) = (root.get("data"), root.get(label_key)) else {
        let other = root.get("fine_labels").or(root.get("labels"));
        let hint = other.map_or("", |_| ": it belongs to the other CIFAR");
        return Err(Error::Data(format!(
            "a Python batch of {} has \"data\" and \"{label_key}\", and this file has not{hint}",
            known.title
        )));
    };
    let mut batch = Batch { labels: labels_of(labels)?, ..Batch::default() };
    if !coarse_key.is_empty() {
        batch.coarse = labels_of(root.get(coarse_key).unwrap_or(&Value::None))?;
    }
    let n = batch.labels.len();
    if [data.rows, data.columns] != [n, IMAGE] || !(batch.coarse.is_empty() || batch.coarse.len() == n) {
        return Err(Error::Data(format!(
            "a Python batch has as many labels as images of {IMAGE} values. Received: {n} labels, {} coarse ones, images {}",
            batch.coarse.len(),
            super::array::show(&[data.rows, data.columns])
        )));
    }
    reserve(&mut batch.pixels, n * IMAGE)?;
    data.row_major().chunks_exact(IMAGE).for_each(|planes| batch.push_planes(planes));
    batch.check_labels(known)?;
    Ok(Python::Batch(split_of(&root), batch))
}

/// Split and number from the batch's label, "training batch 1 of 5" or "testing batch 1 of 1".
fn split_of(root: &Value) -> Option<(Split, u8)> {
    let Some(Value::Bytes(text)) = root.get("batch_label") else { return None };
    let mut words = std::str::from_utf8(text).ok()?.split_whitespace();
    match (words.next()?, words.nth(1)?.parse()) {
        ("training", Ok(number)) => Some((Split::Train, number)),
        ("testing", Ok(number)) => Some((Split::Test, number)),
        _ => None,
    }
}

fn labels_of(value: &Value) -> Result<Vec<u8>> {
    let label = |value: &Value| match value {
        Value::Int(label) => u8::try_from(*label).ok(),
        _ => None,
    };
    match value {
        Value::List(values) => values.iter().map(label).collect::<Option<_>>(),
        _ => None,
    }
    .ok_or_else(|| {
        Error::Data("the labels of a Python batch must be a list of integers from 0 to 255, one per image".to_string())
    })
}

fn names_of(value: &Value) -> Result<Vec<String>> {
    let name = |value: &Value| match value {
        Value::Bytes(text) => std::str::from_utf8(text).ok().map(str::to_string),
        _ => None,
    };
    match value {
        Value::List(values) => values.iter().map(name).collect::<Option<_>>(),
        _ => None,
    }
    .ok_or_else(|| Error::Data("the class names of a Python file must be a list of strings".to_string()))
}
