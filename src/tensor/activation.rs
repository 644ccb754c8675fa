//! The elementwise functions, applied in place to a layer's output; their gradients need only the output.

use crate::tensor::real::Real;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An elementwise function after a layer, applied in place; its gradient needs only its output.
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
    /// `y = exp(x) / sum(exp(x))` over the last axis; only as a network's last step, where it joins the loss.
    Softmax,
}

impl Activation {
    /// `y = f(y)`.
    pub fn forward<T: Real>(self, y: &mut [T]) {
        let one = T::one();
        match self {
            // Softmax belongs to the loss; the graph takes it off the last layer.
            Self::Linear | Self::Softmax => {}
            // Written so that a NaN stays a NaN.
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
