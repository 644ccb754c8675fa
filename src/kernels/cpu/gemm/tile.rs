//! The microkernel: a tile of a few rows and columns of the product, accumulated in registers.

use super::super::simd::Simd;

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
    /// The initial value of the sums: a row of values, zeros (null pointer), or the values in `c` (`None`).
    pub bias: Option<*const f32>,
}

/// Adds one term to all sums of a tile.
///
/// # Safety
/// As for [`Simd`]; `b` covers `NV` vectors.
#[inline(always)]
unsafe fn term<S: Simd, const MR: usize, const NV: usize>(
    sums: &mut [[S::V; NV]; MR],
    b: *const f32,
    a: impl Fn(usize) -> f32,
) {
    // SAFETY: the caller makes sure of the processor and of `b`.
    unsafe {
        let mut values = [S::splat(0.0); NV];
        for (v, value) in values.iter_mut().enumerate() {
            *value = S::load(b.add(v * S::LANES));
        }
        for (row, sums) in sums.iter_mut().enumerate() {
            let scale = S::splat(a(row));
            for (sum, value) in sums.iter_mut().zip(values) {
                *sum = S::fma(scale, value, *sum);
            }
        }
    }
}

/// Computes one tile of `c`: `MR` rows by `NV` vectors, kept in registers over the depth.
///
/// # Safety
/// As for [`Simd`]; `rows` and `outs` hold `MR` offsets each, and at all of them `task` describes memory that is there: of `a`
/// a value for each term, of `c` its columns, of the panel `NV` vectors for each term, of a bias its columns.
#[inline(always)]
pub unsafe fn tile<S: Simd, const MR: usize, const NV: usize>(task: &Task, rows: &[isize], outs: &[isize]) {
    // SAFETY: whole vectors are loaded and stored only where the tile is as wide as they are, the others up to the right edge;
    // an address past that edge is computed (`wrapping_add`), but no value there is read or written.
    unsafe {
        let mut sums = [[S::splat(0.0); NV]; MR];
        let is_whole = task.columns == NV * S::LANES;
        // The number of a vector's lanes that lie inside the matrix.
        let lanes = |v: usize| task.columns.saturating_sub(v * S::LANES).min(S::LANES);
        match task.bias {
            Some(bias) if bias.is_null() => {}
            start => {
                for (row, sums) in sums.iter_mut().enumerate() {
                    let from = start.unwrap_or(task.c.offset(outs[row]));
                    for (v, sum) in sums.iter_mut().enumerate() {
                        let from = from.wrapping_add(v * S::LANES);
                        *sum = if is_whole { S::load(from) } else { S::load_part(from, lanes(v)) };
                    }
                }
            }
        }
        let mut b = task.panel;
        if rows.windows(2).all(|pair| pair[1] == pair[0] + 1) {
            // The values of the rows are contiguous: one address serves all.
            let a = task.a.offset(rows[0]);
            for &at in task.cols {
                let a = a.byte_offset(at);
                term::<S, MR, NV>(&mut sums, b, |row| *a.add(row));
                b = b.add(task.step);
            }
        } else {
            let mut a = [task.a; MR];
            for (a, &row) in a.iter_mut().zip(rows) {
                *a = a.offset(row);
            }
            for &at in task.cols {
                term::<S, MR, NV>(&mut sums, b, |row| *a[row].byte_offset(at));
                b = b.add(task.step);
            }
        }
        for (row, sums) in sums.iter().enumerate() {
            let to = task.c.offset(outs[row]);
            for (v, sum) in sums.iter().enumerate() {
                let to = to.wrapping_add(v * S::LANES);
                if is_whole {
                    S::store(to, *sum);
                } else {
                    S::store_part(to, *sum, lanes(v));
                }
            }
        }
    }
}
