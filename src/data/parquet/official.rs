//! The known sets as Parquet files: parts with the official pixels, in the official order where it can be established.

use super::table::{Labels, Table};
use crate::base::error::{Error, Result};
use crate::data::array::show;
use crate::data::cifar::Batch;
use crate::data::image_files::{decode, dimensions};
use crate::data::image_options::{ColorMode, ImageOptions, Interpolation};
use crate::data::images::{Split, check_labels};
use crate::data::info::{DatasetInfo, Family};
use crate::data::order;
use crate::data::piece::Piece;
use crate::data::role::{Role, role_of};
use crate::data::shard;
use crate::data::stream::{Progress, reserve};

/// The parts of the set `known` in a file.
pub(in crate::data) fn pieces(
    known: &DatasetInfo,
    path: &str,
    bytes: &[u8],
    progress: Progress,
) -> Result<Vec<(String, Piece)>> {
    let Some(size) = known.size.filter(|_| matches!(known.family, Family::Idx | Family::Cifar | Family::Mat)) else {
        return Err(Error::Data(format!(
            "Parquet files are read as the data set \"parquet\", not as {}. Received: a Parquet file",
            known.title
        )));
    };
    let label = if known.coarse.is_empty() { None } else { Some("fine_label") };
    let table = Table::open(bytes, None, label)?;
    let split = split(known, path, table.rows)?;
    let labels = small(table.labels()?, known.classes.len())?;
    let coarse = match known.coarse.len() {
        0 => Vec::new(),
        classes => small(Labels::Numbers(table.numbers("coarse_label")?.unwrap_or_default()), classes)?,
    };
    let pixels = pixels(&table, known, size, progress)?;
    let named = |piece| (String::new(), piece);
    if known.family != Family::Cifar {
        return Ok(vec![named(Piece::Images(split, size, pixels)), named(Piece::Labels(split, labels))]);
    }
    let whole = Batch { pixels, labels, coarse };
    match order::batches(known.name, split, &whole.labels) {
        // The Hub's file has the five official batches one after another, in another order.
        Some(numbers) => {
            Ok(cut(whole, &numbers).map(|(number, batch)| named(Piece::Batch(split, number, batch))).collect())
        }
        None => {
            let number = u8::try_from(shard::number(path)).unwrap_or(u8::MAX - 1) + u8::from(split == Split::Train);
            Ok(vec![named(Piece::Batch(split, number, whole))])
        }
    }
}

/// The split of a file, by its name or by its number of rows.
fn split(known: &DatasetInfo, path: &str, rows: usize) -> Result<Split> {
    let by_rows = || Split::BOTH.into_iter().find(|&split| known.count(split) == Some(rows));
    match role_of(known, path) {
        Role::Data(split, _) => Ok(split),
        _ => by_rows().ok_or_else(|| {
            Error::Data(
                "its name does not say whether this is the training or the test part; put \"train\" or \"test\" into the name"
                    .to_string(),
            )
        }),
    }
}

fn small(labels: Labels, classes: usize) -> Result<Vec<u8>> {
    let Labels::Numbers(labels) = labels else {
        return Err(Error::Data(format!("labels are whole numbers from 0 to {}. Received: texts", classes - 1)));
    };
    let byte = |&label: &i64| {
        u8::try_from(label).map_err(|_| Error::Data(format!("labels run from 0 to {}. Received: {label}", classes - 1)))
    };
    let labels: Vec<u8> = labels.iter().map(byte).collect::<Result<_>>()?;
    check_labels(&labels, classes)?;
    Ok(labels)
}

fn pixels(table: &Table, known: &DatasetInfo, size: [usize; 3], progress: Progress) -> Result<Vec<u8>> {
    let [height, width, channels] = size;
    let options = ImageOptions {
        image_size: [height, width],
        color_mode: if channels == 1 { ColorMode::Grayscale } else { ColorMode::Rgb },
        interpolation: Interpolation::Nearest,
        crop_to_aspect_ratio: false,
        validation: 0.0,
        test: 0.0,
        seed: 0,
    };
    let mut pixels = Vec::new();
    // Rows are counted by the file, so memory is reserved for what the largest known set has.
    reserve(&mut pixels, (table.rows * height * width * channels).min(known.max_bytes()))?;
    table.images(&mut |row, file| {
        let wrong = |why: String| Error::Data(format!("row {row}: {why}"));
        let found = dimensions(file).map_err(wrong)?;
        if found != [height, width] {
            let rule = format!("the images of {} are {height} x {width}", known.title);
            return Err(wrong(format!("{rule}. Received: {}", show(&found))));
        }
        pixels.extend(decode(file, &options).map_err(wrong)?);
        if pixels.len() > known.max_bytes() {
            return Err(Error::Data(format!("the file holds more images than {}", known.title)));
        }
        if row.is_multiple_of(256) {
            progress(row, table.rows);
        }
        Ok(())
    })?;
    Ok(pixels)
}

/// Cuts a file into its batches, of these numbers.
fn cut(whole: Batch, numbers: &[u8]) -> impl Iterator<Item = (u8, Batch)> {
    let images = whole.labels.len() / numbers.len();
    let bytes = whole.pixels.len() / numbers.len();
    numbers
        .iter()
        .enumerate()
        .map(move |(i, &number)| {
            let batch = Batch {
                pixels: whole.pixels[i * bytes..][..bytes].to_vec(),
                labels: whole.labels[i * images..][..images].to_vec(),
                coarse: Vec::new(),
            };
            (number, batch)
        })
        .collect::<Vec<_>>()
        .into_iter()
}
