//! A change of an image's colors: brightness, contrast, saturation and hue, in this order, by the formulas of Keras's
//! `RandomColorJitter`.

/// What is changed, and by how much. Pixels are numbers from 0 to 1 here, and are cut off at both ends after each change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ColorChange {
    /// What is added to each value; 0 changes nothing.
    pub brightness: f32,
    /// The factor of the distance from the mean of the channel; 1 changes nothing.
    pub contrast: f32,
    /// The factor of the saturation in the HSV color space; 1 changes nothing.
    pub saturation: f32,
    /// What is added to the hue in the HSV color space, as a part of the circle; 0 changes nothing.
    pub hue: f32,
}

impl ColorChange {
    /// An image of `(pixels, channels)` with other colors; saturation and hue are those of three channels. The values are those of bytes, 0 to 255, but no
    /// longer whole numbers.
    pub fn apply(&self, image: &[u8], channels: usize) -> Vec<f32> {
        let mut out: Vec<f32> =
            image.iter().map(|&byte| (f32::from(byte) / 255.0 + self.brightness).clamp(0.0, 1.0)).collect();
        for channel in 0..channels {
            let values = out.iter().skip(channel).step_by(channels);
            let mean =
                (values.map(|&value| f64::from(value)).sum::<f64>() * channels as f64 / image.len() as f64) as f32;
            for value in out.iter_mut().skip(channel).step_by(channels) {
                *value = ((*value - mean) * self.contrast + mean).clamp(0.0, 1.0);
            }
        }
        if channels == 3 && (self.saturation, self.hue) != (1.0, 0.0) {
            for pixel in out.as_chunks_mut().0 {
                *pixel = self.recolored(*pixel);
            }
        }
        out.iter_mut().for_each(|value| *value *= 255.0);
        out
    }

    /// A pixel with another saturation and hue.
    fn recolored(&self, [r, g, b]: [f32; 3]) -> [f32; 3] {
        let high = r.max(g).max(b);
        let range = high - r.min(g).min(b);
        if range <= 0.0 {
            return [r, g, b];
        }
        // The hue is counted in sixths of the circle.
        let sixths = if high == r {
            (g - b) / range
        } else if high == g {
            (b - r) / range + 2.0
        } else {
            (r - g) / range + 4.0
        };
        let sixths = sixths + 6.0 * self.hue;
        let saturation = (range / high * self.saturation).min(1.0);
        [5.0, 3.0, 1.0].map(|offset: f32| {
            let k = (offset + sixths).rem_euclid(6.0);
            high - high * saturation * k.min(4.0 - k).clamp(0.0, 1.0)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Six pixels: grey, red, three others, black; and what Keras 3.15's layers make of them, one after the other.
    #[test]
    fn colors_are_those_of_keras() {
        let image = [70, 70, 70, 255, 0, 0, 222, 149, 10, 24, 85, 110, 159, 122, 67, 0, 0, 0];
        let change = |brightness, contrast, saturation, hue| ColorChange { brightness, contrast, saturation, hue };
        let cases: [(ColorChange, [f32; 18]); 4] = [
            (
                change(0.1, 1.3, 1.0, 0.0),
                [
                    81.28, 95.2, 103.65, 255.0, 4.2, 12.65, 255.0, 197.9, 25.65, 21.48, 114.7, 155.65, 196.98, 162.8,
                    99.75, 0.0, 4.2, 12.65,
                ],
            ),
            (
                change(-0.1, 0.7, 4.0, 0.2),
                [
                    27.36, 61.35, 0.0, 144.65, 190.85, 0.0, 35.04, 167.75, 0.0, 31.28, 0.0, 67.68, 32.59, 123.65, 0.0,
                    13.47, 30.2, 0.0,
                ],
            ),
            (
                change(0.05, 1.0, 3.0 / 7.0, -0.4),
                [
                    82.75, 82.75, 82.75, 151.18, 192.71, 255.0, 167.12, 143.89, 234.75, 122.75, 118.72, 85.89, 140.12,
                    132.32, 171.75, 12.75, 12.75, 12.75,
                ],
            ),
            (
                change(0.0, 1.0, 1e7, 0.1),
                [
                    70.0, 70.0, 70.0, 255.0, 153.0, 0.0, 165.24, 222.0, 0.0, 0.0, 12.02, 110.0, 127.55, 159.0, 0.0,
                    0.0, 0.0, 0.0,
                ],
            ),
        ];
        for (change, expected) in cases {
            for (value, expected) in change.apply(&image, 3).into_iter().zip(expected) {
                assert!((value - expected).abs() < 0.01, "{change:?}: {value}, in Keras {expected}");
            }
        }
    }
}
