//! Means and variances of the training images, for normalization layers that have none of their own.

use crate::base::error::{Error, Result};
use crate::data::Images;
use crate::network::graph::Graph;

/// The mean and the variance of each channel over the first `count` images, as values from 0 to 1.
fn moments(images: &Images, count: usize) -> (Vec<f32>, Vec<f32>) {
    let channels = images.channels;
    // Pixels have few values, so counts give exact sums.
    let mut counts = vec![[0u64; 256]; channels];
    for index in 0..count {
        for pixel in images.image(index).chunks_exact(channels) {
            counts.iter_mut().zip(pixel).for_each(|(counts, &value)| counts[usize::from(value)] += 1);
        }
    }
    let of_channel = |counts: &[u64; 256]| {
        let mean_of = |f: &dyn Fn(f64) -> f64| {
            let terms = counts.iter().enumerate().map(|(value, &n)| f(value as f64 / 255.0) * n as f64);
            terms.sum::<f64>() / counts.iter().sum::<u64>() as f64
        };
        let mean = mean_of(&|x| x);
        (mean as f32, mean_of(&|x| (x - mean) * (x - mean)) as f32)
    };
    counts.iter().map(of_channel).unzip()
}

/// Gives the layers that need it the statistics of the first `count` images.
///
/// # Errors
/// [`Error::Layer`] where such a layer does not read the images themselves.
pub fn fill(graph: &mut Graph, images: &Images, count: usize) -> Result<()> {
    let wanting = graph.nodes.iter().filter(|node| node.layer.needs_statistics());
    let mut ranges = Vec::new();
    for node in wanting {
        if node.inputs != [0] {
            return Err(Error::layer(
                &node.name,
                "without mean and variance it must read the images themselves; put it first or set both",
            ));
        }
        ranges.push(node.params.clone());
    }
    if ranges.is_empty() {
        return Ok(());
    }
    let (mean, variance) = moments(images, count);
    for range in ranges {
        for param in &mut graph.params[range] {
            param.spec.values = Some(if param.spec.name == "mean" { mean.clone() } else { variance.clone() });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_those_of_the_first_images() {
        let images = Images::new([1, 2, 2], vec![0, 255, 255, 51, 9, 9, 9, 9], vec![0, 1]).unwrap();
        let (mean, variance) = moments(&images, 1);
        assert_eq!(mean, [0.5, 0.6]);
        assert!((variance[0] - 0.25).abs() < 1e-7 && (variance[1] - 0.16).abs() < 1e-7, "{variance:?}");
    }
}
