//! Two data sets generated from a seed, for training without downloaded files: `synthetic_digits` (28 x 28 x 1, like
//! MNIST) and `synthetic_objects` (32 x 32 x 3, like CIFAR-10).
//!
//! Each image is a function of (seed, set, split, index) alone. The arithmetic keeps to what IEEE 754 defines to the
//! last bit (no library sine), so that every machine and every browser draws the same bytes.

mod canvas;
mod digits;
mod draw;
mod objects;

use super::images::{Dataset, Images, Split};
use super::info::{SYNTHETIC, owned};
use super::stream::reserve;
use crate::base::error::{Error, Result};
use crate::tensor::random::{below, stream};

/// The default number of training images.
pub const TRAIN: usize = 6_000;
/// The default number of test images.
pub const TEST: usize = 1_000;

/// The most images per split.
const MAX: usize = 200_000;
const CLASSES: usize = 10;

/// Generates the data set `name`. Each block of ten images has every class once, in random order. `progress` receives
/// the number of images done and their total.
///
/// # Errors
/// [`Error::Data`] if the name is not that of a synthetic set, or a count is out of range.
pub fn generate(
    name: &str,
    seed: u32,
    train: usize,
    test: usize,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Dataset> {
    let known = SYNTHETIC.iter().find(|known| known.name == name);
    let Some((known, size)) = known.and_then(|known| Some((known, known.size?))) else {
        return Err(Error::Data(format!(
            "only synthetic_digits and synthetic_objects can be generated. Received: \"{name}\""
        )));
    };
    for (key, count) in [("train", train), ("test", test)] {
        if count == 0 || count > MAX {
            return Err(Error::Data(format!(
                "{name}: between 1 and {MAX} {key} images can be generated. Received: {count}"
            )));
        }
    }
    let total = train + test;
    let mut split = |split: Split, count: usize, before: usize| {
        let set = Set { grey: size[2] == 1, seed, split };
        let mut images = Images::new(size, Vec::new(), Vec::new())?;
        let bytes = count * images.image_len();
        reserve(&mut images.pixels, bytes)?;
        for index in 0..count as u32 {
            let label = set.label(index);
            set.draw(index, label, &mut images.pixels);
            images.labels.push(label);
            if images.len().is_multiple_of(100) || images.len() == count {
                progress(before + images.len(), total);
            }
        }
        Ok::<_, Error>(images)
    };
    let (train, test) = (split(Split::Train, train, 0)?, split(Split::Test, test, train)?);
    let (name, title) = (name.to_string(), known.title.to_string());
    Ok(Dataset { name, title, synthetic: true, classes: owned(known.classes), validation: 0, train, test })
}

/// The parameters that all images of a split share.
struct Set {
    grey: bool,
    seed: u32,
    split: Split,
}

impl Set {
    /// The random stream of the images; the next stream orders the labels.
    fn stream(&self) -> u32 {
        stream::SYNTHETIC + 4 * u32::from(self.grey) + 2 * self.split as u32
    }

    /// The class of image `index`, by the random order of its block of ten.
    fn label(&self, index: u32) -> u8 {
        let mut order: [u8; CLASSES] = std::array::from_fn(|class| class as u8);
        for i in (1..CLASSES).rev() {
            let block = index / CLASSES as u32;
            order.swap(i, below(i as u32 + 1, self.seed, block, self.stream() + 1, i as u32) as usize);
        }
        order[index as usize % CLASSES]
    }

    fn draw(&self, index: u32, label: u8, pixels: &mut Vec<u8>) {
        let draw = draw::Draw::new(self.seed, index, self.stream());
        if self.grey { digits::draw(draw, label, pixels) } else { objects::draw(draw, label, pixels) }
    }
}
