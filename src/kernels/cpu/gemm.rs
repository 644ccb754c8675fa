//! The `f32` matrix product with register tiles.
//!
//! The right-hand side is packed into panels, which the inner loop reads sequentially; the left-hand side is read in
//! place, through tables of offsets. Each value of the result is one sum over `k` in order, for every tile size. So all
//! builds with a fused multiply-add give the same bits, and so do all builds without one ([`super::rounding`]).

mod tile;

use super::lanes::{self, Work};
use super::matrix::{Gemm, Product, Start};
#[cfg(not(target_arch = "wasm32"))]
use super::rounding;
use super::simd::Simd;
use tile::{First, Task, tile};

/// The most values of a panel per block of the depth: with the values of the left-hand side they fit in the L1 cache.
/// Between blocks the sums are stored and loaded again, which costs little and is exact.
const SHARE: usize = 4096;

/// The most terms per block of the depth.
const DEPTH: usize = 384;

/// The rows per block: the values that they read stay in the cache while all panels are processed.
const ROWS: usize = 96;

/// The rows of the tallest tile.
const TALLEST: usize = 16;

/// Whether the remaining rows are computed as a full tile, with the last row repeated. With short vectors a tile of a
/// single row takes as long, because each multiply-add waits for the previous one.
const FILLS_UP: bool = cfg!(target_arch = "wasm32");

impl Gemm for f32 {
    fn panel_width(n: usize) -> usize {
        panel_width(n)
    }
    fn multiply(work: Product<Self>) {
        run(work);
    }
    fn vectorized(channels: usize, work: impl Work<Self>) {
        lanes::run(channels, work);
    }
}

/// The width of a panel for `n` columns: the one with the least padding; of equals the widest.
pub fn panel_width(n: usize) -> usize {
    widths(n).iter().copied().min_by_key(|width| n.next_multiple_of(*width)).unwrap_or(1)
}

#[cfg(target_arch = "x86_64")]
fn widths(n: usize) -> &'static [usize] {
    if is_x86_feature_detected!("avx512f") && n > 8 {
        &[64, 48, 32, 16]
    } else if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
        &[16, 8]
    } else {
        &[8]
    }
}

/// Runs a product with the widest family that the processor has.
#[cfg(target_arch = "x86_64")]
fn run(work: Product<f32>) {
    use super::simd::{Avx2, Avx512, Four, Twice};

    #[target_feature(enable = "avx512f")]
    fn avx512(simd: impl Simd, work: Product<f32>) {
        match work.b().width {
            64 => blocks::<_, 6, 4>(simd, work),
            48 => blocks::<_, 8, 3>(simd, work),
            32 => blocks::<_, 8, 2>(simd, work),
            _ => blocks::<_, 12, 1>(simd, work),
        }
    }
    #[target_feature(enable = "avx2,fma")]
    fn avx2(simd: impl Simd, work: Product<f32>) {
        match work.b().width {
            16 => blocks::<_, 6, 2>(simd, work),
            _ => blocks::<_, 8, 1>(simd, work),
        }
    }
    let portable = rounding::is_portable();
    if let Some(wide) = Avx512::detected().filter(|_| work.b().n > 8) {
        // SAFETY: the processor has AVX-512.
        return unsafe { if portable { avx512(Twice(wide), work) } else { avx512(wide, work) } };
    }
    if let Some(fused) = Avx2::detected() {
        // SAFETY: the processor has AVX2 and FMA.
        return unsafe { if portable { avx2(Twice(fused), work) } else { avx2(fused, work) } };
    }
    if portable { blocks::<_, 4, 2>(Twice(Four), work) } else { blocks::<_, 4, 2>(Four, work) }
}

#[cfg(target_arch = "wasm32")]
fn widths(_n: usize) -> &'static [usize] {
    &[12, 8, 4]
}

/// Runs a product. There are sixteen registers; larger tiles would spill.
#[cfg(target_arch = "wasm32")]
fn run(work: Product<f32>) {
    use super::simd::Four;
    match work.b().width {
        12 => blocks::<_, 3, 3>(Four, work),
        8 => blocks::<_, 4, 2>(Four, work),
        _ => blocks::<_, 8, 1>(Four, work),
    }
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "wasm32")))]
fn widths(_n: usize) -> &'static [usize] {
    &[8]
}

/// Runs a product.
#[cfg(not(any(target_arch = "x86_64", target_arch = "wasm32")))]
fn run(work: Product<f32>) {
    use super::simd::{Four, Twice};
    if rounding::is_portable() { blocks::<_, 6, 2>(Twice(Four), work) } else { blocks::<_, 6, 2>(Four, work) }
}

/// Computes a product block by block, with tiles of `MR` rows and `NV` vectors: `NV * S::LANES` must be the width of a panel.
#[inline(always)]
fn blocks<S: Simd, const MR: usize, const NV: usize>(simd: S, work: Product<f32>) {
    let (b, m, terms) = (*work.b(), work.m(), work.depth().len());
    assert!(NV * S::LANES == b.width && MR <= TALLEST, "a tile of another width than the panel's");
    let (start, depth) = (work.start(), work.depth());
    let (a, a_rows, a_cols) = (work.a().as_ptr(), work.a().rows, work.a().cols);
    let (c, c_rows) = work.into_output();
    let (mut cols, mut rows, mut outs) = ([0; DEPTH], [0; ROWS + TALLEST], [0; ROWS + TALLEST]);
    // Blocks of equal depth, so that none is short. At least one, so that an empty sum stores its initial value.
    let pieces = terms.div_ceil(DEPTH.min(SHARE / b.width)).max(1);
    for piece in 0..pieces {
        let (from, to) = (terms * piece / pieces, terms * (piece + 1) / pieces);
        let (p, terms) = (depth.start + from, to - from);
        a_cols.fill(p, 4, &mut cols[..terms]);
        for i in (0..m).step_by(ROWS) {
            let count = ROWS.min(m - i);
            a_rows.fill(i, 1, &mut rows[..count]);
            c_rows.fill(i, 1, &mut outs[..count]);
            let whole = if FILLS_UP { count.next_multiple_of(MR) } else { count / MR * MR };
            for offsets in [&mut rows, &mut outs] {
                let last = offsets[count - 1];
                offsets[count..whole.max(count)].fill(last);
            }
            for j in (0..b.n).step_by(b.width) {
                let first = match start {
                    _ if piece > 0 => First::Output,
                    Start::Add => First::Output,
                    Start::Zero => First::Zero,
                    Start::Bias(bias) => First::Row(bias[j..].as_ptr()),
                };
                let task = Task {
                    a,
                    cols: &cols[..terms],
                    panel: b.data.as_ptr().wrapping_add(j / b.width * b.stride + p * b.step),
                    step: b.step,
                    // SAFETY: every row of the output holds `b.n` values, and `j` is below.
                    c: unsafe { c.add(j) },
                    columns: b.width.min(b.n - j),
                    first,
                };
                let tiles = rows[..whole].chunks_exact(MR).zip(outs.chunks_exact(MR));
                for (rows, outs) in tiles {
                    // SAFETY: a `Product` is made only where `a`, the panels, the bias and the output hold all rows, columns and
                    // terms. These offsets are of rows and terms among them, repeated where rows are filled up.
                    unsafe { tile::<S, MR, NV>(simd, &task, rows, outs) };
                }
                for row in whole..count {
                    // SAFETY: likewise.
                    unsafe { tile::<S, 1, NV>(simd, &task, &rows[row..=row], &outs[row..=row]) };
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::matrix::{Matrix, Offsets, Panels, Rows, panels_len};
    use super::*;

    fn noise(len: usize, stream: u32) -> Vec<f32> {
        (0..len).map(|i| crate::tensor::random::uniform(1, 0, stream, i as u32) - 0.5).collect()
    }

    /// Checks `c (m x n) = a b`, terms `from..k`, for matrices stored plain or transposed.
    fn check(m: usize, n: usize, k: usize, from: usize, [at, bt]: [bool; 2], start: usize) {
        let (a, b, bias, before) = (noise(m * k, 1), noise(k * n, 2), noise(n, 3), noise(m * (n + 3), 4));
        let a = if at { Matrix::dense(&a, m).t() } else { Matrix::dense(&a, k) };
        let b = if bt { Matrix::dense(&b, k).t() } else { Matrix::dense(&b, n) };
        let mut memory = vec![0.0; panels_len::<f32>(k, n)];
        let panels = if bt { Panels::pack(b, k, n, &mut memory) } else { Panels::in_place(b.data, k, n, &mut memory) };
        let mut c = before.clone();
        let start = [Start::Zero, Start::Add, Start::Bias(&bias)][start];
        panels.multiply(a, m, from..k, start, Rows::dense(&mut c, n + 3));
        for i in 0..m {
            for j in 0..n {
                let value = |x: &Matrix<f32>, i, j| f64::from(x.data[(x.rows.at(i) + x.cols.at(j)) as usize]);
                let sum: f64 = (from..k).map(|p| value(&a, i, p) * value(&b, p, j)).sum();
                let first = match start {
                    Start::Zero => 0.0,
                    Start::Add => before[i * (n + 3) + j],
                    Start::Bias(bias) => bias[j],
                };
                let error = (f64::from(c[i * (n + 3) + j]) - sum - f64::from(first)).abs();
                assert!(error < 1e-5 * (k.max(1) as f64).sqrt(), "{m}x{k}x{n} {at} {bt}: {error}");
            }
            assert_eq!(c[i * (n + 3) + n..][..3], before[i * (n + 3) + n..][..3], "wrote past the edge");
        }
    }

    /// Rows and terms that step backwards from the last value, and an output that starts in the middle, as for rotated kernels. No
    /// address before or after the slices may be formed.
    #[test]
    fn offsets_may_be_negative() {
        let (m, n, k) = (7, 9, 5);
        let (a, b) = (noise(m * k, 1), noise(k * n, 2));
        let back = |step: usize| Offsets::nested((usize::MAX, -(step as isize)), (1, 0), 0);
        let a = Matrix { data: &a, start: m * k - 1, rows: back(k), cols: back(1) };
        let mut memory = vec![0.0; panels_len::<f32>(k, n)];
        let panels =
            Panels::pack(Matrix { data: &b, start: k * n - 1, rows: back(n), cols: back(1) }, k, n, &mut memory);
        let mut c = vec![0.0; m * n];
        panels.multiply(a, m, 0..k, Start::Zero, Rows { data: &mut c, start: (m - 1) * n, rows: back(n) });
        for i in 0..m {
            for j in 0..n {
                let sum: f32 =
                    (0..k).map(|p| a.data[(m - 1 - i) * k + k - 1 - p] * b[(k - 1 - p) * n + n - 1 - j]).sum();
                assert!((c[(m - 1 - i) * n + j] - sum).abs() < 1e-5, "{i} {j}");
            }
        }
    }

    #[test]
    fn an_empty_sum_is_its_initial_value() {
        let (b, bias) = ([0.0; 3 * 5], [1.0, 2.0, 3.0, 4.0, 5.0]);
        let mut memory = vec![0.0; panels_len::<f32>(3, 5)];
        let panels = Panels::in_place(&b, 3, 5, &mut memory);
        for depth in [0..0, 3..3] {
            let mut c = vec![7.0; 2 * 5];
            panels.multiply(Matrix::dense(&[1.0; 6], 3), 2, depth, Start::Bias(&bias), Rows::dense(&mut c, 5));
            assert_eq!(c, [bias, bias].concat());
        }
    }

    #[test]
    fn every_shape_order_and_start_is_the_product() {
        // Miri takes ten thousand times as long; these sizes still have every kind of tile and edge.
        let (rows, columns, depths): (&[_], &[_], &[_]) = match cfg!(miri) {
            true => (&[1, 5, 97], &[1, 8, 13], &[(3, 1), (385, 380)]),
            false => (
                &[1, 3, 8, 13, 97],
                &[1, 4, 7, 8, 10, 12, 16, 24, 33, 64, 70, 100],
                &[(1, 0), (3, 1), (49, 0), (385, 7), (800, 0)],
            ),
        };
        for &m in rows {
            for &n in columns {
                for &(k, from) in depths {
                    for start in 0..3 {
                        let orders = [[false, false], [true, false], [false, true]];
                        check(m, n, k, from, orders[(m + n + k + start) % 3], start);
                    }
                }
            }
        }
    }
}
