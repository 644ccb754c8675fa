//! The number types that the CPU engine runs in, and their matrix product.

use crate::layer::{Layer, Math};
use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2, LinalgScalar};
use num_traits::Float;
use std::iter::Sum;
use std::ops::{AddAssign, DivAssign, MulAssign, SubAssign};

/// `f32`, which trains, or `f64`, in which gradients are checked.
pub trait Real:
    Float + LinalgScalar + AddAssign + SubAssign + MulAssign + DivAssign + Sum + Default + Send + Sync + std::fmt::Debug
{
    /// From an `f64`.
    fn of(value: f64) -> Self;
    /// To an `f64`.
    fn f64(self) -> f64;
    /// A layer's arithmetic in this type.
    fn math(layer: &dyn Layer) -> &dyn Math<Self>;
    /// `c = a b + beta c`.
    fn product(a: ArrayView2<Self>, b: ArrayView2<Self>, beta: Self, mut c: ArrayViewMut2<Self>) {
        general_mat_mul(Self::one(), &a, &b, beta, &mut c);
    }
}

impl Real for f32 {
    fn product(a: ArrayView2<Self>, b: ArrayView2<Self>, beta: Self, mut c: ArrayViewMut2<Self>) {
        // ndarray's own product takes what our kernels leave: other processors, other values of beta.
        let ours = (beta == 0.0 || beta == 1.0) && super::gemm::product(a, b, beta == 1.0, c.view_mut()).is_some();
        if !ours {
            general_mat_mul(1.0, &a, &b, beta, &mut c);
        }
    }
    fn of(value: f64) -> Self {
        value as Self
    }
    fn f64(self) -> f64 {
        f64::from(self)
    }
    fn math(layer: &dyn Layer) -> &dyn Math<Self> {
        layer
    }
}

#[cfg(any(test, not(target_arch = "wasm32")))]
impl Real for f64 {
    fn of(value: f64) -> Self {
        value
    }
    fn f64(self) -> f64 {
        self
    }
    fn math(layer: &dyn Layer) -> &dyn Math<Self> {
        layer
    }
}

/// `data` as a `rows × cols` matrix, row by row.
///
/// # Panics
/// Where `data` is shorter: a bug in the caller, who computed all three.
pub fn matrix<T>(data: &[T], rows: usize, cols: usize) -> ArrayView2<'_, T> {
    ArrayView2::from_shape((rows, cols), &data[..rows * cols]).expect("a slice cut to rows * cols")
}

/// [`matrix`], to write to.
///
/// # Panics
/// As [`matrix`].
pub fn matrix_mut<T>(data: &mut [T], rows: usize, cols: usize) -> ArrayViewMut2<'_, T> {
    ArrayViewMut2::from_shape((rows, cols), &mut data[..rows * cols]).expect("a slice cut to rows * cols")
}

/// Sums the rows of `data` (rows of `sums.len()` values) into `sums`.
pub fn sum_rows<T: Real>(data: &[T], sums: &mut [T]) {
    sums.fill(T::zero());
    for row in data.chunks_exact(sums.len()) {
        for (sum, &value) in sums.iter_mut().zip(row) {
            *sum += value;
        }
    }
}
