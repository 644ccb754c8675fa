//! Shapes, number types and the arithmetic of single tensors.

pub mod activation;
#[cfg(feature = "extended")]
pub mod color;
pub mod convolution;
pub mod cross_entropy;
pub mod elementary;
pub mod gradient;
pub mod initializer;
pub mod list;
pub mod loss;
pub mod parameter;
pub mod random;
pub mod real;
pub mod shape;
#[cfg(feature = "extended")]
pub mod target;
pub mod transform;
pub mod view;
