//! Pictures that a network can tell apart.

use convlab::data::Images;
use convlab::tensor::random;

/// Pictures of coarse blocks under noise, labels of three classes. (Of noise alone all pictures look the same to a deep
/// network, and batch normalisation blows up whatever little sets them apart, rounding included.)
pub fn pictures([height, width, channels]: [usize; 3], count: usize) -> Images {
    let byte = |counter: [u32; 4]| random::pcg4d(counter)[0] % 128;
    let pixel = |i: usize| {
        let (c, x, y) = (i % channels, i / channels % width, i / (channels * width) % height);
        let picture = (i / (channels * width * height)) as u32;
        byte([5, 0, 0, i as u32]) + byte([6, picture, (y / 8 * 64 + x / 8) as u32, c as u32])
    };
    let pixels = (0..count * height * width * channels).map(|i| pixel(i) as u8).collect();
    let labels = (0..count).map(|i| (i % 3) as u8).collect();
    Images::new([height, width, channels], pixels, labels).unwrap()
}
