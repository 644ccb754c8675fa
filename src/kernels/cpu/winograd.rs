//! Winograd convolutions of stride 1, with a fraction of the multiplications. Tiles of `M` by `M` outputs, and the inputs
//! under them, are transformed, multiplied pointwise (a matrix product over the channels for each point of the
//! transformed tile), and transformed back. A window of 3 by 3 takes a quarter of the multiplications, one of 5 by 5 less than
//! that. The backward pass uses the transposed transforms.
//!
//! Larger windows would need points of large powers, which cost precision. They are cut into parts of 4 by 4 instead, a window of 7
//! into 2 by 2, one of 9 into 3 by 3. A tile has as many outputs as a part has values, so the inputs under one part are those under
//! the next part of the tile before, and each is transformed once: what remains is, for each point, a convolution of the transformed
//! tiles with a window of 2 by 2 or 3 by 3.
//!
//! # Source
//! Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016.

mod layout;
mod points;
mod tiles;
mod transform;

use super::lanes::LANES;
use super::matrix::{Gemm, Matrix, Panels, Rows, Start, panels_len};
use super::workspace::reserve;
use crate::tensor::shape::{Axis, Window};
use layout::{Block, Winograd, sizes};
#[cfg(feature = "extended")]
use points::Seven;
use points::{Points, Six};
use tiles::{InputGradients, Inputs, OutputGradients, Outputs};

/// Whether a convolution can be computed this way, and faster: with few channels the transforms cost more than they
/// save, and with few outputs the tiles are mostly empty.
pub fn suits(window: &Window, c_out: usize) -> bool {
    let [y, x] = [window.y, window.x];
    let channels = [window.channels, c_out];
    let Some([outputs, part]) = sizes(x.kernel) else { return false };
    let points = (outputs + part - 1) * x.kernel.div_ceil(part);
    let products = |axis: Axis| axis.output.div_ceil(outputs) * points;
    let sums = |axis: Axis| axis.output * axis.kernel;
    [y.stride, x.stride, y.kernel] == [1, 1, x.kernel]
        && channels.iter().all(|c| *c >= 16 && c.is_multiple_of(LANES))
        && 3 * products(y) * products(x) <= 2 * sums(y) * sums(x)
}

/// Whether only the extended engine computes a convolution this way. The small one must not take it over by direct sums: they round
/// differently, and the same run is to give the same figures.
#[cfg(not(feature = "extended"))]
pub fn is_extended(window: &Window, c_out: usize) -> bool {
    window.x.kernel != 3 && suits(window, c_out)
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
        #[cfg(feature = "extended")]
        5.. => Winograd::<Seven, 7>::new(window, c_out, images).forward([x, w], bias, y, memory),
        _ => Winograd::<Six, 6>::new(window, c_out, images).forward([x, w], bias, y, memory),
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
        #[cfg(feature = "extended")]
        5.. => Winograd::<Seven, 7>::new(window, c_out, images).backward([x, w, dy], dw, dx, memory),
        _ => Winograd::<Six, 6>::new(window, c_out, images).backward([x, w, dy], dw, dx, memory),
    }
}

impl<W: Points<P>, const P: usize> Winograd<W, P> {
    fn forward<T: Gemm>(&self, [x, w]: [&[T]; 2], bias: Option<&[T]>, y: &mut [T], memory: &mut Vec<T>) {
        let (c_out, [v, m]) = (self.c_out, self.planes);
        let depth = self.cut.parts * self.cut.parts * self.c_in;
        let packed = panels_len::<T>(depth, c_out);
        let [u, panels, vs, ms] = [depth * c_out, packed, v, m].map(|len| P * P * len);
        let [u, panels, vs, ms, framed] = parts(memory, [u, panels, vs, ms, self.frame.copy_len(self.images)]);
        transform::filters::<T, W, P>(w, self.cut, u);
        for (u, panels) in u.chunks_exact(depth * c_out).zip(panels.chunks_exact_mut(packed)) {
            Panels::pack(Matrix::dense(u, c_out), depth, c_out, panels);
        }
        let framed = self.frame.put(x, framed);
        for block in self.blocks() {
            T::vectorized(self.c_in, Inputs { of: self, block, framed, vs });
            let planes = vs.chunks_exact(v).zip(ms.chunks_exact_mut(m));
            for ((v, m), panels) in planes.zip(panels.chunks_exact(packed)) {
                let u = Panels::packed(panels, depth, c_out);
                u.multiply(self.patches(block, v), self.count(block), 0..depth, Start::Zero, Rows::dense(m, c_out));
            }
            T::vectorized(self.c_out, Outputs { of: self, block, ms, bias, y });
        }
    }

    fn backward<T: Gemm>(&self, [x, w, dy]: [&[T]; 3], dw: &mut [T], mut dx: Option<&mut [T]>, memory: &mut Vec<T>) {
        let (c_in, c_out, [v, m]) = (self.c_in, self.c_out, self.planes);
        let (squares, size) = (self.cut.parts * self.cut.parts, c_in * c_out);
        let packed = panels_len::<T>(c_out, c_in);
        let lens = [squares * size, squares * packed, v, m].map(|len| P * P * len);
        let (framed, packed_m) = (self.frame.copy_len(self.images), panels_len::<T>(m / c_out, c_out));
        let [u, panels, vs, ms] = lens;
        let [u, panels, vs, ms, framed, packed_m] = parts(memory, [u, panels, vs, ms, framed, packed_m]);
        transform::filters::<T, W, P>(w, self.cut, u);
        for (u, panels) in u.chunks_exact(size).zip(panels.chunks_exact_mut(packed)) {
            Panels::pack(Matrix::dense(u, c_out).t(), c_out, c_in, panels);
        }
        // From here on the memory of `u` holds the gradient with respect to `u`.
        let du = u;
        let framed = self.frame.put(x, framed);
        if let Some(dx) = &mut dx {
            dx.fill(T::zero());
        }
        for (i, block) in self.blocks().enumerate() {
            let count = self.count(block);
            T::vectorized(self.c_in, Inputs { of: self, block, framed, vs });
            T::vectorized(self.c_out, OutputGradients { of: self, block, dy, ms });
            let start = if i == 0 { Start::Zero } else { Start::Add };
            for ((v, m), du) in vs.chunks_exact(v).zip(ms.chunks_exact(m)).zip(du.chunks_exact_mut(squares * size)) {
                let panels = Panels::in_place(&m[..count * c_out], count, c_out, packed_m);
                panels.multiply(self.patches(block, v).t(), squares * c_in, 0..count, start, Rows::dense(du, c_out));
            }
            let Some(dx) = &mut dx else { continue };
            let planes = vs.chunks_exact_mut(v).zip(ms.chunks_exact(m));
            for ((v, m), panels) in planes.zip(panels.chunks_exact(squares * packed)) {
                self.input_gradients([m, panels], packed, block, v);
            }
            T::vectorized(self.c_in, InputGradients { of: self, block, vs, dx });
        }
        transform::filter_gradients::<T, W, P>(du, self.cut, dw);
    }

    /// The gradient with respect to the transformed inputs at one point: the sum over the parts.
    fn input_gradients<T: Gemm>(&self, [m, panels]: [&[T]; 2], packed: usize, block: Block, v: &mut [T]) {
        let start = match self.cut.parts {
            1 => Start::Zero,
            _ => {
                v.fill(T::zero());
                Start::Add
            }
        };
        for (part, panels) in panels.chunks_exact(packed).enumerate() {
            let tile = part / self.cut.parts * self.under(block)[1] + part % self.cut.parts;
            let rows = Rows { data: &mut *v, start: tile * self.c_in, rows: self.places(block) };
            let u = Panels::packed(panels, self.c_out, self.c_in);
            let count = self.count(block);
            let m = Matrix::dense(&m[..count * self.c_out], self.c_out);
            u.multiply(m, count, 0..self.c_out, start, rows);
        }
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

#[cfg(test)]
mod tests;
