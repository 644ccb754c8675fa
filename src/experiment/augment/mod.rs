//! Random changes of the training images, drawn afresh every epoch from (seed, epoch, image), one file each.
//!
//! All geometric changes of one image combine into one affine map from output to input pixels, worked out here once
//! for both engines; an engine then reads each output pixel through it with bilinear weights. Flips and crops land on
//! whole pixels, so they copy exactly. Validation and test images never pass through here.

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

/// The change of image `index` in `epoch`.
pub fn draw(list: &[Augmentation], size: (usize, usize), seed: u32, epoch: u32, index: u32) -> Transform {
    let mut transform = Transform { map: IDENTITY, hole: [0; 4], fill: FillMode::Constant };
    for (place, change) in list.iter().enumerate() {
        // Three independent draws a change: the epoch and the change pick the stream, the image the index.
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
    fn draws_differ_by_epoch_and_picture_and_repeat() {
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
