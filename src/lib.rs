//! Convlab trains convolutional networks on MNIST and CIFAR, in a browser tab or on the command line.

pub mod activation;
pub mod analysis;
pub mod augment;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
pub mod cli;
pub mod cost;
mod crc;
pub mod data;
pub mod engine;
pub mod error;
pub mod export;
pub mod graph;
pub mod history;
pub mod init;
pub mod inspect;
mod json;
pub mod layer;
pub mod layers;
pub mod loss;
pub mod metrics;
mod number;
pub mod optimizer;
pub mod pass;
pub mod plan;
pub mod presets;
pub mod random;
pub mod record;
pub mod report;
mod safetensors;
pub mod schedule;
pub mod shape;
pub mod spec;
pub mod submission;
pub mod summary;
pub mod table;
pub mod train;
#[cfg(target_arch = "wasm32")]
pub mod wasm;
pub mod weights;

pub use error::{Error, Result};
