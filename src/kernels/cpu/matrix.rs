//! Matrices described by offsets, and their product. A convolution's patches, their transpose and a dense layer's batch
//! are all matrices whose value `(i, p)` lies at `rows[i] + cols[p]`. So the product reads them in place, without the
//! copy of im2col.

#[cfg(any(test, not(target_arch = "wasm32")))]
use super::lanes::Four;
use super::lanes::Work;
use crate::tensor::real::Real;
use ndarray::ArrayView2;
use std::ops::Range;

/// The offsets of the rows or the columns of a matrix, as three nested counters, the innermost first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offsets {
    /// The sizes of the two inner counters.
    counts: [usize; 2],
    /// The distance that a step of each counter adds.
    steps: [isize; 3],
}

impl Offsets {
    /// Offsets of nested counters, each given as `(count, step)`; the outer counter is unbounded.
    pub fn nested(inner: (usize, isize), middle: (usize, isize), outer: isize) -> Self {
        Self { counts: [inner.0, middle.0], steps: [inner.1, middle.1, outer] }
    }

    /// Offsets with one constant step.
    pub fn line(step: usize) -> Self {
        Self::nested((usize::MAX, step as isize), (1, 0), 0)
    }

    /// The offset of index `i`.
    pub fn at(&self, i: usize) -> isize {
        let [inner, middle] = self.counts;
        let (rest, first) = (i / inner, i % inner);
        let places = [first, rest % middle, rest / middle];
        places.iter().zip(self.steps).map(|(&place, step)| place as isize * step).sum()
    }

    /// Writes the offsets from index `first` on, times `scale`.
    pub fn fill(&self, first: usize, scale: isize, out: &mut [isize]) {
        let [a, b, c] = self.steps.map(|step| step * scale);
        let (mut x, mut y) = (first % self.counts[0], first / self.counts[0] % self.counts[1]);
        let mut offset = self.at(first) * scale;
        for out in out {
            *out = offset;
            x += 1;
            offset += a;
            if x == self.counts[0] {
                x = 0;
                y += 1;
                offset += b - a * self.counts[0] as isize;
                if y == self.counts[1] {
                    y = 0;
                    offset += c - b * self.counts[1] as isize;
                }
            }
        }
    }

    /// The smallest and the largest offset of the first `n` indices.
    fn bounds(&self, n: usize) -> (isize, isize) {
        let [inner, middle] = self.counts;
        let most = [n.min(inner), n.div_ceil(inner).min(middle), n.div_ceil(inner).div_ceil(middle)];
        let ends = most.iter().zip(self.steps).map(|(&count, step)| count.saturating_sub(1) as isize * step);
        ends.fold((0, 0), |(low, high), end| (low + end.min(0), high + end.max(0)))
    }
}

/// A matrix to read: value `(i, j)` is `data[start + rows[i] + cols[j]]`.
#[derive(Debug, Clone, Copy)]
pub struct Matrix<'a, T> {
    /// The values.
    pub data: &'a [T],
    /// The index of value `(0, 0)`.
    pub start: usize,
    /// The offsets of the rows.
    pub rows: Offsets,
    /// The offsets of the columns.
    pub cols: Offsets,
}

impl<'a, T> Matrix<'a, T> {
    /// `data` as a row-major matrix with rows of `width` values.
    ///
    /// # Panics
    /// If `width` is zero.
    pub fn dense(data: &'a [T], width: usize) -> Self {
        ArrayView2::from_shape((data.len() / width, width), data).expect("rows cut to width").into()
    }

    /// The address of value `(0, 0)`.
    pub fn as_ptr(&self) -> *const T {
        self.data.as_ptr().wrapping_add(self.start)
    }

    /// The transpose.
    pub fn t(self) -> Self {
        Self { rows: self.cols, cols: self.rows, ..self }
    }

    /// Whether the first `m` rows and `n` columns lie inside the data.
    fn holds(&self, m: usize, n: usize) -> bool {
        let ((a, b), (c, d)) = (self.rows.bounds(m), self.cols.bounds(n));
        let start = self.start as isize;
        m * n == 0 || (start + a + c >= 0 && start + b + d < self.data.len() as isize)
    }
}

impl<'a, T> From<ArrayView2<'a, T>> for Matrix<'a, T> {
    /// # Panics
    /// If the view is not contiguous.
    fn from(view: ArrayView2<'a, T>) -> Self {
        let [rows, cols] = [0, 1].map(|axis| Offsets::line(view.strides()[axis].unsigned_abs()));
        let data = view.to_slice_memory_order().expect("the values of the view lie together");
        Self { data, start: 0, rows, cols }
    }
}

/// A matrix to write, whose rows are contiguous.
#[derive(Debug)]
pub struct Rows<'a, T> {
    /// The values.
    pub data: &'a mut [T],
    /// The index of the first row's first value.
    pub start: usize,
    /// The offsets of the rows.
    pub rows: Offsets,
}

impl<'a, T> Rows<'a, T> {
    /// `data` as a row-major matrix with rows of `width` values.
    ///
    /// # Panics
    /// If `width` is zero.
    pub fn dense(data: &'a mut [T], width: usize) -> Self {
        Self { data, start: 0, rows: Offsets::line(width) }
    }
}

/// The initial value of a product's sums.
#[derive(Debug, Clone, Copy)]
pub enum Start<'a, T> {
    /// Zero.
    Zero,
    /// The values in the output.
    Add,
    /// The same row for all rows of the output.
    Bias(&'a [T]),
}

/// The right-hand side of products, packed into panels of a few columns, each stored row by row.
#[derive(Debug, Clone, Copy)]
pub struct Panels<'a, T> {
    /// The values of all panels.
    pub(super) data: &'a [T],
    /// The number of rows.
    pub(super) k: usize,
    /// The number of columns, without padding.
    pub(super) n: usize,
    /// The number of columns of a panel; the last panel is padded with zeros.
    pub(super) width: usize,
    /// The distance of two rows of a panel, in values.
    pub(super) step: usize,
    /// The distance of two panels, in values.
    pub(super) stride: usize,
}

/// The number of rows that are packed at a time, so that they stay in the cache for all panels; also the largest width
/// of a panel.
const RUN: usize = 64;

/// The number of values in the panels of a `(k, n)` matrix.
pub fn panels_len<T: Gemm>(k: usize, n: usize) -> usize {
    k * n.next_multiple_of(T::panel_width(n))
}

impl<'a, T: Gemm> Panels<'a, T> {
    /// Packs a matrix of `k` rows and `n` columns into `memory`, which must hold [`panels_len`] values.
    ///
    /// # Panics
    /// If the matrix is not inside its data, or the memory is too short.
    pub fn pack(b: Matrix<T>, k: usize, n: usize, memory: &'a mut [T]) -> Self {
        assert!(b.holds(k, n), "a matrix of {k} by {n} lies outside its {} values", b.data.len());
        let width = T::panel_width(n);
        let memory = &mut memory[..panels_len::<T>(k, n)];
        let (mut rows, mut cols) = ([0; RUN], [0; RUN]);
        let at = |row: isize, col: isize| (b.start as isize + row + col) as usize;
        for first in (0..k).step_by(rows.len()) {
            let count = rows.len().min(k - first);
            b.rows.fill(first, 1, &mut rows[..count]);
            for (j, panel) in memory.chunks_exact_mut(k * width).enumerate() {
                let columns = width.min(n - j * width);
                b.cols.fill(j * width, 1, &mut cols[..columns]);
                let cols = &cols[..columns];
                let contiguous = cols.windows(2).all(|pair| pair[1] == pair[0] + 1);
                let lines = panel[first * width..].chunks_exact_mut(width);
                for (line, &row) in lines.zip(&rows[..count]) {
                    if contiguous {
                        copy(&b.data[at(row, cols[0])..][..columns], &mut line[..columns]);
                    } else {
                        line.iter_mut().zip(cols).for_each(|(to, &col)| *to = b.data[at(row, col)]);
                    }
                    line[columns..].fill(T::zero());
                }
            }
        }
        Self::packed(memory, k, n)
    }

    /// What [`Self::pack`] wrote to `data`.
    ///
    /// # Panics
    /// If there are fewer values than [`panels_len`].
    pub fn packed(data: &'a [T], k: usize, n: usize) -> Self {
        let width = T::panel_width(n);
        Self { data: &data[..panels_len::<T>(k, n)], k, n, width, step: width, stride: k * width }
    }

    /// [`Self::pack`], but without a copy where the panels need no padding. Packing pays only for many rows of the
    /// left-hand side.
    ///
    /// # Panics
    /// As [`Self::pack`].
    pub fn in_place(data: &'a [T], k: usize, n: usize, memory: &'a mut [T]) -> Self {
        let width = T::panel_width(n);
        if n.is_multiple_of(width) {
            assert!(data.len() >= k * n, "a matrix of {k} by {n} lies outside its {} values", data.len());
            return Self { data, k, n, width, step: n, stride: width };
        }
        Self::pack(Matrix::dense(data, n), k, n, memory)
    }

    /// `c = start + a b` for the first `m` rows of `a`; the sums run over the terms in `depth` only.
    ///
    /// # Panics
    /// If a matrix is not inside its data, or the bias has a wrong length.
    pub fn multiply(&self, a: Matrix<T>, m: usize, depth: Range<usize>, start: Start<T>, c: Rows<T>) {
        assert!(depth.start <= depth.end && depth.end <= self.k, "{depth:?} of {} terms", self.k);
        assert!(a.holds(m, depth.end), "a matrix of {m} by {} lies outside its {} values", depth.end, a.data.len());
        let out = Matrix { data: &*c.data, start: c.start, rows: c.rows, cols: Offsets::line(1) };
        assert!(out.holds(m, self.n), "{m} rows of {} lie outside their {} values", self.n, c.data.len());
        if let Start::Bias(bias) = start {
            assert!(bias.len() == self.n, "a bias of {} for {} columns", bias.len(), self.n);
        }
        if m * self.n > 0 {
            T::multiply(Product { b: *self, a, m, depth, start, c });
        }
    }
}

/// A product that is not empty and whose matrices lie inside their data, for kernels that take addresses. Its fields are private,
/// because [`Panels::multiply`] makes one only after it has checked them.
#[derive(Debug)]
pub struct Product<'a, T> {
    b: Panels<'a, T>,
    a: Matrix<'a, T>,
    m: usize,
    depth: Range<usize>,
    start: Start<'a, T>,
    c: Rows<'a, T>,
}

impl<'a, T: Copy> Product<'a, T> {
    /// The right-hand side: it holds the panels of all columns and terms, and a bias all columns.
    pub fn b(&self) -> &Panels<'a, T> {
        &self.b
    }

    /// The left-hand side: it holds all rows and terms.
    pub fn a(&self) -> &Matrix<'a, T> {
        &self.a
    }

    /// The number of rows, above zero.
    pub fn m(&self) -> usize {
        self.m
    }

    /// The terms.
    pub fn depth(&self) -> Range<usize> {
        self.depth.clone()
    }

    /// The initial value of the sums.
    pub fn start(&self) -> Start<'a, T> {
        self.start
    }

    /// The address of the output's value `(0, 0)`, and the offsets of its rows, each of which holds all columns.
    pub fn into_output(self) -> (*mut T, Offsets) {
        let Rows { data, start, rows } = self.c;
        (data.as_mut_ptr().wrapping_add(start), rows)
    }
}

/// Copies a few values inline; a call of `memcpy` would take longer.
#[inline(always)]
fn copy<T: Copy>(from: &[T], to: &mut [T]) {
    let ((from, from_rest), (to, to_rest)) = (from.as_chunks::<4>(), to.as_chunks_mut::<4>());
    to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
    to_rest.iter_mut().zip(from_rest).for_each(|(to, from)| *to = *from);
}

/// The number types of the CPU kernels: vectors, and a matrix product.
pub trait Gemm: Real {
    /// Columns of a panel for a right-hand side of `n` columns.
    fn panel_width(n: usize) -> usize {
        n.clamp(1, RUN)
    }
    /// [`Panels::multiply`], after its checks.
    fn multiply(work: Product<Self>) {
        multiply_scalar(work);
    }
    /// Does work for so many channels, a multiple of [`lanes::LANES`](super::lanes::LANES), with vectors that fit.
    fn vectorized(channels: usize, work: impl Work<Self>);
}

#[cfg(any(test, not(target_arch = "wasm32")))]
impl Gemm for f64 {
    fn vectorized(_channels: usize, work: impl Work<Self>) {
        work.run(Four::<wide::f64x4>(std::marker::PhantomData));
    }
}

/// [`Panels::multiply`] as a scalar loop: the fallback for number types without a kernel.
pub fn multiply_scalar<T: Real>(work: Product<T>) {
    let Product { b, a, m, depth, start, c } = work;
    for i in 0..m {
        let row = (c.start as isize + c.rows.at(i)) as usize;
        let out = &mut c.data[row..][..b.n];
        match start {
            Start::Zero => out.fill(T::zero()),
            Start::Add => {}
            Start::Bias(bias) => out.copy_from_slice(bias),
        }
        let row = a.start as isize + a.rows.at(i);
        for p in depth.clone() {
            let value = a.data[(row + a.cols.at(p)) as usize];
            for (j, out) in out.iter_mut().enumerate() {
                *out += value * b.data[j / b.width * b.stride + p * b.step + j % b.width];
            }
        }
    }
}
