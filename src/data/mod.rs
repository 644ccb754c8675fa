//! Data sets: decoders for the official files, and generators for the synthetic sets.

mod archive;
mod array;
mod cifar;
mod describe;
mod files;
mod fingerprint;
#[cfg(not(target_arch = "wasm32"))]
mod folder;
mod gather;
mod idx;
#[cfg(any(feature = "cli", feature = "files"))]
mod image_files;
mod image_options;
pub mod images;
mod info;
mod loader;
mod mat;
#[cfg(any(feature = "cli", feature = "tools"))]
pub mod members;
mod npy;
#[cfg(any(feature = "cli", feature = "files"))]
mod npz;
#[cfg(any(feature = "cli", feature = "files"))]
mod order;
#[cfg(any(feature = "cli", feature = "files"))]
mod parquet;
mod pickle;
mod piece;
mod role;
#[cfg(any(feature = "cli", feature = "files"))]
mod shard;
mod sniff;
mod stream;
pub mod synthetic;
#[cfg(not(target_arch = "wasm32"))]
mod walk;

pub use describe::{DatasetHead, DatasetInfo, KnownSet};
#[cfg(not(target_arch = "wasm32"))]
pub use folder::{load_dir, load_dir_into, others_in};
#[cfg(all(any(feature = "cli", feature = "files"), not(target_arch = "wasm32")))]
pub use image_files::load_images;
#[cfg(any(feature = "cli", feature = "files"))]
pub use image_files::{ImageFiles, LeftOut};
pub use image_options::{ColorMode, ImageOptions, Interpolation};
pub use images::{Dataset, Images};
pub use loader::Loader;
#[cfg(all(any(feature = "cli", feature = "files"), not(target_arch = "wasm32")))]
pub use parquet::load_parquet;
#[cfg(any(feature = "cli", feature = "files"))]
pub use parquet::{ParquetFiles, TableOptions};

/// The names of all data sets. Where a set has several splits, each follows the set's name after a slash: `emnist/letters`.
pub fn names() -> &'static [&'static str] {
    &info::NAMES
}

/// All known data sets.
#[cfg(not(target_arch = "wasm32"))]
pub fn sets() -> Vec<KnownSet> {
    let set = |known: &info::DatasetInfo| KnownSet {
        name: known.name,
        title: known.title,
        synthetic: known.family == info::Family::Synthetic,
        size: known.size,
        counts: official_counts(known.name),
        classes: Some(known.classes.len()).filter(|&count| count > 0),
    };
    info::ALL.iter().map(set).collect()
}

/// Whether a data set's images are drawn here, so that its name determines them.
pub fn is_synthetic(name: &str) -> bool {
    name.starts_with("synthetic_")
}

/// Whether a data set's images are files of any size, which are resized for a network and divided by its seed.
#[cfg(any(feature = "cli", feature = "tools"))]
pub fn is_of_image_files(name: &str) -> bool {
    let family = info::DatasetInfo::find(name).map(|known| known.family);
    matches!(family, Ok(info::Family::Images | info::Family::Parquet))
}

/// Whether a data set's files may hold validation images of their own: then its name does not tell how many are trained on.
#[cfg(any(feature = "cli", feature = "tools"))]
pub fn may_have_validation(name: &str) -> bool {
    is_of_image_files(name) || info::DatasetInfo::find(name).is_ok_and(info::DatasetInfo::has_validation)
}

/// The numbers of training and test images of a complete data set; `None` if the name does not determine them.
pub fn official_counts(name: &str) -> Option<[usize; 2]> {
    if is_synthetic(name) {
        return Some([synthetic::TRAIN, synthetic::TEST]);
    }
    info::NAMES.iter().position(|known| *known == name).and_then(|i| info::COUNTS[i])
}
