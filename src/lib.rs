//! Convlab trains convolutional networks on MNIST and CIFAR, in a browser tab or on the command line.

pub mod data;
pub mod error;
pub mod random;

pub use error::{Error, Result};
