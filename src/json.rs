//! From JSON text to a parsed document.

use serde_json::Value;

/// Parses a text. A browser does it with what it has: the page need not load a second parser.
///
/// # Errors
/// Says what is no JSON, in the parser's words.
pub fn parse(text: &str) -> Result<Value, String> {
    #[cfg(target_arch = "wasm32")]
    return crate::wasm::parse_json(text);
    #[cfg(not(target_arch = "wasm32"))]
    serde_json::from_str(text).map_err(|error| error.to_string())
}
