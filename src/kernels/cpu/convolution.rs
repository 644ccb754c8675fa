//! Convolutions with gaps or groups as matrix products, a group at a time. The plain convolutions, which are the most, have
//! faster kernels of their own.

use super::matrix::{Gemm, Matrix, Offsets, Panels, Rows, Start, panels_len};
use super::patches::Frame;
use super::workspace::reserve;
use crate::tensor::convolution::Convolution;
use crate::tensor::real::Real;

/// Values in one tile of patches.
const TILE: usize = 64 * 1024;

/// Output pixels that a weight gradient sums up at a time, at least.
const RUN: usize = 512;

/// The matrix of patches of a group: a row an output pixel, a column a term.
fn patches<'a, T>(shape: &Convolution, frame: &Frame, framed: &'a [T], group: usize) -> Matrix<'a, T> {
    let (window, [rows, columns], [dy, dx]) = (&shape.window, shape.taps, shape.dilation);
    let across = (columns, (dx * window.channels) as isize);
    let cols = Offsets::nested((shape.group_channels(), 1), across, (dy * frame.line()) as isize);
    debug_assert!(rows * columns > 0);
    let rows = frame.places(window.x.output, window.y.output, [window.y.stride, window.x.stride]);
    Matrix { data: framed, start: group * shape.group_channels(), rows, cols }
}

/// The columns of a group in a matrix with a column an output.
fn columns<'a, T>(shape: &Convolution, data: &'a [T], group: usize) -> Matrix<'a, T> {
    let rows = Offsets::line(shape.outputs);
    Matrix { data, start: group * shape.group_outputs(), rows, cols: Offsets::line(1) }
}

/// The same columns to write.
fn columns_mut<'a, T>(shape: &Convolution, data: &'a mut [T], group: usize) -> Rows<'a, T> {
    Rows { data, start: group * shape.group_outputs(), rows: Offsets::line(shape.outputs) }
}

/// `y = x * w + bias`
pub fn forward<T: Gemm>(shape: &Convolution, [x, w]: [&[T]; 2], bias: Option<&[T]>, y: &mut [T], memory: &mut Vec<T>) {
    let (frame, images) = (Frame::around(&shape.window), x.len() / shape.image());
    let (depth, outputs) = (shape.depth(), shape.group_outputs());
    let packed = panels_len::<T>(depth, outputs);
    let (panels, framed) = reserve(memory, packed + frame.copy_len(images)).split_at_mut(packed);
    let framed = frame.put(x, framed);
    for group in 0..shape.groups {
        let panels = Panels::pack(columns(shape, w, group), depth, outputs, panels);
        let start = bias.map_or(Start::Zero, |bias| Start::Bias(&bias[group * outputs..][..outputs]));
        let a = patches(shape, &frame, framed, group);
        panels.multiply(a, images * shape.window.pixels(), 0..depth, start, columns_mut(shape, y, group));
    }
}

/// `dw = patches^T dy`, a few images at a time.
pub fn weight_gradient<T: Gemm>(shape: &Convolution, [x, dy]: [&[T]; 2], dw: &mut [T], memory: &mut Vec<T>) {
    let (frame, pixels, images) = (Frame::around(&shape.window), shape.window.pixels(), x.len() / shape.image());
    let (depth, outputs, step) = (shape.depth(), shape.group_outputs(), RUN.div_ceil(pixels).min(images));
    let packed = panels_len::<T>(step * pixels, outputs);
    let (panels, framed) = reserve(memory, packed + frame.copy_len(images)).split_at_mut(packed);
    let framed = frame.put(x, framed);
    for group in 0..shape.groups {
        for (part, dy) in dy.chunks(step * shape.result()).enumerate() {
            let terms = dy.len() / shape.outputs;
            let patches = patches(shape, &frame, framed, group);
            let a = Matrix { start: patches.start + part * step * frame.image(), ..patches.t() };
            let start = if part == 0 { Start::Zero } else { Start::Add };
            let panels = Panels::pack(columns(shape, dy, group), terms, outputs, panels);
            panels.multiply(a, depth, 0..terms, start, columns_mut(shape, dw, group));
        }
    }
}

/// `dx`: patches of gradients, added onto the pixels that they belong to. It is the forward pass of a transposed convolution, too.
pub fn input_gradient<T: Gemm>(shape: &Convolution, [w, dy]: [&[T]; 2], dx: &mut [T], memory: &mut Vec<T>) {
    let (window, depth, outputs) = (&shape.window, shape.depth(), shape.group_outputs());
    let lines = (TILE / (window.x.output * depth)).clamp(1, window.y.output);
    let packed = panels_len::<T>(outputs, depth);
    let (panels, tile) = reserve(memory, packed + lines * window.x.output * depth).split_at_mut(packed);
    dx.fill(T::zero());
    for group in 0..shape.groups {
        let panels = Panels::pack(columns(shape, w, group).t(), outputs, depth, panels);
        for (dy, dx) in dy.chunks_exact(shape.result()).zip(dx.chunks_exact_mut(shape.image())) {
            for from in (0..window.y.output).step_by(lines) {
                let to = (from + lines).min(window.y.output);
                let m = (to - from) * window.x.output;
                let all = columns(shape, dy, group);
                let a = Matrix { start: all.start + from * window.x.output * shape.outputs, ..all };
                panels.multiply(a, m, 0..outputs, Start::Zero, Rows::dense(&mut *tile, depth));
                scatter(shape, &tile[..m * depth], from, group, dx);
            }
        }
    }
}

/// Adds the patches of output rows from `first` on to the pixels of `image` that they were taken from (col2im).
fn scatter<T: Real>(shape: &Convolution, rows: &[T], first: usize, group: usize, image: &mut [T]) {
    let (window, c, channels) = (&shape.window, shape.group_channels(), shape.window.channels);
    for (i, row) in rows.chunks_exact(shape.depth()).enumerate() {
        let (oy, ox) = (first + i / window.x.output, i % window.x.output);
        for (tap, values) in row.chunks_exact(c).enumerate() {
            let (ky, kx) = (tap / shape.taps[1], tap % shape.taps[1]);
            let y = (oy * window.y.stride + ky * shape.dilation[0]).wrapping_sub(window.y.before);
            let x = (ox * window.x.stride + kx * shape.dilation[1]).wrapping_sub(window.x.before);
            if y < window.y.input && x < window.x.input {
                let pixel = &mut image[(y * window.x.input + x) * channels + group * c..][..c];
                pixel.iter_mut().zip(values).for_each(|(pixel, &value)| *pixel += value);
            }
        }
    }
}

/// Calls `visit(pixel, tap, output)` for every place of the window in an image whose channels are convolved one by one: the
/// offsets of channel 0 of the pixel, of the tap and of the output.
pub fn depthwise(shape: &Convolution, mut visit: impl FnMut(usize, usize, usize)) {
    let (window, c) = (&shape.window, shape.window.channels);
    for (output, (oy, ox)) in window.positions().enumerate() {
        for ky in 0..shape.taps[0] {
            let y = (oy * window.y.stride + ky * shape.dilation[0]).wrapping_sub(window.y.before);
            if y >= window.y.input {
                continue;
            }
            for kx in 0..shape.taps[1] {
                let x = (ox * window.x.stride + kx * shape.dilation[1]).wrapping_sub(window.x.before);
                if x < window.x.input {
                    visit((y * window.x.input + x) * c, (ky * shape.taps[1] + kx) * c, output * c);
                }
            }
        }
    }
}
