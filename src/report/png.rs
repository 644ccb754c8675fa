//! Images as PNG data URLs, so that a report is a single file.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use png::{ColorType, Encoder};

/// The data URL `data:image/png;base64,…` of an image of shape (height, width, channels). Three channels are RGB; with
/// any other number the first channel is shown in grey.
///
/// # Panics
/// If `pixels` has not `height * width * channels` values.
pub fn data_url([height, width, channels]: [usize; 3], pixels: &[u8]) -> String {
    let (color, shown) = if channels == 3 { (ColorType::Rgb, 3) } else { (ColorType::Grayscale, 1) };
    let samples: Vec<u8> = pixels.chunks_exact(channels).flat_map(|pixel| &pixel[..shown]).copied().collect();
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, width as u32, height as u32);
    encoder.set_color(color);
    let written = encoder.write_header().and_then(|mut writer| {
        writer.write_image_data(&samples)?;
        writer.finish()
    });
    written.expect("an image has as many values as its shape says");
    format!("data:image/png;base64,{}", BASE64_STANDARD.encode(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Decodes a result of [`data_url`]: size, colour type and samples.
    fn decode(url: &str) -> ([u32; 2], ColorType, Vec<u8>) {
        let file = BASE64_STANDARD.decode(url.strip_prefix("data:image/png;base64,").unwrap()).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut samples = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut samples).unwrap();
        ([info.height, info.width], info.color_type, samples)
    }

    #[test]
    fn an_image_goes_in_row_by_row() {
        let rows = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        assert_eq!(decode(&data_url([2, 2, 3], &rows)), ([2, 2], ColorType::Rgb, rows.to_vec()));
        assert_eq!(decode(&data_url([3, 4, 1], &rows)), ([3, 4], ColorType::Grayscale, rows.to_vec()));
        assert_eq!(decode(&data_url([2, 3, 2], &rows)), ([2, 3], ColorType::Grayscale, vec![1, 3, 5, 7, 9, 11]));
    }
}
