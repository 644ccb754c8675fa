//! What a schedule does, and the checks that schedules share.

use crate::base::error::{Error, Result};
use crate::base::number::{NOT_NEGATIVE, POSITIVE, PlainNumber, is_not_negative, is_positive};
use crate::experiment::monitor::Monitor;

/// What a schedule does; `t` counts steps and `e` epochs from 0.
pub trait Rate {
    /// The rate of the step at `now`. `reduce_on_plateau` gives `lr` itself: its cuts depend on figures.
    fn rate(&self, lr: f64, now: Moment) -> f64;

    /// Checks the constants.
    ///
    /// # Errors
    /// [`Error::Spec`] names the one that is out of range.
    fn check(&self) -> Result<()>;

    /// The figure that it watches, if any.
    fn monitor(&self) -> Option<Monitor> {
        None
    }
}

/// Where the run stands.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// Steps done.
    pub step: usize,
    /// Epochs done.
    pub epoch: usize,
    /// Steps of the whole run.
    pub total_steps: usize,
}

impl Moment {
    /// Steps done as parts of `steps`; only whole ones with `staircase`.
    pub(super) fn parts(self, steps: f64, staircase: bool) -> f64 {
        let parts = self.step as f64 / steps;
        if staircase { parts.floor() } else { parts }
    }
}

pub(super) fn refuse<T>(rule: &str, value: f64) -> Result<T> {
    Err(Error::Spec(format!("learning_rate_schedule {rule}. Received: {}", PlainNumber(value))))
}

pub(super) fn not_negative(what: &str, value: f64) -> Result<()> {
    if is_not_negative(value) { Ok(()) } else { refuse(&format!("{what} {NOT_NEGATIVE}"), value) }
}

pub(super) fn positive(what: &str, value: f64) -> Result<()> {
    if is_positive(value) { Ok(()) } else { refuse(&format!("{what} {POSITIVE}"), value) }
}
