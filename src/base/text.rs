//! Figures as text, for the command line, reports and the page alike.

/// What stands for a figure that is undefined or unknown.
pub const NONE: &str = "–";

/// `193034` as `193,034`.
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Bytes as Keras writes them: `754.04 KB`, with 1024 bytes to a KB.
pub fn bytes(count: u64) -> String {
    let (mut value, mut unit) = (count as f64, "B");
    for next in ["KB", "MB", "GB", "TB"] {
        if value < 1024.0 {
            break;
        }
        (value, unit) = (value / 1024.0, next);
    }
    format!("{value:.2} {unit}")
}

/// Seconds in the one or two largest units that matter: `378 ms`, `9.9 s`, `3 min 20 s`, `18 h 55 min`, `3 d 02 h`.
pub fn duration(seconds: f64) -> String {
    if !seconds.is_finite() || seconds < 0.0 {
        return NONE.into();
    }
    if seconds > 0.0 && seconds < 0.9995 {
        let (value, unit) = if seconds < 0.000_999_5 { (1e6 * seconds, "µs") } else { (1e3 * seconds, "ms") };
        // Three significant digits.
        let decimals = if value < 9.995 { 2 } else { usize::from(value < 99.95) };
        return format!("{value:.decimals$} {unit}");
    }
    if seconds < 9.95 {
        return format!("{seconds:.1} s");
    }
    let pair = |total: f64, size: u64, large: &str, small: &str| {
        let total = total.round() as u64;
        format!("{} {large} {:02} {small}", total / size, total % size)
    };
    match seconds {
        s if s < 59.5 => format!("{s:.0} s"),
        s if s < 3_599.5 => pair(s, 60, "min", "s"),
        s if s < 172_770.0 => pair(s / 60.0, 60, "h", "min"),
        s => pair(s / 3_600.0, 24, "d", "h"),
    }
}

/// A share to four decimals, as Keras prints an accuracy.
pub fn share(value: Option<f64>) -> String {
    value.map_or_else(|| NONE.into(), |value| format!("{value:.4}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_keras_writes_them() {
        assert_eq!((grouped(0), grouped(999), grouped(1_000)), ("0".into(), "999".into(), "1,000".into()));
        assert_eq!(grouped(11_050_212), "11,050,212");
        let sizes = [0, 1023, 4 * 6270, 4 * 193_034, 4 * 417_058, 170_498_071, 5 << 30];
        let texts = ["0.00 B", "1023.00 B", "24.49 KB", "754.04 KB", "1.59 MB", "162.60 MB", "5.00 GB"];
        assert_eq!(sizes.map(bytes), texts);
    }

    #[test]
    fn times_are_in_the_units_that_matter() {
        for (seconds, text) in [
            (0.0, "0.0 s"),
            (0.000_378, "378 µs"),
            (0.000_999_6, "1.00 ms"),
            (0.018_94, "18.9 ms"),
            (0.378, "378 ms"),
            (0.999_6, "1.0 s"),
            (9.94, "9.9 s"),
            (9.96, "10 s"),
            (59.4, "59 s"),
            (59.6, "1 min 00 s"),
            (200.0, "3 min 20 s"),
            (3_599.9, "1 h 00 min"),
            (3_900.0, "1 h 05 min"),
            (90_000.0, "25 h 00 min"),
            (2_700_000.0, "31 d 06 h"),
            (f64::NAN, NONE),
            (f64::INFINITY, NONE),
            (-1.0, NONE),
        ] {
            assert_eq!(duration(seconds), text, "{seconds}");
        }
    }

    #[test]
    fn an_undefined_share_is_a_dash() {
        assert_eq!((share(Some(0.5)), share(None)), ("0.5000".into(), "–".into()));
    }
}
