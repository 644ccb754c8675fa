//! Transforms of the tiles of a block, each with vectors of any width.

use super::super::lanes::{Family, Vector, Work};
use super::super::matrix::Gemm;
use super::layout::{Block, Winograd};
use super::points::{OUTPUTS, Points, pick};
use super::transform::{Square, both};

/// A tile with the work that it belongs to: its index in the planes, its image, its first row and column of pixels, and the channels.
struct Tile<F, S> {
    family: F,
    work: S,
    index: usize,
    start: [usize; 3],
    j: usize,
}

impl<F: Family, S> Tile<F, S> {
    /// Transforms all channels of all tiles.
    #[inline(always)]
    fn each<const A: usize, const B: usize>(
        family: F,
        work: S,
        channels: usize,
        tiles: impl Iterator<Item = (usize, [usize; 3])>,
    ) where
        Self: Square<F::V, A, B>,
    {
        let one = family.splat(num_traits::One::one());
        let mut tile = Self { family, work, index: 0, start: [0; 3], j: 0 };
        for (index, start) in tiles {
            (tile.index, tile.start) = (index, start);
            for j in (0..channels).step_by(F::LANES) {
                tile.j = j;
                both(one, &mut tile);
            }
        }
    }
}

/// Transforms the inputs under a block's tiles.
pub struct Inputs<'a, T, W, const P: usize> {
    pub of: &'a Winograd<W, P>,
    pub block: Block,
    pub framed: &'a [T],
    pub vs: &'a mut [T],
}

impl<T: Gemm, W: Points<P>, const P: usize> Work<T> for Inputs<'_, T, W, P> {
    #[inline(always)]
    fn run<F: Family<V: Vector<Value = T>>>(self, family: F) {
        let (of, block) = (self.of, self.block);
        Tile::each::<P, P>(family, self, of.c_in, of.tiles_of(block, of.under(block)));
    }
}

impl<T: Gemm, F: Family<V: Vector<Value = T>>, W: Points<P>, const P: usize> Square<F::V, P, P>
    for Tile<F, Inputs<'_, T, W, P>>
{
    #[inline(always)]
    fn at(&self, r: usize, s: usize) -> F::V {
        let (frame, [n, y, x]) = (&self.work.of.frame, self.start);
        let at = n * frame.image() + (y + r) * frame.line() + (x + s) * self.work.of.c_in;
        self.family.load(self.work.framed, at + self.j)
    }
    #[inline(always)]
    fn line(&self, x: [F::V; P]) -> [F::V; P] {
        W::input(x)
    }
    #[inline(always)]
    fn put(&mut self, r: usize, s: usize, value: F::V) {
        let (c, [plane, _]) = (self.work.of.c_in, self.work.of.planes);
        value.store(self.work.vs, (P * r + s) * plane + self.index * c + self.j);
    }
}

/// Transforms a block's points to outputs, and adds the bias.
pub struct Outputs<'a, T, W, const P: usize> {
    pub of: &'a Winograd<W, P>,
    pub block: Block,
    pub ms: &'a [T],
    pub bias: Option<&'a [T]>,
    pub y: &'a mut [T],
}

impl<T: Gemm, W: Points<P>, const P: usize> Work<T> for Outputs<'_, T, W, P> {
    #[inline(always)]
    fn run<F: Family<V: Vector<Value = T>>>(self, family: F) {
        let (of, block) = (self.of, self.block);
        Tile::each::<P, OUTPUTS>(family, self, of.c_out, of.tiles_of(block, [block.lines, of.tiles[1]]));
    }
}

impl<T: Gemm, F: Family<V: Vector<Value = T>>, W: Points<P>, const P: usize> Square<F::V, P, OUTPUTS>
    for Tile<F, Outputs<'_, T, W, P>>
{
    #[inline(always)]
    fn at(&self, r: usize, s: usize) -> F::V {
        let (c, [_, plane]) = (self.work.of.c_out, self.work.of.planes);
        self.family.load(self.work.ms, (P * r + s) * plane + self.index * c + self.j)
    }
    #[inline(always)]
    fn line(&self, m: [F::V; P]) -> [F::V; OUTPUTS] {
        let mut y = W::output(m);
        for (i, y) in y.iter_mut().enumerate() {
            if i + 1 == self.work.of.step {
                *y = *y + m[P - 1];
            }
        }
        y
    }
    #[inline(always)]
    fn put(&mut self, r: usize, s: usize, value: F::V) {
        let Some(at) = self.work.of.output(self.start, [r, s]) else { return };
        let bias = match self.work.bias {
            Some(bias) => self.family.load(bias, self.j),
            None => self.family.splat(T::zero()),
        };
        (value + bias).store(self.work.y, at + self.j);
    }
}

/// Transforms the gradients with respect to a block's outputs to points.
pub struct OutputGradients<'a, T, W, const P: usize> {
    pub of: &'a Winograd<W, P>,
    pub block: Block,
    pub dy: &'a [T],
    pub ms: &'a mut [T],
}

impl<T: Gemm, W: Points<P>, const P: usize> Work<T> for OutputGradients<'_, T, W, P> {
    #[inline(always)]
    fn run<F: Family<V: Vector<Value = T>>>(self, family: F) {
        let (of, block) = (self.of, self.block);
        Tile::each::<OUTPUTS, P>(family, self, of.c_out, of.tiles_of(block, [block.lines, of.tiles[1]]));
    }
}

impl<T: Gemm, F: Family<V: Vector<Value = T>>, W: Points<P>, const P: usize> Square<F::V, OUTPUTS, P>
    for Tile<F, OutputGradients<'_, T, W, P>>
{
    #[inline(always)]
    fn at(&self, r: usize, s: usize) -> F::V {
        match self.work.of.output(self.start, [r, s]) {
            Some(at) => self.family.load(self.work.dy, at + self.j),
            None => self.family.splat(T::zero()),
        }
    }
    #[inline(always)]
    fn line(&self, y: [F::V; OUTPUTS]) -> [F::V; P] {
        W::output_back(y, pick(y, self.work.of.step - 1))
    }
    #[inline(always)]
    fn put(&mut self, r: usize, s: usize, value: F::V) {
        let (c, [_, plane]) = (self.work.of.c_out, self.work.of.planes);
        value.store(self.work.ms, (P * r + s) * plane + self.index * c + self.j);
    }
}

/// Adds the gradients with respect to a block's transformed inputs to those with respect to the inputs.
pub struct InputGradients<'a, T, W, const P: usize> {
    pub of: &'a Winograd<W, P>,
    pub block: Block,
    pub vs: &'a [T],
    pub dx: &'a mut [T],
}

impl<T: Gemm, W: Points<P>, const P: usize> Work<T> for InputGradients<'_, T, W, P> {
    #[inline(always)]
    fn run<F: Family<V: Vector<Value = T>>>(self, family: F) {
        let (of, block) = (self.of, self.block);
        Tile::each::<P, P>(family, self, of.c_in, of.tiles_of(block, of.under(block)));
    }
}

impl<T: Gemm, F: Family<V: Vector<Value = T>>, W: Points<P>, const P: usize> Square<F::V, P, P>
    for Tile<F, InputGradients<'_, T, W, P>>
{
    #[inline(always)]
    fn at(&self, r: usize, s: usize) -> F::V {
        let (c, [plane, _]) = (self.work.of.c_in, self.work.of.planes);
        self.family.load(self.work.vs, (P * r + s) * plane + self.index * c + self.j)
    }
    #[inline(always)]
    fn line(&self, v: [F::V; P]) -> [F::V; P] {
        W::input_back(v)
    }
    #[inline(always)]
    fn put(&mut self, r: usize, s: usize, value: F::V) {
        let (window, [n, top, left]) = (&self.work.of.window, self.start);
        let y = (top + r).wrapping_sub(window.y.before);
        let x = (left + s).wrapping_sub(window.x.before);
        if y < window.y.input && x < window.x.input {
            let at = ((n * window.y.input + y) * window.x.input + x) * self.work.of.c_in + self.j;
            (self.family.load(self.work.dx, at) + value).store(self.work.dx, at);
        }
    }
}
