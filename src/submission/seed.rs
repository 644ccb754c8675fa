//! Seeds from students' names or numbers, so that no two students have the same run.

use crate::base::text::is_hidden;
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

/// What is hashed before the name, so that the hash serves this purpose only.
const PURPOSE: &str = "convlab student seed 1\n";

/// A name in the form in which names are compared: in Unicode's normal form NFC, since some systems write é as e and an accent, in
/// lower case, with single spaces. Empty if there are no letters or digits.
pub fn plain_name(name: &str) -> String {
    if name.contains(char::is_alphanumeric) { folded(name) } else { String::new() }
}

/// A text in NFC and in lower case, with single spaces and none at its ends.
pub(super) fn folded(text: &str) -> String {
    let composed: String = text.nfc().collect();
    composed.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// A name without characters that nobody sees, such as those that documents and messages leave in copied text. Tabs and ends of
/// lines are spaces.
pub fn visible(name: &str) -> String {
    name.chars().filter(|&c| c.is_whitespace() || !is_hidden(c)).collect()
}

/// The seed of a student: the first four bytes, the most significant first, of SHA-256 over `convlab student seed 1`, a line
/// feed, and the name in UTF-8, in normal form NFC, in lower case, with single spaces and none at the ends. `None` for a name without
/// letters and digits.
pub fn student_seed(name: &str) -> Option<u32> {
    let name = plain_name(name);
    if name.is_empty() {
        return None;
    }
    let hash = Sha256::new().chain_update(PURPOSE).chain_update(&name).finalize();
    Some(u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_depends_on_the_name_but_not_on_its_spelling() {
        // printf 'convlab student seed 1\nada lovelace' | sha256sum
        assert_eq!(student_seed("Ada Lovelace"), Some(0x7c2d_9927));
        assert_eq!(student_seed("  ADA \t lovelace\n"), Some(0x7c2d_9927));
        assert_ne!(student_seed("Ada Lovelac"), Some(0x7c2d_9927));
        // printf 'convlab student seed 1\njos\xc3\xa9 \xc3\xa5str\xc3\xb6m' | sha256sum
        for name in
            ["JOS\u{c9} \u{c5}str\u{f6}m", "Jose\u{301} A\u{30a}stro\u{308}m", "jos\u{e9}  \u{212b}stro\u{308}m"]
        {
            assert_eq!(student_seed(name), Some(0x55a3_6f18), "{name}");
        }
        assert_ne!(student_seed("Jose"), student_seed("Jos\u{e9}"));
        assert_ne!(student_seed("4711"), student_seed("4712"));
        assert_eq!(visible("\u{feff}Ada\t\u{200b}Love\u{ad}lace\u{202c}"), "Ada\tLovelace");
        assert_eq!((student_seed(""), student_seed(" -\u{200b}. ")), (None, None));
    }
}
