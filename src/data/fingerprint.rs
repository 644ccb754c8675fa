//! The fingerprint of a data set: a run is resumed only with the images with which it was started.

use super::images::{Dataset, Images};
use crc32fast::Hasher;

impl Dataset {
    /// A short text that identifies the first `train` and `test` images and their labels: counts, shapes and CRC-32. It
    /// detects mistakes, not deliberate changes.
    pub fn fingerprint(&self, train: usize, test: usize) -> String {
        let part = |images: &Images, count: usize| {
            let count = count.min(images.len());
            let mut crc = Hasher::new();
            crc.update(&images.pixels[..count * images.image_len()]);
            crc.update(&images.labels[..count]);
            format!("{count} of {:?} {:08x}", images.shape(), crc.finalize())
        };
        format!("{}, {}", part(&self.train, train), part(&self.test, test))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checkpoints carry fingerprints: other numbers would make all of them useless.
    #[test]
    fn fingerprints_stay_the_same_numbers() {
        let images = || Images::new([2, 2, 1], (0..12).collect(), vec![1, 0, 2]).unwrap();
        let (name, title) = ("custom".to_string(), "test".to_string());
        let set = Dataset {
            name,
            title,
            synthetic: true,
            classes: Vec::new(),
            validation: 0,
            train: images(),
            test: images(),
        };
        // As Python's zlib.crc32 has them.
        assert_eq!(set.fingerprint(9, 2), "3 of [2, 2, 1] 14acc66b, 2 of [2, 2, 1] ed72d4ab");
    }
}
