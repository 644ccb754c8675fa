//! Patches as matrices: the offsets of the pixels under each window, so that a convolution is a matrix product that
//! reads the pixels in place (implicit im2col). With padding it reads a padded copy of the images.

use super::matrix::{Matrix, Offsets};
use crate::tensor::real::Real;
use crate::tensor::shape::{Axis, Window};

/// The layout of images padded with zeros.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    /// Height and width of the image.
    inner: [usize; 2],
    /// Rows of zeros above, columns of zeros to the left.
    before: [usize; 2],
    /// Height and width with padding.
    outer: [usize; 2],
    channels: usize,
}

impl Frame {
    /// The padding with which every window lies inside the padded image.
    pub fn around(window: &Window) -> Self {
        let outer = |axis: Axis| ((axis.output - 1) * axis.stride + axis.kernel).max(axis.before + axis.input);
        Self {
            inner: [window.y.input, window.x.input],
            before: [window.y.before, window.x.before],
            outer: [outer(window.y), outer(window.x)],
            channels: window.channels,
        }
    }

    /// The same with this height and width in all; further zeros are added below and to the right.
    pub fn widened(self, outer: [usize; 2]) -> Self {
        Self { outer, ..self }
    }

    /// The padding of the gradient with respect to the output of a window of stride 1, with `channels` channels: the
    /// convolution of the padded gradient with the kernel rotated by 180° is the gradient with respect to the input.
    pub fn full(window: &Window, channels: usize) -> Self {
        let before = |axis: Axis| axis.kernel - 1 - axis.before;
        Self {
            inner: [window.y.output, window.x.output],
            before: [before(window.y), before(window.x)],
            outer: [window.y.input + window.y.kernel - 1, window.x.input + window.x.kernel - 1],
            channels,
        }
    }

    /// The number of values in a row of a padded image.
    pub fn line(&self) -> usize {
        self.outer[1] * self.channels
    }

    /// The number of values in a padded image.
    pub fn image(&self) -> usize {
        self.outer[0] * self.line()
    }

    /// The number of values in the padded copy of `rows` images; 0 without padding.
    pub fn copy_len(&self, rows: usize) -> usize {
        if self.inner == self.outer { 0 } else { rows * self.image() }
    }

    /// The images with padding, copied to `memory`; without padding the images themselves.
    pub fn put<'a, T: Real>(&self, images: &'a [T], memory: &'a mut [T]) -> &'a [T] {
        if self.inner == self.outer {
            return images;
        }
        let (width, before) = (self.inner[1] * self.channels, self.before[1] * self.channels);
        let count = images.len() / (self.inner[0] * width);
        let memory = &mut memory[..count * self.image()];
        memory.fill(T::zero());
        let framed = memory.chunks_exact_mut(self.image());
        for (image, framed) in images.chunks_exact(self.inner[0] * width).zip(framed) {
            let lines = framed.chunks_exact_mut(self.line()).skip(self.before[0]);
            for (line, framed) in image.chunks_exact(width).zip(lines) {
                framed[before..before + width].copy_from_slice(line);
            }
        }
        memory
    }

    /// The offsets at which windows start: `lines` rows of `width` windows per image, `strides` apart.
    pub fn places(&self, width: usize, lines: usize, strides: [usize; 2]) -> Offsets {
        let step = |values: usize| values as isize;
        let across = (width, step(strides[1] * self.channels));
        Offsets::nested(across, (lines, step(strides[0] * self.line())), step(self.image()))
    }

    /// The offsets of the values under a window of size `kernel`, relative to its start.
    pub fn taps(&self, kernel: [usize; 2]) -> Offsets {
        Offsets::nested((kernel[1] * self.channels, 1), (kernel[0], self.line() as isize), 0)
    }
}

/// The matrix of patches of padded images, one row per output pixel: `(n * oh * ow, kh * kw * c)`.
pub fn patches<'a, T>(window: &Window, frame: &Frame, framed: &'a [T]) -> Matrix<'a, T> {
    let rows = frame.places(window.x.output, window.y.output, [window.y.stride, window.x.stride]);
    Matrix { data: framed, start: 0, rows, cols: frame.taps([window.y.kernel, window.x.kernel]) }
}

/// Adds the patches of output rows `from..to` to the pixels of `image` that they were taken from (col2im).
pub fn scatter<T: Real>(window: &Window, rows: &[T], (from, to): (usize, usize), image: &mut [T]) {
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
                let pixels = &mut image[y * line + start.min(end) * c..][..length];
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
    use crate::tensor::shape::{Padding, Pair, Shape};

    #[test]
    fn a_patch_is_what_lies_under_the_window() {
        for (kernel, stride, padding) in
            [((3, 2), (1, 1), Padding::Same), ((5, 4), (2, 3), Padding::Valid), ((2, 7), (3, 2), Padding::Same)]
        {
            let shape = Shape::from([9, 8, 3]);
            let window = Window::new(&shape, Pair(kernel.0, kernel.1), Pair(stride.0, stride.1), padding).unwrap();
            let images: Vec<f64> = (0..2 * shape.len()).map(|i| i as f64 + 1.0).collect();
            let frame = Frame::around(&window);
            let mut memory = vec![-1.0; frame.copy_len(2)];
            let matrix = patches(&window, &frame, frame.put(&images, &mut memory));
            for i in 0..2 * window.pixels() {
                let (n, oy, ox) = (i / window.pixels(), i % window.pixels() / window.x.output, i % window.x.output);
                for p in 0..window.patch() {
                    let (ky, kx, c) = (p / (3 * kernel.1), p / 3 % kernel.1, p % 3);
                    let y = (oy * stride.0 + ky).wrapping_sub(window.y.before);
                    let x = (ox * stride.1 + kx).wrapping_sub(window.x.before);
                    let inside = y < 9 && x < 8;
                    let expected = if inside { images[n * shape.len() + (y * 8 + x) * 3 + c] } else { 0.0 };
                    let found = matrix.data[(matrix.rows.at(i) + matrix.cols.at(p)) as usize];
                    assert_eq!(found, expected, "{kernel:?} {stride:?} {i} {p}");
                }
            }
        }
    }
}
