//! Reading a zip archive in memory: its directory at the end, then member by member, stored or deflated. Written here
//! because a whole zip library would be a sixth of what the page downloads.
//!
//! # Source
//! PKWARE, "APPNOTE.TXT - .ZIP File Format Specification", 6.3.10, sections 4.3 and 4.5.3 (sizes of 64 bits).

use super::stream::read_all;
use crate::{Error, Result};
use flate2::Crc;
use flate2::bufread::DeflateDecoder;

const DIRECTORY_END: u32 = 0x0605_4b50;
const DIRECTORY_END_64: u32 = 0x0606_4b50;
const LOCATOR_64: u32 = 0x0706_4b50;
const DIRECTORY_ENTRY: u32 = 0x0201_4b50;
const MEMBER: u32 = 0x0403_4b50;

/// The longest comment that may follow the directory's end.
const LONGEST_COMMENT: usize = 0xffff;

/// A member, as the directory lists it.
#[derive(Debug)]
pub(super) struct Member<'a> {
    /// Its path.
    pub name: &'a [u8],
    /// Its size, unpacked.
    pub size: u64,
    packed: u64,
    crc: u32,
    method: u16,
    is_encrypted: bool,
    start: u64,
}

/// The members of an archive, in the directory's order.
pub(super) fn members<'a>(archive: &'a [u8]) -> Result<impl Iterator<Item = Result<Member<'a>>> + use<'a>> {
    let (count, mut at) = directory(archive)?;
    Ok((0..count).map(move |_| {
        let (member, length) = Member::read(archive, at)?;
        at += length;
        Ok(member)
    }))
}

/// Members and where the directory starts.
fn directory(archive: &[u8]) -> Result<(u64, usize)> {
    let from = archive.len().saturating_sub(LONGEST_COMMENT + 22);
    let end = (from..=archive.len().saturating_sub(22))
        .rev()
        .find(|&at| matches!(u32_at(archive, at), Ok(DIRECTORY_END)))
        .ok_or_else(|| broken("it has no directory"))?;
    let (count, start) = (u16_at(archive, end + 10)?, u32_at(archive, end + 16)?);
    if count < u16::MAX && start < u32::MAX {
        return Ok((count.into(), start as usize));
    }
    let locator = end.checked_sub(20).ok_or_else(|| broken("its directory is cut off"))?;
    if u32_at(archive, locator)? != LOCATOR_64 {
        return Ok((count.into(), start as usize));
    }
    let end = index(u64_at(archive, locator + 8)?)?;
    if u32_at(archive, end)? != DIRECTORY_END_64 {
        return Err(broken("its directory is not where it says"));
    }
    Ok((u64_at(archive, end + 32)?, index(u64_at(archive, end + 48)?)?))
}

impl<'a> Member<'a> {
    /// The member whose entry stands at `at`, and how long the entry is.
    fn read(archive: &'a [u8], at: usize) -> Result<(Self, usize)> {
        if u32_at(archive, at)? != DIRECTORY_ENTRY {
            return Err(broken("its directory is damaged"));
        }
        let [name, extra, comment] = [28, 30, 32].map(|field| u16_at(archive, at + field).map(usize::from));
        let (name, extra, comment) = (name?, extra?, comment?);
        let mut member = Self {
            name: bytes(archive, at + 46, name)?,
            size: u32_at(archive, at + 24)?.into(),
            packed: u32_at(archive, at + 20)?.into(),
            crc: u32_at(archive, at + 16)?,
            method: u16_at(archive, at + 10)?,
            is_encrypted: u16_at(archive, at + 8)? & 1 == 1,
            start: u32_at(archive, at + 42)?.into(),
        };
        member.widen(bytes(archive, at + 46 + name, extra)?)?;
        Ok((member, 46 + name + extra + comment))
    }

    /// Takes what does not fit into 32 bits from the extra fields.
    fn widen(&mut self, mut extra: &[u8]) -> Result<()> {
        while extra.len() >= 4 {
            let (id, length) = (u16_at(extra, 0)?, usize::from(u16_at(extra, 2)?));
            let mut at = 4;
            for value in [&mut self.size, &mut self.packed, &mut self.start] {
                if id == 1 && *value == u64::from(u32::MAX) {
                    *value = u64_at(&extra[..extra.len().min(4 + length)], at)?;
                    at += 8;
                }
            }
            extra = extra.get(4 + length..).unwrap_or_default();
        }
        Ok(())
    }

    /// Whether it is a file and no folder.
    pub fn is_file(&self) -> bool {
        !self.name.ends_with(b"/")
    }

    /// Its contents, which must come to `size` bytes and have the right checksum.
    pub fn unpack(&self, archive: &[u8], size: usize) -> Result<Vec<u8>> {
        let at = index(self.start)?;
        if self.is_encrypted {
            return Err(broken("it is encrypted"));
        }
        if u32_at(archive, at)? != MEMBER {
            return Err(broken("a member is not where the directory says"));
        }
        let skip = 30 + usize::from(u16_at(archive, at + 26)?) + usize::from(u16_at(archive, at + 28)?);
        let packed = bytes(archive, at.saturating_add(skip), index(self.packed)?)?;
        let contents = match self.method {
            0 => read_all(packed, size, packed.len())?,
            8 => read_all(DeflateDecoder::new(packed), size, packed.len())?,
            method => return Err(broken(&format!("it is packed by method {method}"))),
        };
        let mut crc = Crc::new();
        crc.update(&contents);
        if contents.len() == size && crc.sum() != self.crc {
            return Err(broken("a checksum is wrong"));
        }
        Ok(contents)
    }
}

fn bytes(from: &[u8], at: usize, length: usize) -> Result<&[u8]> {
    from.get(at..).and_then(|rest| rest.get(..length)).ok_or_else(|| broken("it is cut off"))
}

fn array<const N: usize>(from: &[u8], at: usize) -> Result<[u8; N]> {
    let mut array = [0; N];
    array.copy_from_slice(bytes(from, at, N)?);
    Ok(array)
}

fn u16_at(from: &[u8], at: usize) -> Result<u16> {
    array(from, at).map(u16::from_le_bytes)
}
fn u32_at(from: &[u8], at: usize) -> Result<u32> {
    array(from, at).map(u32::from_le_bytes)
}
fn u64_at(from: &[u8], at: usize) -> Result<u64> {
    array(from, at).map(u64::from_le_bytes)
}
fn index(value: u64) -> Result<usize> {
    usize::try_from(value).map_err(|_| broken("it names a place outside itself"))
}

fn broken(why: &str) -> Error {
    Error::Data(format!(
        "the zip archive is damaged or of a kind that cannot be read ({why}). Download or copy it again"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An archive of one stored file, as NumPy writes it: sizes of 64 bits in the extra field.
    fn numpys(contents: &[u8], crc: u32) -> Vec<u8> {
        let (size, name) = (contents.len() as u64, b"a.npy");
        let fields = |head: &[u8]| [head, &crc.to_le_bytes(), &[0xff; 8], &5u16.to_le_bytes()].concat();
        let extra = [&1u16.to_le_bytes()[..], &16u16.to_le_bytes(), &size.to_le_bytes(), &size.to_le_bytes()].concat();
        let member =
            [&fields(b"PK\x03\x04\x2d\0\0\0\0\0\0\0\0\0"), &20u16.to_le_bytes()[..], name, &extra, contents].concat();
        let entry =
            [&fields(b"PK\x01\x02\x2d\0\x2d\0\0\0\0\0\0\0\0\0"), &20u16.to_le_bytes()[..], &[0; 14], name, &extra]
                .concat();
        let (length, start) = ((entry.len() as u32).to_le_bytes(), (member.len() as u32).to_le_bytes());
        let end = [&b"PK\x05\x06\0\0\0\0\x01\0\x01\0"[..], &length, &start, &[0; 2]].concat();
        [member, entry, end].concat()
    }

    #[test]
    fn sizes_of_64_bits_are_read_and_checksums_checked() {
        let mut crc = Crc::new();
        crc.update(b"hello");
        let archive = numpys(b"hello", crc.sum());
        let found: Vec<Member> = members(&archive).unwrap().map(Result::unwrap).collect();
        assert_eq!((found.len(), found[0].name, found[0].size), (1, &b"a.npy"[..], 5));
        assert_eq!(found[0].unpack(&archive, 5).unwrap(), b"hello");
        let wrong = numpys(b"hello", 1);
        let member = members(&wrong).unwrap().next().unwrap().unwrap();
        assert!(member.unpack(&wrong, 5).unwrap_err().to_string().contains("checksum"));
    }

    #[test]
    fn no_cut_makes_it_panic() {
        let archive = numpys(b"hello", 0);
        for length in 0..archive.len() {
            let cut = &archive[..length];
            if let Ok(found) = members(cut) {
                found.take(3).flatten().for_each(|member| drop(member.unpack(cut, 5)));
            }
        }
    }
}
