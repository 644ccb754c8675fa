//! The `f32` matrix product with register tiles.
//!
//! The right-hand side is packed into panels, which the inner loop reads sequentially; the left-hand side is read in
//! place, through tables of offsets. Each value of the result is one sum over `k` in order, for every tile size. So all
//! builds with a fused multiply-add give the same bits, and so do all builds without one ([`super::rounding`]).

mod tile;

use super::matrix::{Gemm, Matrix, Offsets, Panels, Rows, Start};
#[cfg(not(target_arch = "wasm32"))]
use super::rounding;
use super::simd::Simd;
use std::ops::Range;
use tile::{Task, tile};

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

/// One product: its sizes and addresses.
struct Product<'a> {
    m: usize,
    depth: Range<usize>,
    a: *const f32,
    rows: Offsets,
    cols: Offsets,
    b: &'a Panels<'a, f32>,
    c: *mut f32,
    c_rows: Offsets,
    start: Start<'a, f32>,
}

impl Gemm for f32 {
    type Four = wide::f32x4;
    fn panel_width(n: usize) -> usize {
        panel_width(n)
    }
    fn multiply(b: &Panels<Self>, a: Matrix<Self>, m: usize, depth: Range<usize>, start: Start<Self>, c: Rows<Self>) {
        multiply(b, a, m, depth, start, c);
    }
}

/// [`Panels::multiply`], after its checks.
pub fn multiply(b: &Panels<f32>, a: Matrix<f32>, m: usize, depth: Range<usize>, start: Start<f32>, c: Rows<f32>) {
    let (from, to) = (a.data[a.start..].as_ptr(), c.data[c.start..].as_mut_ptr());
    let work = Product { m, depth, a: from, rows: a.rows, cols: a.cols, b, c: to, c_rows: c.rows, start };
    // SAFETY: `Panels::multiply` checked the sizes, and `run` selects instructions that this processor supports.
    unsafe { run(&work) }
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
///
/// # Safety
/// `work` must describe memory that is there.
#[cfg(target_arch = "x86_64")]
unsafe fn run(work: &Product) {
    use super::simd::{Avx2, Avx512, Four, Twice};

    #[target_feature(enable = "avx512f")]
    unsafe fn avx512<S: Simd>(work: &Product) {
        // SAFETY: the caller makes sure of AVX-512 and of `work`; `S` is a family of AVX-512.
        unsafe {
            match work.b.width {
                64 => blocks::<S, 6, 4>(work),
                48 => blocks::<S, 8, 3>(work),
                32 => blocks::<S, 8, 2>(work),
                _ => blocks::<S, 12, 1>(work),
            }
        }
    }
    #[target_feature(enable = "avx2,fma")]
    unsafe fn avx2<S: Simd>(work: &Product) {
        // SAFETY: the caller makes sure of AVX2, FMA and `work`; `S` is a family of AVX2.
        unsafe {
            match work.b.width {
                16 => blocks::<S, 6, 2>(work),
                _ => blocks::<S, 8, 1>(work),
            }
        }
    }
    let (wide, fused) =
        (is_x86_feature_detected!("avx512f"), is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"));
    // SAFETY: the guards make sure of the instructions, the caller of `work`. `Four` needs none but the target's own.
    unsafe {
        match rounding::is_portable() {
            true if wide && work.b.n > 8 => avx512::<Twice<Avx512>>(work),
            true if fused => avx2::<Twice<Avx2>>(work),
            true => blocks::<Twice<Four>, 4, 2>(work),
            false if wide && work.b.n > 8 => avx512::<Avx512>(work),
            false if fused => avx2::<Avx2>(work),
            false => blocks::<Four, 4, 2>(work),
        }
    }
}

#[cfg(target_arch = "wasm32")]
fn widths(_n: usize) -> &'static [usize] {
    &[12, 8, 4]
}

/// Runs a product.
///
/// # Safety
/// `work` must describe memory that is there.
#[cfg(target_arch = "wasm32")]
unsafe fn run(work: &Product) {
    use super::simd::Four;
    // There are sixteen registers; larger tiles would spill.
    // SAFETY: the caller makes sure of `work`; a module with instructions that a browser lacks is not loaded at all.
    unsafe {
        match work.b.width {
            12 => blocks::<Four, 3, 3>(work),
            8 => blocks::<Four, 4, 2>(work),
            _ => blocks::<Four, 8, 1>(work),
        }
    }
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "wasm32")))]
fn widths(_n: usize) -> &'static [usize] {
    &[8]
}

/// Runs a product.
///
/// # Safety
/// `work` must describe memory that is there.
#[cfg(not(any(target_arch = "x86_64", target_arch = "wasm32")))]
unsafe fn run(work: &Product) {
    use super::simd::{Four, Twice};
    // SAFETY: the caller makes sure of `work`; `Four` needs no instructions but the target's own.
    unsafe {
        match rounding::is_portable() {
            true => blocks::<Twice<Four>, 6, 2>(work),
            false => blocks::<Four, 6, 2>(work),
        }
    }
}

/// Computes a product block by block, with tiles of `MR` rows and `NV` vectors.
///
/// # Safety
/// As for [`Simd`]; the addresses in `work` must be valid.
#[inline(always)]
unsafe fn blocks<S: Simd, const MR: usize, const NV: usize>(work: &Product) {
    let (b, terms) = (work.b, work.depth.len());
    let (mut cols, mut rows, mut outs) = ([0; DEPTH], [0; ROWS + TALLEST], [0; ROWS + TALLEST]);
    // Blocks of equal depth, so that none is short. At least one, so that an empty sum stores its initial value.
    let pieces = terms.div_ceil(DEPTH.min(SHARE / b.width)).max(1);
    for piece in 0..pieces {
        let (from, to) = (terms * piece / pieces, terms * (piece + 1) / pieces);
        let (p, depth) = (work.depth.start + from, to - from);
        work.cols.fill(p, 4, &mut cols[..depth]);
        for i in (0..work.m).step_by(ROWS) {
            let count = ROWS.min(work.m - i);
            work.rows.fill(i, 1, &mut rows[..count]);
            work.c_rows.fill(i, 1, &mut outs[..count]);
            let whole = if FILLS_UP { count.next_multiple_of(MR) } else { count / MR * MR };
            for offsets in [&mut rows, &mut outs] {
                let last = offsets[count - 1];
                offsets[count..whole.max(count)].fill(last);
            }
            for j in (0..b.n).step_by(b.width) {
                // SAFETY: the caller makes sure that the bias, the panel, `a` and `c` hold the columns from `j` on, the terms
                // from `p` on and all rows; the offsets are of rows and terms that are there, repeated where rows are filled up.
                unsafe {
                    let columns = b.width.min(b.n - j);
                    let bias = match work.start {
                        _ if piece > 0 => None,
                        Start::Add => None,
                        Start::Zero => Some(std::ptr::null()),
                        Start::Bias(bias) => Some(bias.as_ptr().add(j)),
                    };
                    let task = Task {
                        a: work.a,
                        cols: &cols[..depth],
                        panel: b.data.as_ptr().add(j / b.width * b.stride + p * b.step),
                        step: b.step,
                        c: work.c.add(j),
                        columns,
                        bias,
                    };
                    for (rows, outs) in rows[..whole].chunks_exact(MR).zip(outs.chunks_exact(MR)) {
                        tile::<S, MR, NV>(&task, rows, outs);
                    }
                    if !FILLS_UP {
                        for row in whole..count {
                            tile::<S, 1, NV>(&task, &rows[row..=row], &outs[row..=row]);
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::matrix::panels_len;
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

    #[test]
    fn every_shape_order_and_start_is_the_product() {
        for m in [1, 3, 8, 13, 97] {
            for n in [1, 4, 7, 8, 10, 12, 16, 24, 33, 64, 70, 100] {
                for (k, from) in [(1, 0), (3, 1), (49, 0), (385, 7), (800, 0)] {
                    for start in 0..3 {
                        let orders = [[false, false], [true, false], [false, true]];
                        check(m, n, k, from, orders[(m + n + k + start) % 3], start);
                    }
                }
            }
        }
    }
}
