//! Whether two data sets are the same: a run goes on with the pictures it began with, or not at all.

use super::images::{Dataset, Images};
use crate::base::crc::Crc;

impl Dataset {
    /// A few words that tell the first `train` and `test` pictures, with their labels, from others: against a mix-up, not
    /// against malice.
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
