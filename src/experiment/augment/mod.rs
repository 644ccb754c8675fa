//! Random changes of the training images, one file each. Their random numbers are a function of (seed, epoch, image),
//! so each epoch draws new ones.
//!
//! All geometric changes of one image combine into one affine map from output to input pixels, which both engines use.
//! An engine computes each output pixel by bilinear interpolation at the mapped position. Flips and crops map to whole
//! pixels, so they copy values exactly. Validation and test images are not augmented.

mod change;
mod cutout;
mod random_crop;
mod random_flip;
mod random_rotation;
mod random_translation;
mod random_zoom;

pub use change::Change;
pub use cutout::Cutout;
pub use random_crop::RandomCrop;
pub use random_flip::{FlipMode, RandomFlip};
pub use random_rotation::RandomRotation;
pub use random_translation::RandomTranslation;
pub use random_zoom::RandomZoom;

use crate::tensor::random::{stream, uniform};
use crate::tensor::transform::{FillMode, IDENTITY, Transform};

crate::registry! {
    /// One random change of the training images; a list of them applies in order.
    pub enum Augmentation as dyn Change {
        "random_flip" => RandomFlip,
        "random_crop" => RandomCrop,
        "random_translation" => RandomTranslation,
        "random_rotation" => RandomRotation,
        "random_zoom" => RandomZoom,
        "cutout" => Cutout,
    }
}

/// The combined change of image `index` in `epoch`, for images of `(height, width)`.
pub fn draw(list: &[Augmentation], size: (usize, usize), seed: u32, epoch: u32, index: u32) -> Transform {
    let mut transform = Transform { map: IDENTITY, hole: [0; 4], fill: FillMode::Constant };
    for (place, change) in list.iter().enumerate() {
        // Three independent draws for each change: the epoch and the change select the stream, the image the index.
        let key = stream::AUGMENT + 4 * place as u32;
        let draws = [0, 1, 2].map(|k| f64::from(uniform(seed, epoch, key + k, index)));
        change.apply(&mut transform, size, draws);
    }
    transform
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_differ_by_epoch_and_image_and_repeat() {
        let list = [
            Augmentation::RandomCrop(RandomCrop { padding: 4 }),
            Augmentation::RandomFlip(RandomFlip { mode: FlipMode::Horizontal }),
        ];
        let one = |epoch, index| draw(&list, (32, 32), 7, epoch, index);
        assert_eq!(one(0, 3), one(0, 3));
        assert!((0..20).any(|i| one(0, i) != one(1, i)));
        let flips = (0..1000).filter(|&i| one(0, i).map[4] < 0.0).count();
        assert!((400..600).contains(&flips), "{flips}");
    }
}
