//! Convolutions of 3 by 3 windows that move by single pixels, with 16 multiplications where 36 would be plain: tiles of
//! 2 by 2 outputs, and the 4 by 4 inputs under them, are transformed, multiplied value by value (a matrix product over the
//! channels for each of the 16 places), and transformed back. The transforms only add, and halve the kernel's values, so
//! little precision is lost. The way back is the same, transposed.
//!
//! # Source
//! Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016: F(2 x 2, 3 x 3).
#![allow(clippy::needless_range_loop, reason = "one index for sixteen slices")]

mod transform;

use super::four::Four;
use super::matrix::{Matrix, Panels, Rows, Start, panels_len};
use super::patches::Frame;
use super::real::Real;
use crate::layer::reserve;
use crate::shape::Window;
use transform::{
    LANES, Lanes, both, filter_gradients, filters, input, input_back, lanes, lanes_mut, output, output_back, square,
};

/// Values of a transformed tile.
const PLACES: usize = 16;

const A_PLANE_A_PLACE: &str = "a plane for each place";

/// Values between the planes of two places that belong to none, so that the planes do not compete for the same cache lines.
const GAP: usize = 16;

/// Transformed channels of the tiles that are under way at a time, about: they stay in a core's second-level cache.
const BLOCK: usize = 8192;

/// One convolution over some pictures.
pub struct Winograd {
    window: Window,
    frame: Frame,
    /// Lines and columns of tiles of a picture.
    tiles: [usize; 2],
    pictures: usize,
    c_in: usize,
    c_out: usize,
    /// Tiles at a time.
    block: usize,
}

/// Whether this way is open to a convolution, and shorter: with few channels the transforms cost more than they save.
pub fn suits(window: &Window, c_out: usize) -> bool {
    let axes = [window.y, window.x];
    let channels = [window.channels, c_out];
    axes.iter().all(|axis| axis.kernel == 3 && axis.stride == 1)
        && channels.iter().all(|c| *c >= 16 && c.is_multiple_of(LANES))
}

impl Winograd {
    /// For `pictures` pictures.
    pub fn new(window: &Window, c_out: usize, pictures: usize) -> Self {
        let tiles = [window.y.output.div_ceil(2), window.x.output.div_ceil(2)];
        let c_in = window.channels;
        let total = pictures * tiles[0] * tiles[1];
        let blocks = total.div_ceil((BLOCK / (c_in + c_out)).max(24)).max(1);
        let frame = Frame::around(window).widened(tiles.map(|tiles| 2 * tiles + 2));
        Self { window: *window, frame, tiles, pictures, c_in, c_out, block: total.div_ceil(blocks) }
    }

    fn total(&self) -> usize {
        self.pictures * self.tiles[0] * self.tiles[1]
    }

    /// Picture, line and column of a tile.
    fn place(&self, tile: usize) -> [usize; 3] {
        let [lines, columns] = self.tiles;
        [tile / columns / lines, tile / columns % lines, tile % columns]
    }

    fn plane(&self, channels: usize) -> usize {
        self.block * channels + GAP
    }

    /// `y = x * w + bias`.
    pub fn forward<T: Real>(&self, x: &[T], w: &[T], bias: Option<&[T]>, y: &mut [T], memory: &mut Vec<T>) {
        let (c_in, c_out) = (self.c_in, self.c_out);
        let [packed, v, m] = [panels_len::<T>(c_in, c_out), self.plane(c_in), self.plane(c_out)];
        let lens = [PLACES * c_in * c_out, PLACES * packed, PLACES * v, PLACES * m, self.frame.copy_len(self.pictures)];
        let [u, packed_u, vs, ms, framed] = parts(memory, lens);
        filters(w, u);
        let mut places = u.chunks_exact(c_in * c_out).zip(packed_u.chunks_exact_mut(packed));
        let panels: [Panels<T>; PLACES] = std::array::from_fn(|_| {
            let (u, memory) = places.next().expect(A_PLANE_A_PLACE);
            Panels::pack(Matrix::dense(u, c_out), c_in, c_out, memory)
        });
        let framed = self.frame.put(x, framed);
        for first in (0..self.total()).step_by(self.block) {
            let count = self.block.min(self.total() - first);
            self.transform_inputs(framed, first, count, vs);
            for ((v, m), u) in vs.chunks_exact(v).zip(ms.chunks_exact_mut(m)).zip(&panels) {
                let a = Matrix::dense(&v[..count * c_in], c_in);
                u.multiply(a, count, 0..c_in, Start::Zero, Rows::dense(&mut m[..count * c_out], c_out));
            }
            self.transform_outputs(ms, first, count, bias, y);
        }
    }

    /// The gradients by the kernel and, where wanted, by the input.
    pub fn backward<T: Real>(
        &self,
        x: &[T],
        w: &[T],
        dy: &[T],
        dw: &mut [T],
        mut dx: Option<&mut [T]>,
        memory: &mut Vec<T>,
    ) {
        let (c_in, c_out) = (self.c_in, self.c_out);
        let [packed, v, m] = [panels_len::<T>(c_out, c_in), self.plane(c_in), self.plane(c_out)];
        let lens = [
            PLACES * c_in * c_out,
            PLACES * packed,
            PLACES * v,
            PLACES * m,
            self.frame.copy_len(self.pictures),
            panels_len::<T>(self.block, c_out),
        ];
        let [u, packed_u, vs, ms, framed, packed_m] = parts(memory, lens);
        filters(w, u);
        let mut places = u.chunks_exact(c_in * c_out).zip(packed_u.chunks_exact_mut(packed));
        let panels: [Panels<T>; PLACES] = std::array::from_fn(|_| {
            let (u, memory) = places.next().expect(A_PLANE_A_PLACE);
            Panels::pack(Matrix::dense(u, c_out).t(), c_out, c_in, memory)
        });
        // From here on `u` holds the gradient by itself.
        let du = u;
        let framed = self.frame.put(x, framed);
        if let Some(dx) = &mut dx {
            dx.fill(T::zero());
        }
        for first in (0..self.total()).step_by(self.block) {
            let count = self.block.min(self.total() - first);
            self.transform_inputs(framed, first, count, vs);
            self.transform_gradients(dy, first, count, ms);
            let start = if first == 0 { Start::Zero } else { Start::Add };
            for ((v, m), du) in vs.chunks_exact(v).zip(ms.chunks_exact(m)).zip(du.chunks_exact_mut(c_in * c_out)) {
                let a = Matrix::dense(&v[..count * c_in], c_in).t();
                let panels = Panels::in_place(&m[..count * c_out], count, c_out, packed_m);
                panels.multiply(a, c_in, 0..count, start, Rows::dense(du, c_out));
            }
            let Some(dx) = &mut dx else { continue };
            for ((v, m), u) in vs.chunks_exact_mut(v).zip(ms.chunks_exact(m)).zip(&panels) {
                let a = Matrix::dense(&m[..count * c_out], c_out);
                u.multiply(a, count, 0..c_out, Start::Zero, Rows::dense(&mut v[..count * c_in], c_in));
            }
            self.scatter_inputs(vs, first, count, dx);
        }
        filter_gradients(du, dw);
    }

    fn transform_inputs<T: Real>(&self, framed: &[T], first: usize, count: usize, vs: &mut [T]) {
        let (c, line) = (self.c_in, self.frame.line());
        let mut planes = vs.chunks_exact_mut(self.plane(c));
        let mut planes: [&mut [T]; PLACES] = std::array::from_fn(|_| planes.next().expect(A_PLANE_A_PLACE));
        for i in 0..count {
            let [n, y, x] = self.place(first + i);
            let start = n * self.frame.picture() + 2 * y * line + 2 * x * c;
            let tile: [&[Lanes<T>]; PLACES] =
                std::array::from_fn(|k| lanes(&framed[start + k / 4 * line + k % 4 * c..][..c]));
            let out = planes.each_mut().map(|plane| lanes_mut(&mut plane[i * c..][..c]));
            for j in 0..c / LANES {
                let values = both::<T::Four, 4, 4>(square(|k| &tile[k][j]), input::<T>);
                for k in 0..PLACES {
                    values[k / 4][k % 4].store(&mut out[k][j]);
                }
            }
        }
    }

    fn transform_outputs<T: Real>(&self, ms: &[T], first: usize, count: usize, bias: Option<&[T]>, y: &mut [T]) {
        let c = self.c_out;
        for i in 0..count {
            let [n, ty, tx] = self.place(first + i);
            let plane = |k: usize| lanes(&ms[k * self.plane(c) + i * c..][..c]);
            let tile: [&[Lanes<T>]; PLACES] = std::array::from_fn(plane);
            let [height, width] = [self.window.y.output, self.window.x.output];
            for j in 0..c / LANES {
                let mut values = both::<T::Four, 4, 2>(square(|k| &tile[k][j]), output::<T>);
                if let Some(bias) = bias {
                    let bias = T::Four::load(&lanes(bias)[j]);
                    values.iter_mut().flatten().for_each(|value| *value = value.add(bias));
                }
                for (r, line) in values.iter().enumerate().take(height - 2 * ty) {
                    for (s, value) in line.iter().enumerate().take(width - 2 * tx) {
                        let at = ((n * height + 2 * ty + r) * width + 2 * tx + s) * c;
                        value.store(&mut lanes_mut(&mut y[at..at + c])[j]);
                    }
                }
            }
        }
    }

    fn transform_gradients<T: Real>(&self, dy: &[T], first: usize, count: usize, ms: &mut [T]) {
        let c = self.c_out;
        let mut planes = ms.chunks_exact_mut(self.plane(c));
        let mut planes: [&mut [T]; PLACES] = std::array::from_fn(|_| planes.next().expect(A_PLANE_A_PLACE));
        let [height, width] = [self.window.y.output, self.window.x.output];
        for i in 0..count {
            let [n, ty, tx] = self.place(first + i);
            let out = planes.each_mut().map(|plane| lanes_mut(&mut plane[i * c..][..c]));
            for j in 0..c / LANES {
                let mut tile = [[T::Four::splat(T::zero()); 2]; 2];
                for (r, line) in tile.iter_mut().enumerate().take(height - 2 * ty) {
                    for (s, value) in line.iter_mut().enumerate().take(width - 2 * tx) {
                        let at = ((n * height + 2 * ty + r) * width + 2 * tx + s) * c;
                        *value = T::Four::load(&lanes(&dy[at..at + c])[j]);
                    }
                }
                let values = both::<T::Four, 2, 4>(tile, output_back::<T>);
                for k in 0..PLACES {
                    values[k / 4][k % 4].store(&mut out[k][j]);
                }
            }
        }
    }

    fn scatter_inputs<T: Real>(&self, vs: &[T], first: usize, count: usize, dx: &mut [T]) {
        let (c, [height, width]) = (self.c_in, [self.window.y.input, self.window.x.input]);
        for i in 0..count {
            let [n, ty, tx] = self.place(first + i);
            let plane = |k: usize| lanes(&vs[k * self.plane(c) + i * c..][..c]);
            let tile: [&[Lanes<T>]; PLACES] = std::array::from_fn(plane);
            for j in 0..c / LANES {
                let values = both::<T::Four, 4, 4>(square(|k| &tile[k][j]), input_back::<T>);
                for (r, line) in values.iter().enumerate() {
                    let y = (2 * ty + r).wrapping_sub(self.window.y.before);
                    for (s, value) in line.iter().enumerate() {
                        let x = (2 * tx + s).wrapping_sub(self.window.x.before);
                        if y < height && x < width {
                            let at = ((n * height + y) * width + x) * c;
                            let to = &mut lanes_mut(&mut dx[at..at + c])[j];
                            T::Four::load(to).add(*value).store(to);
                        }
                    }
                }
            }
        }
    }
}

/// Memory for several things at once.
fn parts<T: Real, const N: usize>(memory: &mut Vec<T>, lens: [usize; N]) -> [&mut [T]; N] {
    let mut rest = reserve(memory, lens.iter().sum());
    lens.map(|len| {
        let (part, tail) = std::mem::take(&mut rest).split_at_mut(len);
        rest = tail;
        part
    })
}
