//! What is differentiated to explain a prediction.

use super::cross_entropy::softmax_cross_entropy;
use super::real::Real;

/// What is differentiated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The logit of a class.
    Score(usize),
    /// The cross-entropy, with this class as the true one.
    Loss(usize),
}

impl Target {
    /// The class that it is about.
    pub fn class(self) -> usize {
        let (Self::Score(class) | Self::Loss(class)) = self;
        class
    }

    /// Its gradient by the logits of one image, shape `(classes)`.
    pub fn by_logits<T: Real>(self, logits: &[T]) -> Vec<T> {
        let mut gradient = vec![T::zero(); logits.len()];
        match self {
            Self::Score(class) => gradient[class] = T::one(),
            Self::Loss(class) => {
                softmax_cross_entropy(logits, &[class as u8], 1.0, Some(&mut gradient));
            }
        }
        gradient
    }
}
