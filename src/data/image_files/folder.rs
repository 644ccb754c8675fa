//! The image files of a folder.

use super::file::{LeftOut, MAX_ARCHIVE, MAX_FILE, MAX_FILES, is_companion};
use super::reader::ImageFiles;
use crate::base::error::{Error, Result};
use crate::base::file;
use crate::data::image_options::ImageOptions;
use crate::data::images::Dataset;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The maximum depth of the search: a data folder, `train`, the class, and folders within it.
const MAX_DEPTH: usize = 8;

/// Loads the set of image files in `dir`, or in the archive `dir`; returns the files that were left out as well. `progress`
/// receives the files (or bytes) done and their total.
///
/// # Errors
/// [`Error::Data`] if there are no images or a class has none; [`Error::Spec`] if an option is out of range; [`Error::Io`] if the
/// folder or the archive cannot be read.
pub fn load_images(
    dir: &Path,
    options: ImageOptions,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<(Dataset, Vec<LeftOut>)> {
    let mut images = ImageFiles::new(options)?;
    let is_folder = std::fs::metadata(dir).map_err(|error| Error::io(dir, &error))?.is_dir();
    let paths = if is_folder { walk(dir, &mut images)? } else { vec![dir.to_path_buf()] };
    let only = paths.len() == 1;
    for (i, path) in paths.iter().enumerate() {
        let name = path.strip_prefix(dir).ok().filter(|name| !name.as_os_str().is_empty()).unwrap_or(path);
        let name = if is_folder { name } else { Path::new(path.file_name().unwrap_or_default()) };
        let name = name.to_string_lossy().replace('\\', "/");
        let most = if is_archive(&name) { MAX_ARCHIVE } else { MAX_FILE };
        let added = match file::read(path, most as u64) {
            Ok(bytes) if only => images.add(&name, &bytes, progress),
            Ok(bytes) => images.add(&name, &bytes, &mut |_, _| ()),
            Err(Error::Io { message, .. }) if is_folder => {
                images.leave_out(&name, message);
                Ok(0)
            }
            Err(error) => Err(error),
        };
        added.map_err(|error| error.in_file(path.display()))?;
        if !only {
            progress(i + 1, paths.len());
        }
    }
    let left_out = images.left_out();
    Ok((images.finish()?, left_out))
}

fn is_archive(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".zip", ".tar", ".tar.gz", ".tgz"].iter().any(|end| name.ends_with(end))
}

/// The files below a folder, in the order of their paths. Folders without a file are classes without an image. A folder to which
/// links lead is visited once, at its own place if it lies below as well: a link may lead to a folder around it.
fn walk(dir: &Path, images: &mut ImageFiles) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let (mut folders, mut links) = (vec![(dir.to_path_buf(), 0)], Vec::new());
    let mut visited = BTreeSet::new();
    while let Some((folder, depth)) = folders.pop().or_else(|| links.pop()) {
        if !visited.insert(std::fs::canonicalize(&folder).unwrap_or_else(|_| folder.clone())) {
            continue;
        }
        let listing = std::fs::read_dir(&folder).map_err(|error| Error::io(&folder, &error))?;
        let mut is_empty = true;
        let mut paths: Vec<PathBuf> = listing.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            let below = path.strip_prefix(dir).unwrap_or(&path).to_string_lossy().into_owned();
            if is_companion(&below) {
                continue;
            }
            is_empty = false;
            if !path.is_dir() {
                files.push(path);
            } else if depth < MAX_DEPTH {
                let found = if path.is_symlink() { &mut links } else { &mut folders };
                found.push((path, depth + 1));
            }
            if files.len() + folders.len() + links.len() > MAX_FILES {
                return Err(Error::Data(format!(
                    "{} and the folders in it hold more than {MAX_FILES} files; give the folder that contains the images",
                    dir.display()
                )));
            }
        }
        if is_empty && depth > 0 {
            let below = folder.strip_prefix(dir).unwrap_or(&folder).to_string_lossy().replace('\\', "/");
            images.leave_out(&format!("{below}/*"), "the folder is empty".to_string());
        }
    }
    files.sort();
    Ok(files)
}
