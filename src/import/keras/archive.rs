//! The two files of a `.keras` archive.

use super::super::imported::{MAX_BYTES, refused};
use crate::base::error::{Error, Result};
use flate2::bufread::DeflateDecoder;
use rawzip::{CompressionMethod, ZipArchive};
use std::fmt::Display;
use std::io::Read;

/// The largest configuration, in bytes. That of a network of a thousand layers has one or two million.
const MAX_CONFIG: u64 = 32 << 20;

/// The largest file of weights, in bytes.
const MAX_WEIGHTS: u64 = MAX_BYTES as u64;

/// The most files that are looked at; Keras writes three.
const MAX_MEMBERS: usize = 1000;

/// The contents.
pub struct Files {
    /// The model.
    pub config: Vec<u8>,
    /// Its weights, HDF5.
    pub weights: Vec<u8>,
}

/// Unpacks them; no more than they are announced to have, and no more than a network may.
///
/// # Errors
/// [`Error::Import`] where the archive is damaged or is none of Keras's.
pub fn read(bytes: &[u8]) -> Result<Files> {
    let archive = ZipArchive::from_slice(bytes).map_err(|error| broken(&error))?;
    let (mut config, mut weights, mut names) = (None, None, Vec::new());
    for (count, member) in archive.entries().enumerate() {
        let member = member.map_err(|error| broken(&error))?;
        let name = String::from_utf8_lossy(member.file_path().as_ref()).into_owned();
        let (place, limit) = match name.as_str() {
            "config.json" => (&mut config, MAX_CONFIG),
            "model.weights.h5" => (&mut weights, MAX_WEIGHTS),
            _ if count > MAX_MEMBERS => return Err(broken(&"it has too many files")),
            _ => {
                names.push(name);
                continue;
            }
        };
        let size = member.uncompressed_size_hint();
        if size > limit || place.is_some() {
            return Err(refused(format!(
                "{name} may be there once, with up to {} MB. Received: {size} bytes",
                limit >> 20
            )));
        }
        let entry = archive.get_entry(member.wayfinder()).map_err(|error| broken(&error))?;
        let data = entry.data();
        let mut contents = Vec::new();
        let read = match member.compression_method() {
            CompressionMethod::STORE => entry.verifying_reader(data).take(size + 1).read_to_end(&mut contents),
            CompressionMethod::DEFLATE => {
                entry.verifying_reader(DeflateDecoder::new(data)).take(size + 1).read_to_end(&mut contents)
            }
            method => return Err(broken(&format!("it is packed by method {method:?}"))),
        };
        read.map_err(|error| broken(&error))?;
        if contents.len() as u64 != size {
            return Err(broken(&format!("{name} has another size than it says")));
        }
        *place = Some(contents);
    }
    let missing = |what: &str| {
        let received = if names.is_empty() { "no other files".into() } else { names.join(", ") };
        refused(format!("this is no model of Keras 3: {what} is not in the archive. Received: {received}"))
    };
    let config = config.ok_or_else(|| missing("config.json"))?;
    let weights = weights.ok_or_else(|| missing("model.weights.h5"))?;
    Ok(Files { config, weights })
}

fn broken(why: &dyn Display) -> Error {
    refused(format!("the archive is damaged or of a kind that cannot be read ({why}); save the model again"))
}
