//! Kernels of a first convolution that whiten the patches of the training images (Jordan, "94% on CIFAR-10 in 3.29 Seconds on a
//! Single GPU", 2024).
//!
//! # Formula
//! With the patches `p` as vectors and the eigenvalues `l` and eigenvectors `v` of the mean of `p p^T`: the filters are
//! `v / sqrt(l + epsilon)` in ascending order of `l`, then the same negated.

use crate::base::error::{Error, Result};
use crate::data::Images;
use crate::engine::Parameters;
use crate::inspect;
use crate::network::graph::Graph;

/// The largest patch, in values: its eigenvectors take time with the third power of it.
const MAX_PATCH: usize = 256;

/// Images that are in memory at once.
const PIECE: usize = 250;

/// Layers that may lie between the images and the convolution.
const BEFORE: [&str; 4] = ["normalization", "rescaling", "zero_padding2d", "cropping2d"];

/// Computes the kernels that are to whiten the first of `count` training images.
///
/// # Errors
/// [`Error::Layer`] where such a kernel is not one of a first convolution, or has another number of filters.
pub fn fill(graph: &mut Graph, images: &Images, count: usize, seed: u32) -> Result<()> {
    for index in 0..graph.params.len() {
        let Some((most, epsilon)) = graph.params[index].spec.initializer.whitening() else { continue };
        let node = graph.nodes.iter().position(|node| node.params.contains(&index)).unwrap_or_default();
        let (name, shape) = (graph.nodes[node].name.clone(), graph.params[index].spec.shape.clone());
        let wrong = |message: String| Error::layer(&name, message);
        let [height, width, channels, filters] = shape[..] else {
            return Err(wrong("whitening is for the kernel of a convolution".into()));
        };
        let size = height * width * channels;
        let mut tensor = graph.nodes[node].inputs[0];
        while let Some(before) = tensor.checked_sub(1) {
            let layer = &graph.nodes[before];
            if !BEFORE.contains(&layer.layer.kind()) {
                return Err(wrong(format!(
                    "whitening is for a first convolution; before it may stand only {}. Received: {}",
                    BEFORE.join(", "),
                    layer.layer.kind()
                )));
            }
            tensor = layer.inputs[0];
        }
        let input = &graph.nodes[node].input_shapes[0];
        let fits = input.0.len() == 3 && input.0[2] == channels && input.0[0] >= height && input.0[1] >= width;
        if !fits || size > MAX_PATCH || ![size, 2 * size].contains(&filters) {
            return Err(wrong(format!(
                "whitening needs a kernel of at most {MAX_PATCH} values over an image's channels, and as many filters as it has \
                 values, or twice as many: {size} or {}. Received: {filters} filters",
                2 * size
            )));
        }
        let moments = moments(graph, node, images, most.min(count), [height, width, channels], seed)?;
        graph.params[index].spec.values = Some(kernel(moments, size, filters, epsilon));
    }
    Ok(())
}

/// The mean of `p p^T` over all patches that the convolution `node` sees.
fn moments(
    graph: &Graph,
    node: usize,
    images: &Images,
    count: usize,
    [height, width, channels]: [usize; 3],
    seed: u32,
) -> Result<Vec<f64>> {
    let size = height * width * channels;
    let (weights, state) = graph.initial(seed);
    let parameters = Parameters { weights, state, slots: Vec::new() };
    let tensor = graph.nodes[node].inputs[0];
    let [rows, columns] = [0, 1].map(|axis| graph.shape(tensor).0[axis]);
    let (mut sums, mut patches) = (vec![0.0; size * size], 0);
    let mut patch = vec![0.0; size];
    for first in (0..count).step_by(PIECE) {
        let piece = PIECE.min(count - first);
        let pixels = &images.pixels[first * images.image_len()..][..piece * images.image_len()];
        let seen = inspect::tensor(graph, &parameters, pixels, tensor)?;
        for image in seen.chunks_exact(rows * columns * channels) {
            for y in 0..=rows - height {
                for x in 0..=columns - width {
                    for (line, values) in patch.chunks_exact_mut(width * channels).enumerate() {
                        let from = &image[((y + line) * columns + x) * channels..][..width * channels];
                        values.iter_mut().zip(from).for_each(|(value, &from)| *value = f64::from(from));
                    }
                    for (i, row) in sums.chunks_exact_mut(size).enumerate() {
                        row[i..].iter_mut().zip(&patch[i..]).for_each(|(sum, value)| *sum += patch[i] * value);
                    }
                    patches += 1;
                }
            }
        }
    }
    let mean = |i: usize| sums[(i / size).min(i % size) * size + (i / size).max(i % size)] / f64::from(patches.max(1));
    Ok((0..size * size).map(mean).collect())
}

/// The filters, as the kernel holds them: the last axis is that of the filters.
fn kernel(moments: Vec<f64>, size: usize, filters: usize, epsilon: f64) -> Vec<f32> {
    let (values, vectors) = eigen(moments, size);
    let mut order: Vec<usize> = (0..size).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut kernel = vec![0.0; size * filters];
    for filter in 0..filters {
        let which = order[filter % size];
        let vector = |i: usize| vectors[i * size + which];
        let largest = (0..size).map(vector).fold(0.0f64, |most, v| if v.abs() > most.abs() + 1e-9 { v } else { most });
        // The sign of an eigenvector is free: its largest value is positive here.
        let sign = if (largest < 0.0) == (filter < size) { -1.0 } else { 1.0 };
        let factor = sign / (values[which].max(0.0) + epsilon).sqrt();
        (0..size).for_each(|i| kernel[i * filters + filter] = (factor * vector(i)) as f32);
    }
    kernel
}

/// The eigenvalues of a symmetric matrix, and its eigenvectors as columns (Jacobi's rotations).
fn eigen(mut a: Vec<f64>, n: usize) -> (Vec<f64>, Vec<f64>) {
    let mut vectors: Vec<f64> = (0..n * n).map(|i| f64::from(i / n == i % n)).collect();
    let total: f64 = a.iter().map(|v| v * v).sum();
    for _ in 0..100 {
        let apart: f64 = (0..n * n).filter(|i| i / n != i % n).map(|i| a[i] * a[i]).sum();
        if apart <= 1e-30 * total {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut a, &mut vectors, n, (p, q));
            }
        }
    }
    ((0..n).map(|i| a[i * n + i]).collect(), vectors)
}

/// The rotation that makes value `(p, q)` zero.
fn rotate(a: &mut [f64], vectors: &mut [f64], n: usize, (p, q): (usize, usize)) {
    let off = a[p * n + q];
    if off == 0.0 {
        return;
    }
    let theta = (a[q * n + q] - a[p * n + p]) / (2.0 * off);
    let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
    let c = (t * t + 1.0).sqrt().recip();
    let s = t * c;
    let turn = |values: &mut [f64], i: usize, j: usize| {
        let (x, y) = (values[i], values[j]);
        (values[i], values[j]) = (c * x - s * y, s * x + c * y);
    };
    (0..n).for_each(|k| turn(a, k * n + p, k * n + q));
    (0..n).for_each(|k| turn(a, p * n + k, q * n + k));
    (0..n).for_each(|k| turn(vectors, k * n + p, k * n + q));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Experiment;
    use crate::tensor::random::below;
    use serde_json::{Value, json};

    fn network(layers: Value) -> Graph {
        let spec = json!({
            "name": "t", "dataset": {"name": "custom"}, "input_shape": [6, 5, 2], "layers": layers,
            "loss": "categorical_crossentropy", "optimizer": {"type": "sgd"},
        });
        Graph::new(&Experiment::from_value(spec).unwrap()).unwrap()
    }

    fn images() -> Images {
        let value = |i: usize| (below(200, 1, 0, 0, i as u32) / (1 + i as u32 % 3)) as u8;
        Images::new([6, 5, 2], (0..40 * 60).map(value).collect(), vec![0; 40]).unwrap()
    }

    fn convolution(filters: usize) -> Value {
        json!({"type": "conv2d", "filters": filters, "kernel_size": 2,
            "kernel_initializer": {"type": "whitening", "images": 30, "epsilon": 1e-9}})
    }

    #[test]
    fn filtered_patches_are_uncorrelated_and_of_unit_size() {
        let mut graph = network(json!([
            {"type": "rescaling", "scale": 2, "offset": -1}, convolution(16),
            {"type": "flatten"}, {"type": "dense", "units": 3},
        ]));
        fill(&mut graph, &images(), 40, 0).unwrap();
        let kernel = graph.params[0].spec.values.clone().unwrap();
        assert_eq!(kernel.len(), 8 * 16);
        let (weights, state) = graph.initial(0);
        let parameters = Parameters { weights, state, slots: Vec::new() };
        let seen = inspect::tensor(&graph, &parameters, &images().pixels[..30 * 60], 2).unwrap();
        let rows: Vec<&[f32]> = seen.chunks_exact(16).collect();
        for i in 0..16 {
            for j in 0..16 {
                let mean =
                    rows.iter().map(|row| f64::from(row[i]) * f64::from(row[j])).sum::<f64>() / rows.len() as f64;
                let expected = if i == j {
                    1.0
                } else if i % 8 == j % 8 {
                    -1.0
                } else {
                    0.0
                };
                assert!((mean - expected).abs() < 1e-3, "{i} {j}: {mean}");
            }
        }
    }

    #[test]
    fn a_kernel_that_cannot_whiten_is_refused() {
        let error = |layers: Value| fill(&mut network(layers), &images(), 40, 0).unwrap_err().to_string();
        let end = [json!({"type": "flatten"}), json!({"type": "dense", "units": 3})];
        let of = |layers: Vec<Value>| error(layers.into_iter().chain(end.clone()).collect());
        assert!(of(vec![convolution(12)]).contains("8 or 16. Received: 12"));
        let pool = json!({"type": "max_pooling2d", "pool_size": 2});
        assert!(of(vec![pool, convolution(8)]).contains("first convolution"));
    }
}
