//! Which columns hold the images and the labels.

use crate::base::error::{Error, Result};
use crate::data::stream::one_line;
use parquet::basic::{ConvertedType, LogicalType, Type};
use parquet::file::metadata::FileMetaData;
use parquet::schema::types::ColumnDescriptor;
use serde_json::Value;

/// The usual names of a column of labels, the likeliest first.
const LABELS: [&str; 7] = ["label", "labels", "fine_label", "target", "class", "category", "y"];

/// The columns of images and labels, by their numbers among all.
#[derive(Debug)]
pub(super) struct Columns {
    pub image: usize,
    pub label: usize,
    /// The name of the labels' column.
    pub label_name: String,
}

/// What a column may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    /// Files in a structure beside their paths, as the `datasets` library writes images.
    Files,
    Bytes,
    Numbers,
    Texts,
    Other,
}

impl Content {
    fn of(column: &ColumnDescriptor) -> Self {
        let path = column.path().parts();
        let is_text = column.converted_type() == ConvertedType::UTF8
            || matches!(column.logical_type_ref(), Some(LogicalType::String));
        match (path.len(), column.physical_type()) {
            _ if column.max_rep_level() > 0 => Self::Other,
            (2, Type::BYTE_ARRAY) if path[1] == "bytes" => Self::Files,
            (1, Type::BYTE_ARRAY) if is_text => Self::Texts,
            (1, Type::BYTE_ARRAY) => Self::Bytes,
            (1, Type::INT32 | Type::INT64 | Type::BOOLEAN) => Self::Numbers,
            _ => Self::Other,
        }
    }

    fn describe(self) -> &'static str {
        match self {
            Self::Files | Self::Bytes => "image files",
            Self::Numbers => "whole numbers",
            Self::Texts => "texts",
            Self::Other => "other values",
        }
    }
}

impl Columns {
    /// Finds the columns: those of the given names, or the only ones that can be meant.
    pub fn find(file: &FileMetaData, image: Option<&str>, label: Option<&str>) -> Result<Self> {
        let columns = file.schema_descr().columns();
        let all: Vec<(usize, &str, Content)> = columns
            .iter()
            .enumerate()
            .map(|(i, column)| (i, column.path().parts()[0].as_str(), Content::of(column)))
            .collect();
        let of = |contents: &[Content], name: Option<&str>| -> Vec<(usize, &str)> {
            let fits = |(_, own, content): &&(usize, &str, Content)| {
                contents.contains(content) && name.is_none_or(|name| name == *own)
            };
            all.iter().filter(fits).map(|&(i, name, _)| (i, name)).collect()
        };
        let question = |option: &str, what: &str, given: Option<&str>| {
            let list: Vec<String> = all
                .iter()
                .take(12)
                .map(|(_, name, content)| format!("{} ({})", one_line(name), content.describe()))
                .collect();
            let rule = match given {
                Some(name) => format!("the file has no column \"{}\" of {what}", one_line(name)),
                None => format!(
                    "several columns, or none, may hold the {what}: set \"{option}\" in the experiment's dataset"
                ),
            };
            Error::Data(format!("{rule}. Received: {}", list.join(", ")))
        };
        let images = [of(&[Content::Files], image), of(&[Content::Bytes], image)];
        let images = images.into_iter().find(|found| !found.is_empty()).unwrap_or_default();
        let [(image, _)] = images[..] else { return Err(question("image_column", "images", image)) };
        let kinds = [Content::Numbers, Content::Texts];
        let named = match label {
            Some(_) => of(&kinds, label),
            None => {
                LABELS.iter().map(|name| of(&kinds, Some(name))).find(|found| !found.is_empty()).unwrap_or_default()
            }
        };
        let lists = [named, if label.is_some() { Vec::new() } else { of(&[Content::Numbers], None) }];
        let labels = lists.into_iter().find(|found| !found.is_empty()).unwrap_or_default();
        let labels = if labels.is_empty() && label.is_none() { of(&[Content::Texts], None) } else { labels };
        let [(label, label_name)] = labels[..] else { return Err(question("label_column", "labels", label)) };
        Ok(Self { image, label, label_name: label_name.to_string() })
    }
}

/// The number of the column of this name, if it holds whole numbers.
pub(super) fn numbers(file: &FileMetaData, name: &str) -> Option<usize> {
    let is_it = |column: &ColumnDescriptor| Content::of(column) == Content::Numbers && column.path().parts()[0] == name;
    file.schema_descr().columns().iter().position(|column| is_it(column))
}

/// The names of the classes that the `datasets` library wrote beside the table.
pub(super) fn class_names(file: &FileMetaData, label: &str) -> Option<Vec<String>> {
    let pairs = file.key_value_metadata()?;
    let text = pairs.iter().find(|pair| pair.key == "huggingface")?.value.as_deref()?;
    let about: Value = crate::base::document::parse(text).ok()?;
    let names = about.pointer("/info/features")?.get(label)?.get("names")?.as_array()?;
    let is_plain = |name: &&str| (1..=64).contains(&name.chars().count()) && !name.contains(char::is_control);
    names.iter().map(|name| name.as_str().filter(is_plain).map(str::to_string)).collect()
}
