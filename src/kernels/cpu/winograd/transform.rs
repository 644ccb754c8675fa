//! The transforms of input tiles, kernels and output tiles, and their transposes for the backward pass.
#![allow(clippy::needless_range_loop, reason = "one index for several arrays")]

use super::super::matrix::Gemm;

/// The number of channels that are transformed at a time.
pub const LANES: usize = 4;

/// The transforms along one axis, for a window of `K`: a tile of `A` inputs is transformed to `P` points, which give 2
/// outputs.
pub trait Way<const K: usize, const A: usize, const P: usize> {
    /// Transforms inputs to points.
    fn input<T: Gemm>(x: [T::Four; A]) -> [T::Four; P];
    /// The transpose of the transform above.
    fn input_back<T: Gemm>(v: [T::Four; P]) -> [T::Four; A];
    /// Transforms points to outputs.
    fn output<T: Gemm>(m: [T::Four; P]) -> [T::Four; 2];
    /// The transpose of the transform above.
    fn output_back<T: Gemm>(y: [T::Four; 2]) -> [T::Four; P];
    /// Transforms a kernel to points.
    fn filter<T: Gemm>(w: [T::Four; K]) -> [T::Four; P];
    /// The transpose of the transform above.
    fn filter_back<T: Gemm>(u: [T::Four; P]) -> [T::Four; K];
}

/// The transforms for windows of 3, F(2, 3) of the source.
pub struct Three;

impl Way<3, 4, 4> for Three {
    #[inline(always)]
    fn input<T: Gemm>([a, b, c, d]: [T::Four; 4]) -> [T::Four; 4] {
        [a - c, b + c, c - b, b - d]
    }
    #[inline(always)]
    fn input_back<T: Gemm>([a, b, c, d]: [T::Four; 4]) -> [T::Four; 4] {
        [a, b - c + d, b + c - a, T::Four::from(T::zero()) - d]
    }
    #[inline(always)]
    fn output<T: Gemm>([a, b, c, d]: [T::Four; 4]) -> [T::Four; 2] {
        [a + b + c, b - c - d]
    }
    #[inline(always)]
    fn output_back<T: Gemm>([a, b]: [T::Four; 2]) -> [T::Four; 4] {
        [a, a + b, a - b, T::Four::from(T::zero()) - b]
    }
    #[inline(always)]
    fn filter<T: Gemm>([a, b, c]: [T::Four; 3]) -> [T::Four; 4] {
        let half = T::Four::from(T::of(0.5));
        [a, (a + c + b) * half, (a + c - b) * half, c]
    }
    #[inline(always)]
    fn filter_back<T: Gemm>([a, b, c, d]: [T::Four; 4]) -> [T::Four; 3] {
        let half = T::Four::from(T::of(0.5));
        let sum = (b + c) * half;
        [a + sum, (b - c) * half, sum + d]
    }
}

/// The transforms for windows of 5: F(2, 3) for the first 3 values plus F(2, 2) for the last 2. F(2, 5) with 6 points
/// would save more multiplications, but its larger coefficients cost precision.
pub struct Five;

impl Way<5, 6, 7> for Five {
    #[inline(always)]
    fn input<T: Gemm>([a, b, c, d, e, f]: [T::Four; 6]) -> [T::Four; 7] {
        let [p, q, r, s] = Three::input::<T>([a, b, c, d]);
        [p, q, r, s, d - e, e, e - f]
    }
    #[inline(always)]
    fn input_back<T: Gemm>([p, q, r, s, t, u, v]: [T::Four; 7]) -> [T::Four; 6] {
        let [a, b, c, d] = Three::input_back::<T>([p, q, r, s]);
        [a, b, c, d + t, u - t + v, T::Four::from(T::zero()) - v]
    }
    #[inline(always)]
    fn output<T: Gemm>([p, q, r, s, t, u, v]: [T::Four; 7]) -> [T::Four; 2] {
        let [a, b] = Three::output::<T>([p, q, r, s]);
        [a + t + u, b + u - v]
    }
    #[inline(always)]
    fn output_back<T: Gemm>([a, b]: [T::Four; 2]) -> [T::Four; 7] {
        let [p, q, r, s] = Three::output_back::<T>([a, b]);
        [p, q, r, s, a, q, s]
    }
    #[inline(always)]
    fn filter<T: Gemm>([a, b, c, d, e]: [T::Four; 5]) -> [T::Four; 7] {
        let [p, q, r, s] = Three::filter::<T>([a, b, c]);
        [p, q, r, s, d, d + e, e]
    }
    #[inline(always)]
    fn filter_back<T: Gemm>([p, q, r, s, t, u, v]: [T::Four; 7]) -> [T::Four; 5] {
        let [a, b, c] = Three::filter_back::<T>([p, q, r, s]);
        [a, b, c, t + u, u + v]
    }
}

/// Transforms kernels `(K, K, c_in, c_out)` to `(P * P, c_in, c_out)`.
pub fn filters<T: Gemm, W: Way<K, A, P>, const K: usize, const A: usize, const P: usize>(w: &[T], u: &mut [T]) {
    let plane = w.len() / (K * K);
    for j in (0..plane).step_by(LANES) {
        let at = |r: usize, s: usize| load(w, (K * r + s) * plane + j);
        both::<T, _, _>(at, W::filter::<T>, |r, s, value| store(value, u, (P * r + s) * plane + j));
    }
}

/// The gradient with respect to the kernels, from that with respect to the transformed kernels of [`filters`].
pub fn filter_gradients<T: Gemm, W: Way<K, A, P>, const K: usize, const A: usize, const P: usize>(
    du: &[T],
    dw: &mut [T],
) {
    let plane = dw.len() / (K * K);
    for j in (0..plane).step_by(LANES) {
        let at = |r: usize, s: usize| load(du, (P * r + s) * plane + j);
        both::<T, _, _>(at, W::filter_back::<T>, |r, s, value| store(value, dw, (K * r + s) * plane + j));
    }
}

/// Applies a transform to the rows and then to the columns of a square of values; the result is transposed. The loops
/// index arrays, because the compiler keeps these in registers; iterators made it copy them. `at` and `put` are called in one
/// place each, so that the compiler inlines them.
#[inline(always)]
pub fn both<T: Gemm, const A: usize, const B: usize>(
    at: impl Fn(usize, usize) -> T::Four,
    transform: impl Fn([T::Four; A]) -> [T::Four; B],
    mut put: impl FnMut(usize, usize, T::Four),
) {
    // All initial values are overwritten. They are not zero, because zeros would be written by `memory.fill`, which is slow.
    let one = T::Four::from(T::one());
    let mut half = [[one; A]; B];
    for a in 0..A {
        let mut line = [one; A];
        for i in 0..A {
            line[i] = at(a, i);
        }
        let line = transform(line);
        for b in 0..B {
            half[b][a] = line[b];
        }
    }
    for b in 0..B {
        let line = transform(half[b]);
        for i in 0..B {
            put(b, i, line[i]);
        }
    }
}

/// Loads the channels from index `at` on.
#[inline(always)]
pub fn load<T: Gemm>(values: &[T], at: usize) -> T::Four {
    T::Four::from(*values[at..].first_chunk::<LANES>().expect("channels come in fours"))
}

/// Stores channels from index `at` on.
#[inline(always)]
pub fn store<T: Gemm>(value: T::Four, values: &mut [T], at: usize) {
    *values[at..].first_chunk_mut::<LANES>().expect("channels come in fours") = value.into();
}
