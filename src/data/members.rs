//! The files of a zip archive that anyone may have made, one by one: a damaged one does not hide the others.

use super::archive::unpack;
use crate::base::error::{Error, Result};
use rawzip::ZipArchive;
use rawzip::time::ZipDateTimeKind;
use time::{Date, Month};

/// When a file was last written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileTime {
    /// In Unix time.
    Utc(i64),
    /// By a clock whose zone is not known, as zip archives have it: the Unix time if its zone was UTC.
    Local(i64),
}

/// A file of an archive.
pub struct Member {
    /// Its path in the archive, as text only: nothing is written there.
    pub path: String,
    /// When it was last written.
    pub modified: Option<FileTime>,
    /// The contents.
    pub contents: Result<Vec<u8>>,
}

/// Whether a file begins as a zip archive.
pub fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// Passes every file of an archive to `visit`: at most `most` files of at most `largest` bytes, of
/// which `all` bytes are unpacked together.
///
/// # Errors
/// [`Error::Data`] if the archive's directory is damaged, or lists more files.
pub fn zip_files(bytes: &[u8], most: usize, [largest, all]: [u64; 2], visit: &mut dyn FnMut(Member)) -> Result<()> {
    let broken = |error: rawzip::Error| Error::Data(format!("the zip archive is damaged ({error})"));
    let archive = ZipArchive::from_slice(bytes).map_err(broken)?;
    let (mut count, mut total) = (0, 0_u64);
    for member in archive.entries() {
        let member = member.map_err(broken)?;
        if member.is_dir() {
            continue;
        }
        count += 1;
        if count > most {
            return Err(Error::Data(format!("the zip archive has more than {most} files")));
        }
        let path = String::from_utf8_lossy(member.file_path().as_ref()).into_owned();
        let size = member.uncompressed_size_hint();
        // What is too large by itself is not unpacked.
        if size <= largest {
            total = total.saturating_add(size);
        }
        let contents = match usize::try_from(size) {
            Ok(bytes) if size <= largest && total <= all => unpack(&archive, &member, bytes),
            _ if size <= largest => Err(Error::Data(format!("the archive unpacks to more than {} MiB", all >> 20))),
            _ => Err(Error::Data(format!("the file is larger than {} MiB", largest >> 20))),
        };
        visit(Member { path, modified: file_time(&member.last_modified()), contents });
    }
    Ok(())
}

/// The time in an extra field, which is UTC, or else that of the zone-less field that every entry has.
fn file_time(time: &ZipDateTimeKind) -> Option<FileTime> {
    let month = Month::try_from(time.month()).ok()?;
    let date = Date::from_calendar_date(i32::from(time.year()), month, time.day()).ok()?;
    let moment = date.with_hms(time.hour(), time.minute(), time.second()).ok()?;
    let seconds = moment.assume_utc().unix_timestamp();
    Some(match time {
        ZipDateTimeKind::Utc(_) => FileTime::Utc(seconds),
        ZipDateTimeKind::Local(_) => FileTime::Local(seconds),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rawzip::ZipArchiveWriter;
    use rawzip::time::UtcDateTime;

    #[test]
    fn a_time_in_an_extra_field_is_utc() {
        let mut archive = ZipArchiveWriter::new(Vec::new());
        let seconds = 1_796_126_401;
        for time in [Some(UtcDateTime::from_unix(seconds)), None] {
            let file = archive.new_file("a.json");
            let file = if let Some(time) = time { file.last_modified(time) } else { file };
            let (mut entry, config) = file.start().unwrap();
            let (_, output) = config.wrap(&mut entry).finish().unwrap();
            entry.finish(output).unwrap();
        }
        let mut times = Vec::new();
        zip_files(&archive.finish().unwrap(), 2, [1, 1], &mut |member| times.push(member.modified)).unwrap();
        assert_eq!(times[0], Some(FileTime::Utc(seconds)));
        assert!(!matches!(times[1], Some(FileTime::Utc(_))), "{times:?}");
    }
}
