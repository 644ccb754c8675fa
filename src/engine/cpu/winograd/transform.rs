//! The transforms of tiles and kernels, and the same transposed for the way back.
#![allow(clippy::needless_range_loop, reason = "one index for sixteen slices")]

use super::super::four::Four;
use super::super::real::Real;

/// Channels that are transformed at a time.
pub const LANES: usize = 4;
pub type Lanes<T> = [T; LANES];

/// Kernels, transformed: `(16, c_in, c_out)`.
pub fn filters<T: Real>(w: &[T], u: &mut [T]) {
    let plane = w.len() / 9;
    for j in 0..plane / LANES {
        let tap = |k: usize| T::Four::load(&lanes(&w[k * plane..][..plane])[j]);
        let values = both::<T::Four, 3, 4>(
            [[tap(0), tap(1), tap(2)], [tap(3), tap(4), tap(5)], [tap(6), tap(7), tap(8)]],
            filter::<T>,
        );
        for (k, u) in u.chunks_exact_mut(plane).enumerate() {
            values[k / 4][k % 4].store(&mut lanes_mut(u)[j]);
        }
    }
}

/// The gradient by the kernels from that by what [`filters`] makes of them.
pub fn filter_gradients<T: Real>(du: &[T], dw: &mut [T]) {
    let plane = dw.len() / 9;
    for j in 0..plane / LANES {
        let values = both::<T::Four, 4, 3>(square(|k| &lanes(&du[k * plane..][..plane])[j]), filter_back::<T>);
        for (k, dw) in dw.chunks_exact_mut(plane).enumerate() {
            values[k / 3][k % 3].store(&mut lanes_mut(dw)[j]);
        }
    }
}

/// The values of a tile's places.
#[inline(always)]
pub fn square<'a, T: Real + 'a>(at: impl Fn(usize) -> &'a Lanes<T>) -> [[T::Four; 4]; 4] {
    let at = |k| T::Four::load(at(k));
    [0, 4, 8, 12].map(|k| [at(k), at(k + 1), at(k + 2), at(k + 3)])
}

/// Applies a transform to the lines and then to the columns of a square; the result is transposed.
#[inline(always)]
pub fn both<F: Copy, const A: usize, const B: usize>(
    square: [[F; A]; A],
    transform: impl Fn([F; A]) -> [F; B],
) -> [[F; B]; B] {
    let mut half = [[square[0][0]; A]; B];
    for (a, line) in square.into_iter().enumerate() {
        for (half, value) in half.iter_mut().zip(transform(line)) {
            half[a] = value;
        }
    }
    half.map(transform)
}

#[inline(always)]
pub fn input<T: Real>([a, b, c, d]: [T::Four; 4]) -> [T::Four; 4] {
    [a.sub(c), b.add(c), c.sub(b), b.sub(d)]
}
#[inline(always)]
pub fn input_back<T: Real>([a, b, c, d]: [T::Four; 4]) -> [T::Four; 4] {
    [a, b.sub(c).add(d), b.add(c).sub(a), T::Four::splat(T::zero()).sub(d)]
}
#[inline(always)]
pub fn output<T: Real>([a, b, c, d]: [T::Four; 4]) -> [T::Four; 2] {
    [a.add(b).add(c), b.sub(c).sub(d)]
}
#[inline(always)]
pub fn output_back<T: Real>([a, b]: [T::Four; 2]) -> [T::Four; 4] {
    [a, a.add(b), a.sub(b), T::Four::splat(T::zero()).sub(b)]
}
#[inline(always)]
fn filter<T: Real>([a, b, c]: [T::Four; 3]) -> [T::Four; 4] {
    let half = T::Four::splat(T::of(0.5));
    [a, a.add(c).add(b).mul(half), a.add(c).sub(b).mul(half), c]
}
#[inline(always)]
fn filter_back<T: Real>([a, b, c, d]: [T::Four; 4]) -> [T::Four; 3] {
    let half = T::Four::splat(T::of(0.5));
    let sum = b.add(c).mul(half);
    [a.add(sum), b.sub(c).mul(half), sum.add(d)]
}

#[inline(always)]
pub fn lanes<T>(values: &[T]) -> &[Lanes<T>] {
    values.as_chunks().0
}
#[inline(always)]
pub fn lanes_mut<T>(values: &mut [T]) -> &mut [Lanes<T>] {
    values.as_chunks_mut().0
}
