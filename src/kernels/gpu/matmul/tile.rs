//! The tile of a product that one invocation computes in registers: its size, and the kernels unrolled for it.
//!
//! A tile of `rows` by `columns` reads `rows + columns` values for every `rows * columns` multiply-adds, so large tiles
//! read less. On a software adapter this dominates, since each lane of a subgroup reads separately: a read costs as
//! much as six multiply-adds. But its compiler takes about a millisecond for each unrolled multiply-add, and more for
//! each memory access. So small products get a small tile, and tiles are stored in a loop.

use crate::kernels::gpu::tuning::{Tile, Tuning};
use std::sync::{Mutex, PoisonError};

/// The cost of a read, in multiply-adds.
const READ: usize = 6;

/// The parts of a shader's source.
type Parts = &'static [&'static str];

/// A name and its count: lines with `{name}` are repeated that often, and `{NAME}` is replaced by the count.
pub type Count = (&'static str, usize);

/// A kernel, the tile and the counts for which it was expanded, and the expanded source.
type Written = (Parts, Tile, Vec<Count>, Parts);

/// The cache of expanded kernels; there are at most as many as kernels times tiles.
static TEXTS: Mutex<Vec<Written>> = Mutex::new(Vec::new());

impl Tile {
    /// The tile of least cost for a product of `rows` by `columns` values, each a sum of `depth` terms.
    pub fn of(device: Tuning, rows: usize, columns: usize, depth: usize) -> Self {
        let sizes = |most: usize| (4..=most).step_by(4);
        let tiles = sizes(device.tile.rows)
            .flat_map(|rows| sizes(device.tile.columns).map(move |columns| Self { rows, columns }));
        let cost = |tile: &Self| {
            let work = rows.div_ceil(tile.rows) * columns.div_ceil(tile.columns) * depth;
            let each = tile.rows * tile.columns + READ * (tile.rows + tile.columns);
            work * each + device.compilation * tile.rows * tile.columns
        };
        tiles.min_by_key(cost).unwrap_or(Self { rows: 4, columns: 4 })
    }

    /// The number of tiles of a product of `rows` by `columns`.
    pub fn count(self, rows: usize, columns: usize) -> usize {
        rows.div_ceil(self.rows) * columns.div_ceil(self.columns)
    }
}

/// Expands a kernel's source for a tile. Each line with `{c}` is repeated once per four columns. Consecutive lines with
/// `{r}` are repeated together, once per row; lines with `{q}` once per four rows. `counts` gives further names: lines
/// with `{name}` (lower case) are repeated that often, and `{NAME}` is replaced by the number.
pub fn expand(kernel: Parts, tile: Tile, counts: &[Count]) -> Parts {
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((.., written)) = texts.iter().find(|(k, t, c, _)| (*k, *t, &c[..]) == (kernel, tile, counts)) {
        return written;
    }
    let written = Vec::leak(kernel.iter().map(|part| &*expand_text(part, tile, counts).leak()).collect());
    texts.push((kernel, tile, counts.to_vec(), written));
    written
}

fn expand_text(text: &str, tile: Tile, counts: &[Count]) -> String {
    let mut text = text.replace("{rows}", &tile.rows.to_string()).replace("{columns}", &tile.columns.to_string());
    for (name, count) in counts {
        text = text.replace(&format!("{{{}}}", name.to_ascii_uppercase()), &count.to_string());
    }
    let lines: Vec<&str> = text.lines().collect();
    let mut out = String::new();
    for block in lines.chunk_by(|a, b| a.contains("{r}") && b.contains("{r}")) {
        let down = [("r", tile.rows), ("q", tile.rows / 4)];
        let found = down.iter().chain(counts).find(|(name, _)| block[0].contains(&format!("{{{name}}}")));
        let (name, times) = found.map_or(("r", 1), |&(name, times)| (name, times));
        for i in 0..times {
            block.iter().for_each(|line| across(line, (name, i), tile, &mut out));
        }
    }
    out
}

/// Writes a line for repetition `i` of `name`, once per four columns if it contains `{c}`.
fn across(line: &str, (name, i): (&str, usize), tile: Tile, out: &mut String) {
    let member = ["x", "y", "z", "w"][i % 4];
    let line = line.replace("{r/4}", &(i / 4).to_string()).replace("{r%4}", member);
    let line = line.replace("{r mod 4}", &(i % 4).to_string()).replace(&format!("{{{name}}}"), &i.to_string());
    for c in 0..if line.contains("{c}") { tile.columns / 4 } else { 1 } {
        out.push_str(&line.replace("{c}", &c.to_string()));
        out.push('\n');
    }
}
