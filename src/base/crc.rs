//! CRC-32 as gzip has it, eight bytes at a time. Its tables are worked out when they are first needed: as data they would be
//! a tenth of what the page downloads of the engine.

use std::sync::LazyLock;

/// The polynomial, lowest power last.
const POLYNOMIAL: u32 = 0xedb8_8320;

/// `TABLES[k][byte]` is what `byte` makes of a sum that `k` more bytes follow.
static TABLES: LazyLock<Box<[[u32; 256]; 8]>> = LazyLock::new(|| {
    let mut tables = Box::new([[0; 256]; 8]);
    for byte in 0..256 {
        let step = |sum: u32, _| if sum & 1 == 1 { sum >> 1 ^ POLYNOMIAL } else { sum >> 1 };
        tables[0][byte] = (0..8).fold(byte as u32, step);
    }
    for k in 1..8 {
        for byte in 0..256 {
            let before = tables[k - 1][byte];
            tables[k][byte] = before >> 8 ^ tables[0][before as usize & 255];
        }
    }
    tables
});

/// A sum that grows.
pub struct Crc(u32);

impl Crc {
    /// Of nothing.
    pub fn new() -> Self {
        Self(u32::MAX)
    }

    /// Goes on with more bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        let tables = &**TABLES;
        let (eights, rest) = bytes.as_chunks::<8>();
        for &[a, b, c, d, e, f, g, h] in eights {
            let low = (self.0 ^ u32::from_le_bytes([a, b, c, d])).to_le_bytes();
            let all = [low[0], low[1], low[2], low[3], e, f, g, h];
            self.0 = (0..8).fold(0, |sum, i| sum ^ tables[7 - i][usize::from(all[i])]);
        }
        for &byte in rest {
            self.0 = self.0 >> 8 ^ tables[0][usize::from(self.0 as u8 ^ byte)];
        }
    }

    /// The sum.
    pub fn value(&self) -> u32 {
        !self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_another_implementation() {
        let bytes: Vec<u8> = (0..1000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        for cut in [0, 1, 7, 8, 9, 500, 1000] {
            let mut crc = Crc::new();
            crc.update(&bytes[..cut]);
            assert_eq!(crc.value(), crc32fast::hash(&bytes[..cut]));
            crc.update(&bytes[cut..]);
            assert_eq!(crc.value(), crc32fast::hash(&bytes));
        }
    }
}
