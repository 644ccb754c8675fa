//! Reading compressed bytes within bounds: nothing is inflated past what its format can hold, whatever the file claims.

use crate::base::error::{Error, Result};
use flate2::bufread::MultiGzDecoder;
use std::io::{BufRead, ErrorKind, Read};

/// The most that deflate can make of one byte (zlib's documentation, "Maximum Compression Factor").
const MAX_RATIO: usize = 1032;

/// What a load reports while it runs: bytes of the file done, and all of them.
pub(super) type Progress<'a> = &'a mut dyn FnMut(usize, usize);

/// A file in memory that reports how far it has been read, about a hundred times in all.
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

/// Inflates gzip; every member is checked against its checksum when it is read to its end.
pub(super) fn gunzip<'a>(bytes: &'a [u8], progress: Progress<'a>) -> impl Read + 'a {
    MultiGzDecoder::new(Counted::new(bytes, progress))
}

/// The first 512 bytes inside a gzip file, as far as they can be read: enough to tell what it holds.
pub(super) fn peek_gzip(bytes: &[u8]) -> Vec<u8> {
    let mut start = Vec::new();
    // A damaged file is reported when it is read in earnest; what came before the damage still tells its kind.
    let _ = MultiGzDecoder::new(bytes).take(512).read_to_end(&mut start);
    start
}

/// Reads to the end, which must come within `limit` bytes. `input` is how many bytes the reader can draw on, so that a
/// small file that announces much does not take up much.
pub(super) fn read_all(reader: impl Read, limit: usize, input: usize) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    // One byte over the limit, so that the byte too many does not make the whole grow.
    reserve(&mut out, limit.min(input.saturating_mul(MAX_RATIO)) + 1)?;
    reader.take(limit as u64 + 1).read_to_end(&mut out).map_err(|error| broken(&error))?;
    if out.len() > limit {
        return Err(Error::Data(format!(
            "more than the {limit} bytes that its format can hold: not a data file, or damaged"
        )));
    }
    Ok(out)
}

/// Makes room for `bytes` more, or says that there is none.
pub(super) fn reserve(out: &mut Vec<u8>, bytes: usize) -> Result<()> {
    out.try_reserve_exact(bytes).map_err(|_| {
        Error::Data(format!(
            "there is not enough memory for {} MiB of pictures; close other pages or programs",
            bytes >> 20
        ))
    })
}

/// Reads on to the end without keeping anything, so that the checksum there is verified.
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

/// An error of a decoder, in the words of a user.
pub(super) fn broken(error: &std::io::Error) -> Error {
    // The tar reader reports an early end as an error of no kind.
    let text = error.to_string();
    Error::Data(match error.kind() {
        ErrorKind::UnexpectedEof => CUT_SHORT.to_string(),
        _ if text.contains("EOF") || text.contains("failed to read entire block") => CUT_SHORT.to_string(),
        ErrorKind::OutOfMemory => "there is not enough memory to unpack the file".to_string(),
        _ => format!("the file is damaged and cannot be unpacked ({}). Download or copy it again", one_line(&text)),
    })
}

/// A decoder's own words, which may quote the file's bytes: without what would break the line, and not too many.
pub(super) fn one_line(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && *c != char::REPLACEMENT_CHARACTER).take(120).collect()
}
