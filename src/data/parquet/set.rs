//! A data set of Parquet files of one's choice: an image and a label in each row.

use super::parts::{Part, absent, choose, classes, split_of};
use super::table::{Labels, Table};
use crate::base::error::{Error, Result};
use crate::base::text::grouped;
use crate::data::array::MAX_BYTES;
use crate::data::image_files::{LeftOut, check_options, decode, draw_by_class};
use crate::data::image_options::ImageOptions;
use crate::data::images::{Dataset, Images};
use crate::data::sniff::{Kind, describe, kind};
use crate::data::stream::reserve;

/// The most rows that are listed as left out.
const MAX_LISTED: usize = 1000;

/// How Parquet files are read.
#[derive(Debug, Clone, PartialEq)]
pub struct TableOptions {
    /// How images become pixels, and which shares are drawn for testing.
    pub images: ImageOptions,
    /// The column of images, if there are several.
    pub image_column: Option<String>,
    /// The column of labels, if there are several.
    pub label_column: Option<String>,
}

/// The Parquet files that were read so far.
#[derive(Debug)]
pub struct ParquetFiles {
    options: TableOptions,
    parts: Vec<Part>,
    left_out: Vec<LeftOut>,
}

impl ParquetFiles {
    /// Without any files.
    ///
    /// # Errors
    /// [`Error::Spec`] if an option is out of range.
    pub fn new(options: TableOptions) -> Result<Self> {
        check_options(&options.images)?;
        Ok(Self { options, parts: Vec::new(), left_out: Vec::new() })
    }

    /// Reads a file; returns how many images it holds. Its name, or that of its folder, says whether they are for training, validation
    /// or testing.
    ///
    /// # Errors
    /// [`Error::Data`] if it is not a Parquet file or damaged, if its columns are not clear, or if memory would not suffice.
    pub fn add(&mut self, path: &str, bytes: &[u8], progress: &mut dyn FnMut(usize, usize)) -> Result<usize> {
        if kind(bytes) != Kind::Parquet {
            return Err(Error::Data(format!(
                "the data set \"parquet\" takes Parquet files. Received: {}",
                describe(bytes)
            )));
        }
        let TableOptions { images: options, image_column, label_column } = &self.options;
        let table = Table::open(bytes, image_column.as_deref(), label_column.as_deref())?;
        let all = table.labels()?;
        let [height, width] = options.image_size;
        let size = height * width * options.color_mode.channels();
        let before: usize = self.parts.iter().filter(|part| part.path != path).map(|part| part.pixels.len()).sum();
        let (mut pixels, mut kept, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
        table.images(&mut |row, file| {
            match decode(file, options) {
                Ok(image) => {
                    if before + pixels.len() + size > MAX_BYTES {
                        let most = MAX_BYTES >> 20;
                        return Err(Error::Data(format!(
                            "the images take more than {most} MiB at {height} x {width}: set a smaller image_size, or give fewer images"
                        )));
                    }
                    reserve(&mut pixels, size)?;
                    pixels.extend(image);
                    kept.push(row);
                }
                Err(reason) if left_out.len() < MAX_LISTED => {
                    left_out.push(LeftOut { path: format!("{path}, row {row}"), reason });
                }
                Err(_) => {}
            }
            if row.is_multiple_of(64) {
                progress(row, table.rows);
            }
            Ok(())
        })?;
        progress(table.rows, table.rows);
        if kept.is_empty() {
            let reason = left_out.first().map_or(String::new(), |file| format!(" ({}: {})", file.path, file.reason));
            return Err(Error::Data(format!("it holds no image that can be read{reason}")));
        }
        let labels = match all {
            Labels::Numbers(values) => Labels::Numbers(kept.iter().map(|&row| values[row]).collect()),
            Labels::Texts(values) => Labels::Texts(kept.iter().map(|&row| values[row].clone()).collect()),
        };
        let names = table.class_names();
        self.parts.retain(|part| part.path != path);
        let listed = format!("{path}, row ");
        self.left_out.retain(|file| !file.path.starts_with(&listed));
        self.left_out.extend(left_out);
        self.parts.push(Part {
            path: path.to_string(),
            split: split_of(path),
            pixels,
            labels,
            names,
            rows: table.rows,
        });
        Ok(kept.len())
    }

    /// What [`Self::finish`] still needs, for display; empty if nothing is missing.
    pub fn missing(&self) -> Vec<String> {
        let missing = "Parquet files with an image and a label in each row";
        if self.parts.is_empty() { vec![missing.to_string()] } else { absent(&self.parts) }
    }

    /// The rows whose images cannot be read.
    pub fn left_out(&self) -> Vec<LeftOut> {
        self.left_out.clone()
    }

    /// The data set: rows in the order of the files' names. Classes are named as the files name them; those of texts are in the order
    /// of their bytes. Without a test file, test images are drawn, the same share of each class. Copies of a file count once.
    ///
    /// # Errors
    /// [`Error::Data`] if there are no files or one of a table's files is missing, if several sets fit, or if the labels of the files
    /// do not fit together.
    pub fn finish(self) -> Result<Dataset> {
        let missing = self.missing();
        let parts = choose(self.parts)?;
        if !missing.is_empty() {
            let advice = match parts.is_empty() {
                true => "",
                false => ". Add it, or give the other files names without numbers if a part of the set is wanted",
            };
            return Err(Error::Data(format!("the data set is not complete. Missing: {}{advice}", missing.join("; "))));
        }
        let (classes, labels) = classes(&parts)?;
        let options = self.options.images;
        let size = [options.image_size[0], options.image_size[1], options.color_mode.channels()];
        let mut splits = [(Vec::new(), Vec::new()), (Vec::new(), Vec::new()), (Vec::new(), Vec::new())];
        let all: usize = parts.iter().map(|part| part.rows).sum();
        for (part, labels) in parts.into_iter().zip(labels) {
            let (pixels, own) = &mut splits[part.split as usize];
            reserve(pixels, part.pixels.len())?;
            pixels.extend(part.pixels);
            own.extend(labels);
        }
        let [train, test, validation] = splits.map(|(pixels, labels)| Images::new(size, pixels, labels));
        let (mut train, mut test, validation) = (train?, test?, validation?);
        if test.is_empty() {
            (train, test) = drawn(&train, classes.len(), &options)?;
        }
        if train.is_empty() || test.is_empty() {
            return Err(Error::Data(format!(
                "there are {} images to train on and {} to test on, and both need some: add files whose names hold \"train\" and \
                 \"test\". Received: {all} rows",
                train.len(),
                test.len()
            )));
        }
        let count = validation.len();
        train.pixels.extend(validation.pixels);
        train.labels.extend(validation.labels);
        let used = train.len() + test.len();
        let title = match used < all {
            true => format!("Parquet file ({} of {} rows)", grouped(used as u64), grouped(all as u64)),
            false => "Parquet file".to_string(),
        };
        Ok(Dataset { name: "parquet".to_string(), title, synthetic: false, classes, validation: count, train, test })
    }
}

/// Training and test images: a share of each class is drawn for testing; both keep the order of the rows.
fn drawn(images: &Images, classes: usize, options: &ImageOptions) -> Result<(Images, Images)> {
    let is_test = draw_by_class(&images.labels, classes, options.test, options.seed);
    let part = |wanted: bool| {
        let rows = || (0..images.len()).filter(|&row| is_test[row] == wanted);
        let mut pixels = Vec::new();
        reserve(&mut pixels, rows().count() * images.image_len())?;
        rows().for_each(|row| pixels.extend_from_slice(images.image(row)));
        Images::new(images.shape(), pixels, rows().map(|row| images.labels[row]).collect())
    };
    Ok((part(false)?, part(true)?))
}

/// Loads the Parquet files in `dir` and the folders in it, or the file `dir`; returns the rows that were left out as well. `progress`
/// receives the rows done and their total, or files.
///
/// # Errors
/// [`Error::Data`] if there are none, or as [`ParquetFiles::add`] and [`ParquetFiles::finish`]; [`Error::Io`] if a file cannot be read.
#[cfg(not(target_arch = "wasm32"))]
pub fn load_parquet(
    dir: &std::path::Path,
    options: TableOptions,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<(Dataset, Vec<LeftOut>)> {
    use crate::base::file;
    use crate::data::walk::files_with_extension;
    let mut set = ParquetFiles::new(options)?;
    let is_folder = std::fs::metadata(dir).map_err(|error| Error::io(dir, &error))?.is_dir();
    let paths = if is_folder { files_with_extension(dir, "parquet")? } else { vec![dir.to_path_buf()] };
    if paths.is_empty() {
        return Err(Error::Data(format!("there is no .parquet file in {} or the folders in it", dir.display())));
    }
    for path in &paths {
        let below = path.strip_prefix(dir).ok().filter(|below| !below.as_os_str().is_empty()).unwrap_or(path);
        let bytes = file::read(path, 2 << 30)?;
        set.add(&below.to_string_lossy(), &bytes, progress).map_err(|error| error.in_file(path.display()))?;
    }
    let left_out = set.left_out();
    Ok((set.finish()?, left_out))
}
