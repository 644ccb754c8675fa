//! A data set of image files, one folder for each class: `CLASS/*.png`, or `train|test|val/CLASS/*.png`, in a folder or in a zip
//! or tar archive. Each file is decoded and resized as it comes, so that only the resized images are in memory.

mod annotations;
mod arrange;
mod decode;
mod file;
#[cfg(not(target_arch = "wasm32"))]
mod folder;
mod reader;
mod resize;

pub(super) use arrange::draw_by_class;
pub(super) use decode::{decode, dimensions};
pub use file::LeftOut;
#[cfg(not(target_arch = "wasm32"))]
pub use folder::load_images;
pub use reader::ImageFiles;
pub(super) use reader::check_options;
