//! Activation functions, applied in place to a layer's output.

#[cfg(feature = "extended")]
mod document;
#[cfg(feature = "extended")]
mod extended;

#[cfg(feature = "extended")]
pub use extended::Extended;

use crate::tensor::real::Real;
#[cfg(not(feature = "extended"))]
use schemars::JsonSchema;
#[cfg(not(feature = "extended"))]
use serde::{Deserialize, Serialize};

/// An activation function after a layer, applied in place. The derivative of most is computed from their output; those of
/// [`Self::needs_input`] from their input.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[cfg_attr(not(feature = "extended"), derive(Serialize, Deserialize, JsonSchema))]
#[cfg_attr(not(feature = "extended"), serde(rename_all = "snake_case"))]
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
    /// One of the others.
    #[cfg(feature = "extended")]
    Extended(Extended),
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
            Self::Sigmoid => y.iter_mut().for_each(|y| *y = one / (one + (-*y).activation_exp())),
            Self::Tanh => y.iter_mut().for_each(|y| *y = y.portable_tanh()),
            #[cfg(feature = "extended")]
            Self::Extended(function) => function.forward(y),
        }
    }

    /// `dy = dy * f'`, with `f'` from the output `y`; of a function that [`Self::needs_input`], `y` is its input.
    pub fn backward<T: Real>(self, y: &[T], dy: &mut [T]) {
        let one = T::one();
        let pairs = dy.iter_mut().zip(y);
        match self {
            Self::Linear | Self::Softmax => {}
            Self::Relu => pairs.for_each(|(dy, &y)| *dy = if y > T::zero() { *dy } else { T::zero() }),
            Self::Sigmoid => pairs.for_each(|(dy, &y)| *dy *= y * (one - y)),
            Self::Tanh => pairs.for_each(|(dy, &y)| *dy *= one - y * y),
            #[cfg(feature = "extended")]
            Self::Extended(function) => function.backward(y, dy),
        }
    }

    /// Whether the derivative does not follow from the output, because the function takes a value twice. Engines keep the
    /// input of such a function until the backward pass.
    pub fn needs_input(self) -> bool {
        #[cfg(feature = "extended")]
        if let Self::Extended(function) = self {
            return function.needs_input();
        }
        false
    }

    /// The constant of functions that have one, for shaders.
    pub fn constant(self) -> Option<f64> {
        #[cfg(feature = "extended")]
        if let Self::Extended(function) = self {
            return function.constant();
        }
        None
    }
}
