//! Numbers among the arguments. The standard library's messages, such as "invalid float literal", do not say what is allowed.

use num_traits::Bounded;
use std::fmt::Display;
use std::str::FromStr;

/// Reads a whole number.
pub(super) fn whole<T: FromStr + Bounded + Display>(text: &str) -> Result<T, String> {
    let range = || format!("it must be a whole number from {} to {}", T::min_value(), T::max_value());
    text.parse().map_err(|_| range())
}

/// Reads a finite number.
pub(super) fn number<T: From<f64>>(text: &str) -> Result<T, String> {
    let read = text.parse().ok().filter(|value: &f64| value.is_finite());
    read.map(T::from).ok_or_else(|| "it must be a finite number, such as 3, 0.5 or 1e-4".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_number_says_what_is_allowed() {
        assert_eq!((whole("7"), whole("255")), (Ok(7u32), Ok(255u8)));
        for text in ["", "-1", "0.5", "4294967296", "many"] {
            assert_eq!(whole::<u32>(text), Err("it must be a whole number from 0 to 4294967295".into()), "{text}");
        }
        assert_eq!((number("0.5"), number("-1e-4")), (Ok(0.5f64), Ok(-1e-4f64)));
        for text in ["", "1,5", "1e999", "-inf", "NaN", "many"] {
            assert!(number::<f64>(text).unwrap_err().contains("a finite number"), "{text}");
        }
    }
}
