//! How a convolution is cut into blocks and tiles, and where their values lie.

use super::super::matrix::{Matrix, Offsets};
use super::super::patches::Frame;
use super::transform::Cut;
use crate::tensor::shape::Window;
use std::marker::PhantomData;

/// Padding between the planes of two points, in values, so that the planes do not map to the same cache lines.
const GAP: usize = 16;

/// The approximate number of transformed values per block, at least: they fit in a core's L2 cache.
const BLOCK: usize = 128 * 1024;

/// The fewest tiles per block: a weight gradient is a sum over the tiles, and short sums are slow.
const FEWEST: usize = 24;

/// Outputs of a tile, and values of a part, along one axis, for a window of this size.
pub fn sizes(kernel: usize) -> Option<[usize; 2]> {
    Some(match kernel {
        3 => [4, 3],
        5 => [3, 5],
        7 | 9 => [4, 4],
        _ => return None,
    })
}

/// One convolution over a number of images, with `P` points along each axis of a tile.
pub struct Winograd<W, const P: usize> {
    pub window: Window,
    pub frame: Frame,
    /// The outputs of a tile along each axis.
    pub step: usize,
    pub cut: Cut,
    /// Rows and columns of tiles of outputs per image.
    pub tiles: [usize; 2],
    pub images: usize,
    pub c_in: usize,
    pub c_out: usize,
    /// Images and rows of tiles per block; several images only if a block has all their rows.
    pub block: [usize; 2],
    /// The lengths of the planes of inputs and of outputs: the values of one point for all tiles of a block, padding included.
    pub planes: [usize; 2],
    points: PhantomData<W>,
}

/// What is computed at a time.
#[derive(Clone, Copy)]
pub struct Block {
    /// The first image, and how many.
    pub image: usize,
    pub images: usize,
    /// The first row of tiles, and how many.
    pub line: usize,
    pub lines: usize,
}

impl<W, const P: usize> Winograd<W, P> {
    pub fn new(window: &Window, c_out: usize, images: usize) -> Self {
        let (c_in, size) = (window.channels, window.x.kernel);
        let [step, part] = sizes(size).expect("a window that suits");
        let parts = size.div_ceil(part);
        let tiles @ [rows, columns] = [window.y.output, window.x.output].map(|outputs| outputs.div_ceil(step));
        let values = |rows: usize| P * P * ((rows + parts - 1) * (columns + parts - 1) * c_in + rows * columns * c_out);
        // The kernels are read again for each block, so a block has at least as many values.
        let most = BLOCK.max(P * P * parts * parts * c_in * c_out);
        let even = |all: usize, some: usize| all.div_ceil(all.div_ceil(some.clamp(1, all)));
        let block = match (most / values(rows)).max(FEWEST.div_ceil(rows * columns)) {
            0 | 1 => [1, even(rows, (most * rows / values(rows)).max(FEWEST.div_ceil(columns)))],
            several => [even(images, several), rows],
        };
        let frame = Frame::around(window).widened(tiles.map(|tiles| step * (tiles + parts - 1) + part - 1));
        let cut = Cut { size, part, parts };
        let under = (block[1] + parts - 1) * (columns + parts - 1);
        let planes = [block[0] * under * c_in + GAP, block[0] * block[1] * columns * c_out + GAP];
        Self { window: *window, frame, step, cut, tiles, images, c_in, c_out, block, planes, points: PhantomData }
    }

    pub fn blocks(&self) -> impl Iterator<Item = Block> {
        let ([rows, _], [images, lines], all) = (self.tiles, self.block, self.images);
        (0..all).step_by(images).flat_map(move |image| {
            (0..rows).step_by(lines).map(move |line| Block {
                image,
                images: images.min(all - image),
                line,
                lines: lines.min(rows - line),
            })
        })
    }

    /// Rows and columns of tiles of inputs under those of a block.
    pub fn under(&self, block: Block) -> [usize; 2] {
        [block.lines + self.cut.parts - 1, self.tiles[1] + self.cut.parts - 1]
    }

    /// The number of tiles of outputs of a block.
    pub fn count(&self, block: Block) -> usize {
        block.images * block.lines * self.tiles[1]
    }

    /// The offsets of the tiles of inputs under the first part, one for each tile of outputs.
    pub fn places(&self, block: Block) -> Offsets {
        let ([rows, columns], c) = (self.under(block).map(|n| n as isize), self.c_in as isize);
        Offsets::nested((self.tiles[1], c), (block.lines, columns * c), rows * columns * c)
    }

    /// The transformed inputs under each tile, over all parts.
    pub fn patches<'a, T>(&self, block: Block, v: &'a [T]) -> Matrix<'a, T> {
        let line = self.under(block)[1] * self.c_in;
        let cols = Offsets::nested((self.cut.parts * self.c_in, 1), (self.cut.parts, line as isize), 0);
        Matrix { data: v, start: 0, rows: self.places(block), cols }
    }

    /// The index of each tile of a plane that has these rows and columns per image, its image, and its first row and column of pixels.
    #[inline(always)]
    pub fn tiles_of(&self, block: Block, [rows, columns]: [usize; 2]) -> impl Iterator<Item = (usize, [usize; 3])> {
        let step = self.step;
        (0..block.images * rows * columns).map(move |i| {
            let [image, y, x] = [i / columns / rows, i / columns % rows, i % columns];
            (i, [block.image + image, (block.line + y) * step, x * step])
        })
    }

    /// The index of the first channel of an output of a tile, if it lies in the image.
    #[inline(always)]
    pub fn output(&self, [n, top, left]: [usize; 3], [r, s]: [usize; 2]) -> Option<usize> {
        let ([y, x], [height, width]) = ([top + r, left + s], [self.window.y.output, self.window.x.output]);
        let is_inside = r < self.step && s < self.step && y < height && x < width;
        is_inside.then_some(((n * height + y) * width + x) * self.c_out)
    }
}
