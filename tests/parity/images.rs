//! Images that a network can distinguish.

use convlab::data::Images;
use convlab::tensor::random;

/// Images of coarse blocks with noise, labels of three classes. (A deep network gives almost equal outputs for all
/// images of pure noise, and batch normalisation amplifies the small differences, including rounding.)
pub fn images([height, width, channels]: [usize; 3], count: usize) -> Images {
    let byte = |counter: [u32; 4]| random::pcg4d(counter)[0] % 128;
    let pixel = |i: usize| {
        let (c, x, y) = (i % channels, i / channels % width, i / (channels * width) % height);
        let image = (i / (channels * width * height)) as u32;
        byte([5, 0, 0, i as u32]) + byte([6, image, (y / 8 * 64 + x / 8) as u32, c as u32])
    };
    let pixels = (0..count * height * width * channels).map(|i| pixel(i) as u8).collect();
    let labels = (0..count).map(|i| (i % 3) as u8).collect();
    Images::new([height, width, channels], pixels, labels).unwrap()
}
