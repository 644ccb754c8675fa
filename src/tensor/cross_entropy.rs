//! Softmax and cross-entropy from logits in one numerically stable step.
//!
//! # Formula
//! `loss = log(sum over j of exp(z_j - m)) - (z_y - m)`, `m = max z`; `dz_j = (softmax(z)_j - [j = y]) * scale`.
//!
//! # Shapes
//! z (the logits) and dz `(n, classes)`, labels `(n)`.

use crate::tensor::real::Real;

/// What the images of a batch show.
#[derive(Debug, Clone, Copy)]
pub struct Targets<'a> {
    /// Their labels.
    pub labels: &'a [u8],
    /// Where images are mixed, the second label of each, and the share of the first; else empty.
    #[cfg(feature = "extended")]
    pub others: &'a [(u8, f32)],
}

/// Loss and correct predictions, summed over images.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct LossSums {
    /// The sum of the cross-entropies, in nats.
    pub loss: f64,
    /// The number of images whose largest logit (the first of equal ones) is that of their label.
    pub correct: usize,
}

/// The loss of every row of `logits`, summed. If `gradient` is given, it gets the gradient with respect to the logits,
/// times `scale`.
pub fn softmax_cross_entropy<T: Real>(
    logits: &[T],
    labels: &[u8],
    scale: f64,
    mut gradient: Option<&mut [T]>,
) -> LossSums {
    let classes = logits.len() / labels.len().max(1);
    let mut sums = LossSums::default();
    for (row, (z, &label)) in logits.chunks_exact(classes).zip(labels).enumerate() {
        let label = usize::from(label);
        let largest = arg_max(z);
        let top = z[largest];
        let total: T = z.iter().map(|&z| (z - top).portable_exp()).sum();
        sums.loss += libm::log(total.f64()) - (z[label] - top).f64();
        sums.correct += usize::from(largest == label);
        let Some(gradient) = &mut gradient else { continue };
        for (j, (dz, &z)) in gradient[row * classes..][..classes].iter_mut().zip(z).enumerate() {
            let target = if j == label { T::one() } else { T::zero() };
            *dz = ((z - top).portable_exp() / total - target) * T::of(scale);
        }
    }
    sums
}

/// The index of the largest value, the first of equal ones. NaN counts as the largest, so that it is not hidden.
pub fn arg_max<T: Real>(values: &[T]) -> usize {
    let mut best = 0;
    for (i, &value) in values.iter().enumerate() {
        if value.is_nan() {
            return i;
        }
        if value > values[best] {
            best = i;
        }
    }
    best
}

/// The class probabilities of one row of logits.
pub fn softmax(logits: &[f32]) -> Vec<f32> {
    let top = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let shares: Vec<f32> = logits.iter().map(|&z| (z - top).portable_exp()).collect();
    let total: f32 = shares.iter().sum();
    shares.iter().map(|share| share / total).collect()
}
