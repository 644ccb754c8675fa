//! The number types that the CPU engine computes in.

use num_traits::Float;
use std::iter::Sum;
use std::ops::{AddAssign, DivAssign, MulAssign, SubAssign};

/// `f32`, which trains, or `f64`, in which gradients are checked.
pub trait Real:
    Float + AddAssign + SubAssign + MulAssign + DivAssign + Sum + Default + Send + Sync + std::fmt::Debug
{
    /// From an `f64`.
    fn of(value: f64) -> Self;
    /// To an `f64`.
    fn f64(self) -> f64;
    /// `exp(self)`. This and the two below give the same bits in every build: the system's own rounds in its own way.
    fn portable_exp(self) -> Self;
    /// `tanh(self)`
    fn portable_tanh(self) -> Self;
    /// `self` to the power of `exponent`
    fn portable_pow(self, exponent: Self) -> Self;
}

impl Real for f32 {
    fn of(value: f64) -> Self {
        value as Self
    }
    fn f64(self) -> f64 {
        f64::from(self)
    }
    fn portable_exp(self) -> Self {
        libm::expf(self)
    }
    fn portable_tanh(self) -> Self {
        libm::tanhf(self)
    }
    fn portable_pow(self, exponent: Self) -> Self {
        libm::powf(self, exponent)
    }
}

#[cfg(any(test, not(target_arch = "wasm32")))]
impl Real for f64 {
    fn of(value: f64) -> Self {
        value
    }
    fn f64(self) -> f64 {
        self
    }
    fn portable_exp(self) -> Self {
        libm::exp(self)
    }
    fn portable_tanh(self) -> Self {
        libm::tanh(self)
    }
    fn portable_pow(self, exponent: Self) -> Self {
        libm::pow(self, exponent)
    }
}
