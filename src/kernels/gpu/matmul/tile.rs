//! The tile of a product that one invocation makes in registers: its size, and the kernels' texts written out for it.
//!
//! A tile of `rows` by `columns` reads `rows + columns` values for every `rows * columns` products, so large tiles read
//! less. On a software adapter that is everything, since each of a subgroup's lanes reads by itself: a read costs six
//! times a product. But its compiler takes about a millisecond for each product that is written out, and more for each
//! place that reads or writes memory; so little work gets a small tile, and tiles are stored in a loop.

use crate::kernels::gpu::tuning::{Tile, Tuning};
use std::sync::{Mutex, PoisonError};

/// What a read costs, in products.
const READ: usize = 6;

/// Parts of a shader.
type Parts = &'static [&'static str];

/// How often to write a line that holds `{name}`, or the number to put there.
pub type Count = (&'static str, usize);

/// A kernel, what it was written out for, and how that reads.
type Written = (Parts, Tile, Vec<Count>, Parts);

/// What was written out so far; there are no more than kernels times tiles.
static TEXTS: Mutex<Vec<Written>> = Mutex::new(Vec::new());

impl Tile {
    /// The tile for a product of `rows` by `columns` that sums `depth` products for each value.
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

    /// Tiles of a product of `rows` by `columns`.
    pub fn count(self, rows: usize, columns: usize) -> usize {
        rows.div_ceil(self.rows) * columns.div_ceil(self.columns)
    }
}

/// A kernel written out for a tile. Every line with `{c}` is written once for each four columns; neighbouring lines with
/// `{r}` are written together, once for each row, and lines with `{q}` once for each four rows. `counts` has more names:
/// lines with `{name}` are written that often, lower-case letters only, and `{NAME}` is the number itself.
pub fn write_out(kernel: Parts, tile: Tile, counts: &[Count]) -> Parts {
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((.., written)) = texts.iter().find(|(k, t, c, _)| (*k, *t, &c[..]) == (kernel, tile, counts)) {
        return written;
    }
    let written = Vec::leak(kernel.iter().map(|part| &*expand(part, tile, counts).leak()).collect());
    texts.push((kernel, tile, counts.to_vec(), written));
    written
}

fn expand(text: &str, tile: Tile, counts: &[Count]) -> String {
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

/// Writes a line for member `i` of what runs down the block.
fn across(line: &str, (name, i): (&str, usize), tile: Tile, out: &mut String) {
    let member = ["x", "y", "z", "w"][i % 4];
    let line = line.replace("{r/4}", &(i / 4).to_string()).replace("{r%4}", member);
    let line = line.replace("{r mod 4}", &(i % 4).to_string()).replace(&format!("{{{name}}}"), &i.to_string());
    for c in 0..if line.contains("{c}") { tile.columns / 4 } else { 1 } {
        out.push_str(&line.replace("{c}", &c.to_string()));
        out.push('\n');
    }
}
