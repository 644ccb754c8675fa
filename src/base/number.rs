//! Numbers in messages.

use serde_json::Number;
use std::fmt;

/// Formats a number as in a JSON document, `3` for three. It reuses serde_json's formatting, since that of the standard
/// library would add to the wasm download.
pub struct PlainNumber(pub f64);

impl fmt::Display for PlainNumber {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match Number::from_f64(self.0) {
            None if self.0.is_nan() => f.write_str("NaN"),
            None => f.write_str(if self.0 > 0.0 { "inf" } else { "-inf" }),
            Some(number) => {
                let text = number.to_string();
                f.write_str(text.strip_suffix(".0").unwrap_or(&text))
            }
        }
    }
}

/// What [`is_positive`] asks for, in messages.
pub const POSITIVE: &str = "must be above zero, from 1.2e-38 to 3.4e38";

/// What [`is_not_negative`] asks for, in messages.
pub const NOT_NEGATIVE: &str = "must be zero or more, at most 3.4e38";

/// Whether a number is above zero and stays so in the engines, which compute with 32 bits. GPUs take subnormal numbers for zero.
pub fn is_positive(value: f64) -> bool {
    value >= f64::from(f32::MIN_POSITIVE) && is_not_negative(value)
}

/// Whether a number is zero or more, and finite in 32 bits.
pub fn is_not_negative(value: f64) -> bool {
    (0.0..=f64::from(f32::MAX)).contains(&value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_positive_number_is_one_in_32_bits() {
        assert!([1.2e-38, 1.0, 3.4e38].into_iter().all(|value| is_positive(value) && is_not_negative(value)));
        assert!([0.0, 1e-320].into_iter().all(|value| !is_positive(value) && is_not_negative(value)));
        let refused = [-1.0, 3.5e38, f64::INFINITY, f64::NAN];
        assert!(refused.into_iter().all(|value| !is_positive(value) && !is_not_negative(value)));
    }

    #[test]
    fn numbers_are_as_short_as_they_can_be() {
        let texts = [3.0, -0.5, 1e-7, f64::INFINITY, f64::NAN].map(|number| PlainNumber(number).to_string());
        assert_eq!(texts, ["3", "-0.5", "1e-7", "inf", "NaN"]);
    }
}
