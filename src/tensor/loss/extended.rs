//! Losses beyond the plain cross-entropy: smoothed labels, weights of classes, and the focal loss.
//!
//! # Formula
//! With `p = softmax(z)` and `t_j = (1 - s) [j = y] + s / classes`:
//! cross-entropy `w_y * sum over j of t_j * -log p_j`;
//! mixed images: `share` times the loss by their own label plus `1 - share` times that by the other one;
//! focal loss `w_y * sum over j of alpha_j * t_j * (1 - p_j)^gamma * -log p_j`, with p between 1e-7 and 1 - 1e-7 as in Keras.
//!
//! # Shapes
//! z (the logits) and dz `(n, classes)`, labels y `(n)`.
//!
//! # Source
//! Szegedy et al., "Rethinking the Inception Architecture for Computer Vision", 2016 (smoothing); Lin et al., "Focal Loss for
//! Dense Object Detection", 2017.

use crate::tensor::cross_entropy::{LossSums, Targets, arg_max};
use crate::tensor::real::Real;

/// The bound of Keras for probabilities: they lie between this and one minus this.
const BOUND: f64 = 1e-7;

/// A loss with at least one of these options.
#[derive(Debug, Clone, PartialEq)]
pub struct Extended {
    /// The share of the label that is spread over all classes.
    pub smoothing: f64,
    /// The weight of each class's images in training; it does not count in evaluation.
    pub weights: Vec<f64>,
    /// The constants of the focal loss; `None` for the cross-entropy.
    pub focal: Option<Focal>,
    /// Whether images are mixed, and have two labels.
    pub mixed: bool,
}

/// The constants of the focal loss.
#[derive(Debug, Clone, PartialEq)]
pub struct Focal {
    /// The factor of each class.
    pub alpha: Vec<f64>,
    /// The exponent of the distance to certainty.
    pub gamma: f64,
}

impl Extended {
    /// The loss of every row of `logits`, summed; in training with the weights of the classes. If `gradient` is given, it gets the
    /// gradient with respect to the logits, times `scale`.
    pub fn sums<T: Real>(
        &self,
        logits: &[T],
        Targets { labels, others }: Targets,
        is_training: bool,
        scale: f64,
        mut gradient: Option<&mut [T]>,
    ) -> LossSums {
        let classes = logits.len() / labels.len().max(1);
        let mut sums = LossSums::default();
        let (mut log_p, mut slopes, mut mixed) = (vec![0.0; classes], vec![0.0; classes], vec![0.0; classes]);
        let weight = |label: usize| if is_training { self.weights.get(label).copied().unwrap_or(1.0) } else { 1.0 };
        for (row, (z, &label)) in logits.chunks_exact(classes).zip(labels).enumerate() {
            let label = usize::from(label);
            let largest = arg_max(z);
            let top = z[largest].f64();
            let total: f64 = z.iter().map(|z| libm::exp(z.f64() - top)).sum();
            let log_total = libm::log(total);
            log_p.iter_mut().zip(z).for_each(|(log_p, z)| *log_p = z.f64() - top - log_total);
            let (other, share) =
                others.get(row).map_or((label, 1.0), |&(other, share)| (usize::from(other), f64::from(share)));
            // A mixed image counts as correct by the label with the larger share.
            sums.correct += usize::from(largest == if share < 0.5 { other } else { label });
            mixed.fill(0.0);
            for (label, share) in [(label, share), (other, 1.0 - share)] {
                if share == 0.0 {
                    continue;
                }
                let weight = share * weight(label);
                sums.loss += weight * self.row(&log_p, label, &mut slopes);
                mixed.iter_mut().zip(&slopes).for_each(|(sum, slope)| *sum += weight * slope);
            }
            let Some(gradient) = &mut gradient else { continue };
            for (dz, slope) in gradient[row * classes..][..classes].iter_mut().zip(&mixed) {
                *dz = T::of(slope * scale);
            }
        }
        sums
    }

    /// The loss of one image, and its slopes with respect to the logits.
    fn row(&self, log_p: &[f64], label: usize, slopes: &mut [f64]) -> f64 {
        let spread = self.smoothing / log_p.len() as f64;
        let target = |j: usize| spread + if j == label { 1.0 - self.smoothing } else { 0.0 };
        let Some(Focal { alpha, gamma }) = &self.focal else {
            let terms = log_p.iter().zip(&mut *slopes).enumerate().map(|(j, (&log_p, slope))| {
                *slope = libm::exp(log_p) - target(j);
                // A class without a share counts nothing, however improbable it is.
                if target(j) == 0.0 { 0.0 } else { -target(j) * log_p }
            });
            return terms.sum();
        };
        let (mut loss, mut total) = (0.0, 0.0);
        for (j, (&log_p, slope)) in log_p.iter().zip(&mut *slopes).enumerate() {
            let p = libm::exp(log_p);
            let factor = alpha.get(j).copied().unwrap_or(1.0) * target(j);
            // Keras's bound has no slope outside.
            let inside = (BOUND..=1.0 - BOUND).contains(&p) || p.is_nan();
            let p = if p.is_nan() { p } else { p.clamp(BOUND, 1.0 - BOUND) };
            let (log_p, rest) = (if inside { log_p } else { libm::log(p) }, 1.0 - p);
            let power = libm::pow(rest, *gamma);
            loss -= factor * power * log_p;
            // p times the derivative by p.
            *slope = if inside { factor * (gamma * p * power / rest * log_p - power) } else { 0.0 };
            total += *slope;
        }
        slopes.iter_mut().zip(log_p).for_each(|(slope, &log_p)| *slope -= libm::exp(log_p) * total);
        loss
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Extended> {
        let focal = |alpha: Vec<f64>, gamma: f64| Some(Focal { alpha, gamma });
        vec![
            Extended { smoothing: 0.2, weights: vec![], focal: None, mixed: false },
            Extended { smoothing: 0.0, weights: vec![0.5, 3.0, 0.0], focal: None, mixed: false },
            Extended { smoothing: 0.0, weights: vec![], focal: focal(vec![0.25; 3], 2.0), mixed: true },
            Extended {
                smoothing: 0.1,
                weights: vec![2.0, 1.0, 1.0],
                focal: focal(vec![0.2, 0.7, 1.0], 0.5),
                mixed: false,
            },
            Extended { smoothing: 0.3, weights: vec![], focal: focal(vec![1.0; 3], 0.0), mixed: true },
        ]
    }

    #[test]
    fn gradients_are_the_slopes_of_the_loss() {
        let (logits, labels) = ([0.3, -1.2, 2.0, 0.1, 0.0, -0.5, 1.0, 2.0, -3.0], [2, 0, 1]);
        for (loss, others) in all().into_iter().flat_map(|loss| [(loss.clone(), vec![]), (loss, OTHERS.to_vec())]) {
            let targets = Targets { labels: &labels, others: &others };
            let mut gradient = [0.0; 9];
            loss.sums::<f64>(&logits, targets, true, 0.5, Some(&mut gradient));
            for i in 0..9 {
                let at = |step: f64| {
                    let mut moved = logits;
                    moved[i] += step;
                    loss.sums::<f64>(&moved, targets, true, 1.0, None).loss
                };
                let slope = 0.5 * (at(1e-6) - at(-1e-6)) / 2e-6;
                assert!((slope - gradient[i]).abs() < 1e-8, "{loss:?} {i}: {slope} {}", gradient[i]);
            }
        }
    }

    const OTHERS: [(u8, f32); 3] = [(0, 0.75), (0, 0.25), (2, 0.0)];

    fn plain(labels: &[u8]) -> Targets<'_> {
        Targets { labels, others: &[] }
    }

    /// Shares of two labels mix the losses by each; an image that is all another one counts as that.
    #[test]
    fn a_mixed_image_has_the_mixed_loss() {
        let logits = [0.3, -1.2, 2.0];
        for loss in all() {
            let of = |targets: Targets| loss.sums::<f64>(&logits, targets, true, 1.0, None);
            let mixed = |share: f32| of(Targets { labels: &[2], others: &[(0, share)] });
            let [two, zero] = [2, 0].map(|label| of(plain(&[label])).loss);
            assert!((mixed(0.25).loss - (0.25 * two + 0.75 * zero)).abs() < 1e-12, "{loss:?}");
            assert_eq!((mixed(0.0).loss, mixed(0.0).correct, mixed(0.75).correct), (zero, 0, 1));
        }
    }

    #[test]
    fn weights_count_in_training_only_and_huge_logits_give_numbers() {
        for loss in all() {
            let unweighted = Extended { weights: vec![], ..loss.clone() };
            let of =
                |loss: &Extended, training| loss.sums::<f32>(&[1.0, 0.0, 0.5], plain(&[0]), training, 1.0, None).loss;
            assert_eq!(of(&loss, false), of(&unweighted, true));
            let mut gradient = [0.0; 3];
            let sums = loss.sums::<f32>(&[1e4, -1e4, 0.0], plain(&[1]), true, 1.0, Some(&mut gradient));
            assert!(sums.loss.is_finite() && gradient.iter().all(|g| g.is_finite()), "{loss:?}: {sums:?} {gradient:?}");
        }
    }

    #[test]
    fn a_value_that_is_not_a_number_is_not_hidden() {
        for loss in all() {
            assert!(loss.sums::<f32>(&[1.0, f32::NAN, 0.5], plain(&[0]), false, 1.0, None).loss.is_nan(), "{loss:?}");
        }
    }
}
