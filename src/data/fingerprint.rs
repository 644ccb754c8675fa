//! The fingerprint of a data set: a run is resumed only with the images with which it was started.

use super::images::{Dataset, Images};
use crate::base::crc::Crc;

impl Dataset {
    /// A short text that identifies the first `train` and `test` images and their labels: counts, shapes and CRC-32. It
    /// detects mistakes, not deliberate changes.
    pub fn fingerprint(&self, train: usize, test: usize) -> String {
        let part = |images: &Images, count: usize| {
            let count = count.min(images.len());
            let mut crc = Crc::new();
            crc.update(&images.pixels[..count * images.picture_len()]);
            crc.update(&images.labels[..count]);
            format!("{count} of {:?} {:08x}", images.shape(), crc.value())
        };
        format!("{}, {}", part(&self.train, train), part(&self.test, test))
    }
}
