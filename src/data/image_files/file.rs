//! One file of a set of image files.

use serde::Serialize;

/// The largest file that is decoded as one image.
pub(super) const MAX_FILE: usize = 128 << 20;
/// The most bytes of an archive, and of all the files in it together.
pub(super) const MAX_ARCHIVE: usize = 2 << 30;
/// The most files of an archive or a folder.
pub(super) const MAX_FILES: usize = 300_000;

/// A decoded file.
#[derive(Debug, Clone)]
pub(super) struct ImageFile {
    /// The path below the data folder, with `/` between its parts.
    pub path: String,
    /// `(height, width, channels)`, row-major.
    pub pixels: Vec<u8>,
}

/// A file that was left out, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// The path of the file.
    pub path: String,
    /// Why it cannot be used.
    pub reason: String,
}

/// Whether this is Tiny ImageNet's table of the classes of its validation images, which lie in one folder.
pub(super) fn is_annotations(path: &str) -> bool {
    path.rsplit(['/', '\\']).next() == Some("val_annotations.txt")
}

/// Files beside the images that say nothing: hidden ones, and what systems and data sets add.
pub(super) fn is_companion(path: &str) -> bool {
    if is_annotations(path) {
        return false;
    }
    let mut parts = path.rsplit(['/', '\\']);
    let name = parts.next().unwrap_or(path).to_ascii_lowercase();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    name.starts_with('.')
        || ["txt", "md", "html", "csv", "json", "xml", "pdf", "ini", "db", "py", "ipynb", "mat"].contains(&extension)
        || ["readme", "license", "licence"].contains(&name.as_str())
        || parts.any(|folder| folder.starts_with('.') && folder.len() > 2 || folder == "__MACOSX")
}
