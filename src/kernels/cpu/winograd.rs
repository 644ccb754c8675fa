//! Winograd convolutions of stride 1, with less than half the multiplications. Tiles of 2 by 2 outputs, and the inputs
//! under them, are transformed, multiplied pointwise (a matrix product over the channels for each point of the
//! transformed tile), and transformed back. For a 3 by 3 window a tile takes 16 multiplications instead of 36, for a 5
//! by 5 window 49 instead of 100. The transforms use only additions and factors of 0.5, so little precision is lost.
//! The backward pass uses the transposed transforms.
//!
//! # Source
//! Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016: F(2 x 2, 3 x 3).

mod transform;

use super::matrix::{Gemm, Matrix, Panels, Rows, Start, panels_len};
use super::patches::Frame;
use super::workspace::reserve;
use crate::tensor::shape::Window;
use std::array::from_fn;
use std::marker::PhantomData;
use transform::{Five, LANES, Three, Way, both, load, store};

const ONE_PLANE_PER_POINT: &str = "one plane per point";

/// Padding between the planes of two points, in values, so that the planes do not map to the same cache lines.
const GAP: usize = 16;

/// The approximate number of transformed values per block: they fit in a core's L2 cache.
const BLOCK: usize = 128 * 1024;

/// The fewest tiles per block: a weight gradient is a sum over the tiles, and short sums are slow.
const FEWEST: usize = 24;

/// Whether a convolution can be computed this way, and faster: with few channels the transforms cost more than they
/// save.
pub fn suits(window: &Window, c_out: usize) -> bool {
    let kernels = (window.y.kernel, window.x.kernel);
    let is_dense = window.y.stride == 1 && window.x.stride == 1;
    let channels = [window.channels, c_out];
    is_dense && matches!(kernels, (3, 3) | (5, 5)) && channels.iter().all(|c| *c >= 16 && c.is_multiple_of(LANES))
}

/// `y = x * w + bias`, for a convolution that [`suits`]. Shapes: x `(n, h, w, c_in)`, w `(k, k, c_in, c_out)`,
/// bias `(c_out)`, y `(n, oh, ow, c_out)`.
pub fn forward<T: Gemm>(
    window: &Window,
    [x, w]: [&[T]; 2],
    bias: Option<&[T]>,
    y: &mut [T],
    c_out: usize,
    memory: &mut Vec<T>,
) {
    let images = y.len() / (window.pixels() * c_out);
    match window.x.kernel {
        3 => Winograd::<Three, 3, 4, 4>::new(window, c_out, images).forward([x, w], bias, y, memory),
        _ => Winograd::<Five, 5, 6, 7>::new(window, c_out, images).forward([x, w], bias, y, memory),
    }
}

/// The gradients with respect to the kernel (`dw`) and, if given, to the input (`dx`). Shapes as in [`forward`].
pub fn backward<T: Gemm>(
    window: &Window,
    [x, w, dy]: [&[T]; 3],
    dw: &mut [T],
    dx: Option<&mut [T]>,
    c_out: usize,
    memory: &mut Vec<T>,
) {
    let images = dy.len() / (window.pixels() * c_out);
    match window.x.kernel {
        3 => Winograd::<Three, 3, 4, 4>::new(window, c_out, images).backward([x, w, dy], dw, dx, memory),
        _ => Winograd::<Five, 5, 6, 7>::new(window, c_out, images).backward([x, w, dy], dw, dx, memory),
    }
}

/// One convolution over a number of images: along each axis a window of `K`, tiles of `A` inputs, and `P` points.
struct Winograd<W, const K: usize, const A: usize, const P: usize> {
    window: Window,
    frame: Frame,
    /// Rows and columns of tiles per image.
    tiles: [usize; 2],
    images: usize,
    c_in: usize,
    c_out: usize,
    /// The number of tiles per block.
    block: usize,
    way: PhantomData<W>,
}

impl<W: Way<K, A, P>, const K: usize, const A: usize, const P: usize> Winograd<W, K, A, P> {
    fn new(window: &Window, c_out: usize, images: usize) -> Self {
        let tiles = [window.y.output.div_ceil(2), window.x.output.div_ceil(2)];
        let c_in = window.channels;
        let total = images * tiles[0] * tiles[1];
        let blocks = total.div_ceil((BLOCK / (P * P * (c_in + c_out))).max(FEWEST)).max(1);
        let frame = Frame::around(window).widened(tiles.map(|tiles| 2 * tiles + A - 2));
        Self {
            window: *window,
            frame,
            tiles,
            images,
            c_in,
            c_out,
            block: total.div_ceil(blocks).max(1),
            way: PhantomData,
        }
    }

    fn total(&self) -> usize {
        self.images * self.tiles[0] * self.tiles[1]
    }

    /// Image, first row and first column of a tile's outputs.
    fn place(&self, tile: usize) -> [usize; 3] {
        let [lines, columns] = self.tiles;
        [tile / columns / lines, tile / columns % lines * 2, tile % columns * 2]
    }

    /// The length of a plane, the values of one point for all tiles of a block, padding included.
    fn plane(&self, channels: usize) -> usize {
        self.block * channels + GAP
    }

    fn forward<T: Gemm>(&self, [x, w]: [&[T]; 2], bias: Option<&[T]>, y: &mut [T], memory: &mut Vec<T>) {
        let (c_in, c_out) = (self.c_in, self.c_out);
        let lens = [c_in * c_out, panels_len::<T>(c_in, c_out), self.plane(c_in), self.plane(c_out)];
        let [_, packed, v, m] = lens;
        let [u, panels, vs, ms] = lens.map(|len| P * P * len);
        let [u, panels, vs, ms, framed] = parts(memory, [u, panels, vs, ms, self.frame.copy_len(self.images)]);
        transform::filters::<T, W, K, A, P>(w, u);
        let mut places = u.chunks_exact(c_in * c_out).zip(panels.chunks_exact_mut(packed));
        let panels: [[Panels<T>; P]; P] = from_fn(|_| {
            from_fn(|_| {
                let (u, memory) = places.next().expect(ONE_PLANE_PER_POINT);
                Panels::pack(Matrix::dense(u, c_out), c_in, c_out, memory)
            })
        });
        let framed = self.frame.put(x, framed);
        for first in (0..self.total()).step_by(self.block) {
            let count = self.block.min(self.total() - first);
            self.transform_inputs(framed, first, count, vs);
            for ((v, m), u) in vs.chunks_exact(v).zip(ms.chunks_exact_mut(m)).zip(panels.iter().flatten()) {
                let a = Matrix::dense(&v[..count * c_in], c_in);
                u.multiply(a, count, 0..c_in, Start::Zero, Rows::dense(&mut m[..count * c_out], c_out));
            }
            self.transform_outputs(ms, first, count, bias, y);
        }
    }

    fn backward<T: Gemm>(&self, [x, w, dy]: [&[T]; 3], dw: &mut [T], mut dx: Option<&mut [T]>, memory: &mut Vec<T>) {
        let (c_in, c_out) = (self.c_in, self.c_out);
        let lens = [c_in * c_out, panels_len::<T>(c_out, c_in), self.plane(c_in), self.plane(c_out)];
        let [_, packed, v, m] = lens;
        let [u, panels, vs, ms] = lens.map(|len| P * P * len);
        let (framed, packed_m) = (self.frame.copy_len(self.images), panels_len::<T>(self.block, c_out));
        let [u, panels, vs, ms, framed, packed_m] = parts(memory, [u, panels, vs, ms, framed, packed_m]);
        transform::filters::<T, W, K, A, P>(w, u);
        let mut places = u.chunks_exact(c_in * c_out).zip(panels.chunks_exact_mut(packed));
        let panels: [[Panels<T>; P]; P] = from_fn(|_| {
            from_fn(|_| {
                let (u, memory) = places.next().expect(ONE_PLANE_PER_POINT);
                Panels::pack(Matrix::dense(u, c_out).t(), c_out, c_in, memory)
            })
        });
        // From here on the memory of `u` holds the gradient with respect to `u`.
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
            for ((v, m), u) in vs.chunks_exact_mut(v).zip(ms.chunks_exact(m)).zip(panels.iter().flatten()) {
                let a = Matrix::dense(&m[..count * c_out], c_out);
                u.multiply(a, count, 0..c_out, Start::Zero, Rows::dense(&mut v[..count * c_in], c_in));
            }
            self.scatter_inputs(vs, first, count, dx);
        }
        transform::filter_gradients::<T, W, K, A, P>(du, dw);
    }

    fn transform_inputs<T: Gemm>(&self, framed: &[T], first: usize, count: usize, vs: &mut [T]) {
        let (c, line, plane) = (self.c_in, self.frame.line(), self.plane(self.c_in));
        for i in 0..count {
            let [n, y, x] = self.place(first + i);
            let start = n * self.frame.image() + y * line + x * c;
            for j in (0..c).step_by(LANES) {
                let at = |r: usize, s: usize| load(framed, start + r * line + s * c + j);
                both::<T, _, _>(at, W::input::<T>, |r, s, value| store(value, vs, (P * r + s) * plane + i * c + j));
            }
        }
    }

    fn transform_outputs<T: Gemm>(&self, ms: &[T], first: usize, count: usize, bias: Option<&[T]>, y: &mut [T]) {
        let (c, plane, [height, width]) = (self.c_out, self.plane(self.c_out), self.outputs());
        for i in 0..count {
            let [n, top, left] = self.place(first + i);
            for j in (0..c).step_by(LANES) {
                let bias = bias.map_or(T::Four::from(T::zero()), |bias| load(bias, j));
                let at = |r: usize, s: usize| load(ms, (P * r + s) * plane + i * c + j);
                both::<T, _, _>(at, W::output::<T>, |r, s, value| {
                    if top + r < height && left + s < width {
                        store(value + bias, y, ((n * height + top + r) * width + left + s) * c + j);
                    }
                });
            }
        }
    }

    fn transform_gradients<T: Gemm>(&self, dy: &[T], first: usize, count: usize, ms: &mut [T]) {
        let (c, plane, [height, width]) = (self.c_out, self.plane(self.c_out), self.outputs());
        for i in 0..count {
            let [n, top, left] = self.place(first + i);
            for j in (0..c).step_by(LANES) {
                let at = |r: usize, s: usize| match top + r < height && left + s < width {
                    true => load(dy, ((n * height + top + r) * width + left + s) * c + j),
                    false => T::Four::from(T::zero()),
                };
                both::<T, _, _>(at, W::output_back::<T>, |r, s, value| {
                    store(value, ms, (P * r + s) * plane + i * c + j)
                });
            }
        }
    }

    fn scatter_inputs<T: Gemm>(&self, vs: &[T], first: usize, count: usize, dx: &mut [T]) {
        let (c, plane) = (self.c_in, self.plane(self.c_in));
        let [height, width] = [self.window.y.input, self.window.x.input];
        for i in 0..count {
            let [n, top, left] = self.place(first + i);
            for j in (0..c).step_by(LANES) {
                let at = |r: usize, s: usize| load(vs, (P * r + s) * plane + i * c + j);
                both::<T, _, _>(at, W::input_back::<T>, |r, s, value| {
                    let y = (top + r).wrapping_sub(self.window.y.before);
                    let x = (left + s).wrapping_sub(self.window.x.before);
                    if y < height && x < width {
                        let at = ((n * height + y) * width + x) * c + j;
                        store(load::<T>(dx, at) + value, dx, at);
                    }
                });
            }
        }
    }

    fn outputs(&self) -> [usize; 2] {
        [self.window.y.output, self.window.x.output]
    }
}

/// Cuts the workspace into parts of the given lengths.
fn parts<T: Gemm, const N: usize>(memory: &mut Vec<T>, lens: [usize; N]) -> [&mut [T]; N] {
    let mut rest = reserve(memory, lens.iter().sum());
    lens.map(|len| {
        let (part, tail) = std::mem::take(&mut rest).split_at_mut(len);
        rest = tail;
        part
    })
}
