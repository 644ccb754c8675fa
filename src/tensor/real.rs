//! The floating-point types of the CPU engine.

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
    /// `exp(self)`, bit for bit the same in every build. The platform's own `exp`, `tanh` and `pow` round differently
    /// from system to system.
    fn portable_exp(self) -> Self;
    /// `tanh(self)`, the same in every build.
    fn portable_tanh(self) -> Self;
    /// `self` to the power of `exponent`, the same in every build.
    fn portable_pow(self, exponent: Self) -> Self;
    /// `exp(self) - 1`, the same in every build.
    #[cfg(feature = "extended")]
    fn portable_expm1(self) -> Self;
    /// `log(1 + self)`, the same in every build.
    #[cfg(feature = "extended")]
    fn portable_log1p(self) -> Self;
    /// The error function, the same in every build.
    #[cfg(feature = "extended")]
    fn portable_erf(self) -> Self;
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
    #[cfg(feature = "extended")]
    fn portable_expm1(self) -> Self {
        libm::expm1f(self)
    }
    #[cfg(feature = "extended")]
    fn portable_log1p(self) -> Self {
        libm::log1pf(self)
    }
    #[cfg(feature = "extended")]
    fn portable_erf(self) -> Self {
        libm::erff(self)
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
    #[cfg(feature = "extended")]
    fn portable_expm1(self) -> Self {
        libm::expm1(self)
    }
    #[cfg(feature = "extended")]
    fn portable_log1p(self) -> Self {
        libm::log1p(self)
    }
    #[cfg(feature = "extended")]
    fn portable_erf(self) -> Self {
        libm::erf(self)
    }
}
