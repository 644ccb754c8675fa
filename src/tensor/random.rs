//! Counter-based random numbers: a pure function of (seed, step, stream, index). Both engines draw the same numbers,
//! with any number of workers and in any order of evaluation.
//!
//! # Source
//! PCG4D from Jarzynski and Olano, "Hash Functions for GPU Rendering", JCGT 9(3), 2020. It needs only 32-bit
//! multiply, add, shift and xor, which WGSL has; [`WGSL`] is the same function in WGSL.

/// [`pcg4d`] and [`uniform`] in WGSL, where `uniform` is called `random` because the name is reserved.
pub const WGSL: &str = "
fn pcg4d(seed: vec4<u32>) -> vec4<u32> {
    var v = seed * 1664525u + 1013904223u;
    v.x += v.y * v.w;
    v.y += v.z * v.x;
    v.z += v.x * v.y;
    v.w += v.y * v.z;
    v ^= v >> vec4<u32>(16u);
    v.x += v.y * v.w;
    v.y += v.z * v.x;
    v.z += v.x * v.y;
    v.w += v.y * v.z;
    return v;
}
fn random(seed: u32, step: u32, stream: u32, index: u32) -> f32 {
    return f32(pcg4d(vec4<u32>(seed, step, stream, index)).x >> 8u) * 5.9604644775390625e-8;
}
";

/// Stream numbers. Streams 0..1000 belong to the layers: a layer's stream is its index in the graph.
pub mod stream {
    /// The order of the training images in an epoch.
    pub const SHUFFLE: u32 = 1000;
    /// Initial weights; add the parameter's index.
    pub const INIT: u32 = 2000;
    /// Augmentation; add the operation's index.
    pub const AUGMENT: u32 = 4000;
    /// Synthetic images.
    pub const SYNTHETIC: u32 = 5000;
    /// The division of image files into parts.
    pub const SPLIT: u32 = 6000;
    /// Values of a random search; see `sweep/draw.rs`.
    pub const SWEEP: u32 = 7000;
}

/// Hashes four counters to four random words.
#[inline(always)]
pub fn pcg4d([x, y, z, w]: [u32; 4]) -> [u32; 4] {
    let lcg = |v: u32| v.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
    let mut v = [lcg(x), lcg(y), lcg(z), lcg(w)];
    mix(&mut v);
    for word in &mut v {
        *word ^= *word >> 16;
    }
    mix(&mut v);
    v
}

#[inline(always)]
fn mix(v: &mut [u32; 4]) {
    v[0] = v[0].wrapping_add(v[1].wrapping_mul(v[3]));
    v[1] = v[1].wrapping_add(v[2].wrapping_mul(v[0]));
    v[2] = v[2].wrapping_add(v[0].wrapping_mul(v[1]));
    v[3] = v[3].wrapping_add(v[1].wrapping_mul(v[2]));
}

/// The upper 24 bits of a random word as a float in `[0, 1)`. The result is exact in `f32`, so every engine gets the
/// same.
#[inline(always)]
pub fn unit(word: u32) -> f32 {
    (word >> 8) as f32 * 5.960_464_5e-8
}

/// A uniform float in `[0, 1)`.
#[inline(always)]
pub fn uniform(seed: u32, step: u32, stream: u32, index: u32) -> f32 {
    unit(pcg4d([seed, step, stream, index])[0])
}

/// Fills `out` with [`uniform`] for consecutive indices from `first` on, vectorised.
pub fn uniforms(seed: u32, step: u32, stream: u32, first: u32, out: &mut [f32]) {
    #[inline(always)]
    fn draw([seed, step, stream, first]: [u32; 4], out: &mut [f32]) {
        for (i, out) in out.iter_mut().enumerate() {
            *out = uniform(seed, step, stream, first.wrapping_add(i as u32));
        }
    }
    #[cfg(target_arch = "x86_64")]
    {
        // The baseline instruction set (SSE2) has no vector multiplication of 32-bit integers.
        #[target_feature(enable = "avx2")]
        fn wide(counters: [u32; 4], out: &mut [f32]) {
            draw(counters, out);
        }
        if is_x86_feature_detected!("avx2") {
            // SAFETY: the processor supports AVX2.
            return unsafe { wide([seed, step, stream, first], out) };
        }
    }
    draw([seed, step, stream, first], out);
}

/// A standard normal value (Box and Muller, 1958), computed in `f64` with portable functions, so every engine gets the
/// same value.
pub fn normal(seed: u32, step: u32, stream: u32, index: u32) -> f64 {
    let [a, b, ..] = pcg4d([seed, step, stream, index]);
    let (u, v) = ((f64::from(a) + 1.0) / 4_294_967_297.0, f64::from(b) / 4_294_967_296.0);
    (-2.0 * libm::log(u)).sqrt() * libm::cos(std::f64::consts::TAU * v)
}

/// A uniform integer in `0..bound`, by multiply and shift. No value's probability is off by more than `2^-32`.
pub fn below(bound: u32, seed: u32, step: u32, stream: u32, index: u32) -> u32 {
    ((u64::from(pcg4d([seed, step, stream, index])[0]) * u64::from(bound)) >> 32) as u32
}

/// A random permutation of `0..n` for one epoch (Fisher and Yates).
pub fn permutation(n: usize, seed: u32, epoch: u32) -> Vec<u32> {
    let mut order: Vec<u32> = (0..n as u32).collect();
    for i in (1..n).rev() {
        order.swap(i, below(i as u32 + 1, seed, epoch, stream::SHUFFLE, i as u32) as usize);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_at_a_time_are_the_same_numbers() {
        let mut many = [0.0; 37];
        uniforms(3, 1, 2, u32::MAX - 7, &mut many);
        let single = |i| uniform(3, 1, 2, (u32::MAX - 7).wrapping_add(i));
        assert!((0..).zip(many).all(|(i, u)| u == single(i)));
    }

    #[test]
    fn uniform_has_the_right_mean_and_spread() {
        let n = 100_000;
        let draws: Vec<f64> = (0..n).map(|i| f64::from(uniform(7, 3, 1, i))).collect();
        let mean = draws.iter().sum::<f64>() / f64::from(n);
        let variance = draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / f64::from(n);
        assert!((mean - 0.5).abs() < 0.005, "{mean}");
        assert!((variance - 1.0 / 12.0).abs() < 0.002, "{variance}");
    }

    #[test]
    fn normal_has_unit_variance() {
        let n = 100_000;
        let variance = (0..n).map(|i| normal(1, 0, 0, i).powi(2)).sum::<f64>() / f64::from(n);
        assert!((variance - 1.0).abs() < 0.02, "{variance}");
    }

    #[test]
    fn a_permutation_holds_every_index_once_and_depends_on_seed_and_epoch() {
        let first = permutation(1000, 0, 0);
        let mut sorted = first.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..1000).collect::<Vec<_>>());
        assert_ne!(first, permutation(1000, 0, 1));
        assert_ne!(first, permutation(1000, 1, 0));
        assert_eq!(first, permutation(1000, 0, 0));
    }
}
