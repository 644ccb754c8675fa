//! The members of a tar archive.

use super::contents::{Accepts, Contents, Limits, Visit, base_name, cut_short, member_size};
use crate::base::error::{Error, Result};
use crate::data::sniff::{Kind, kind};
use crate::data::stream::{Counted, Progress, broken, drain, gunzip, read_all};
use std::borrow::Cow;
use std::io::Read;
use tar::{Entry, EntryType, PaxExtensions};

/// The most bytes of the headers that extend a tar member's own: paths are at most 4096 bytes long, attributes 64 KiB.
const MAX_EXTENSION: u64 = 1 << 18;

/// Passes each regular file that is `wanted` to `visit`, in the order of the archive, and after them those that are hard links to
/// other files. The archive may be packed by gzip.
///
/// # Errors
/// [`Error::Data`] if the archive is damaged or exceeds a limit, and all errors of `visit`.
pub(in crate::data) fn tar_members(
    bytes: &[u8],
    progress: Progress,
    limits: Limits,
    wanted: Accepts,
    visit: Visit,
) -> Result<Contents> {
    let seen = tar_pass(open(bytes, progress), limits, wanted, visit)?;
    // The engine's module reads official files only, which are no links.
    #[cfg(any(feature = "cli", feature = "files"))]
    let seen = follow(seen, bytes, limits, visit)?;
    Ok(seen)
}

/// Passes the files to which hard links lead to `visit`, by the paths of the links.
#[cfg(any(feature = "cli", feature = "files"))]
fn follow(mut seen: Contents, bytes: &[u8], limits: Limits, visit: Visit) -> Result<Contents> {
    let links = std::mem::take(&mut seen.links);
    let mut targets = targets(&links);
    seen.links = links.into_iter().filter(|(_, target)| target.is_empty()).collect();
    if targets.is_empty() {
        return Ok(seen);
    }
    // A file may have passed before it was known that a link leads to it.
    let (mut total, mut is_found) = (0_usize, vec![false; targets.len()]);
    let first = |path: &str| targets.partition_point(|(target, _)| target.as_str() < plain(path));
    let is_target = |path: &str| targets.get(first(path)).is_some_and(|(target, _)| target == plain(path));
    tar_pass(open(bytes, &mut |_, _| ()), limits, &is_target, &mut |path, contents| {
        let start = first(path);
        for (at, (_, link)) in
            targets.iter().enumerate().skip(start).take_while(|(_, (target, _))| target == plain(path))
        {
            total = total.saturating_add(contents.len());
            member_size("the archive's links together", total as u64, limits.bytes)?;
            seen.taken += 1;
            is_found[at] = true;
            visit(link, contents.clone())?;
        }
        Ok(())
    })?;
    let mut found = is_found.into_iter();
    targets.retain(|_| !found.next().unwrap_or_default());
    seen.links.extend(targets.into_iter().map(|(target, link)| (link, target)));
    Ok(seen)
}

/// The most links from one to the next that are followed.
#[cfg(any(feature = "cli", feature = "files"))]
const MAX_LINKS: usize = 8;

/// The files to which hard links lead, each with the path of the link, in order of the files.
#[cfg(any(feature = "cli", feature = "files"))]
fn targets(links: &[(String, String)]) -> Vec<(String, String)> {
    let mut by_path: Vec<_> = links.iter().map(|(path, target)| (plain(path).to_string(), target.clone())).collect();
    by_path.sort_unstable();
    // A link to a link leads where that one does.
    let next = |path: &String| by_path.binary_search_by(|(link, _)| link.cmp(path)).ok().map(|at| &by_path[at].1);
    let end = |target: &String| {
        std::iter::successors(Some(target), |path| next(path)).take(MAX_LINKS).last().cloned().unwrap_or_default()
    };
    let hard = links.iter().filter(|(_, target)| !target.is_empty());
    let mut targets: Vec<_> = hard.map(|(path, target)| (end(target), path.clone())).collect();
    targets.sort_unstable();
    targets
}

/// Reads a tar archive, which may be packed by gzip.
fn open<'a>(bytes: &'a [u8], progress: Progress<'a>) -> Box<dyn Read + 'a> {
    match kind(bytes) {
        Kind::Gzip => Box::new(gunzip(bytes, progress)),
        _ => Box::new(Counted::new(bytes, progress)),
    }
}

/// A path as links give it.
fn plain(path: &str) -> &str {
    path.trim_start_matches("./")
}

/// [`tar_members`] without the links, which are listed.
fn tar_pass(
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
        let Extension { path, link, size, is_sparse } = std::mem::take(&mut extension);
        let is_link = kind.is_hard_link() || kind.is_symlink();
        if !(kind.is_file() || kind.is_contiguous() || kind.is_gnu_sparse() || is_link) {
            continue;
        }
        let path = path.unwrap_or_else(|| entry.path_bytes().into_owned());
        let path = String::from_utf8_lossy(&path).into_owned();
        let name = base_name(&path).to_string();
        seen.note(&name, members)?;
        if !wanted(&path) {
            continue;
        }
        if is_link {
            let target = link.or_else(|| entry.link_name_bytes().map(Cow::into_owned));
            let target = target.filter(|_| kind.is_hard_link()).unwrap_or_default();
            let target = plain(&String::from_utf8_lossy(&target)).to_string();
            seen.links.push((path, target));
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
    /// Where a link leads.
    link: Option<Vec<u8>>,
    size: Option<u64>,
    is_sparse: bool,
}

impl Extension {
    /// Reads an entry of GNU's or of the POSIX (pax) format; false for all others.
    fn read(&mut self, entry: &mut Entry<impl Read>) -> Result<bool> {
        let kind = entry.header().entry_type();
        if !matches!(kind, EntryType::GNULongName | EntryType::GNULongLink | EntryType::XHeader) {
            return Ok(false);
        }
        let size = entry.size();
        let mut bytes = Vec::new();
        entry.take(MAX_EXTENSION + 1).read_to_end(&mut bytes).map_err(|error| broken(&error))?;
        if bytes.len() as u64 > MAX_EXTENSION {
            return Err(Error::Data(format!(
                "the archive is damaged: the path of a file takes at most {MAX_EXTENSION} bytes. Received: {size} bytes"
            )));
        }
        if kind != EntryType::XHeader {
            while bytes.last() == Some(&0) {
                bytes.pop();
            }
            *(if kind == EntryType::GNULongName { &mut self.path } else { &mut self.link }) = Some(bytes);
            return Ok(true);
        }
        // Attributes may have any content; those that cannot be read are not of the four that matter.
        for attribute in PaxExtensions::new(&bytes).flatten() {
            match attribute.key() {
                Ok("path") => self.path = Some(attribute.value_bytes().to_vec()),
                Ok("linkpath") => self.link = Some(attribute.value_bytes().to_vec()),
                Ok("size") => self.size = attribute.value().ok().and_then(|text| text.parse().ok()),
                Ok(key) if key.starts_with("GNU.sparse.") => self.is_sparse = true,
                _ => {}
            }
        }
        Ok(true)
    }
}
