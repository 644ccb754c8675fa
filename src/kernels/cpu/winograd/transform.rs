//! Transforms of squares of values, along both axes: input tiles, kernels and output tiles, and their transposes for the
//! backward pass.
#![allow(clippy::needless_range_loop, reason = "one index for several arrays")]

use super::super::matrix::Gemm;
use super::points::{Points, VALUES};

/// The number of channels that are transformed at a time.
pub const LANES: usize = 4;

/// How a kernel is cut: its size, that of a part, and the parts along each axis.
#[derive(Debug, Clone, Copy)]
pub struct Cut {
    pub size: usize,
    pub part: usize,
    pub parts: usize,
}

impl Cut {
    /// The index of the value of a kernel at `[r, s]` of a part; `None` past its end.
    fn at(self, part: usize, [r, s]: [usize; 2]) -> Option<usize> {
        let [y, x] = [part / self.parts * self.part + r, part % self.parts * self.part + s];
        (r < self.part && s < self.part && y < self.size && x < self.size).then_some(y * self.size + x)
    }
}

/// Transforms kernels `(size, size, c_in, c_out)` to `(P * P, parts, parts, c_in, c_out)`.
pub fn filters<T: Gemm, W: Points<P>, const P: usize>(w: &[T], cut: Cut, u: &mut [T]) {
    let (plane, parts) = (w.len() / (cut.size * cut.size), cut.parts * cut.parts);
    for part in 0..parts {
        for j in (0..plane).step_by(LANES) {
            let at = |r: usize, s: usize| {
                cut.at(part, [r, s]).map_or(T::Four::from(T::zero()), |tap| load(w, tap * plane + j))
            };
            both::<T, VALUES, P>(
                at,
                |w| W::filter::<T>(w, cut.part - 1),
                |r, s, value| store(value, u, ((P * r + s) * parts + part) * plane + j),
            );
        }
    }
}

/// The gradient with respect to the kernels, from that with respect to the transformed kernels of [`filters`].
pub fn filter_gradients<T: Gemm, W: Points<P>, const P: usize>(du: &[T], cut: Cut, dw: &mut [T]) {
    let (plane, parts) = (dw.len() / (cut.size * cut.size), cut.parts * cut.parts);
    for part in 0..parts {
        for j in (0..plane).step_by(LANES) {
            let at = |r: usize, s: usize| load(du, ((P * r + s) * parts + part) * plane + j);
            both::<T, P, VALUES>(
                at,
                |u| W::filter_back::<T>(u, cut.part - 1),
                |r, s, value| {
                    if let Some(tap) = cut.at(part, [r, s]) {
                        store(value, dw, tap * plane + j);
                    }
                },
            );
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
