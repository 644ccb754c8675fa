//! Bounded decompression: nothing is inflated beyond a limit, independent of the sizes that the file gives.

use crate::base::error::{Error, Result};
use flate2::bufread::GzDecoder;
use std::io::{BufRead, ErrorKind, Read};

/// The maximum compression ratio of deflate (zlib's documentation, "Maximum Compression Factor").
const MAX_RATIO: usize = 1032;

/// A callback for the progress of loading a file: bytes done, and bytes in all.
pub(super) type Progress<'a> = &'a mut dyn FnMut(usize, usize);

/// A file in memory that reports the progress of reading it, about a hundred times in all.
pub(super) struct Counted<'a> {
    left: &'a [u8],
    total: usize,
    reported: usize,
    progress: Progress<'a>,
}

impl<'a> Counted<'a> {
    pub fn new(bytes: &'a [u8], progress: Progress<'a>) -> Self {
        Self { left: bytes, total: bytes.len(), reported: 0, progress }
    }
}

impl Read for Counted<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let n = self.left.read(out)?;
        self.report();
        Ok(n)
    }
}

impl Counted<'_> {
    fn report(&mut self) {
        let done = self.total - self.left.len();
        if done - self.reported > self.total / 100 {
            self.reported = done;
            (self.progress)(done, self.total);
        }
    }
}

impl BufRead for Counted<'_> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        Ok(self.left)
    }

    fn consume(&mut self, amount: usize) {
        self.left.consume(amount);
        self.report();
    }
}

/// Inflates gzip. The checksum of every member is verified at its end.
pub(super) fn gunzip<'a>(bytes: &'a [u8], progress: Progress<'a>) -> impl Read + 'a {
    Gunzip { member: Some(GzDecoder::new(Counted::new(bytes, progress))) }
}

/// The members of a gzip file, one after another. Zeros after a member are padding (RFC 1952 does not mention it, but tape
/// drives and some servers add it). Other bytes that are no member are refused, as by Python's `gzip`: what was written there is not
/// known.
struct Gunzip<R> {
    /// The member that is being read; `None` after the last one.
    member: Option<GzDecoder<R>>,
}

impl<R: BufRead> Read for Gunzip<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        while let Some(member) = &mut self.member {
            let n = member.read(out)?;
            if n > 0 || out.is_empty() {
                return Ok(n);
            }
            self.member = self.member.take().map(GzDecoder::into_inner).map(next_member).transpose()?.flatten();
        }
        Ok(0)
    }
}

/// Skips padding; the decoder of the member that follows, if there is one. The buffer is all that is left of the file.
fn next_member<R: BufRead>(mut input: R) -> std::io::Result<Option<GzDecoder<R>>> {
    loop {
        let buffer = input.fill_buf()?;
        let zeros = buffer.iter().take_while(|&&byte| byte == 0).count();
        if zeros == 0 {
            return match buffer {
                [] => Ok(None),
                [0x1f, 0x8b, ..] => Ok(Some(GzDecoder::new(input))),
                _ => Err(std::io::Error::new(ErrorKind::InvalidData, "bytes that are not gzip follow its end")),
            };
        }
        input.consume(zeros);
    }
}

/// The first 512 bytes inside a gzip file, or as many as can be read: enough to recognise the format of the content.
pub(super) fn peek_gzip(bytes: &[u8]) -> Vec<u8> {
    let mut start = Vec::new();
    // Errors are ignored here: the bytes before the damage still tell the format, and reading the whole reports it.
    let _ = Gunzip { member: Some(GzDecoder::new(bytes)) }.take(512).read_to_end(&mut start);
    start
}

/// Reads to the end, at most `limit` bytes. `input` is the number of compressed bytes; it bounds the memory reserved
/// for a small file whose header gives a large size.
///
/// # Errors
/// [`Error::Data`] if there are more bytes, the data is damaged, or memory is short.
pub(super) fn read_all(reader: impl Read, limit: usize, input: usize) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    // One byte more than the limit, so that the byte that exceeds it does not cause a reallocation.
    reserve(&mut out, limit.min(input.saturating_mul(MAX_RATIO)) + 1)?;
    reader.take(limit as u64 + 1).read_to_end(&mut out).map_err(|error| broken(&error))?;
    if out.len() > limit {
        return Err(Error::Data(format!(
            "more than the {limit} bytes that its format can hold: not a data file, or damaged"
        )));
    }
    Ok(out)
}

/// Reserves memory for `bytes` more bytes.
///
/// # Errors
/// [`Error::Data`] if there is not enough memory.
pub(super) fn reserve(out: &mut Vec<u8>, bytes: usize) -> Result<()> {
    out.try_reserve_exact(bytes).map_err(|_| {
        Error::Data(format!(
            "there is not enough memory for {} MiB of images; close other pages or programs",
            bytes >> 20
        ))
    })
}

/// Reads to the end and discards the bytes, so that the checksum at the end is verified.
pub(super) fn drain(reader: impl Read, limit: usize) -> Result<()> {
    let rest =
        std::io::copy(&mut reader.take(limit as u64 + 1), &mut std::io::sink()).map_err(|error| broken(&error))?;
    if rest > limit as u64 {
        return Err(Error::Data(format!("more than {} MiB follow the last file of the archive", limit >> 20)));
    }
    Ok(())
}

const CUT_SHORT: &str =
    "the file is cut short: it ends within its compressed data or its last file. Download or copy it again";

/// Converts a decoder's error into one for the user.
pub(super) fn broken(error: &std::io::Error) -> Error {
    // The tar reader does not set the kind of error at an unexpected end of file.
    let text = error.to_string();
    Error::Data(match error.kind() {
        ErrorKind::UnexpectedEof => CUT_SHORT.to_string(),
        _ if text.contains("EOF") || text.contains("failed to read entire block") => CUT_SHORT.to_string(),
        ErrorKind::OutOfMemory => "there is not enough memory to unpack the file".to_string(),
        _ => format!("the file is damaged and cannot be unpacked ({}). Download or copy it again", one_line(&text)),
    })
}

/// A decoder's message without control characters, cut to 120 characters: it may quote bytes of an untrusted file.
pub(super) fn one_line(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && *c != char::REPLACEMENT_CHARACTER).take(120).collect()
}
