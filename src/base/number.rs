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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_short_as_they_can_be() {
        let texts = [3.0, -0.5, 1e-7, f64::INFINITY, f64::NAN].map(|number| PlainNumber(number).to_string());
        assert_eq!(texts, ["3", "-0.5", "1e-7", "inf", "NaN"]);
    }
}
