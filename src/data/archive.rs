//! Reads the files inside a tar or zip archive into memory, one by one. Nothing is written to disk: a member's path only tells
//! which files belong together, so a path such as `../../etc/passwd` is harmless.

mod contents;
mod tar;
mod zip;

pub(super) use contents::{Contents, Limits, base_name};
pub(super) use tar::tar_members;
#[cfg(any(feature = "cli", feature = "tools"))]
pub(super) use zip::unpack;
pub(super) use zip::zip_members;
