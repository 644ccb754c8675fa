//! Reads the files inside a tar or zip archive into memory, one by one. Nothing is written to disk, and only the last
//! part of a member's path is used, so a path such as `../../etc/passwd` is harmless.

use super::stream::{broken, drain, read_all};
use crate::base::error::{Error, Result};
use flate2::bufread::DeflateDecoder;
use rawzip::{CompressionMethod, ZipArchive, ZipFileHeaderRecord, ZipSliceArchive};
use std::io::Read;

/// Tells whether a member of this name is needed.
pub(super) type Accepts<'a> = &'a dyn Fn(&str) -> bool;

/// Receives a member's name and bytes.
pub(super) type Visit<'a> = &'a mut dyn FnMut(&str, Vec<u8>) -> Result<()>;

/// The most members of an archive; the official archives have fewer than twenty.
const MAX_MEMBERS: usize = 10_000;

/// The names of the members, for the message if none was needed.
#[derive(Debug, Default)]
pub(super) struct Contents {
    names: Vec<String>,
    count: usize,
    /// The number of members that were passed to `visit`.
    pub taken: usize,
}

impl Contents {
    fn note(&mut self, name: &str) -> Result<()> {
        self.count += 1;
        if self.names.len() < 6 {
            self.names.push(name.chars().filter(|c| !c.is_control()).take(40).collect());
        }
        if self.count > MAX_MEMBERS {
            return Err(Error::Data(format!(
                "an archive of more than {MAX_MEMBERS} files is not one of the known data sets"
            )));
        }
        Ok(())
    }

    /// The members for a message: "an archive with a.txt, b.txt and 7 more".
    pub fn describe(&self) -> String {
        if self.count == 0 {
            return "an archive without files".to_string();
        }
        let more = self.count - self.names.len();
        let tail = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("an archive with {}{tail}", self.names.join(", "))
    }
}

/// Passes each regular file that is `wanted` to `visit`, in the order of the archive. `limit` bounds the sum of all
/// unpacked bytes; `input` is the size of the compressed archive. Both are in bytes.
///
/// # Errors
/// [`Error::Data`] if the archive is damaged or unpacks to more than `limit`, and all errors of `visit`.
pub(super) fn tar_members(
    reader: impl Read,
    [limit, input]: [usize; 2],
    wanted: Accepts,
    visit: Visit,
) -> Result<Contents> {
    let mut seen = Contents::default();
    // Unneeded members are decompressed too, so the limit applies to the whole stream (decompression bombs).
    let mut archive = tar::Archive::new(reader.take(limit as u64));
    // In raw mode, long-name and pax members are not interpreted, so they are never read into memory.
    for entry in archive.entries().map_err(|error| broken(&error))?.raw(true) {
        let entry = entry.map_err(|error| broken(&error))?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let name = base_name(&String::from_utf8_lossy(&entry.path_bytes())).to_string();
        seen.note(&name)?;
        if !wanted(&name) {
            continue;
        }
        let size = member_size(&name, entry.size(), limit)?;
        let bytes = read_all(entry, size, input)?;
        if bytes.len() < size {
            return Err(cut_short(&name, size, bytes.len()));
        }
        seen.taken += 1;
        visit(&name, bytes)?;
    }
    drain(archive.into_inner(), limit)?;
    Ok(seen)
}

/// [`tar_members`] for a zip archive, whose directory is at its end.
pub(super) fn zip_members(bytes: &[u8], limit: usize, wanted: Accepts, visit: Visit) -> Result<Contents> {
    let mut seen = Contents::default();
    let mut total = 0_usize;
    let archive = ZipArchive::from_slice(bytes).map_err(|error| zip_broken(&error))?;
    for member in archive.entries() {
        let member = member.map_err(|error| zip_broken(&error))?;
        if member.is_dir() {
            continue;
        }
        let name = base_name(&String::from_utf8_lossy(member.file_path().as_ref())).to_string();
        seen.note(&name)?;
        if !wanted(&name) {
            continue;
        }
        let size = member_size(&name, member.uncompressed_size_hint(), limit)?;
        total = total.saturating_add(size);
        member_size("the archive's files together", total as u64, limit)?;
        let contents = unpack(&archive, &member, size)?;
        if contents.len() < size {
            return Err(cut_short(&name, size, contents.len()));
        }
        seen.taken += 1;
        visit(&name, contents)?;
    }
    Ok(seen)
}

/// The contents of a member, checked against its size and checksum.
fn unpack(archive: &ZipSliceArchive<&[u8]>, member: &ZipFileHeaderRecord, size: usize) -> Result<Vec<u8>> {
    if member.flags().is_encrypted() {
        return Err(zip_broken(&"it is encrypted"));
    }
    let entry = archive.get_entry(member.wayfinder()).map_err(|error| zip_broken(&error))?;
    let packed = entry.data();
    let contents = match member.compression_method() {
        CompressionMethod::STORE => read_all(entry.verifying_reader(packed), size, packed.len()),
        CompressionMethod::DEFLATE => read_all(entry.verifying_reader(DeflateDecoder::new(packed)), size, packed.len()),
        method => return Err(zip_broken(&format!("it is packed by method {method:?}"))),
    };
    contents.map_err(|error| zip_broken(&error))
}

fn zip_broken(why: &dyn std::fmt::Display) -> Error {
    Error::Data(format!(
        "the zip archive is damaged or of a kind that cannot be read ({why}). Download or copy it again"
    ))
}

/// The last part of a path, with `/` or `\` as separator. Empty for the `._` files of macOS, which are not needed.
fn base_name(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    if name.starts_with("._") { "" } else { name }
}

/// The announced size, if it does not exceed `limit`.
fn member_size(name: &str, size: u64, limit: usize) -> Result<usize> {
    usize::try_from(size).ok().filter(|&size| size <= limit).ok_or_else(|| {
        Error::Data(format!(
            "{name}: this data set unpacks to no more than {} MiB. Received: {size} bytes",
            limit >> 20
        ))
    })
}

fn cut_short(name: &str, expected: usize, received: usize) -> Error {
    Error::Data(format!("{name} is cut short in its archive: it should have {expected} bytes. Received: {received}"))
}
