//! Checks of an optimiser's constants.

use crate::base::number::{NOT_NEGATIVE, POSITIVE, PlainNumber, is_not_negative, is_positive};

/// Checks a rule of a constant.
///
/// # Errors
/// If `ok` is false: names the constant, the rule and the received value.
pub fn check(ok: bool, what: &str, rule: &str, value: f64) -> Result<(), String> {
    if ok { Ok(()) } else { Err(format!("{what} {rule}. Received: {}", PlainNumber(value))) }
}

/// Checks that a constant is above zero.
///
/// # Errors
/// As [`check`].
pub fn positive(what: &str, value: f64) -> Result<(), String> {
    check(is_positive(value), what, POSITIVE, value)
}

/// Checks that a constant is zero or more.
///
/// # Errors
/// As [`check`].
pub fn not_negative(what: &str, value: f64) -> Result<(), String> {
    check(is_not_negative(value), what, NOT_NEGATIVE, value)
}

/// Checks that a decay rate is 0 or more and below 1.
///
/// # Errors
/// As [`check`].
pub fn share(what: &str, value: f64) -> Result<(), String> {
    check((0.0..1.0).contains(&value), what, "must be 0 or more and below 1", value)
}
