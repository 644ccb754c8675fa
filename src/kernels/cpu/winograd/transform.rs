//! Transforms of squares of values, along both axes: input tiles, kernels and output tiles, and their transposes for the
//! backward pass.
#![allow(clippy::needless_range_loop, reason = "one index for several arrays")]

use super::super::matrix::Gemm;
use super::points::Points;

/// The number of channels that are transformed at a time.
pub const LANES: usize = 4;

/// Transforms kernels `(size, size, c_in, c_out)`, cut into `parts * parts` squares of `R * R` values (zeros past the end), to
/// `(P * P, parts, parts, c_in, c_out)`.
pub fn filters<T: Gemm, W: Points<R, M, P>, const R: usize, const M: usize, const P: usize>(
    w: &[T],
    [size, parts]: [usize; 2],
    u: &mut [T],
) {
    let plane = w.len() / (size * size);
    for part in 0..parts * parts {
        let [top, left] = [part / parts * R, part % parts * R];
        for j in (0..plane).step_by(LANES) {
            let at = |r: usize, s: usize| match top + r < size && left + s < size {
                true => load(w, ((top + r) * size + left + s) * plane + j),
                false => T::Four::from(T::zero()),
            };
            both::<T, _, _>(at, W::filter::<T>, |r, s, value| {
                store(value, u, ((P * r + s) * parts * parts + part) * plane + j);
            });
        }
    }
}

/// The gradient with respect to the kernels, from that with respect to the transformed kernels of [`filters`].
pub fn filter_gradients<T: Gemm, W: Points<R, M, P>, const R: usize, const M: usize, const P: usize>(
    du: &[T],
    [size, parts]: [usize; 2],
    dw: &mut [T],
) {
    let plane = dw.len() / (size * size);
    for part in 0..parts * parts {
        let [top, left] = [part / parts * R, part % parts * R];
        for j in (0..plane).step_by(LANES) {
            let at = |r: usize, s: usize| load(du, ((P * r + s) * parts * parts + part) * plane + j);
            both::<T, _, _>(at, W::filter_back::<T>, |r, s, value| {
                if top + r < size && left + s < size {
                    store(value, dw, ((top + r) * size + left + s) * plane + j);
                }
            });
        }
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
