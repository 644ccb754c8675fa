//! The random numbers of one image, and functions that give the same result on every machine.

use crate::tensor::random::{pcg4d, unit};

/// The sequence of random numbers of one image.
pub(super) struct Draw {
    counters: [u32; 4],
    words: [u32; 4],
    used: usize,
}

impl Draw {
    pub fn new(seed: u32, image: u32, stream: u32) -> Self {
        Self { counters: [seed, image, stream, 0], words: [0; 4], used: 4 }
    }

    fn word(&mut self) -> u32 {
        if self.used == 4 {
            self.words = pcg4d(self.counters);
            self.counters[3] = self.counters[3].wrapping_add(1);
            self.used = 0;
        }
        self.used += 1;
        self.words[self.used - 1]
    }

    /// A uniform number between `low` and `high`.
    pub fn range(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * unit(self.word())
    }

    /// A uniform integer below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        ((u64::from(self.word()) * bound as u64) >> 32) as usize
    }

    /// Returns true with this probability.
    pub fn chance(&mut self, probability: f32) -> bool {
        unit(self.word()) < probability
    }

    /// An approximately normal number with zero mean and unit variance: the sum of a word's four bytes, centred and
    /// scaled.
    pub fn noise(&mut self) -> f32 {
        let sum: u32 = self.word().to_le_bytes().iter().map(|&byte| u32::from(byte)).sum();
        // The sum of four uniform values on 0..=255 has mean 510 and variance 4 (256² - 1) / 12.
        (sum as f32 - 510.0) * (1.0 / 147.801)
    }
}

/// Cosine and sine of an angle in turns (full rotations). Library functions differ in the last bit between machines;
/// this function does not.
pub(super) fn cos_sin(turns: f32) -> (f32, f32) {
    (sine(turns + 0.25), sine(turns))
}

fn sine(turns: f32) -> f32 {
    // Reduced to -1/2..1/2, then by symmetry to -1/4..1/4, where the Taylor series to the ninth power is accurate to
    // 4e-6.
    let t = turns - (turns + 0.5).floor();
    let t = if t > 0.25 {
        0.5 - t
    } else if t < -0.25 {
        -0.5 - t
    } else {
        t
    };
    let x = t * std::f32::consts::TAU;
    let x2 = x * x;
    x * (1.0 - x2 / 6.0 * (1.0 - x2 / 20.0 * (1.0 - x2 / 42.0 * (1.0 - x2 / 72.0))))
}

/// Rises smoothly from 0 at `low` to 1 at `high`: `3t^2 - 2t^3`.
pub(super) fn smoothstep(low: f32, high: f32, x: f32) -> f32 {
    let t = ((x - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cosine_and_sine_are_those_of_the_library() {
        for i in -2000..2000_i16 {
            let turns = f32::from(i) * 0.001;
            let (cos, sin) = cos_sin(turns);
            let angle = f64::from(turns) * std::f64::consts::TAU;
            assert!(
                (f64::from(cos) - angle.cos()).abs() < 1e-5 && (f64::from(sin) - angle.sin()).abs() < 1e-5,
                "{turns}"
            );
        }
    }

    #[test]
    fn noise_has_zero_mean_and_unit_variance() {
        let mut draw = Draw::new(1, 2, 3);
        let values: Vec<f64> = (0..100_000).map(|_| f64::from(draw.noise())).collect();
        let mean = values.iter().sum::<f64>() / 1e5;
        let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 1e5;
        assert!(mean.abs() < 0.01 && (variance - 1.0).abs() < 0.02, "{mean} {variance}");
    }
}
