use super::*;
use crate::tensor::random::uniform;
use crate::tensor::real::Real;
use crate::tensor::shape::{Padding, Pair, Shape};

/// Images, their height, width and channels, the kernel, the padding, the outputs' channels. One block has several images, or a few
/// rows of tiles of one image, or all of it.
const CASES: [(usize, [usize; 3], usize, Padding, usize); 9] = [
    (1, [4, 3, 16], 3, Padding::Same, 16),
    (3, [12, 9, 16], 3, Padding::Valid, 20),
    (1, [33, 34, 64], 3, Padding::Same, 64),
    (2, [7, 11, 20], 5, Padding::Same, 16),
    (40, [8, 7, 16], 5, Padding::Valid, 24),
    (1, [31, 22, 32], 7, Padding::Same, 36),
    (2, [13, 12, 16], 7, Padding::Valid, 20),
    (2, [16, 14, 16], 9, Padding::Valid, 24),
    (1, [29, 27, 32], 9, Padding::Same, 32),
];

fn noise<T: Real>(len: usize, stream: u32) -> Vec<T> {
    (0..len).map(|i| T::of(f64::from(uniform(1, 0, stream, i as u32)) - 0.5)).collect()
}

/// Calls `visit` with the index of an output pixel, of a value of the window and of the input pixel under it, for all of them.
fn direct(window: &Window, images: usize, mut visit: impl FnMut(usize, usize, usize)) {
    let [height, width] = [window.y.input, window.x.input];
    for image in 0..images {
        for (output, (oy, ox)) in window.positions().enumerate() {
            for tap in 0..window.y.kernel * window.x.kernel {
                let y = (oy + tap / window.x.kernel).wrapping_sub(window.y.before);
                let x = (ox + tap % window.x.kernel).wrapping_sub(window.x.before);
                if y < height && x < width {
                    visit(image * window.pixels() + output, tap, (image * height + y) * width + x);
                }
            }
        }
    }
}

/// The largest error of a result, relative to the root of the mean square of the direct sums, which are of `f64`.
fn error<T: Real>(values: &[T], sums: &[f64]) -> f64 {
    let scale = (sums.iter().map(|sum| sum * sum).sum::<f64>() / sums.len() as f64).sqrt();
    let errors = values.iter().zip(sums).map(|(&value, sum)| (value.f64() - sum).abs());
    errors.fold(0.0, f64::max) / scale
}

/// Compares output and both gradients with direct sums.
fn check<T: Gemm>(limit: f64) {
    for (images, shape, kernel, padding, c_out) in CASES {
        let shape = Shape::from(shape);
        let window = Window::new(&shape, Pair(kernel, kernel), Pair(1, 1), padding).unwrap();
        assert!(suits(&window, c_out), "{kernel} on {shape:?}");
        let (c_in, outputs) = (window.channels, images * window.pixels() * c_out);
        let (x, w) = (noise::<T>(images * shape.len(), 1), noise::<T>(kernel * kernel * c_in * c_out, 2));
        let (bias, dy) = (noise::<T>(c_out, 3), noise::<T>(outputs, 4));
        let wide = |values: &[T]| -> Vec<f64> { values.iter().map(|&value| value.f64()).collect() };
        let [xs, ws, dys] = [&x, &w, &dy].map(|values| wide(values));
        let mut sums: Vec<f64> = wide(&bias).repeat(images * window.pixels());
        let (mut dws, mut dxs) = (vec![0.0; w.len()], vec![0.0; x.len()]);
        direct(&window, images, |output, tap, pixel| {
            for i in 0..c_in {
                for o in 0..c_out {
                    let (y, x, w) = (output * c_out + o, pixel * c_in + i, (tap * c_in + i) * c_out + o);
                    sums[y] += xs[x] * ws[w];
                    dws[w] += xs[x] * dys[y];
                    dxs[x] += ws[w] * dys[y];
                }
            }
        });
        let (mut memory, mut y) = (Vec::new(), vec![T::one(); outputs]);
        let (mut dw, mut dx) = (vec![T::one(); w.len()], vec![T::one(); x.len()]);
        forward(&window, [&x, &w], Some(&bias), &mut y, c_out, &mut memory);
        backward(&window, [&x, &w, &dy], &mut dw, Some(&mut dx), c_out, &mut memory);
        for (what, error) in [("y", error(&y, &sums)), ("dw", error(&dw, &dws)), ("dx", error(&dx, &dxs))] {
            assert!(error < limit, "{what} of {kernel} on {shape:?}: {error:e}");
        }
        // Without a gradient for the input, as in a first layer.
        let kept = std::mem::take(&mut dw);
        dw.resize(kept.len(), T::one());
        backward(&window, [&x, &w, &dy], &mut dw, None, c_out, &mut memory);
        assert!(dw == kept, "dw of {kernel} depends on dx");
    }
}

#[test]
fn all_sizes_are_convolutions() {
    check::<f64>(1e-12);
}

/// The largest of many thousand errors; the direct sum's is about 1e-6.
#[test]
fn single_precision_keeps_four_digits() {
    check::<f32>(1e-4);
}

#[test]
fn windows_without_a_gain_are_left_to_the_direct_sum() {
    let suits = |shape: [usize; 3], kernel: (usize, usize), stride, c_out| {
        let pair = Pair(kernel.0, kernel.1);
        suits(&Window::new(&Shape::from(shape), pair, Pair(stride, stride), Padding::Valid).unwrap(), c_out)
    };
    assert!(suits([12, 12, 16], (3, 3), 1, 16));
    assert!(!suits([12, 12, 16], (3, 3), 2, 16), "strides");
    assert!(!suits([12, 12, 16], (3, 5), 1, 16), "a window that is not square");
    assert!(!suits([12, 12, 8], (3, 3), 1, 16), "few channels");
    assert!(!suits([12, 12, 18], (3, 3), 1, 16), "channels that do not come in fours");
    assert!(!suits([12, 12, 16], (6, 6), 1, 16), "a size without transforms");
    assert!(!suits([3, 3, 16], (3, 3), 1, 16), "a single output");
    assert!(!suits([10, 10, 16], (9, 9), 1, 16), "a tile that is mostly empty");
}
