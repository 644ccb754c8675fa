//! Data sets: decoders for the official files, and generators for the synthetic sets.

mod archive;
mod array;
mod cifar;
mod describe;
mod files;
mod fingerprint;
#[cfg(not(target_arch = "wasm32"))]
mod folder;
mod idx;
pub mod images;
mod info;
mod loader;
mod npy;
mod pickle;
mod sniff;
mod stream;
pub mod synthetic;

pub use describe::{DatasetHead, DatasetInfo};
#[cfg(not(target_arch = "wasm32"))]
pub use folder::{load_dir, load_dir_into};
pub use images::{Dataset, Images};
pub use loader::Loader;

/// The names of all data sets.
pub fn names() -> &'static [&'static str] {
    &info::NAMES
}

/// The numbers of training and test images of a complete data set; `None` if the name does not determine them.
pub fn official_counts(name: &str) -> Option<[usize; 2]> {
    let known = info::DatasetInfo::find(name).ok()?;
    let drawn = (known.family == info::Family::Synthetic).then_some([synthetic::TRAIN, synthetic::TEST]);
    known.counts.or(drawn)
}
