//! Resizing as in TensorFlow's `tf.image.resize` without antialiasing, which Keras's loader calls: pixels' centres lie at halves, and a
//! new pixel is a weighted sum of old ones, first along a row, then along a column.
//!
//! # Source
//! Keys, "Cubic Convolution Interpolation for Digital Image Processing", 1981 (bicubic, a = -0.5); Duchon, "Lanczos Filtering in
//! One and Two Dimensions", 1979.

use super::super::image_options::{ImageOptions, Interpolation};
use std::f64::consts::PI;

/// The image `(height, width, channels)` in the wanted size.
pub(super) fn resize(pixels: &[u8], [height, width, channels]: [usize; 3], options: &ImageOptions) -> Vec<u8> {
    let [to_height, to_width] = options.image_size;
    if [height, width] == options.image_size {
        return pixels.to_vec();
    }
    let (rows, columns) = if options.crop_to_aspect_ratio {
        let part = |side: usize, other: usize, to: usize, to_other: usize| {
            let length = ((other * to) as f32 / to_other as f32) as usize;
            let length = length.min(side).max(1);
            ((side - length) as f32 / 2.0) as usize..((side - length) as f32 / 2.0) as usize + length
        };
        (part(height, width, to_height, to_width), part(width, height, to_width, to_height))
    } else {
        (0..height, 0..width)
    };
    let across = spans(options.interpolation, columns.len(), to_width);
    let down = spans(options.interpolation, rows.len(), to_height);
    // Rows that no new pixel needs are not resized: a large photograph has many.
    let mut resized: Vec<Option<Vec<f32>>> = vec![None; rows.len()];
    let mut out = Vec::with_capacity(to_height * to_width * channels);
    let mut sums = vec![0.0_f32; to_width * channels];
    for span in &down {
        sums.fill(0.0);
        for (&weight, row) in span.weights.iter().zip(span.first..) {
            let line = &pixels[((rows.start + row) * width + columns.start) * channels..][..columns.len() * channels];
            let values = resized[row].get_or_insert_with(|| resize_row(line, channels, &across));
            sums.iter_mut().zip(values.iter()).for_each(|(sum, value)| *sum += weight * value);
        }
        // Rows above the window are not needed again.
        resized[..span.first].iter_mut().for_each(|row| *row = None);
        out.extend(sums.iter().map(|&sum| (sum + 0.5).floor().clamp(0.0, 255.0) as u8));
    }
    out
}

fn resize_row(line: &[u8], channels: usize, across: &[Span]) -> Vec<f32> {
    let mut values = Vec::with_capacity(across.len() * channels);
    for span in across {
        for channel in 0..channels {
            let pixels = line[span.first * channels + channel..].iter().step_by(channels);
            values.push(span.weights.iter().zip(pixels).map(|(weight, &pixel)| weight * f32::from(pixel)).sum());
        }
    }
    values
}

/// The old pixels of which a new one is the weighted sum.
struct Span {
    first: usize,
    weights: Vec<f32>,
}

/// The span of each of `to` new pixels among `from` old ones.
fn spans(method: Interpolation, from: usize, to: usize) -> Vec<Span> {
    let scale = from as f64 / to as f64;
    let around = |centre: f64, radius: f64, weight: &dyn Fn(f64) -> f64| {
        let first = (centre - radius - 0.5).ceil().max(0.0) as usize;
        let last = ((centre + radius - 0.5).floor().max(0.0) as usize).min(from - 1);
        let first = first.min(last);
        normalized(first, (first..=last).map(|i| weight(i as f64 + 0.5 - centre)).collect())
    };
    let span = |i: usize| {
        let centre = (i as f64 + 0.5) * scale;
        match method {
            Interpolation::Nearest => Span { first: (centre as usize).min(from - 1), weights: vec![1.0] },
            Interpolation::Bilinear => {
                let place = (centre - 0.5).max(0.0);
                let first = (place as usize).min(from - 1);
                let share = (place - first as f64) as f32;
                let weights = if first + 1 < from { vec![1.0 - share, share] } else { vec![1.0] };
                Span { first, weights }
            }
            Interpolation::Bicubic => around(centre, 2.0, &cubic),
            Interpolation::Lanczos3 => around(centre, 3.0, &|x| lanczos(x, 3.0)),
            Interpolation::Lanczos5 => around(centre, 5.0, &|x| lanczos(x, 5.0)),
            Interpolation::Area => {
                let (start, end) = (i as f64 * scale, (i + 1) as f64 * scale);
                let first = (start as usize).min(from - 1);
                let last = (end.ceil() as usize).clamp(first + 1, from);
                let covered = |i: usize| ((i + 1) as f64).min(end) - (i as f64).max(start);
                normalized(first, (first..last).map(covered).collect())
            }
        }
    };
    (0..to).map(span).collect()
}

/// Weights of sum 1: at the edges some of a window's pixels do not exist.
fn normalized(first: usize, weights: Vec<f64>) -> Span {
    let sum: f64 = weights.iter().sum();
    Span { first, weights: weights.into_iter().map(|weight| (weight / sum) as f32).collect() }
}

fn cubic(x: f64) -> f64 {
    let x = x.abs();
    match x {
        _ if x < 1.0 => (1.5 * x - 2.5) * x * x + 1.0,
        _ if x < 2.0 => ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0,
        _ => 0.0,
    }
}

fn lanczos(x: f64, radius: f64) -> f64 {
    match x.abs() {
        x if x < 1e-9 => 1.0,
        x if x >= radius => 0.0,
        x => radius * libm::sin(PI * x) * libm::sin(PI * x / radius) / (PI * PI * x * x),
    }
}
