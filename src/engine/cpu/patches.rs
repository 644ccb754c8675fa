//! Windows as matrix rows: `gather` copies the pixels under each window into a row (im2col), `scatter` adds rows back
//! onto the pixels (col2im). With it a convolution is a matrix product.

use super::real::Real;
use crate::shape::Window;

/// Writes one row of `window.patch()` values a window position, for output rows `from..to` of one picture; zeros where
/// the window hangs over the edge.
pub fn gather<T: Real>(window: &Window, picture: &[T], (from, to): (usize, usize), rows: &mut [T]) {
    let c = window.channels;
    let (kw, line) = (window.x.kernel, window.x.input * c);
    let mut out = rows.chunks_exact_mut(kw * c);
    for oy in from..to {
        for ox in 0..window.x.output {
            for ky in 0..window.y.kernel {
                let Some(out) = out.next() else { return };
                let y = (oy * window.y.stride + ky).wrapping_sub(window.y.before);
                if y >= window.y.input {
                    out.fill(T::zero());
                    continue;
                }
                let (start, end) = window.x.span(ox);
                let skip = (window.x.before.saturating_sub(ox * window.x.stride)).min(kw) * c;
                let length = end.saturating_sub(start) * c;
                out[..skip].fill(T::zero());
                out[skip..skip + length].copy_from_slice(&picture[y * line + start * c..][..length]);
                out[skip + length..].fill(T::zero());
            }
        }
    }
}

/// The transpose of [`gather`]: adds each row's values onto the pixels they came from.
pub fn scatter<T: Real>(window: &Window, rows: &[T], (from, to): (usize, usize), picture: &mut [T]) {
    let c = window.channels;
    let (kw, line) = (window.x.kernel, window.x.input * c);
    let mut row = rows.chunks_exact(kw * c);
    for oy in from..to {
        for ox in 0..window.x.output {
            for ky in 0..window.y.kernel {
                let Some(row) = row.next() else { return };
                let y = (oy * window.y.stride + ky).wrapping_sub(window.y.before);
                if y >= window.y.input {
                    continue;
                }
                let (start, end) = window.x.span(ox);
                let skip = (window.x.before.saturating_sub(ox * window.x.stride)).min(kw) * c;
                let length = end.saturating_sub(start) * c;
                let pixels = &mut picture[y * line + start.min(end) * c..][..length];
                for (pixel, &value) in pixels.iter_mut().zip(&row[skip..skip + length]) {
                    *pixel += value;
                }
            }
        }
    }
}
