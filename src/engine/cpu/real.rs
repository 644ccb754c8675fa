//! The number types that the CPU engine runs in, and their matrix product.

use super::four::{Four, FourF32};
use super::gemm;
use super::matrix::{Matrix, Panels, Rows, Start, multiply_plainly};
use crate::layer::{Layer, Math};
use num_traits::Float;
use std::iter::Sum;
use std::ops::{AddAssign, DivAssign, MulAssign, Range, SubAssign};

/// `f32`, which trains, or `f64`, in which gradients are checked.
pub trait Real:
    Float + AddAssign + SubAssign + MulAssign + DivAssign + Sum + Default + Send + Sync + std::fmt::Debug
{
    /// Four at once.
    type Four: Four<Self>;
    /// From an `f64`.
    fn of(value: f64) -> Self;
    /// To an `f64`.
    fn f64(self) -> f64;
    /// `exp(self)`. This and the two below give the same bits in every build: the system's own rounds in its own way.
    fn portable_exp(self) -> Self;
    /// `tanh(self)`
    fn portable_tanh(self) -> Self;
    /// `self` to the power of `exponent`
    fn portable_pow(self, exponent: Self) -> Self;
    /// A layer's arithmetic in this type.
    fn math(layer: &dyn Layer) -> &dyn Math<Self>;
    /// Columns of a panel for a right-hand side of `n` columns.
    fn panel_width(n: usize) -> usize {
        n.max(1)
    }
    /// [`Panels::multiply`], sizes checked.
    fn multiply(b: &Panels<Self>, a: Matrix<Self>, m: usize, depth: Range<usize>, start: Start<Self>, c: Rows<Self>) {
        multiply_plainly(b, a, m, depth, start, c);
    }
}

impl Real for f32 {
    type Four = FourF32;
    fn panel_width(n: usize) -> usize {
        gemm::panel_width(n)
    }
    fn multiply(b: &Panels<Self>, a: Matrix<Self>, m: usize, depth: Range<usize>, start: Start<Self>, c: Rows<Self>) {
        gemm::multiply(b, a, m, depth, start, c);
    }
    fn of(value: f64) -> Self {
        value as Self
    }
    fn f64(self) -> f64 {
        f64::from(self)
    }
    fn portable_exp(self) -> Self {
        libm::expf(self)
    }
    fn portable_tanh(self) -> Self {
        libm::tanhf(self)
    }
    fn portable_pow(self, exponent: Self) -> Self {
        libm::powf(self, exponent)
    }
    fn math(layer: &dyn Layer) -> &dyn Math<Self> {
        layer
    }
}

#[cfg(any(test, not(target_arch = "wasm32")))]
impl Real for f64 {
    type Four = [f64; 4];
    fn of(value: f64) -> Self {
        value
    }
    fn f64(self) -> f64 {
        self
    }
    fn portable_exp(self) -> Self {
        libm::exp(self)
    }
    fn portable_tanh(self) -> Self {
        libm::tanh(self)
    }
    fn portable_pow(self, exponent: Self) -> Self {
        libm::pow(self, exponent)
    }
    fn math(layer: &dyn Layer) -> &dyn Math<Self> {
        layer
    }
}

/// Columns that are summed in registers.
const COLUMNS: usize = 32;

/// Sums the rows of `data` (rows of `sums.len()` values) into `sums`.
pub fn sum_rows<T: Real>(data: &[T], sums: &mut [T]) {
    let width = sums.len();
    let mut first = 0;
    while first < width {
        let count = match width - first {
            COLUMNS.. => sum_columns::<T, COLUMNS>(data, first, sums),
            8.. => sum_columns::<T, 8>(data, first, sums),
            4.. => sum_columns::<T, 4>(data, first, sums),
            _ => sum_columns::<T, 1>(data, first, sums),
        };
        first += count;
    }
}

/// Sums `N` columns.
fn sum_columns<T: Real, const N: usize>(data: &[T], first: usize, sums: &mut [T]) -> usize {
    let mut totals = [T::zero(); N];
    for row in data.chunks_exact(sums.len()) {
        let Some(values) = row[first..].first_chunk::<N>() else { break };
        totals.iter_mut().zip(values).for_each(|(total, &value)| *total += value);
    }
    sums[first..first + N].copy_from_slice(&totals);
    N
}
