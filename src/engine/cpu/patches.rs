//! Windows as matrix rows: `gather` copies the pixels under each window into a row (im2col), `scatter` adds rows back
//! onto the pixels (col2im). With it a convolution is a matrix product. Pictures of few channels would give many short
//! copies; for them `gather_planes` writes the same matrix transposed, in copies as long as a line of the output.

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

/// [`gather`], transposed: one row of `(to - from) * window.x.output` values for each value under the window.
pub fn gather_planes<T: Real>(window: &Window, picture: &[T], (from, to): (usize, usize), planes: &mut [T]) {
    let (c, ow, x) = (window.channels, window.x.output, window.x);
    let mut lines = planes.chunks_exact_mut(ow);
    for ky in 0..window.y.kernel {
        for kx in 0..x.kernel {
            // Outputs whose window has column `kx` inside the picture.
            let first = x.before.saturating_sub(kx).div_ceil(x.stride).min(ow);
            let end = (x.input + x.before).saturating_sub(kx).div_ceil(x.stride).clamp(first, ow);
            for ch in 0..c {
                for oy in from..to {
                    let Some(line) = lines.next() else { return };
                    let y = (oy * window.y.stride + ky).wrapping_sub(window.y.before);
                    if y >= window.y.input {
                        line.fill(T::zero());
                        continue;
                    }
                    line[..first].fill(T::zero());
                    line[end..].fill(T::zero());
                    if first < end {
                        let start = (y * x.input + first * x.stride + kx - x.before) * c + ch;
                        copy_strided(&picture[start..], c * x.stride, &mut line[first..end]);
                    }
                }
            }
        }
    }
}

fn copy_strided<T: Real>(from: &[T], stride: usize, to: &mut [T]) {
    if stride == 1 {
        to.copy_from_slice(&from[..to.len()]);
    } else {
        to.iter_mut().zip(from.iter().step_by(stride)).for_each(|(to, &from)| *to = from);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::{Padding, Pair, Shape};

    #[test]
    fn planes_are_the_transpose_of_patches() {
        for (kernel, stride, padding) in
            [((3, 2), (1, 1), Padding::Same), ((5, 4), (2, 3), Padding::Valid), ((2, 7), (3, 2), Padding::Same)]
        {
            let shape = Shape::from([9, 8, 3]);
            let window = Window::new(&shape, Pair(kernel.0, kernel.1), Pair(stride.0, stride.1), padding).unwrap();
            let picture: Vec<f64> = (0..shape.len()).map(|i| i as f64 + 1.0).collect();
            let (rows, patch) = (1..window.y.output, window.patch());
            let pixels = rows.len() * window.x.output;
            let (mut a, mut b) = (vec![-1.0; pixels * patch], vec![-1.0; pixels * patch]);
            gather(&window, &picture, (rows.start, rows.end), &mut a);
            gather_planes(&window, &picture, (rows.start, rows.end), &mut b);
            for pixel in 0..pixels {
                for k in 0..patch {
                    assert_eq!(a[pixel * patch + k], b[k * pixels + pixel], "{kernel:?} {stride:?} {pixel} {k}");
                }
            }
        }
    }
}
