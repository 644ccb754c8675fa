//! Photographs that their cameras mark as turned (EXIF orientation) are turned upright.

use super::build::with_orientation;
use super::image_files::{decoded, file, options};
use convlab::data::{ColorMode, ImageOptions};
use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;

/// Grey values of an image's quarters: top left, top right, bottom left, bottom right.
const QUARTERS: [u8; 4] = [20, 90, 160, 230];

/// For each orientation, 1 to 8, where the quarters of the file stand in the upright image.
const UPRIGHT: [[usize; 4]; 8] =
    [[0, 1, 2, 3], [1, 0, 3, 2], [3, 2, 1, 0], [2, 3, 0, 1], [0, 2, 1, 3], [2, 0, 3, 1], [3, 1, 2, 0], [1, 3, 0, 2]];

/// The quarters of an image of this size.
fn quarters(height: usize, width: usize, values: [u8; 4]) -> Vec<u8> {
    (0..height * width).map(|k| values[k / width * 2 / height * 2 + k % width * 2 / width]).collect()
}

/// Grey pixels of an image that is not resized.
fn grey(bytes: &[u8], size: [usize; 2]) -> Vec<u8> {
    decoded(bytes, &ImageOptions { color_mode: ColorMode::Grayscale, ..options(size) })
}

#[test]
fn a_jpeg_is_turned_by_each_orientation_in_both_byte_orders() {
    let (height, width) = (16, 32);
    let mut plain = Vec::new();
    let pixels = quarters(height, width, QUARTERS);
    let mut encoder = JpegEncoder::new_with_quality(&mut plain, 95);
    encoder.encode(&pixels, width as u32, height as u32, ExtendedColorType::L8).unwrap();
    for (index, order) in UPRIGHT.into_iter().enumerate() {
        let orientation = index as u8 + 1;
        // From the fifth on, the file's rows are the columns of the upright image.
        let [height, width] = if orientation < 5 { [height, width] } else { [width, height] };
        let expected = quarters(height, width, order.map(|quarter| QUARTERS[quarter]));
        for is_big_endian in [false, true] {
            let found = grey(&with_orientation(&plain, orientation, is_big_endian), [height, width]);
            let off = found.iter().zip(&expected).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
            assert!(found.len() == expected.len() && off <= 2, "orientation {orientation}: off by {off}");
        }
    }
    // Other numbers say nothing.
    for unknown in [0, 9, 255] {
        assert_eq!(grey(&with_orientation(&plain, unknown, false), [16, 32]), grey(&plain, [16, 32]), "{unknown}");
    }
}

#[test]
fn a_photograph_of_orientation_six_has_the_pixels_of_the_plain_one() {
    let (height, width) = (23, 37);
    let photo = file("photo.jpg");
    let plain = decoded(&photo, &options([height, width]));
    let turned = decoded(&with_orientation(&photo, 6, true), &options([width, height]));
    // A quarter turn clockwise: the first row becomes the last column.
    for (at, pixel) in turned.chunks(3).enumerate() {
        let (row, column) = (at / height, at % height);
        let from = ((height - 1 - column) * width + row) * 3;
        assert_eq!(pixel, &plain[from..from + 3], "row {row}, column {column}");
    }
    assert_eq!(turned.len(), plain.len());
}

#[test]
fn a_png_is_turned_by_its_chunk() {
    // The left half is dark.
    let mut dark_left = vec![0_u8; 16 * 16];
    dark_left.chunks_mut(16).for_each(|row| row[8..].fill(200));
    let mut bytes = Vec::new();
    let exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x08\0\0\0\0\0\0\0";
    let mut encoder = png::Encoder::new(&mut bytes, 16, 16);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().unwrap();
    writer.write_chunk(png::chunk::eXIf, exif).unwrap();
    writer.write_image_data(&dark_left).unwrap();
    drop(writer);
    let pixels = decoded(&bytes, &ImageOptions { color_mode: ColorMode::Grayscale, ..options([2, 2]) });
    // Orientation 8 turns it counterclockwise: what was right is on top.
    assert_eq!(pixels, [200, 200, 0, 0]);
}
