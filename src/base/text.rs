//! Text: its decoding from bytes; figures as text, for the command line, reports and the page alike; foreign text as one plain line.

use std::borrow::Cow;
use std::fmt::Write;

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

/// Text of unknown origin (names, titles, paths, checksums, messages of others) as one plain line: characters that move the
/// cursor, change colours, end the line, are invisible or change the direction of writing are shown as escapes, such as `\n`
/// and `\u{202e}`. Everything that Convlab prints passes through here.
pub fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return text.into();
    }
    let mut line = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' => line += "\\n",
            '\r' => line += "\\r",
            '\t' => line += "\\t",
            c if is_hidden(c) => {
                // Writing to a string cannot fail.
                let _ = write!(line, "\\u{{{:x}}}", u32::from(c));
            }
            c => line.push(c),
        }
    }
    line.into()
}

/// Whether a character has no glyph of its own but an effect: controls, line and paragraph separators, and Unicode's format
/// characters (category Cf) except the visible signs of Arabic, Syriac and Kaithi numbers; and letters that are blank.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e007f}')
}

/// Escapes text for HTML, including attribute values. Hidden characters but the ends of lines are shown as escapes.
pub fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => html += "&amp;",
            '<' => html += "&lt;",
            '>' => html += "&gt;",
            '"' => html += "&quot;",
            '\'' => html += "&#39;",
            '\n' => html.push('\n'),
            other if is_hidden(other) => html += &plain(other.encode_utf8(&mut [0; 4])),
            other => html.push(other),
        }
    }
    html
}

/// JSON in which hidden characters other than the ends of lines are JSON's escapes. It has them in strings only, where an escape
/// stands for the same text.
pub fn visible_json(json: &str) -> String {
    let mut visible = String::with_capacity(json.len());
    for c in json.chars() {
        if is_hidden(c) && c != '\n' {
            // Writing to a string cannot fail.
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(visible, "\\u{unit:04x}");
            }
        } else {
            visible.push(c);
        }
    }
    visible
}

/// At most `most` characters of a text; `…` stands for the rest.
pub fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => text.into(),
        Some((end, _)) => format!("{}…", &text[..end]).into(),
    }
}

/// The text in a file. Editors and shells on Windows write UTF-16 or begin UTF-8 with a byte-order mark, which is no part of the
/// text. UTF-16 without a mark is recognised by its zero bytes. `None` for bytes that are not text.
pub fn decode(bytes: &[u8]) -> Option<String> {
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => decode_utf8(rest),
        [0xff, 0xfe, rest @ ..] => decode_utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => decode_utf16(rest, u16::from_be_bytes),
        [1..=255, 0, ..] => decode_utf16(bytes, u16::from_le_bytes),
        [0, 1..=255, ..] => decode_utf16(bytes, u16::from_be_bytes),
        _ => decode_utf8(bytes),
    }
}

fn decode_utf8(bytes: &[u8]) -> Option<String> {
    std::str::from_utf8(bytes).ok().map(str::to_string)
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (units, rest) = bytes.as_chunks::<2>();
    let text = char::decode_utf16(units.iter().map(|&bytes| unit(bytes))).collect::<Result<String, _>>().ok();
    text.filter(|text| rest.is_empty() && !text.contains('\0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_in_the_encodings_of_editors() {
        let utf16 = |mark: bool, bytes: fn(u16) -> [u8; 2]| {
            let mark = mark.then_some(0xfeff);
            mark.into_iter().chain("{\"ä\": \"😀\"}".encode_utf16()).flat_map(bytes).collect::<Vec<u8>>()
        };
        let text = "{\"ä\": \"😀\"}";
        assert_eq!(decode(text.as_bytes()).unwrap(), text);
        assert_eq!(decode(format!("\u{feff}{text}").as_bytes()).unwrap(), text);
        for mark in [true, false] {
            assert_eq!(decode(&utf16(mark, u16::to_le_bytes)).unwrap(), text);
            assert_eq!(decode(&utf16(mark, u16::to_be_bytes)).unwrap(), text);
        }
        assert_eq!((decode(b"").unwrap(), decode(b"\xef\xbb\xbf").unwrap()), (String::new(), String::new()));
        // Half a unit, half a pair, zeros, Latin-1.
        for bad in [&b"\xff\xfea"[..], b"\xff\xfe\x00\xd8", b"\xff\xfe\0\0", b"caf\xe9"] {
            assert_eq!(decode(bad), None, "{bad:?}");
        }
    }

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
    fn foreign_text_is_one_plain_line() {
        assert!(matches!(plain("Zoë – 数字 \\n"), Cow::Borrowed(_)));
        assert_eq!(plain("a\nb\r\tc\u{1b}[31m\u{7f}\u{85}"), "a\\nb\\r\\tc\\u{1b}[31m\\u{7f}\\u{85}");
        assert_eq!(
            plain("\u{202e}x\u{2066}\u{200d}\u{2028}\u{feff}"),
            "\\u{202e}x\\u{2066}\\u{200d}\\u{2028}\\u{feff}"
        );
        assert_eq!((shortened("héé", 2), shortened("héé", 3)), ("hé…".into(), "héé".into()));
    }

    #[test]
    fn an_undefined_share_is_a_dash() {
        assert_eq!((share(Some(0.5)), share(None)), ("0.5000".into(), "–".into()));
    }
}
