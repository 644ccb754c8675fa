//! The learning-rate range test: a few steps with a rising rate, and the rate that follows from their losses.

use crate::base::error::{Error, Result};
use crate::base::number::PlainNumber;
use crate::experiment::Experiment;
use serde::Serialize;
use ts_rs::TS;

/// The most steps of a test.
const MAX_STEPS: usize = 10_000;

/// Weight of the former values in the smoothed loss.
const SMOOTHING: f64 = 0.9;

/// A test ends where the smoothed loss is so many times its lowest value: from there on it only diverges.
const DIVERGED: f64 = 4.0;

/// The loss falls if its lowest smoothed value is below this share of the first; anything above is rounding or chance.
const FALLS: f64 = 0.99;

/// Steps before a loss counts as one that has diverged.
const FIRST: usize = 5;

/// What a range test shows.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct RangeTest {
    /// The losses, smoothed: the exponential mean of the losses so far, corrected for its start.
    pub smoothed: Vec<f64>,
    /// The step, from 0, with the lowest smoothed loss.
    pub lowest: usize,
    /// The step at which the smoothed loss falls fastest over the logarithm of the rate.
    pub steepest: usize,
    /// The proposed rate, that of the steepest fall; `None` if the loss never falls.
    pub proposed: Option<f64>,
    /// Whether the loss has diverged, so that larger rates need no steps.
    pub diverged: bool,
}

/// The rates of a test: from `low` to `high`, each the same factor above the one before.
///
/// # Errors
/// [`Error::Spec`] if the range does not rise above 0, or there are fewer than 10 or too many steps.
pub fn rates(low: f64, high: f64, steps: usize) -> Result<Vec<f64>> {
    if !(low > 0.0 && low < high && high.is_finite()) {
        let [low, high] = [low, high].map(PlainNumber);
        return Err(Error::Spec(format!("the rates must be above 0 and rise. Received: {low} to {high}")));
    }
    if !(10..=MAX_STEPS).contains(&steps) {
        return Err(Error::Spec(format!("a range test has 10 to {MAX_STEPS} steps. Received: {steps}")));
    }
    // Portable functions, so that the page and the command line train with the same rates.
    let (from, to) = (libm::log(low), libm::log(high));
    Ok((0..steps).map(|i| libm::exp(from + (to - from) * i as f64 / (steps - 1) as f64)).collect())
}

/// The experiment of a test: without what would change the rate or end the run.
pub fn tested(mut spec: Experiment) -> Experiment {
    spec.learning_rate_schedule = None;
    spec.early_stopping = None;
    spec.model_checkpoint = None;
    spec.dataset.validation = None;
    spec.epochs = 10_000_usize.into();
    spec
}

/// The losses of single steps, from the means over the epoch so far, which an engine reports.
#[derive(Debug)]
pub struct StepLosses {
    batch: usize,
    samples: usize,
    /// The sum over the epoch before the next step.
    before: f64,
}

impl StepLosses {
    /// For batches of this size from so many training images.
    pub fn new(batch: usize, samples: usize) -> Self {
        Self { batch, samples, before: 0.0 }
    }

    /// The loss of a step, from its number in the epoch, from 1, and the mean over the epoch so far.
    pub fn of_step(&mut self, step: usize, mean: f64) -> f64 {
        let rows = (step * self.batch).min(self.samples);
        if step == 1 {
            self.before = 0.0;
        }
        let sum = mean * rows as f64;
        let own = (sum - self.before) / rows.saturating_sub((step - 1) * self.batch).max(1) as f64;
        self.before = sum;
        own
    }
}

/// Reads a rate off the losses of the steps so far.
///
/// # Formula
/// Smoothed loss s_i = 0.9 s_(i−1) + 0.1 l_i, divided by 1 − 0.9^(i+1). The proposed rate is where the slope of s over the logarithm of
/// the rate, the difference of the neighbours of a step, is lowest before the minimum of s (Smith, 2015; the usual reading of the curve).
pub fn range_test(rates: &[f64], losses: &[f64]) -> RangeTest {
    let mut mean = 0.0;
    let mut weight = 1.0;
    let mut smoothed: Vec<f64> = Vec::with_capacity(losses.len());
    let mut diverged = false;
    for &loss in losses.iter().take(rates.len()) {
        mean = SMOOTHING * mean + (1.0 - SMOOTHING) * loss;
        weight *= SMOOTHING;
        let value = mean / (1.0 - weight);
        let best = smoothed.iter().copied().fold(f64::INFINITY, f64::min);
        if !value.is_finite() || (smoothed.len() >= FIRST && value > DIVERGED * best) {
            diverged = true;
            break;
        }
        smoothed.push(value);
    }
    let lowest = (0..smoothed.len()).min_by(|&a, &b| smoothed[a].total_cmp(&smoothed[b])).unwrap_or(0);
    let slope = |i: usize| (smoothed[i + 1] - smoothed[i - 1]) / (rates[i + 1] / rates[i - 1]).ln();
    let steepest = (1..lowest).min_by(|&a, &b| slope(a).total_cmp(&slope(b)));
    let falls = lowest > 0 && smoothed[lowest] < FALLS * smoothed[0];
    let proposed = steepest.filter(|&i| falls && slope(i) < 0.0).map(|i| rounded(rates[i]));
    RangeTest { smoothed, lowest, steepest: steepest.unwrap_or(0), proposed, diverged }
}

/// Two significant digits: the curve says no more.
fn rounded(rate: f64) -> f64 {
    format!("{rate:.1e}").parse().unwrap_or(rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rates_rise_by_a_factor() {
        let all = rates(1e-4, 1.0, 41).unwrap();
        assert!((all[0] - 1e-4).abs() < 1e-12 && (all[40] - 1.0).abs() < 1e-9 && (all[10] - 1e-3).abs() < 1e-9);
        for (low, high, steps) in [(0.0, 1.0, 20), (1.0, 0.1, 20), (1e-4, f64::INFINITY, 20), (1e-4, 1.0, 3)] {
            assert!(rates(low, high, steps).unwrap_err().to_string().contains("Received"));
        }
    }

    #[test]
    fn the_proposed_rate_is_where_the_loss_falls_fastest() {
        let all = rates(1e-5, 10.0, 121).unwrap();
        // A loss that falls around 0.01 and explodes above 1.
        let loss = |rate: f64| {
            2.3 - 1.5 / (1.0 + (0.01 / rate).powf(1.5)) + if rate > 1.0 { 40.0 * (rate - 1.0) } else { 0.0 }
        };
        let found = range_test(&all, &all.iter().map(|&rate| loss(rate)).collect::<Vec<_>>());
        let proposed = found.proposed.unwrap();
        // Smoothing delays the curve by some steps.
        assert!((0.005..0.06).contains(&proposed), "{proposed}");
        assert!(found.diverged && found.smoothed.len() < all.len() && found.steepest < found.lowest);
    }

    #[test]
    fn a_loss_that_never_falls_gives_no_rate() {
        let all = rates(1e-4, 1.0, 20).unwrap();
        assert_eq!(range_test(&all, &[2.3; 20]).proposed, None);
        let rising: Vec<f64> = (0..20).map(|i| 1.0 + f64::from(i)).collect();
        let found = range_test(&all, &rising);
        assert!(found.proposed.is_none() && found.diverged);
        assert_eq!(range_test(&all, &[f64::NAN]).smoothed.len(), 0);
    }
}
