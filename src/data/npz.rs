//! A data set as one NumPy archive: `x_train`, `y_train`, `x_test`, `y_test`, where the set has them `x_val` and `y_val`, and the class
//! names in `classes.txt`. [`Loader`](super::Loader) reads it as the data set `custom`.

use super::images::{Dataset, Images};
use crate::base::error::{Error, Result};
use flate2::Compression;
use flate2::write::DeflateEncoder;
use rawzip::{CompressionMethod, ZipArchiveWriter};
use std::io::Write;
use std::ops::Range;

impl Dataset {
    /// The archive.
    ///
    /// # Errors
    /// [`Error::Data`] if it cannot be written, for example because memory is short.
    pub fn npz(&self) -> Result<Vec<u8>> {
        let own = self.train.len() - self.validation.min(self.train.len());
        let mut parts = vec![("train", &self.train, 0..own), ("test", &self.test, 0..self.test.len())];
        if self.validation > 0 {
            parts.push(("val", &self.train, own..self.train.len()));
        }
        let mut out = Vec::new();
        let mut archive = ZipArchiveWriter::new(&mut out);
        for (name, images, range) in parts {
            let Images { height, width, channels, .. } = *images;
            let count = range.len();
            let shape = match channels {
                1 => format!("({count}, {height}, {width})"),
                _ => format!("({count}, {height}, {width}, {channels})"),
            };
            let Range { start, end } = range;
            let pixels = &images.pixels[start * images.image_len()..end * images.image_len()];
            member(&mut archive, &format!("x_{name}.npy"), &header(&shape), pixels)?;
            member(
                &mut archive,
                &format!("y_{name}.npy"),
                &header(&format!("({count},)")),
                &images.labels[start..end],
            )?;
        }
        let names = self.classes.join("\n");
        member(&mut archive, "classes.txt", names.as_bytes(), b"\n")?;
        archive.finish().map_err(|error| not_written(&error))?;
        Ok(out)
    }
}

/// The header of an array of bytes. NumPy wants it to end at a multiple of 64.
fn header(shape: &str) -> Vec<u8> {
    let text = format!("{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}");
    let length = (10 + text.len() + 1).next_multiple_of(64) - 10;
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((length as u16).to_le_bytes());
    bytes.extend(format!("{text:<width$}\n", width = length - 1).bytes());
    bytes
}

fn member(archive: &mut ZipArchiveWriter<&mut Vec<u8>>, name: &str, head: &[u8], rest: &[u8]) -> Result<()> {
    let file = archive.new_file(name).compression_method(CompressionMethod::DEFLATE).start();
    let (mut entry, config) = file.map_err(|error| not_written(&error))?;
    let mut writer = config.wrap(DeflateEncoder::new(&mut entry, Compression::fast()));
    writer.write_all(head).and_then(|()| writer.write_all(rest)).map_err(|error| not_written(&error))?;
    let (encoder, descriptor) = writer.finish().map_err(|error| not_written(&error))?;
    encoder.finish().map_err(|error| not_written(&error))?;
    entry.finish(descriptor).map_err(|error| not_written(&error))?;
    Ok(())
}

fn not_written(error: &dyn std::fmt::Display) -> Error {
    Error::Data(format!("the archive cannot be written: {error}"))
}
