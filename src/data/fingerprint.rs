//! Whether two data sets are the same: a run goes on with the pictures it began with, or not at all.

use super::{Dataset, Images};
use crc32fast::Hasher;

impl Dataset {
    /// A few words that tell the first `train` and `test` pictures, with their labels, from others: against a mix-up, not
    /// against malice.
    pub fn fingerprint(&self, train: usize, test: usize) -> String {
        let part = |images: &Images, count: usize| {
            let count = count.min(images.len());
            let mut hasher = Hasher::new();
            hasher.update(&images.pixels[..count * images.picture_len()]);
            hasher.update(&images.labels[..count]);
            format!("{count} of {:?} {:08x}", images.shape(), hasher.finalize())
        };
        format!("{}, {}", part(&self.train, train), part(&self.test, test))
    }
}
