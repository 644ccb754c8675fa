//! Transforms of squares of values, along both axes: input tiles, kernels and output tiles, and their transposes for the
//! backward pass.
#![allow(clippy::needless_range_loop, reason = "one index for several arrays")]

use super::super::lanes::{Family, Vector, Work};
use super::super::matrix::Gemm;
use super::points::{Points, VALUES};
use std::marker::PhantomData;

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

/// A square of values that is transformed along both axes, for as many channels as a vector has lanes. Methods and not closures, because
/// everything down to a vector's addition has to be inlined into a function that is compiled for the processor's family. All
/// implementations are `#[inline(always)]`.
pub trait Square<V, const A: usize, const B: usize> {
    /// The value in row `r` and column `s`.
    fn at(&self, r: usize, s: usize) -> V;
    /// The transform of a row or column.
    fn line(&self, line: [V; A]) -> [V; B];
    /// Takes the value in row `r` and column `s` of the transposed result.
    fn put(&mut self, r: usize, s: usize, value: V);
}

/// Applies a square's transform to its rows and then to its columns; the result is transposed. The loops index arrays, because the
/// compiler keeps these in registers; iterators made it copy them.
#[inline(always)]
pub fn both<V: Vector, const A: usize, const B: usize>(one: V, square: &mut impl Square<V, A, B>) {
    // All initial values are overwritten. They are not zero, because zeros would be written by `memory.fill`, which is slow.
    let mut half = [[one; A]; B];
    for a in 0..A {
        let mut line = [one; A];
        for i in 0..A {
            line[i] = square.at(a, i);
        }
        let line = square.line(line);
        for b in 0..B {
            half[b][a] = line[b];
        }
    }
    for b in 0..B {
        let line = square.line(half[b]);
        for i in 0..B {
            square.put(b, i, line[i]);
        }
    }
}

/// Transforms kernels `(size, size, c_in, c_out)` to `(P * P, parts, parts, c_in, c_out)`.
pub fn filters<T: Gemm, W: Points<P>, const P: usize>(w: &[T], cut: Cut, u: &mut [T]) {
    T::vectorized(w.len() / (cut.size * cut.size), Filters::<T, W, P> { w, cut, u, points: PhantomData });
}

struct Filters<'a, T, W, const P: usize> {
    w: &'a [T],
    cut: Cut,
    u: &'a mut [T],
    points: PhantomData<W>,
}

impl<T: Gemm, W: Points<P>, const P: usize> Work<T> for Filters<'_, T, W, P> {
    #[inline(always)]
    fn run<F: Family<V: Vector<Value = T>>>(self, family: F) {
        let plane = self.w.len() / (self.cut.size * self.cut.size);
        let mut filter = Filter { family, work: self, part: 0, plane, j: 0 };
        for part in 0..filter.work.cut.parts * filter.work.cut.parts {
            for j in (0..plane).step_by(F::LANES) {
                (filter.part, filter.j) = (part, j);
                both(family.splat(T::one()), &mut filter);
            }
        }
    }
}

/// Channels of a part of a kernel.
struct Filter<F, S> {
    family: F,
    work: S,
    part: usize,
    plane: usize,
    j: usize,
}

impl<T: Gemm, F: Family<V: Vector<Value = T>>, W: Points<P>, const P: usize> Square<F::V, VALUES, P>
    for Filter<F, Filters<'_, T, W, P>>
{
    #[inline(always)]
    fn at(&self, r: usize, s: usize) -> F::V {
        match self.work.cut.at(self.part, [r, s]) {
            Some(tap) => self.family.load(self.work.w, tap * self.plane + self.j),
            None => self.family.splat(T::zero()),
        }
    }
    #[inline(always)]
    fn line(&self, w: [F::V; VALUES]) -> [F::V; P] {
        W::filter(w, self.work.cut.part - 1)
    }
    #[inline(always)]
    fn put(&mut self, r: usize, s: usize, value: F::V) {
        let parts = self.work.cut.parts * self.work.cut.parts;
        value.store(self.work.u, ((P * r + s) * parts + self.part) * self.plane + self.j);
    }
}

/// The gradient with respect to the kernels, from that with respect to the transformed kernels of [`filters`].
pub fn filter_gradients<T: Gemm, W: Points<P>, const P: usize>(du: &[T], cut: Cut, dw: &mut [T]) {
    T::vectorized(dw.len() / (cut.size * cut.size), FilterGradients::<T, W, P> { du, cut, dw, points: PhantomData });
}

struct FilterGradients<'a, T, W, const P: usize> {
    du: &'a [T],
    cut: Cut,
    dw: &'a mut [T],
    points: PhantomData<W>,
}

impl<T: Gemm, W: Points<P>, const P: usize> Work<T> for FilterGradients<'_, T, W, P> {
    #[inline(always)]
    fn run<F: Family<V: Vector<Value = T>>>(self, family: F) {
        let plane = self.dw.len() / (self.cut.size * self.cut.size);
        let mut filter = Filter { family, work: self, part: 0, plane, j: 0 };
        for part in 0..filter.work.cut.parts * filter.work.cut.parts {
            for j in (0..plane).step_by(F::LANES) {
                (filter.part, filter.j) = (part, j);
                both(family.splat(T::one()), &mut filter);
            }
        }
    }
}

impl<T: Gemm, F: Family<V: Vector<Value = T>>, W: Points<P>, const P: usize> Square<F::V, P, VALUES>
    for Filter<F, FilterGradients<'_, T, W, P>>
{
    #[inline(always)]
    fn at(&self, r: usize, s: usize) -> F::V {
        let parts = self.work.cut.parts * self.work.cut.parts;
        self.family.load(self.work.du, ((P * r + s) * parts + self.part) * self.plane + self.j)
    }
    #[inline(always)]
    fn line(&self, u: [F::V; P]) -> [F::V; VALUES] {
        W::filter_back(u, self.work.cut.part - 1)
    }
    #[inline(always)]
    fn put(&mut self, r: usize, s: usize, value: F::V) {
        if let Some(tap) = self.work.cut.at(self.part, [r, s]) {
            value.store(self.work.dw, tap * self.plane + self.j);
        }
    }
}
