//! An affine transform of one image: each output pixel is interpolated bilinearly from the input.

#[cfg(feature = "extended")]
use super::color::ColorChange;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The identity map.
pub const IDENTITY: [f32; 6] = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0];

/// The value of an output pixel whose source lies outside the image.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FillMode {
    /// Zero.
    Constant,
    /// The image mirrored at its edge, as in Keras: `c b a | a b c | c b a`.
    #[default]
    Reflect,
    /// The value of the nearest edge pixel.
    Nearest,
    /// The image mirrored at its edge pixels, which are not repeated, as in PyTorch: `c b | a b c | b a`.
    #[cfg(feature = "extended")]
    Mirror,
}

/// The transform of one image, as an engine applies it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Transform {
    /// Input row and column of output `(y, x)`: `(m0*y + m1*x + m2, m3*y + m4*x + m5)`.
    pub map: [f32; 6],
    /// The rectangle of output pixels set to zero: top, bottom, left, right, with bottom and right exclusive. Empty if
    /// top equals bottom.
    pub hole: [i32; 4],
    /// How pixels outside the image are filled.
    pub fill: FillMode,
    /// The image that it is mixed with, if any.
    #[cfg(feature = "extended")]
    pub mix: Option<Mix>,
    /// How its colors are changed, before all else.
    #[cfg(feature = "extended")]
    pub colors: Option<ColorChange>,
}

/// How an image is mixed with another one, which goes through the same transform.
#[cfg(feature = "extended")]
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mix {
    /// The index of the other training image.
    pub partner: u32,
    /// The share of the image's own label; the rest is the other one's.
    pub share: f32,
    /// The rectangle of output pixels that are mixed: top, bottom, left, right, with bottom and right exclusive.
    pub window: [i32; 4],
    /// The share of the image's own values in that rectangle.
    pub inside: f32,
}

impl Transform {
    /// A map without a hole.
    pub fn new(map: [f32; 6], fill: FillMode) -> Self {
        Self {
            map,
            hole: [0; 4],
            fill,
            #[cfg(feature = "extended")]
            mix: None,
            #[cfg(feature = "extended")]
            colors: None,
        }
    }

    /// Transforms image `index`, as [`Self::sample`], and mixes it with its partner.
    pub fn sample_of<'a>(
        &self,
        index: usize,
        image: impl Fn(usize) -> &'a [u8],
        size: (usize, usize, usize),
        out: &mut [f32],
    ) {
        self.sample_recolored(image(index), size, out);
        #[cfg(feature = "extended")]
        if let Some(mix) = self.mix {
            let mut other = vec![0.0; out.len()];
            self.sample_recolored(image(mix.partner as usize), size, &mut other);
            let ([top, bottom, left, right], (_, width, channels)) = (mix.window.map(|edge| edge as usize), size);
            for row in top..bottom {
                let range = (row * width + left) * channels..(row * width + right) * channels;
                for (own, other) in out[range.clone()].iter_mut().zip(&other[range]) {
                    *own = mix.inside * *own + (1.0 - mix.inside) * other;
                }
            }
        }
    }

    /// As [`Self::sample`], after the change of colors.
    fn sample_recolored(&self, image: &[u8], size: (usize, usize, usize), out: &mut [f32]) {
        #[cfg(feature = "extended")]
        if let Some(colors) = self.colors {
            return self.sample(&colors.apply(image, size.2), size, out);
        }
        self.sample(image, size, out);
    }

    /// Transforms an image of `(height, width, channels)` values from 0 to 255 into `out`, of the same shape, with values from 0
    /// to 1.
    pub fn sample<P: Copy + Into<f32>>(
        &self,
        image: &[P],
        (height, width, channels): (usize, usize, usize),
        out: &mut [f32],
    ) {
        let [m0, m1, m2, m3, m4, m5] = self.map;
        let [top, bottom, left, right] = self.hole;
        for (i, pixel) in out.chunks_exact_mut(channels).enumerate() {
            let (y, x) = ((i / width) as i32, (i % width) as i32);
            if (top..bottom).contains(&y) && (left..right).contains(&x) {
                pixel.fill(0.0);
                continue;
            }
            let (fy, fx) = (y as f32, x as f32);
            let (sy, sx) = (m0 * fy + m1 * fx + m2, m3 * fy + m4 * fx + m5);
            let (y0, x0) = (sy.floor(), sx.floor());
            let (wy, wx) = (sy - y0, sx - x0);
            for (ch, value) in pixel.iter_mut().enumerate() {
                let at =
                    |dy: i32, dx: i32| self.pixel(image, (height, width, channels), y0 as i32 + dy, x0 as i32 + dx, ch);
                let above = at(0, 0) * (1.0 - wx) + at(0, 1) * wx;
                let below = at(1, 0) * (1.0 - wx) + at(1, 1) * wx;
                *value = (above * (1.0 - wy) + below * wy) / 255.0;
            }
        }
    }

    fn pixel<P: Copy + Into<f32>>(
        &self,
        image: &[P],
        (height, width, channels): (usize, usize, usize),
        y: i32,
        x: i32,
        ch: usize,
    ) -> f32 {
        let (Some(y), Some(x)) = (self.fill.source_index(y, height as i32), self.fill.source_index(x, width as i32))
        else {
            return 0.0;
        };
        image[(y * width + x) * channels + ch].into()
    }
}

impl FillMode {
    /// The mode of this number, as in shaders and in messages between workers.
    pub fn of_code(code: u64) -> Self {
        match code {
            0 => Self::Constant,
            1 => Self::Reflect,
            #[cfg(feature = "extended")]
            3 => Self::Mirror,
            _ => Self::Nearest,
        }
    }

    /// The source index of coordinate `i` on an axis of `n` pixels; `None` for zero.
    fn source_index(self, i: i32, n: i32) -> Option<usize> {
        if (0..n).contains(&i) {
            return Some(i as usize);
        }
        match self {
            Self::Constant => None,
            Self::Nearest => Some(i.clamp(0, n - 1) as usize),
            // ... c b a | a b c | c b a ...
            Self::Reflect => {
                let i = i.rem_euclid(2 * n);
                Some(if i < n { i } else { 2 * n - 1 - i } as usize)
            }
            #[cfg(feature = "extended")]
            Self::Mirror => {
                let period = (2 * n - 2).max(1);
                let i = i.rem_euclid(period);
                Some(if i < n { i } else { period - i } as usize)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: (usize, usize, usize) = (4, 5, 1);

    fn image() -> Vec<u8> {
        (0..20).map(|i| i * 10).collect()
    }

    fn sampled(map: [f32; 6], fill: FillMode) -> Vec<u8> {
        let mut out = vec![0.0; 20];
        Transform::new(map, fill).sample(&image(), SIZE, &mut out);
        out.iter().map(|v| (v * 255.0).round() as u8).collect()
    }

    #[test]
    fn the_identity_copies_and_a_flip_mirrors() {
        assert_eq!(sampled(IDENTITY, FillMode::Constant), image());
        let flipped = sampled([1.0, 0.0, 0.0, 0.0, -1.0, 4.0], FillMode::Constant);
        assert_eq!(flipped[..5], [40, 30, 20, 10, 0]);
    }

    #[test]
    fn outside_pixels_follow_the_fill_mode() {
        let shift = [1.0, 0.0, 0.0, 0.0, 1.0, 2.0];
        assert_eq!(sampled(shift, FillMode::Constant)[..5], [20, 30, 40, 0, 0]);
        assert_eq!(sampled(shift, FillMode::Nearest)[..5], [20, 30, 40, 40, 40]);
        assert_eq!(sampled(shift, FillMode::Reflect)[..5], [20, 30, 40, 40, 30]);
        assert_eq!(sampled(shift, FillMode::Mirror)[..5], [20, 30, 40, 30, 20]);
        for fill in [FillMode::Constant, FillMode::Reflect, FillMode::Nearest, FillMode::Mirror] {
            assert_eq!(FillMode::of_code(fill as u64), fill);
        }
    }
}
