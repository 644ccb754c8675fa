//! Shaders' sources without comments and indentation, which browsers would have to download. They are removed when the crate is
//! compiled, by constant functions.

/// A shader's source as it is included in the program: without comments, indentation and empty lines.
#[macro_export]
macro_rules! wgsl {
    ($source:expr) => {{
        const SOURCE: &str = $source;
        const CODE: [u8; $crate::kernels::gpu::wgsl::code_len(SOURCE)] = $crate::kernels::gpu::wgsl::code(SOURCE);
        match std::str::from_utf8(&CODE) {
            Ok(code) => code,
            Err(_) => panic!("lines of a text are text"),
        }
    }};
}

/// The end of a line's code: where its comment begins, without the spaces before.
const fn end_of_code(source: &[u8], start: usize) -> usize {
    let mut at = start;
    while at < source.len() && source[at] != b'\n' {
        if source[at] == b'/' && at + 1 < source.len() {
            match source[at + 1] {
                b'/' => break,
                b'*' => panic!("WGSL's block comments are not removed; write // in each line"),
                _ => {}
            }
        }
        at += 1;
    }
    while at > start && source[at - 1] == b' ' {
        at -= 1;
    }
    at
}

/// The start of the first line of code from `at` on, without its indentation.
const fn start_of_code(source: &[u8], mut at: usize) -> usize {
    while at < source.len() && (source[at] == b' ' || source[at] == b'\n') {
        at += 1;
    }
    at
}

/// The start of the next line.
const fn next_line(source: &[u8], mut at: usize) -> usize {
    while at < source.len() && source[at] != b'\n' {
        at += 1;
    }
    start_of_code(source, at)
}

/// The length of [`code`].
pub const fn code_len(source: &str) -> usize {
    let source = source.as_bytes();
    let (mut at, mut len) = (start_of_code(source, 0), 0);
    while at < source.len() {
        let end = end_of_code(source, at);
        if end > at {
            len += end - at + 1;
        }
        at = next_line(source, end);
    }
    len
}

/// The code of a source, `N` bytes, one line for each line of code.
///
/// # Panics
/// If `N` is not [`code_len`], or the source has a block comment.
pub const fn code<const N: usize>(source: &str) -> [u8; N] {
    let source = source.as_bytes();
    let mut code = [b'\n'; N];
    let (mut at, mut len) = (start_of_code(source, 0), 0);
    while at < source.len() {
        let end = end_of_code(source, at);
        if end > at {
            while at < end {
                code[len] = source[at];
                at += 1;
                len += 1;
            }
            len += 1;
        }
        at = next_line(source, end);
    }
    assert!(len == N, "the length is code_len's");
    code
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_code_is_left() {
        const CODE: &str = crate::wgsl!(
            "// A comment. é\n\n    fn f(a: f32) -> f32 { // why\n        return a / 2.0 /// twice\n            / a;   \n    }\n\n// end"
        );
        assert_eq!(CODE, "fn f(a: f32) -> f32 {\nreturn a / 2.0\n/ a;\n}\n");
        const NONE: &str = crate::wgsl!("\n  // nothing\n");
        assert_eq!(NONE, "");
        const LAST: &str = crate::wgsl!("a\n/");
        assert_eq!(LAST, "a\n/\n");
    }
}
