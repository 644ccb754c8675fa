//! Looks through Thrift's compact encoding before the `parquet` crate reads it. The crate reserves memory as the file tells it, and
//! follows a schema as deep as it is; here lengths are compared with what is there.
//!
//! # Source
//! Apache Thrift, "Thrift Compact protocol encoding", <https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>.

/// The most levels of structures in structures.
const MAX_DEPTH: usize = 24;
/// The most columns and groups of columns. The crate follows groups by recursion.
const MAX_COLUMNS: u64 = 300;

const I32: u8 = 5;
const LIST: u8 = 9;

/// A place in encoded bytes.
struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Walk<'_> {
    fn byte(&mut self) -> Option<u8> {
        self.at += 1;
        self.bytes.get(self.at - 1).copied()
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    fn zigzag(&mut self) -> Option<i64> {
        self.varint().map(|value| (value >> 1) as i64 ^ -((value & 1) as i64))
    }

    fn advance(&mut self, count: u64) -> Option<()> {
        let left = self.bytes.len().checked_sub(self.at)?;
        self.at += usize::try_from(count).ok().filter(|&count| count <= left)?;
        Some(())
    }

    /// The type and the number of a list's values.
    fn list(&mut self) -> Option<(u8, u64)> {
        let head = self.byte()?;
        let size = if head >> 4 == 15 { self.varint()? } else { u64::from(head >> 4) };
        // Every value takes a byte at least.
        (size <= (self.bytes.len() - self.at.min(self.bytes.len())) as u64).then_some((head & 15, size))
    }

    fn skip(&mut self, kind: u8, depth: usize) -> Option<()> {
        match kind {
            3 => self.advance(1),
            4..=6 => self.varint().map(|_| ()),
            7 => self.advance(8),
            8 => self.varint().and_then(|length| self.advance(length)),
            9 | 10 => {
                let (kind, size) = self.list()?;
                (0..size).try_for_each(|_| self.value(kind, depth))
            }
            11 => {
                let size = self.varint()?;
                if size == 0 {
                    return Some(());
                }
                let kinds = self.byte()?;
                (0..size).try_for_each(|_| {
                    self.value(kinds >> 4, depth)?;
                    self.value(kinds & 15, depth)
                })
            }
            12 => self.fields(depth + 1, &mut |_, _, _| Some(())),
            _ => None,
        }
    }

    /// A value outside of a structure, where truth values take a byte.
    fn value(&mut self, kind: u8, depth: usize) -> Option<()> {
        if matches!(kind, 1 | 2) { self.advance(1) } else { self.skip(kind, depth) }
    }

    /// Visits the fields of a structure: their numbers, types and values.
    fn fields(&mut self, depth: usize, visit: &mut dyn FnMut(i64, u8, &mut Walk) -> Option<()>) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        let mut number = 0;
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Some(());
            }
            let (step, kind) = (i64::from(head >> 4), head & 15);
            number = if step == 0 { self.zigzag()? } else { number + step };
            visit(number, kind, &mut Walk { bytes: self.bytes, at: self.at })?;
            if !matches!(kind, 1 | 2) {
                self.skip(kind, depth)?;
            }
        }
    }
}

/// Whether the metadata of a file can be read without harm.
pub(super) fn is_sound_footer(bytes: &[u8]) -> bool {
    Walk { bytes, at: 0 }
        .fields(0, &mut |number, kind, value| match (number, kind) {
            (2, LIST) => value.list().filter(|(_, size)| *size <= MAX_COLUMNS).map(|_| ()),
            _ => Some(()),
        })
        .is_some()
}

/// Whether the pages of a column, one after another, have headers that can be read, and fill it.
pub(super) fn are_sound_pages(bytes: &[u8]) -> bool {
    let mut walk = Walk { bytes, at: 0 };
    while walk.at < bytes.len() {
        let mut size = None;
        let read = walk.fields(0, &mut |number, kind, value| {
            if (number, kind) == (3, I32) {
                size = u64::try_from(value.zigzag()?).ok();
            }
            Some(())
        });
        if read.is_none() || size.and_then(|size| walk.advance(size)).is_none() {
            return false;
        }
    }
    true
}
