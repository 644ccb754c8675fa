//! One image file to pixels of the wanted size. The pixels are those of Keras's loader, with one exception: a photograph that its
//! camera marks as turned (EXIF orientation) is turned upright, which TensorFlow does not do.

use super::super::image_options::{ColorMode, ImageOptions};
use super::super::sniff;
use super::resize::resize;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits};
use std::io::Cursor;

/// The most pixels of an image: photographs have up to 50 million.
const MAX_PIXELS: u64 = 64_000_000;

/// The most bytes that a decoder may take for one image.
const MAX_BYTES: u64 = 640 << 20;

/// Height and width of an image, by its header. The error is the reason.
pub(in crate::data) fn dimensions(bytes: &[u8]) -> Result<[usize; 2], String> {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|error| error.to_string())?;
    let not_read =
        |_| format!("only PNG, JPEG, WebP, GIF and BMP images are read. Received: {}", sniff::describe(bytes));
    let (width, height) = reader.into_dimensions().map_err(not_read)?;
    Ok([height as usize, width as usize])
}

/// Decodes, turns and resizes an image; `(height, width, channels)`, row-major. The error is the reason.
pub(in crate::data) fn decode(bytes: &[u8], options: &ImageOptions) -> Result<Vec<u8>, String> {
    let not_read = |error: image::ImageError| match error {
        image::ImageError::Unsupported(_) => {
            format!("only PNG, JPEG, WebP, GIF and BMP images are read. Received: {}", sniff::describe(bytes))
        }
        other => format!("the image is damaged ({})", crate::data::stream::one_line(&other.to_string())),
    };
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|error| error.to_string())?;
    let mut decoder = reader.into_decoder().map_err(not_read)?;
    // The header tells the size before memory is taken for it.
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS || width == 0 || height == 0 {
        return Err(format!(
            "an image has at most {} million pixels. Received: {width} x {height}",
            MAX_PIXELS / 1_000_000
        ));
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_BYTES);
    decoder.set_limits(limits).map_err(not_read)?;
    let orientation = decoder.orientation().map_err(not_read)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(not_read)?;
    image.apply_orientation(orientation);
    let (width, height) = (image.width() as usize, image.height() as usize);
    let pixels = match options.color_mode {
        ColorMode::Rgb => rgb(image),
        ColorMode::Grayscale => grey(image),
    };
    Ok(resize(&pixels, [height, width, options.color_mode.channels()], options))
}

/// Red, green and blue. Transparency is dropped, and of 16 bits the upper 8 are kept, as TensorFlow does.
fn rgb(image: DynamicImage) -> Vec<u8> {
    let high = |values: Vec<u16>| -> Vec<u8> { values.into_iter().map(|value| (value >> 8) as u8).collect() };
    match image {
        DynamicImage::ImageRgb16(image) => high(image.into_raw()),
        DynamicImage::ImageRgba16(image) => high(without_alpha(&image.into_raw(), 4)),
        DynamicImage::ImageLuma16(image) => triple(&high(image.into_raw())),
        DynamicImage::ImageLumaA16(image) => triple(&high(without_alpha(&image.into_raw(), 2))),
        DynamicImage::ImageRgba8(image) => without_alpha(&image.into_raw(), 4),
        DynamicImage::ImageLumaA8(image) => triple(&without_alpha(&image.into_raw(), 2)),
        other => other.into_rgb8().into_raw(),
    }
}

/// Grey values: those of grey images, and of others the luma of ITU-R BT.601 in libpng's fixed-point arithmetic.
fn grey(image: DynamicImage) -> Vec<u8> {
    let high = |values: Vec<u16>| -> Vec<u8> { values.into_iter().map(|value| (value >> 8) as u8).collect() };
    match image {
        DynamicImage::ImageLuma8(image) => image.into_raw(),
        DynamicImage::ImageLumaA8(image) => without_alpha(&image.into_raw(), 2),
        DynamicImage::ImageLuma16(image) => high(image.into_raw()),
        DynamicImage::ImageLumaA16(image) => high(without_alpha(&image.into_raw(), 2)),
        other => rgb(other).as_chunks::<3>().0.iter().map(|&[red, green, blue]| luma(red, green, blue)).collect(),
    }
}

fn luma(red: u8, green: u8, blue: u8) -> u8 {
    const RED: u32 = 9798;
    const GREEN: u32 = 19235;
    const BLUE: u32 = 32768 - RED - GREEN;
    ((RED * u32::from(red) + GREEN * u32::from(green) + BLUE * u32::from(blue)) >> 15) as u8
}

/// The values without the last of each `channels`.
fn without_alpha<T: Copy>(values: &[T], channels: usize) -> Vec<T> {
    values.chunks_exact(channels).flat_map(|pixel| &pixel[..channels - 1]).copied().collect()
}

fn triple(grey: &[u8]) -> Vec<u8> {
    grey.iter().flat_map(|&value| [value; 3]).collect()
}
