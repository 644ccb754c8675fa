//! The microkernel: a tile of a few rows and columns of the product, accumulated in registers.

use super::super::simd::Simd;

/// The initial value of a tile's sums.
#[derive(Clone, Copy)]
pub enum First {
    Zero,
    /// The values in the output.
    Output,
    /// The same values for all rows.
    Row(*const f32),
}

/// The arguments that all tiles of one panel and one block of the depth share.
pub struct Task<'a> {
    pub a: *const f32,
    /// For each term, its offset in `a` in bytes.
    pub cols: &'a [isize],
    pub panel: *const f32,
    /// The distance of two rows of the panel, in values.
    pub step: usize,
    pub c: *mut f32,
    pub columns: usize,
    pub first: First,
}

/// Adds one term to all sums of a tile; `a` gives the left-hand side's value in a row of the tile.
///
/// # Safety
/// `NV` vectors can be read at `b`.
#[inline(always)]
unsafe fn term<S: Simd, const MR: usize, const NV: usize>(
    simd: S,
    sums: &mut [[S::V; NV]; MR],
    b: *const f32,
    a: impl Fn(usize) -> f32,
) {
    let mut values = [simd.splat(0.0); NV];
    for (v, value) in values.iter_mut().enumerate() {
        // SAFETY: the caller makes sure of `NV` vectors, and this is one of them.
        *value = unsafe { simd.load(b.add(v * S::LANES)) };
    }
    for (row, sums) in sums.iter_mut().enumerate() {
        let scale = simd.splat(a(row));
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum = simd.fma(scale, value, *sum);
        }
    }
}

/// The sums of a tile before its first term.
///
/// # Safety
/// As for [`tile`].
#[inline(always)]
unsafe fn first<S: Simd, const MR: usize, const NV: usize>(simd: S, task: &Task, outs: &[isize]) -> [[S::V; NV]; MR] {
    let mut sums = [[simd.splat(0.0); NV]; MR];
    for (row, sums) in sums.iter_mut().enumerate() {
        let from = match task.first {
            First::Zero => break,
            // SAFETY: the caller makes sure that `c` is there at this offset.
            First::Output => unsafe { task.c.offset(outs[row]) }.cast_const(),
            First::Row(from) => from,
        };
        for (v, sum) in sums.iter_mut().enumerate() {
            // Past the right edge, where no lane is read, this may be an address outside.
            let from = from.wrapping_add(v * S::LANES);
            *sum = if task.columns == NV * S::LANES {
                // SAFETY: the tile is as wide as its vectors, and the caller makes sure of all columns.
                unsafe { simd.load(from) }
            } else {
                // SAFETY: these lanes lie inside the columns, of which the caller makes sure.
                unsafe { simd.load_part(from, lanes::<S>(task, v)) }
            };
        }
    }
    sums
}

/// The number of lanes of vector `v` that lie inside the matrix.
#[inline(always)]
fn lanes<S: Simd>(task: &Task, v: usize) -> usize {
    task.columns.saturating_sub(v * S::LANES).min(S::LANES)
}

/// Computes one tile of `c`: `MR` rows by `NV` vectors, kept in registers over the depth.
///
/// # Safety
/// `rows` and `outs` hold `MR` offsets each, and at all of them `task` describes memory that is there: of `a` a value for each
/// term, of `c` its columns, of the panel `NV` vectors for each term, of an initial row its columns.
#[inline(always)]
pub unsafe fn tile<S: Simd, const MR: usize, const NV: usize>(simd: S, task: &Task, rows: &[isize], outs: &[isize]) {
    // SAFETY: the same contract.
    let mut sums = unsafe { first::<S, MR, NV>(simd, task, outs) };
    let mut b = task.panel;
    if rows.windows(2).all(|pair| pair[1] == pair[0] + 1) {
        // The values of the rows are contiguous: one address serves all.
        let a = task.a.wrapping_offset(rows[0]);
        for &at in task.cols {
            // SAFETY: the offsets of this term and of a row, which is `row` values after the first.
            let value = |row: usize| unsafe { *a.byte_offset(at).add(row) };
            // SAFETY: the caller makes sure of `NV` vectors of the panel for each term.
            unsafe { term::<S, MR, NV>(simd, &mut sums, b, value) };
            // After the last term this may be an address outside.
            b = b.wrapping_add(task.step);
        }
    } else {
        let mut a = [task.a; MR];
        a.iter_mut().zip(rows).for_each(|(a, &row)| *a = a.wrapping_offset(row));
        for &at in task.cols {
            // SAFETY: the offsets of a row and of this term, at which the caller makes sure of a value.
            let value = |row: usize| unsafe { *a[row].byte_offset(at) };
            // SAFETY: as above.
            unsafe { term::<S, MR, NV>(simd, &mut sums, b, value) };
            b = b.wrapping_add(task.step);
        }
    }
    for (sums, &out) in sums.iter().zip(outs) {
        // SAFETY: the caller makes sure that `c` is there at this offset.
        let to = unsafe { task.c.offset(out) };
        for (v, sum) in sums.iter().enumerate() {
            let to = to.wrapping_add(v * S::LANES);
            if task.columns == NV * S::LANES {
                // SAFETY: the tile is as wide as its vectors, and the caller makes sure of all columns.
                unsafe { simd.store(to, *sum) };
            } else {
                // SAFETY: these lanes lie inside the columns, of which the caller makes sure.
                unsafe { simd.store_part(to, *sum, lanes::<S>(task, v)) };
            }
        }
    }
}
