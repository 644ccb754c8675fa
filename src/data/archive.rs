//! The files inside a tar or zip archive, read one by one into memory. Nothing is ever written to disk, and of a member's
//! path only the last part is looked at, so a path such as `../../etc/passwd` is just a name that nobody asked for.

use super::stream::{broken, drain, read_all};
use crate::base::error::{Error, Result};
use flate2::bufread::DeflateDecoder;
use rawzip::{CompressionMethod, ZipArchive, ZipFileHeaderRecord, ZipSliceArchive};
use std::io::Read;

/// Whether a member of this name is of use.
pub(super) type Wanted<'a> = &'a dyn Fn(&str) -> bool;

/// Takes a member's name and bytes.
pub(super) type Visit<'a> = &'a mut dyn FnMut(&str, Vec<u8>) -> Result<()>;

/// The most members looked at; the official archives have under twenty.
const MAX_MEMBERS: usize = 10_000;

/// Names of the members met, for the message when none was of use.
#[derive(Debug, Default)]
pub(super) struct Seen {
    names: Vec<String>,
    count: usize,
    /// How many members were asked for and handed over.
    pub taken: usize,
}

impl Seen {
    fn note(&mut self, name: &str) -> Result<()> {
        self.count += 1;
        if self.names.len() < 6 {
            self.names.push(name.chars().filter(|c| !c.is_control()).take(40).collect());
        }
        if self.count > MAX_MEMBERS {
            return Err(Error::Data(format!(
                "an archive of more than {MAX_MEMBERS} files is none of the known data sets"
            )));
        }
        Ok(())
    }

    /// "an archive with a.txt, b.txt and 7 more".
    pub fn describe(&self) -> String {
        if self.count == 0 {
            return "an archive without files".to_string();
        }
        let more = self.count - self.names.len();
        let tail = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("an archive with {}{tail}", self.names.join(", "))
    }
}

/// Hands each plain file that `wanted` asks for to `visit`, in the order of the archive. `limit` bounds what all its files
/// may hold together; `input` is the size of the archive as it came.
pub(super) fn tar_members(reader: impl Read, [limit, input]: [usize; 2], wanted: Wanted, visit: Visit) -> Result<Seen> {
    let mut seen = Seen::default();
    // All that follows a bomb's header still has to come through here, so the whole is bounded, kept or not.
    let mut archive = tar::Archive::new(reader.take(limit as u64));
    // Raw: long-name and pax members are then plain unknown ones, and never read into memory.
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

/// The same for a zip archive, whose directory stands at its end.
pub(super) fn zip_members(bytes: &[u8], limit: usize, wanted: Wanted, visit: Visit) -> Result<Seen> {
    let mut seen = Seen::default();
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

/// A member's contents, checked against its size and checksum.
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

/// The last part of a path, of either kind of slash; macOS's `._` twins lose their name, so that nobody wants them.
fn base_name(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    if name.starts_with("._") { "" } else { name }
}

/// The announced size, if it is one that a data set can have.
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
