//! The block of a product that one workgroup computes, and the choice of its size.

use super::super::tile::Count;
use crate::kernels::gpu::tuning::{Block, Tile};

/// The number of terms of the sum that are in workgroup memory at a time.
pub const DEPTH: usize = 16;

const fn block(rows: usize, columns: usize, tile: [usize; 2]) -> Block {
    Block { rows, columns, tile: Tile { rows: tile[0], columns: tile[1] } }
}

/// The available blocks. Both operands of the largest fill the 16 KiB of workgroup memory that WebGPU guarantees.
pub const BLOCKS: [Block; 11] = [
    block(128, 128, [8, 8]),
    block(64, 128, [8, 8]),
    block(128, 64, [8, 8]),
    block(64, 64, [8, 4]),
    block(128, 32, [8, 4]),
    block(32, 64, [4, 4]),
    block(64, 32, [4, 4]),
    block(32, 32, [4, 4]),
    block(128, 16, [8, 4]),
    block(32, 16, [4, 4]),
    block(128, 8, [4, 4]),
];

// A model of a large GPU, by which the blocks for a product are compared. If it is wrong, products are only slower.
/// Cores.
const CORES: usize = 128;
/// Multiply-adds of a core per cycle.
const RATE: f64 = 128.0;
/// The latency of memory, in cycles.
const LATENCY: f64 = 700.0;
/// The overhead of an additional pass, in cycles.
const PASS: f64 = 4000.0;
/// The memory bandwidth of all cores together, in bytes per cycle.
const BYTES: f64 = 1600.0;

impl Block {
    /// The number of invocations of a workgroup.
    pub const fn threads(self) -> usize {
        self.rows / self.tile.rows * (self.columns / self.tile.columns)
    }

    /// The counts for [`expand`](super::super::tile::expand): sizes, and the number of vec4s of each operand that
    /// an invocation loads.
    pub fn counts(self) -> [Count; 5] {
        let threads = self.threads();
        let brings = |lines: usize| (lines * DEPTH / 4).div_ceil(threads);
        let (a, b) = (brings(self.rows), brings(self.columns));
        [("bm", self.rows), ("bn", self.columns), ("threads", threads), ("a", a), ("b", b)]
    }

    /// The number of blocks of a product of `rows` by `columns`.
    pub fn count(self, rows: usize, columns: usize) -> usize {
        rows.div_ceil(self.rows) * columns.div_ceil(self.columns)
    }

    /// The fraction of a core's rate that is reached with this tile: a larger one reads less per multiply-add.
    fn efficiency(self) -> f64 {
        match self.tile.rows * self.tile.columns {
            64 => 0.7,
            32 => 0.6,
            _ => 0.45,
        }
    }

    /// The number of workgroups for which a core has registers.
    fn resident(self) -> usize {
        let registers = 32 + 3 * self.tile.rows * self.tile.columns / 2;
        (65_536 / (registers * self.threads())).clamp(1, 16)
    }

    /// The estimated cycles of a product that is summed in `splits` parts of `share` terms.
    fn cycles(self, rows: usize, columns: usize, splits: usize, share: usize) -> f64 {
        let groups = self.count(rows, columns) * splits;
        let together = groups.div_ceil(CORES).min(self.resident());
        let turns = groups.div_ceil(CORES * together);
        let work = (self.rows * self.columns * DEPTH * together) as f64 / (RATE * self.efficiency());
        let parts = if splits > 1 { PASS + (8 * splits * rows * columns) as f64 / BYTES } else { 0.0 };
        turns as f64 * (2.0 + (share / DEPTH) as f64) * work.max(LATENCY) + parts
    }
}

/// The block of a product, and the parts into which its sum is cut.
#[derive(Debug, Clone, Copy)]
pub struct Cut {
    /// The block.
    pub block: Block,
    /// The number of parts.
    pub splits: usize,
    /// The number of terms of a part.
    pub share: usize,
}

impl Cut {
    /// The cut of least cost for a product of `rows` by `columns` values of `depth` terms, in at most `most` parts. If
    /// a `block` is given, only that one is considered.
    pub fn of(block: Option<Block>, [rows, columns, depth]: [usize; 3], most: usize) -> Self {
        let blocks = block.as_ref().map_or(&BLOCKS[..], std::slice::from_ref);
        let steps = depth.div_ceil(DEPTH).max(1);
        let mut ways = blocks.iter().flat_map(|&block| {
            let splits = (0..).map(|power| 1 << power).take_while(|&splits| splits <= most.min(steps));
            splits.map(move |splits| {
                let share = steps.div_ceil(splits) * DEPTH;
                Self { block, splits: (steps * DEPTH).div_ceil(share), share }
            })
        });
        let cost = |cut: &Self| cut.block.cycles(rows, columns, cut.splits, cut.share);
        let first = ways.next().unwrap_or(Self { block: BLOCKS[0], splits: 1, share: steps * DEPTH });
        ways.fold(first, |best, cut| if cost(&cut) < cost(&best) { cut } else { best })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_block_fits_what_webgpu_promises_and_its_shader() {
        for block in BLOCKS {
            let (Block { rows, columns, tile }, threads) = (block, block.threads());
            assert!(rows % tile.rows == 0 && columns % tile.columns == 0 && threads <= 256, "{block:?}");
            assert!(4 * DEPTH * (rows + columns) <= 16_384, "{block:?}");
            // Each invocation loads whole vec4s of the same term or window.
            assert_eq!(rows * DEPTH / 4 % threads, 0, "{block:?}");
            let right = columns * DEPTH / 4;
            assert!(right.is_multiple_of(threads) || threads.is_multiple_of(right), "{block:?}");
            let whole = [rows / 4, columns / 4, 4].iter().all(|&fours| threads.is_multiple_of(fours));
            assert!(whole, "{block:?}");
        }
    }

    #[test]
    fn parts_cover_the_sum() {
        for depth in [1, 16, 27, 4608, 100_352] {
            for most in [1, 3, 64, 1024] {
                let cut = Cut::of(None, [128, 10, depth], most);
                assert!(cut.splits * cut.share >= depth && (cut.splits - 1) * cut.share < depth.max(1), "{cut:?}");
            }
        }
    }
}
