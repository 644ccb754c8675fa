//! Golden values: layers and training runs that must give the values of Keras 3 and PyTorch. `golden/README.md`
//! describes how they were generated.
#![cfg(not(target_arch = "wasm32"))]

#[path = "golden/layers.rs"]
mod layers;
#[path = "golden/runs.rs"]
mod runs;

use std::path::{Path, PathBuf};

/// The folder of the golden values.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A tensor's values.
fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
}

fn norm(values: &[f64]) -> f64 {
    values.iter().map(|v| v * v).sum::<f64>().sqrt()
}

/// `|a - b| / |b|`.
fn relative(a: &[f64], b: &[f64]) -> f64 {
    relative_to(a, b, norm(b))
}

/// `|a - b|` in units of `size`; infinite if the lengths differ.
fn relative_to(a: &[f64], b: &[f64], size: f64) -> f64 {
    if a.len() != b.len() {
        return f64::INFINITY;
    }
    let difference: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
    norm(&difference) / size.max(1e-30)
}
