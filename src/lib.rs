//! Convlab trains convolutional networks on MNIST and CIFAR, in a browser tab or on the command line.
//!
//! Modules are floors, and a module imports only from the floors below it (`tests/imports.rs` reads this list and every import).
//! From the ground up: base, tensor, data, kernels, layers, experiment, network, engine, results, inspect, train, cost, export,
//! report, import, submission, sweep, cli, wasm.

pub mod base;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
pub mod cli;
pub mod cost;
pub mod data;
pub mod engine;
pub mod experiment;
#[cfg(any(feature = "tools", feature = "import", not(target_arch = "wasm32")))]
pub mod export;
#[cfg(feature = "import")]
pub mod import;
pub mod inspect;
pub mod kernels;
pub mod layers;
pub mod network;
pub mod report;
pub mod results;
pub mod submission;
#[cfg(any(feature = "tools", feature = "cli"))]
pub mod sweep;
pub mod tensor;
pub mod train;
#[cfg(target_arch = "wasm32")]
pub mod wasm;

pub use base::error::{Error, Result};
