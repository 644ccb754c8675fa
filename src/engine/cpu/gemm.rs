//! The `f32` matrix product `c (+)= a b`, by register tiles.
//!
//! `b` is packed panel by panel into a buffer on the stack, so that the inner loop reads it front to back; `a` is read in
//! place through its strides, which suits both patches (rows follow each other) and their transpose (values of one
//! pixel follow each other). Each value of `c` is one running sum over `k` in order, whatever the tile, so every build
//! with a fused multiply-add gives the same bits.

use super::simd::Simd;
use ndarray::{ArrayView2, ArrayViewMut2};

/// Rows of `b` in a panel: it stays in the first-level cache.
const DEPTH: usize = 256;

/// The widest panel: four vectors of sixteen.
const WIDEST: usize = 64;

/// A matrix by address: `at(i, j) = data + i * rows + j * cols`.
#[derive(Clone, Copy)]
struct Strided {
    data: *const f32,
    rows: usize,
    cols: usize,
}

/// One product, its sizes and addresses.
#[derive(Clone, Copy)]
struct Product {
    m: usize,
    n: usize,
    k: usize,
    a: Strided,
    b: Strided,
    c: *mut f32,
    /// Values between rows of `c`.
    line: usize,
    accumulate: bool,
}

/// `c = a b`, or `c += a b` where `accumulate`. Rows of `c` must be contiguous. `None` where no kernel of ours fits this
/// processor or these strides.
pub fn product(a: ArrayView2<f32>, b: ArrayView2<f32>, accumulate: bool, mut c: ArrayViewMut2<f32>) -> Option<()> {
    let stride = |strides: &[isize], axis: usize| usize::try_from(strides[axis]).ok();
    let strided = |view: &ArrayView2<f32>| {
        let strides = view.strides();
        Some(Strided { data: view.as_ptr(), rows: stride(strides, 0)?, cols: stride(strides, 1)? })
    };
    let (m, k) = a.dim();
    let n = b.ncols();
    assert!(b.nrows() == k && c.dim() == (m, n), "a product of {m}x{k} and {}x{n} into {:?}", b.nrows(), c.dim());
    if n > 1 && c.strides()[1] != 1 {
        return None;
    }
    let line = if m > 1 { stride(c.strides(), 0)? } else { n };
    let work = Product { m, n, k, a: strided(&a)?, b: strided(&b)?, c: c.as_mut_ptr(), line, accumulate };
    if m * n == 0 {
        return Some(());
    }
    // SAFETY: the views are alive, their sizes were checked against each other above, and `run` picks a family that this
    // processor has.
    unsafe { run(&work) }
}

#[cfg(target_arch = "x86_64")]
unsafe fn run(work: &Product) -> Option<()> {
    use super::simd::{Avx2, Avx512};

    #[target_feature(enable = "avx512f")]
    unsafe fn avx512(work: &Product) {
        unsafe {
            match panel_width(work.n, &[64, 48, 32, 16]) {
                64 => blocks::<Avx512, 6, 4>(work),
                48 => blocks::<Avx512, 8, 3>(work),
                32 => blocks::<Avx512, 12, 2>(work),
                _ => blocks::<Avx512, 12, 1>(work),
            }
        }
    }
    #[target_feature(enable = "avx2,fma")]
    unsafe fn avx2(work: &Product) {
        unsafe {
            match panel_width(work.n, &[16, 8]) {
                16 => blocks::<Avx2, 6, 2>(work),
                _ => blocks::<Avx2, 8, 1>(work),
            }
        }
    }
    if is_x86_feature_detected!("avx512f") {
        unsafe { avx512(work) };
    } else if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
        unsafe { avx2(work) };
    } else {
        return None;
    }
    Some(())
}

#[cfg(target_arch = "wasm32")]
unsafe fn run(work: &Product) -> Option<()> {
    use super::simd::Wasm128;
    // Sixteen registers: larger tiles spill.
    unsafe {
        match panel_width(work.n, &[12, 8, 4]) {
            12 => blocks::<Wasm128, 3, 3>(work),
            8 => blocks::<Wasm128, 4, 2>(work),
            _ => blocks::<Wasm128, 8, 1>(work),
        }
    }
    Some(())
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "wasm32")))]
unsafe fn run(_work: &Product) -> Option<()> {
    None
}

/// The width that wastes the fewest columns; the widest of equals.
#[allow(dead_code, reason = "unused where no kernel is")]
fn panel_width(n: usize, widths: &[usize]) -> usize {
    widths.iter().copied().min_by_key(|width| n.next_multiple_of(*width)).unwrap_or(1)
}

/// All blocks of one product with tiles of `MR` rows and `NV` vectors.
///
/// # Safety
/// As for [`Simd`]; `work` must describe memory that is there.
#[inline(always)]
#[allow(dead_code, reason = "unused where no kernel is")]
unsafe fn blocks<S: Simd, const MR: usize, const NV: usize>(work: &Product) {
    let width = NV * S::LANES;
    let mut panel = [const { std::mem::MaybeUninit::<f32>::uninit() }; DEPTH * WIDEST];
    let panel = panel.as_mut_ptr().cast::<f32>();
    // An empty sum is zero, too.
    for p in (0..work.k.max(1)).step_by(DEPTH) {
        let depth = DEPTH.min(work.k - p.min(work.k));
        let accumulate = work.accumulate || p > 0;
        for j in (0..work.n).step_by(width) {
            let columns = width.min(work.n - j);
            unsafe {
                pack(work.b, p, j, depth, columns, width, panel);
                let a = |i: usize| work.a.data.add(i * work.a.rows + p * work.a.cols);
                let mut i = 0;
                while i + MR <= work.m {
                    let c = work.c.add(i * work.line + j);
                    tile::<S, MR, NV>(depth, a(i), work.a, panel, c, work.line, columns, accumulate);
                    i += MR;
                }
                while i < work.m {
                    let c = work.c.add(i * work.line + j);
                    if i + 4 <= work.m {
                        tile::<S, 4, NV>(depth, a(i), work.a, panel, c, work.line, columns, accumulate);
                        i += 4;
                    } else {
                        tile::<S, 1, NV>(depth, a(i), work.a, panel, c, work.line, columns, accumulate);
                        i += 1;
                    }
                }
            }
        }
    }
}

/// Copies `depth` rows of `columns` values of `b`, from `(p, j)`, to rows of `width` values, zeros after them.
#[inline(always)]
#[allow(dead_code, reason = "unused where no kernel is")]
unsafe fn pack(b: Strided, p: usize, j: usize, depth: usize, columns: usize, width: usize, panel: *mut f32) {
    unsafe {
        let from = b.data.add(p * b.rows + j * b.cols);
        if b.cols == 1 {
            for row in 0..depth {
                std::ptr::copy_nonoverlapping(from.add(row * b.rows), panel.add(row * width), columns);
            }
        } else {
            // A transposed matrix: read along its memory.
            for column in 0..columns {
                for row in 0..depth {
                    *panel.add(row * width + column) = *from.add(row * b.rows + column * b.cols);
                }
            }
        }
        for row in 0..depth {
            for column in columns..width {
                *panel.add(row * width + column) = 0.0;
            }
        }
    }
}

/// One tile of `c`: `MR` rows by `NV` vectors, kept in registers over the whole depth.
#[inline(always)]
#[allow(dead_code, reason = "unused where no kernel is")]
#[allow(clippy::too_many_arguments, reason = "the innermost loop: a struct of these would be unpacked at once")]
unsafe fn tile<S: Simd, const MR: usize, const NV: usize>(
    depth: usize,
    mut a: *const f32,
    strides: Strided,
    mut b: *const f32,
    c: *mut f32,
    line: usize,
    columns: usize,
    accumulate: bool,
) {
    unsafe {
        let width = NV * S::LANES;
        // A tile at the right edge works on a copy as wide as its vectors.
        let mut edge = [const { std::mem::MaybeUninit::<f32>::uninit() }; 6 * WIDEST];
        let (out, out_line) = if columns == width { (c, line) } else { (edge.as_mut_ptr().cast::<f32>(), width) };
        if accumulate && columns < width {
            for row in 0..MR {
                std::ptr::copy_nonoverlapping(c.add(row * line), out.add(row * width), columns);
            }
        }
        let mut sums = [[S::splat(0.0); NV]; MR];
        if accumulate {
            for (row, sums) in sums.iter_mut().enumerate() {
                for (v, sum) in sums.iter_mut().enumerate() {
                    *sum = S::load(out.add(row * out_line + v * S::LANES));
                }
            }
        }
        for _ in 0..depth {
            let mut values = [S::splat(0.0); NV];
            for (v, value) in values.iter_mut().enumerate() {
                *value = S::load(b.add(v * S::LANES));
            }
            for (row, sums) in sums.iter_mut().enumerate() {
                let scale = S::splat(*a.add(row * strides.rows));
                for (sum, value) in sums.iter_mut().zip(values) {
                    *sum = S::fma(scale, value, *sum);
                }
            }
            a = a.add(strides.cols);
            b = b.add(width);
        }
        for (row, sums) in sums.iter().enumerate() {
            for (v, sum) in sums.iter().enumerate() {
                S::store(out.add(row * out_line + v * S::LANES), *sum);
            }
        }
        if columns < width {
            for row in 0..MR {
                std::ptr::copy_nonoverlapping(out.add(row * width), c.add(row * line), columns);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, s};

    fn noise(rows: usize, cols: usize, stream: u32) -> Array2<f32> {
        Array2::from_shape_fn((rows, cols), |(i, j)| crate::random::uniform(1, 0, stream, (i * cols + j) as u32) - 0.5)
    }

    #[test]
    fn every_shape_and_stride_agrees_with_ndarray() {
        for m in [1, 2, 3, 5, 8, 13, 25] {
            for n in [1, 4, 7, 10, 12, 16, 24, 33, 64, 70, 100] {
                for k in [1, 3, 49, 255, 256, 300, 513] {
                    let (a, b, start) = (noise(m, k, 1), noise(k, n, 2), noise(m, n, 3));
                    let expected = a.mapv(f64::from).dot(&b.mapv(f64::from));
                    for accumulate in [false, true] {
                        let (at, bt) =
                            (a.t().as_standard_layout().into_owned(), b.t().as_standard_layout().into_owned());
                        for (a, b) in [(a.view(), b.view()), (at.t(), b.view()), (a.view(), bt.t())] {
                            let mut wide = Array2::from_elem((m, n + 3), 9.0);
                            wide.slice_mut(s![.., ..n]).assign(&start);
                            if product(a, b, accumulate, wide.slice_mut(s![.., ..n])).is_none() {
                                return;
                            }
                            let base = if accumulate { 1.0 } else { 0.0 };
                            let expected = &expected + &(start.mapv(f64::from) * base);
                            for ((i, j), value) in expected.indexed_iter() {
                                let error = (f64::from(wide[[i, j]]) - value).abs();
                                assert!(error < 1e-5 * (k as f64).sqrt(), "{m}x{k}x{n} {accumulate}: {error}");
                            }
                            assert!(wide.slice(s![.., n..]).iter().all(|&v| v == 9.0), "wrote past the edge");
                        }
                    }
                }
            }
        }
    }
}
