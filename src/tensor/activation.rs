//! Activation functions, applied in place to a layer's output.

use crate::tensor::real::Real;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An activation function after a layer, applied in place. Its derivative is computed from its output alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Activation {
    /// `y = x`.
    #[default]
    Linear,
    /// `y = max(x, 0)`.
    Relu,
    /// `y = 1 / (1 + exp(-x))`.
    Sigmoid,
    /// `y = tanh(x)`.
    Tanh,
    /// `y = exp(x) / sum(exp(x))` over the last axis; allowed only in the last layer, where it is computed with the
    /// loss.
    Softmax,
}

impl Activation {
    /// `y = f(y)`.
    pub fn forward<T: Real>(self, y: &mut [T]) {
        let one = T::one();
        match self {
            // The loss computes softmax; the graph removes it from the last layer.
            Self::Linear | Self::Softmax => {}
            // This form propagates NaN, which `max` would not.
            Self::Relu => y.iter_mut().for_each(|y| *y = if *y < T::zero() { T::zero() } else { *y }),
            Self::Sigmoid => y.iter_mut().for_each(|y| *y = one / (one + (-*y).portable_exp())),
            Self::Tanh => y.iter_mut().for_each(|y| *y = y.portable_tanh()),
        }
    }

    /// `dy = dy * f'`, with `f'` from the output `y`.
    pub fn backward<T: Real>(self, y: &[T], dy: &mut [T]) {
        let one = T::one();
        let pairs = dy.iter_mut().zip(y);
        match self {
            Self::Linear | Self::Softmax => {}
            Self::Relu => pairs.for_each(|(dy, &y)| *dy = if y > T::zero() { *dy } else { T::zero() }),
            Self::Sigmoid => pairs.for_each(|(dy, &y)| *dy *= y * (one - y)),
            Self::Tanh => pairs.for_each(|(dy, &y)| *dy *= one - y * y),
        }
    }
}
