//! The CPU engine.

pub mod patches;
pub mod real;
