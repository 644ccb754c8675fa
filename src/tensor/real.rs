//! The floating-point types of the CPU engine.

use crate::tensor::elementary;
use num_traits::Float;
use std::iter::Sum;
use std::ops::{AddAssign, DivAssign, MulAssign, SubAssign};

/// `f32` for training, or `f64` for gradient checks.
pub trait Real:
    Float + AddAssign + SubAssign + MulAssign + DivAssign + Sum + Default + Send + Sync + std::fmt::Debug
{
    /// Rounds an `f64` to this type.
    fn of(value: f64) -> Self;
    /// Converts to `f64`, without loss.
    fn f64(self) -> f64;
    /// `exp(self)` in the loss, bit for bit the same in every build. The platform's own `exp`, `tanh` and `pow` round differently
    /// from system to system.
    fn portable_exp(self) -> Self;
    /// `self` to the power of `exponent`, the same in every build.
    fn portable_pow(self, exponent: Self) -> Self;
    /// `exp(self) - 1`, the same in every build.
    #[cfg(feature = "extended")]
    fn portable_expm1(self) -> Self;
    /// `log(1 + self)`, the same in every build.
    #[cfg(feature = "extended")]
    fn portable_log1p(self) -> Self;
    /// `exp(self)` in activations: in single precision fast in loops ([`elementary`]), the same in every build.
    fn activation_exp(self) -> Self;
    /// `tanh(self)`, likewise.
    fn portable_tanh(self) -> Self;
    /// The share of the standard normal distribution below `self`, and its density there, likewise.
    #[cfg(feature = "extended")]
    fn normal(self) -> (Self, Self);
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
    fn portable_pow(self, exponent: Self) -> Self {
        libm::powf(self, exponent)
    }
    #[cfg(feature = "extended")]
    fn portable_expm1(self) -> Self {
        libm::expm1f(self)
    }
    #[cfg(feature = "extended")]
    fn portable_log1p(self) -> Self {
        libm::log1pf(self)
    }
    #[inline]
    fn activation_exp(self) -> Self {
        elementary::exp(self)
    }
    #[inline]
    fn portable_tanh(self) -> Self {
        elementary::tanh(self)
    }
    #[cfg(feature = "extended")]
    #[inline]
    fn normal(self) -> (Self, Self) {
        elementary::normal(self)
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
    fn portable_pow(self, exponent: Self) -> Self {
        libm::pow(self, exponent)
    }
    #[cfg(feature = "extended")]
    fn portable_expm1(self) -> Self {
        libm::expm1(self)
    }
    #[cfg(feature = "extended")]
    fn portable_log1p(self) -> Self {
        libm::log1p(self)
    }
    fn activation_exp(self) -> Self {
        libm::exp(self)
    }
    fn portable_tanh(self) -> Self {
        libm::tanh(self)
    }
    #[cfg(feature = "extended")]
    fn normal(self) -> (Self, Self) {
        let scale = (2.0 * std::f64::consts::PI).sqrt().recip();
        let share = 0.5 * libm::erfc(-self * std::f64::consts::FRAC_1_SQRT_2);
        (share, scale * libm::exp(-0.5 * self * self))
    }
}
