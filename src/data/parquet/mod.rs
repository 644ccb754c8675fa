//! Parquet files with an image in one column and its label in another, as data sets on Hugging Face's Hub have them.
//!
//! The `parquet` crate reads the format. Its codecs are not used: pages are unpacked here, so that their size is limited.

mod column;
mod official;
mod page;
mod parts;
mod set;
mod table;
mod thrift;

pub(super) use official::pieces;
#[cfg(not(target_arch = "wasm32"))]
pub use set::load_parquet;
pub use set::{ParquetFiles, TableOptions};
