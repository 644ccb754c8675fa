//! Reads the files inside a tar or zip archive into memory, one by one. Nothing is written to disk: a member's path only tells
//! which files belong together, so a path such as `../../etc/passwd` is harmless.

use super::stream::{broken, drain, read_all};
use crate::base::error::{Error, Result};
use flate2::bufread::DeflateDecoder;
use rawzip::{CompressionMethod, ZipArchive, ZipFileHeaderRecord, ZipSliceArchive};
use std::io::Read;
use tar::{Entry, EntryType, PaxExtensions};

/// Tells whether a member of this path is needed.
pub(super) type Accepts<'a> = &'a dyn Fn(&str) -> bool;

/// Receives a member's path and bytes.
pub(super) type Visit<'a> = &'a mut dyn FnMut(&str, Vec<u8>) -> Result<()>;

/// What an archive may hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// The sum of all unpacked bytes.
    pub bytes: usize,
    /// The unpacked bytes of one file.
    pub member: usize,
    /// The size of the archive itself.
    pub input: usize,
    /// The number of files.
    pub members: usize,
}

impl Limits {
    /// The most members of an archive of a known set; the official archives have fewer than twenty.
    pub const MEMBERS: usize = 10_000;
}

/// The most bytes of the headers that extend a tar member's own: paths are at most 4096 bytes long, attributes 64 KiB.
const MAX_EXTENSION: u64 = 1 << 18;

/// The names of the members, for the message if none was needed.
#[derive(Debug, Default)]
pub(super) struct Contents {
    names: Vec<String>,
    count: usize,
    /// The number of members that were passed to `visit`.
    pub taken: usize,
}

impl Contents {
    fn note(&mut self, name: &str, most: usize) -> Result<()> {
        self.count += 1;
        if self.names.len() < 6 {
            self.names.push(name.chars().filter(|c| !c.is_control()).take(40).collect());
        }
        if self.count > most {
            return Err(Error::Data(format!("an archive of more than {most} files is not one of the known data sets")));
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

/// Passes each regular file that is `wanted` to `visit`, in the order of the archive.
///
/// # Errors
/// [`Error::Data`] if the archive is damaged or exceeds a limit, and all errors of `visit`.
pub(super) fn tar_members(
    reader: impl Read,
    Limits { bytes: limit, member: most, input, members }: Limits,
    wanted: Accepts,
    visit: Visit,
) -> Result<Contents> {
    let mut seen = Contents::default();
    // Unneeded members are decompressed too, so the limit applies to the whole stream (decompression bombs).
    let mut archive = tar::Archive::new(reader.take(limit as u64));
    // Not in raw mode, long names and attributes of any length would be read into memory.
    let mut extension = Extension::default();
    for entry in archive.entries().map_err(|error| broken(&error))?.raw(true) {
        let mut entry = entry.map_err(|error| broken(&error))?;
        let kind = entry.header().entry_type();
        if extension.read(&mut entry)? {
            continue;
        }
        let Extension { path, size, is_sparse } = std::mem::take(&mut extension);
        if !(kind.is_file() || kind.is_contiguous() || kind.is_gnu_sparse()) {
            continue;
        }
        let path = path.unwrap_or_else(|| entry.path_bytes().into_owned());
        let path = String::from_utf8_lossy(&path).into_owned();
        let name = base_name(&path).to_string();
        seen.note(&name, members)?;
        if !wanted(&path) {
            continue;
        }
        if is_sparse || kind.is_gnu_sparse() {
            return Err(Error::Data(format!(
                "{name} is stored as a sparse file in its archive; pack it again without tar's option --sparse"
            )));
        }
        let size = member_size(&name, size.unwrap_or(0).max(entry.size()), most)?;
        let bytes = read_all(entry, size, input)?;
        if bytes.len() < size {
            return Err(cut_short(&name, size, bytes.len()));
        }
        seen.taken += 1;
        visit(&path, bytes)?;
    }
    drain(archive.into_inner(), limit)?;
    Ok(seen)
}

/// What the entries before a tar member say of it: paths of more than 100 characters do not fit into its own header.
#[derive(Debug, Default)]
struct Extension {
    path: Option<Vec<u8>>,
    size: Option<u64>,
    is_sparse: bool,
}

impl Extension {
    /// Reads an entry of GNU's or of the POSIX (pax) format; false for all others.
    fn read(&mut self, entry: &mut Entry<impl Read>) -> Result<bool> {
        let kind = entry.header().entry_type();
        if !matches!(kind, EntryType::GNULongName | EntryType::XHeader) {
            // A long target of a link is not needed.
            return Ok(kind.is_gnu_longlink());
        }
        let size = entry.size();
        let mut bytes = Vec::new();
        entry.take(MAX_EXTENSION + 1).read_to_end(&mut bytes).map_err(|error| broken(&error))?;
        if bytes.len() as u64 > MAX_EXTENSION {
            return Err(Error::Data(format!(
                "the archive is damaged: the path of a file takes at most {MAX_EXTENSION} bytes. Received: {size} bytes"
            )));
        }
        if kind == EntryType::GNULongName {
            while bytes.last() == Some(&0) {
                bytes.pop();
            }
            self.path = Some(bytes);
            return Ok(true);
        }
        // Attributes may have any content; those that cannot be read are not of the three that matter.
        for attribute in PaxExtensions::new(&bytes).flatten() {
            match attribute.key() {
                Ok("path") => self.path = Some(attribute.value_bytes().to_vec()),
                Ok("size") => self.size = attribute.value().ok().and_then(|text| text.parse().ok()),
                Ok(key) if key.starts_with("GNU.sparse.") => self.is_sparse = true,
                _ => {}
            }
        }
        Ok(true)
    }
}

/// [`tar_members`] for a zip archive, whose directory is at its end.
pub(super) fn zip_members(
    bytes: &[u8],
    Limits { bytes: limit, member: most, members, .. }: Limits,
    wanted: Accepts,
    visit: Visit,
) -> Result<Contents> {
    let mut seen = Contents::default();
    let mut total = 0_usize;
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
pub(super) fn unpack(archive: &ZipSliceArchive<&[u8]>, member: &ZipFileHeaderRecord, size: usize) -> Result<Vec<u8>> {
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
pub(super) fn base_name(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    if name.starts_with("._") { "" } else { name }
}

/// The announced size, if it does not exceed `limit`.
fn member_size(name: &str, size: u64, limit: usize) -> Result<usize> {
    usize::try_from(size).ok().filter(|&size| size <= limit).ok_or_else(|| {
        Error::Data(format!(
            "{name}: a file of this data set unpacks to no more than {} MiB. Received: {size} bytes",
            limit >> 20
        ))
    })
}

fn cut_short(name: &str, expected: usize, received: usize) -> Error {
    Error::Data(format!("{name} is cut short in its archive: it should have {expected} bytes. Received: {received}"))
}
