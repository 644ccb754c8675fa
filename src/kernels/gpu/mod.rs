//! WGSL kernels and the passes that run them, as plain data. `engine/gpu` allocates, binds and runs them. Nothing here
//! depends on `wgpu`, so every shader can be validated without a GPU.

#[cfg(feature = "extended")]
pub mod convolution;
pub mod data;
pub mod elementwise;
pub mod loss;
pub mod matmul;
pub mod pass;
pub mod reduce;
pub mod tuning;
pub mod wgsl;
