//! Random changes of the training images, one file each. Their random numbers are a function of (seed, epoch, image),
//! so each epoch draws new ones.
//!
//! All geometric changes of one image combine into one affine map from output to input pixels, which both engines use.
//! An engine computes each output pixel by bilinear interpolation at the mapped position. Flips and crops map to whole
//! pixels, so they copy values exactly. Validation and test images are not augmented.

#[cfg(feature = "extended")]
mod beta;
mod change;
#[cfg(feature = "extended")]
mod cut_mix;
mod cutout;
#[cfg(feature = "extended")]
mod mix_up;
#[cfg(feature = "extended")]
mod random_color_jitter;
mod random_crop;
#[cfg(feature = "extended")]
mod random_erasing;
mod random_flip;
mod random_rotation;
mod random_translation;
mod random_zoom;

pub use change::Change;
#[cfg(feature = "extended")]
pub use cut_mix::CutMix;
pub use cutout::Cutout;
#[cfg(feature = "extended")]
pub use mix_up::MixUp;
#[cfg(feature = "extended")]
pub use random_color_jitter::RandomColorJitter;
#[cfg(feature = "extended")]
pub use random_crop::PaddingMode;
pub use random_crop::RandomCrop;
#[cfg(feature = "extended")]
pub use random_erasing::RandomErasing;
pub use random_flip::{FlipMode, RandomFlip};
pub use random_rotation::RandomRotation;
pub use random_translation::RandomTranslation;
pub use random_zoom::RandomZoom;

#[cfg(feature = "extended")]
use crate::tensor::random::{pcg4d, unit};
use crate::tensor::random::{stream, uniform};
#[cfg(feature = "extended")]
use crate::tensor::transform::Mix;
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
        #[cfg(feature = "extended")]
        "random_erasing" => RandomErasing,
        #[cfg(feature = "extended")]
        "mix_up" => MixUp,
        #[cfg(feature = "extended")]
        "cut_mix" => CutMix,
        #[cfg(feature = "extended")]
        "random_color_jitter" => RandomColorJitter,
    }
}

/// The combined change of image `index` of `count` training images in `epoch`, for images of `(height, width)`.
pub fn draw(list: &[Augmentation], size: (usize, usize), count: usize, seed: u32, epoch: u32, index: u32) -> Transform {
    let mut transform = Transform::new(IDENTITY, FillMode::Constant);
    let _ = count;
    for (place, change) in list.iter().enumerate() {
        // Three independent draws for each change: the epoch and the change select the stream, the image the index.
        let key = stream::AUGMENT + 4 * place as u32;
        let drawn = |epoch: u32| [0, 1, 2].map(|k| f64::from(uniform(seed, epoch, key + k, index)));
        let draws = drawn(epoch);
        #[cfg(feature = "extended")]
        let draws = match (change.alternates(), epoch % 2) {
            (false, _) => draws,
            (true, 0) => drawn(0),
            // The other half of the draws.
            (true, _) => drawn(0).map(|draw| (draw + 0.5).fract()),
        };
        change.apply(&mut transform, size, draws);
        #[cfg(feature = "extended")]
        let words = pcg4d([seed, epoch, key + 3, index]);
        #[cfg(feature = "extended")]
        if let Some(mix) = change.mix(size, [draws[1], draws[2]], words) {
            transform.mix = Some(Mix { partner: (draws[0] * count as f64) as u32, ..mix });
        }
        #[cfg(feature = "extended")]
        if let Some(colors) = change.colors(words.map(|word| f64::from(unit(word)))) {
            transform.colors = Some(colors);
        }
    }
    transform
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Augmentation {
        crate::base::document::read(&serde_json::from_str(text).unwrap()).unwrap()
    }

    #[test]
    fn alternating_flips_mirror_every_image_in_every_second_epoch() {
        let list = [read(r#"{"type": "random_flip", "alternating": true}"#)];
        let mirrored = |epoch, index| draw(&list, (32, 32), 1000, 7, epoch, index).map[4] < 0.0;
        for index in 0..200 {
            assert!((0..6).all(|epoch| mirrored(epoch, index) != mirrored(epoch + 1, index)), "{index}");
        }
        let first = (0..1000).filter(|&index| mirrored(0, index)).count();
        assert!((400..600).contains(&first), "{first}");
    }

    #[test]
    fn erased_rectangles_lie_inside_and_have_their_size() {
        let list = [read(r#"{"type": "random_erasing", "factor": 0.7, "scale": [0.1, 0.2]}"#)];
        let mut erased = 0;
        for index in 0..1000 {
            let [top, bottom, left, right] = draw(&list, (20, 30), 1000, 7, 0, index).hole;
            assert!(0 <= top && top <= bottom && bottom <= 20 && 0 <= left && left <= right && right <= 30);
            erased += i32::from(bottom > top);
            let area = (bottom - top) * (right - left);
            assert!(area == 0 || (50..=130).contains(&area), "{area}");
        }
        assert!((630..770).contains(&erased), "{erased}");
    }

    #[test]
    fn reflected_crops_have_no_zeros() {
        let list = [read(r#"{"type": "random_crop", "padding": 2, "padding_mode": "reflect"}"#)];
        let mut seen = [0.0; 16];
        for index in 0..50 {
            draw(&list, (4, 4), 1000, 7, 0, index).sample(&[9u8; 16], (4, 4, 1), &mut seen);
            assert!(seen.iter().all(|&value| value > 0.0));
        }
    }

    #[test]
    fn mixed_images_have_the_share_of_the_pixels_that_are_theirs() {
        for (text, least) in [(r#"{"type": "mix_up", "alpha": 1}"#, 0.0), (r#"{"type": "cut_mix"}"#, 0.08)] {
            let list = [read(text)];
            let (mut partners, mut extreme) = ([0; 5], 0);
            for index in 0..1000 {
                let Mix { partner, share, window: [top, bottom, left, right], inside } =
                    draw(&list, (20, 30), 5, 7, 0, index).mix.unwrap();
                partners[partner as usize] += 1;
                assert!(0 <= top && top <= bottom && bottom <= 20 && 0 <= left && left <= right && right <= 30);
                let cut = ((bottom - top) * (right - left)) as f32 / 600.0;
                assert!((1.0 - cut + inside * cut - share).abs() < 1e-6, "{text}: {share}");
                extreme += i32::from(!(0.01..=0.99).contains(&share));
            }
            assert!(partners.iter().all(|count| (150..250).contains(count)), "{text}: {partners:?}");
            assert!(f64::from(extreme) >= least * 1000.0, "{text}: {extreme}");
        }
    }

    #[test]
    fn draws_differ_by_epoch_and_image_and_repeat() {
        let list = [read(r#"{"type": "random_crop", "padding": 4}"#), read(r#"{"type": "random_flip"}"#)];
        let one = |epoch, index| draw(&list, (32, 32), 1000, 7, epoch, index);
        assert_eq!(one(0, 3), one(0, 3));
        assert!((0..20).any(|i| one(0, i) != one(1, i)));
        let flips = (0..1000).filter(|&i| one(0, i).map[4] < 0.0).count();
        assert!((400..600).contains(&flips), "{flips}");
    }
}
