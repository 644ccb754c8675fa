//! The members of a zip archive.

use super::contents::{Accepts, Contents, Limits, Visit, base_name, cut_short, member_size};
use crate::base::error::{Error, Result};
use crate::data::stream::read_all;
use flate2::bufread::DeflateDecoder;
use rawzip::{CompressionMethod, ZipArchive, ZipFileHeaderRecord, ZipSliceArchive};

/// Passes each file that is `wanted` to `visit`, in the order of the directory at the archive's end.
///
/// # Errors
/// [`Error::Data`] if the archive is damaged or exceeds a limit, and all errors of `visit`.
pub(in crate::data) fn zip_members(
    bytes: &[u8],
    Limits { bytes: limit, member: most, members, .. }: Limits,
    wanted: Accepts,
    visit: Visit,
) -> Result<Contents> {
    let mut seen = Contents::default();
    let (mut total, mut packed) = (0_usize, 0_u64);
    let archive = ZipArchive::from_slice(bytes).map_err(|error| zip_broken(&error))?;
    for member in archive.entries() {
        let member = member.map_err(|error| zip_broken(&error))?;
        if member.is_dir() {
            continue;
        }
        let path = String::from_utf8_lossy(member.file_path().as_ref()).into_owned();
        let name = base_name(&path).to_string();
        seen.note(&name, members)?;
        if !wanted(&path) {
            continue;
        }
        let size = member_size(&name, member.uncompressed_size_hint(), most)?;
        total = total.saturating_add(size);
        member_size("the archive's files together", total as u64, limit)?;
        packed = packed.saturating_add(member.compressed_size_hint());
        if packed > bytes.len() as u64 {
            return Err(zip_broken(&"its files overlap"));
        }
        let contents = unpack(&archive, &member, size)?;
        if contents.len() < size {
            return Err(cut_short(&name, size, contents.len()));
        }
        seen.taken += 1;
        visit(&path, contents)?;
    }
    Ok(seen)
}

/// The contents of a member, checked against its size and checksum.
pub(in crate::data) fn unpack(
    archive: &ZipSliceArchive<&[u8]>,
    member: &ZipFileHeaderRecord,
    size: usize,
) -> Result<Vec<u8>> {
    if member.flags().is_encrypted() {
        return Err(not_unpacked("is protected by a password"));
    }
    let entry = archive.get_entry(member.wayfinder()).map_err(|error| zip_broken(&error))?;
    let packed = entry.data();
    let contents = match member.compression_method() {
        CompressionMethod::STORE => read_all(entry.verifying_reader(packed), size, packed.len()),
        CompressionMethod::DEFLATE => read_all(entry.verifying_reader(DeflateDecoder::new(packed)), size, packed.len()),
        method => {
            let name = format!("{method:?}").replace("CompressionMethod::", "");
            return Err(not_unpacked(&format!("is packed by {name}, and only deflate is unpacked here")));
        }
    };
    contents.map_err(|error| zip_broken(&error))
}

fn zip_broken(why: &dyn std::fmt::Display) -> Error {
    Error::Data(format!("the zip archive is damaged ({why}). Download or copy it again"))
}

/// The error of an archive that is whole, but not for this program.
fn not_unpacked(why: &str) -> Error {
    Error::Data(format!(
        "the zip archive {why}: unpack it with the program that made it, and give the folder, or pack it again as a plain .zip"
    ))
}
