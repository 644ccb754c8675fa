//! CPU kernels on slices: matrix products, convolutions, sums.

#[cfg(feature = "extended")]
pub mod convolution;
pub mod gemm;
mod lanes;
pub mod matrix;
pub mod patches;
#[cfg(not(target_arch = "wasm32"))]
pub mod rounding;
mod simd;
pub mod sums;
pub mod winograd;
pub mod workspace;
