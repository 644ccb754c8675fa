//! Recognises a file's format by its first bytes. A file's name is not reliable: a failed download is often a web page
//! under the right name.

/// The format by the first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Gzip,
    Zip,
    Tar,
    /// A Python pickle of protocol 2 or later.
    Pickle,
    /// The IDX magic number. A CIFAR batch can begin with the same bytes, so it is used only for IDX data sets.
    Idx,
    Npy,
    Parquet,
    /// MATLAB, level 5.
    Mat,
    Other,
}

/// The magic numbers of files that are often chosen by mistake, and their names in messages.
const MISTAKES: [(&[u8], &str); 14] = [
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a RIFF file (WebP, WAV or AVI)"),
    (b"BM", "a BMP image"),
    (b"%PDF", "a PDF document"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ", "an xz file"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file"),
    (b"\x89HDF", "an HDF5 file"),
    (b"MATLAB 7.3", "a MATLAB file of version 7.3"),
    (b"version https://git-lfs", "a Git LFS pointer, not the file itself"),
];

/// The format of a file with these bytes.
pub(super) fn kind(bytes: &[u8]) -> Kind {
    match bytes {
        [0x1f, 0x8b, ..] => Kind::Gzip,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Kind::Zip,
        [0x80, 2..=5, ..] => Kind::Pickle,
        [0x93, b'N', b'U', b'M', b'P', b'Y', ..] => Kind::Npy,
        [b'P', b'A', b'R', b'1', ..] => Kind::Parquet,
        _ if bytes.starts_with(super::mat::MAGIC) => Kind::Mat,
        [0, 0, 8..=14, _, ..] => Kind::Idx,
        _ if is_tar(bytes) => Kind::Tar,
        _ => Kind::Other,
    }
}

/// A description of the bytes for the end of a message, `Received: …`.
pub(super) fn describe(bytes: &[u8]) -> String {
    let size = match bytes.len() {
        0 => return "an empty file (0 bytes)".to_string(),
        1 => "1 byte".to_string(),
        n => format!("{n} bytes"),
    };
    if is_web_page(bytes) {
        return format!("what looks like a web page, not data ({size}): the download failed, or the address is wrong");
    }
    let what = match kind(bytes) {
        Kind::Gzip => "a gzip file",
        Kind::Zip => "a zip archive",
        Kind::Tar => "a tar archive",
        Kind::Pickle => "a Python pickle",
        Kind::Npy => "a NumPy array",
        Kind::Idx => "an IDX file",
        Kind::Parquet => "a Parquet file",
        Kind::Mat => "a MATLAB file",
        Kind::Other => match MISTAKES.iter().find(|(magic, _)| bytes.starts_with(magic)) {
            Some((_, what)) => what,
            None => return unknown(bytes, &size),
        },
    };
    format!("{what} ({size})")
}

/// The start of the bytes: quoted if it is text, else in hexadecimal.
fn unknown(bytes: &[u8], size: &str) -> String {
    let start = &bytes[..bytes.len().min(24)];
    if start.iter().all(|b| b.is_ascii_graphic() || b.is_ascii_whitespace()) {
        return format!("text that begins {:?} ({size})", String::from_utf8_lossy(start));
    }
    let hex: Vec<_> = bytes.iter().take(4).map(|b| format!("{b:02x}")).collect();
    format!("{size} that begin {}", hex.join(" "))
}

/// Whether this is HTML, or the XML of a storage server's error page.
fn is_web_page(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    [b"<!doctype".as_slice(), b"<html", b"<head", b"<body", b"<?xml", b"<!--"]
        .iter()
        .any(|tag| text.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag)))
}

/// Whether this is a tar archive: the header holds the sum of its own bytes, with the eight of the sum counted as
/// blanks.
fn is_tar(bytes: &[u8]) -> bool {
    let Some(header) = bytes.get(..512) else { return false };
    let digits: Vec<u8> = header[148..156].iter().copied().filter(u8::is_ascii_digit).collect();
    let written = std::str::from_utf8(&digits).ok().and_then(|text| u32::from_str_radix(text, 8).ok());
    let sum = |part: &[u8]| part.iter().map(|&b| u32::from(b)).sum::<u32>();
    written == Some(sum(&header[..148]) + 8 * u32::from(b' ') + sum(&header[156..]))
}
