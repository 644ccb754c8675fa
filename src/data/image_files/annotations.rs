//! Tiny ImageNet's layout: `train/CLASS/images/*.JPEG`; `val/images/*.JPEG`, whose classes are in `val/val_annotations.txt`; and
//! `test/images/*.JPEG`, whose classes are not published. The validation images are what others report accuracies of, so they
//! are the test images here.

use super::file::{ImageFile, LeftOut, MAX_FILES};
use crate::base::text::decode;
use std::collections::BTreeMap;

/// The classes of images that lie in one folder.
#[derive(Debug, Default)]
pub(super) struct Annotations {
    /// By the path of the image: where its class's folder would have it.
    places: BTreeMap<String, String>,
    /// The folders of images without classes.
    unlabelled: Vec<String>,
}

impl Annotations {
    /// Reads a table: in each line the name of a file, a tab, and its class.
    pub fn read(&mut self, path: &str, bytes: &[u8]) {
        let path = path.replace('\\', "/");
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let around = folder.rsplit_once('/').map_or(String::new(), |(around, _)| format!("{around}/"));
        let is_name = |part: &str| !part.is_empty() && part.len() <= 64 && !part.contains(['/', '\\']);
        let text = decode(bytes).unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned());
        for line in text.lines().take(MAX_FILES) {
            let mut parts = line.split('\t');
            if let (Some(name), Some(class)) = (parts.next(), parts.next())
                && is_name(name)
                && is_name(class)
            {
                let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
                self.places.insert(format!("{folder}images/{name}"), format!("{around}test/{class}/{name}"));
            }
        }
        self.unlabelled.push(format!("{around}test/images/"));
    }

    /// Moves the annotated images to their classes, and removes those that have none.
    pub fn apply(&self, files: &mut Vec<ImageFile>) -> Vec<LeftOut> {
        let mut left_out = Vec::new();
        files.retain(|file| {
            let is_unlabelled = self.unlabelled.iter().any(|folder| file.path.starts_with(folder.as_str()));
            if is_unlabelled {
                let reason = "the classes of these test images are not published".to_string();
                left_out.push(LeftOut { path: file.path.clone(), reason });
            }
            !is_unlabelled
        });
        for file in files.iter_mut() {
            if let Some(place) = self.places.get(&file.path) {
                file.path.clone_from(place);
            }
        }
        left_out
    }
}
