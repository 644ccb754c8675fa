//! The loss that training minimises.

#[cfg(feature = "extended")]
pub mod extended;

pub use crate::tensor::cross_entropy::{LossSums, Targets, arg_max, softmax, softmax_cross_entropy};
use crate::tensor::real::Real;

/// The loss that training minimises: the cross-entropy, unless it has further options.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Loss {
    /// What it has beyond the plain cross-entropy.
    #[cfg(feature = "extended")]
    pub extended: Option<Box<extended::Extended>>,
}

impl Loss {
    /// The loss of a batch in training, summed. `gradient` gets the gradient with respect to the logits, times `scale`.
    pub fn training<T: Real>(
        &self,
        logits: &[T],
        targets: Targets,
        scale: f64,
        gradient: Option<&mut [T]>,
    ) -> LossSums {
        #[cfg(feature = "extended")]
        if let Some(extended) = &self.extended {
            return extended.sums(logits, targets, true, scale, gradient);
        }
        softmax_cross_entropy(logits, targets.labels, scale, gradient)
    }

    /// The loss of evaluated images, summed: without the weights of classes.
    pub fn evaluation(&self, logits: &[f32], labels: &[u8]) -> f64 {
        #[cfg(feature = "extended")]
        if let Some(extended) = &self.extended {
            return extended.sums(logits, Targets { labels, others: &[] }, false, 1.0, None).loss;
        }
        softmax_cross_entropy(logits, labels, 1.0, None).loss
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gradient_is_the_slope_of_the_loss() {
        let (logits, labels) = ([0.3, -1.2, 2.0, 0.1, 0.0, -0.5], [2, 0]);
        let mut gradient = [0.0; 6];
        softmax_cross_entropy::<f64>(&logits, &labels, 1.0, Some(&mut gradient));
        for i in 0..6 {
            let at = |step: f64| {
                let mut moved = logits;
                moved[i] += step;
                softmax_cross_entropy::<f64>(&moved, &labels, 1.0, None).loss
            };
            let slope = (at(1e-6) - at(-1e-6)) / 2e-6;
            assert!((slope - gradient[i]).abs() < 1e-8, "{slope} {}", gradient[i]);
        }
    }

    #[test]
    fn huge_logits_do_not_overflow() {
        let sums = softmax_cross_entropy::<f32>(&[1e4, -1e4], &[1], 1.0, None);
        assert!((sums.loss - 2e4).abs() < 1.0);
    }
}
