//! Draws from the symmetric beta distribution.

use crate::tensor::random::pcg4d;

/// A draw from the beta distribution with both parameters `alpha`, above 0 and up to 1, from random words (Jöhnk, "Erzeugung von
/// betaverteilten und gammaverteilten Zufallszahlen", 1964): a function of the words alone, with portable functions, so that every
/// engine draws the same.
pub(super) fn symmetric_beta(alpha: f64, mut words: [u32; 4]) -> f64 {
    let log = |word: u32| libm::log((f64::from(word) + 0.5) / 4_294_967_296.0) / alpha;
    loop {
        // Logarithms, because the powers of a small alpha are too small for a float.
        let (x, y) = (log(words[0]), log(words[1]));
        if libm::exp(x) + libm::exp(y) <= 1.0 {
            return 1.0 / (1.0 + libm::exp(y - x));
        }
        words = pcg4d(words);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The variance of the distribution is 1 / (4 (2 alpha + 1)).
    #[test]
    fn draws_have_the_mean_and_the_variance_of_the_distribution() {
        for alpha in [0.001, 0.2, 0.5, 1.0] {
            let draws: Vec<f64> = (0..20_000).map(|i| symmetric_beta(alpha, pcg4d([i, 1, 2, 3]))).collect();
            let mean = draws.iter().sum::<f64>() / draws.len() as f64;
            let variance = draws.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / draws.len() as f64;
            assert!(draws.iter().all(|x| (0.0..=1.0).contains(x)) && (mean - 0.5).abs() < 0.01, "{alpha}: {mean}");
            assert!((variance - 0.25 / (2.0 * alpha + 1.0)).abs() < 0.004, "{alpha}: {variance}");
        }
    }
}
