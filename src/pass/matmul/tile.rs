//! The tile of a product that one invocation makes in registers: its size, and the kernels' texts written out for it.
//!
//! A tile of `rows` by `columns` reads `rows + columns` values for every `rows * columns` products, so large tiles read
//! less. On a software adapter that is everything, since each of a subgroup's lanes reads by itself: a read costs six
//! times a product. But its compiler takes about a millisecond for each product that is written out, and more for each
//! place that reads or writes memory; so little work gets a small tile, and tiles are stored in a loop.

use crate::pass::Tuning;
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

/// A tile's size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tile {
    /// Its rows, a multiple of four.
    pub rows: usize,
    /// Its columns, a multiple of four.
    pub columns: usize,
}

/// What a read costs, in products.
const READ: usize = 6;

/// Parts of a shader.
type Parts = &'static [&'static str];

/// The texts written out so far; there are no more than kernels times tiles.
static TEXTS: LazyLock<Mutex<HashMap<(Parts, Tile), Parts>>> = LazyLock::new(Mutex::default);

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

    /// A kernel written out for the tile.
    pub fn written_out(self, kernel: Parts) -> Parts {
        let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
        texts.entry((kernel, self)).or_insert_with(|| {
            let parts = kernel.iter().map(|part| &*self.expand(part).leak());
            Vec::leak(parts.collect())
        })
    }

    /// Writes every line with `{c}` once for each four columns, with `{q}` once for each four rows. Neighbouring lines
    /// with `{r}` are written together, once for each row.
    fn expand(self, text: &str) -> String {
        let text = text.replace("{rows}", &self.rows.to_string()).replace("{columns}", &self.columns.to_string());
        let lines: Vec<&str> = text.lines().collect();
        let mut out = String::new();
        for block in lines.chunk_by(|a, b| a.contains("{r}") && b.contains("{r}")) {
            let times = match block[0] {
                line if line.contains("{r}") => self.rows,
                line if line.contains("{q}") => self.rows / 4,
                _ => 1,
            };
            for i in 0..times {
                block.iter().for_each(|line| self.across(line, i, &mut out));
            }
        }
        out
    }

    /// Writes a line for row or four rows `i`.
    fn across(self, line: &str, i: usize, out: &mut String) {
        let member = ["x", "y", "z", "w"][i % 4];
        let line = line.replace("{r/4}", &(i / 4).to_string()).replace("{r%4}", member);
        let line = line.replace("{r}", &i.to_string()).replace("{q}", &i.to_string());
        for c in 0..if line.contains("{c}") { self.columns / 4 } else { 1 } {
            out.push_str(&line.replace("{c}", &c.to_string()));
            out.push('\n');
        }
    }
}
