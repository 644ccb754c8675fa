//! Shaders without their comments and indents: people read those in the source, a browser would download them for nothing.
//! It is done while compiling, by [`wgsl!`](crate::wgsl). In wasm each bears a mark as well, by which the build finds it in
//! the module's data: a browser without a GPU loads none.

/// Stands before every shader in wasm, and then its length, the low byte first: see `.ci/split-wasm.mjs`.
pub const MARK: &[u8; 6] = b"\x02WGSL\x03";

/// Bytes of mark and length.
pub const HEAD: usize = if cfg!(target_arch = "wasm32") { MARK.len() + 2 } else { 0 };

/// The text of a shader, given as a constant string, as it goes to the driver.
#[macro_export]
macro_rules! wgsl {
    ($text:expr) => {{
        const TEXT: &str = $text;
        const LEN: usize = $crate::kernels::gpu::squeeze::squeeze(TEXT, &mut []);
        const SHORT: [u8; $crate::kernels::gpu::squeeze::HEAD + LEN] = {
            let mut short = [0; $crate::kernels::gpu::squeeze::HEAD + LEN];
            let (head, text) = short.split_at_mut($crate::kernels::gpu::squeeze::HEAD);
            $crate::kernels::gpu::squeeze::mark(LEN, head);
            $crate::kernels::gpu::squeeze::squeeze(TEXT, text);
            short
        };
        const SQUEEZED: &str =
            $crate::kernels::gpu::squeeze::text(SHORT.split_at($crate::kernels::gpu::squeeze::HEAD).1);
        SQUEEZED
    }};
}

/// Writes the text into `out`, as far as that goes; the length of it all. Lines stay lines, empty ones go.
pub const fn squeeze(text: &str, out: &mut [u8]) -> usize {
    let text = text.as_bytes();
    let (mut length, mut i) = (0, 0);
    // Where the text of the line ends that is being written: spaces and comments after it may be its last.
    let mut begun = false;
    let mut spaces = 0;
    while i < text.len() {
        let byte = text[i];
        if byte == b'/' && i + 1 < text.len() && text[i + 1] == b'/' {
            while i < text.len() && text[i] != b'\n' {
                i += 1;
            }
            continue;
        }
        i += 1;
        if byte == b' ' {
            spaces += 1;
            continue;
        }
        if byte != b'\n' {
            while begun && spaces > 0 {
                put(out, length, b' ');
                (length, spaces) = (length + 1, spaces - 1);
            }
        } else if !begun {
            spaces = 0;
            continue;
        }
        put(out, length, byte);
        (length, spaces, begun) = (length + 1, 0, byte != b'\n');
    }
    length
}

/// Writes mark and length, where `head` has room for them.
pub const fn mark(len: usize, head: &mut [u8]) {
    let mut i = 0;
    while i < MARK.len() {
        put(head, i, MARK[i]);
        i += 1;
    }
    assert!(len < 1 << 16, "a shader's length is written in two bytes");
    put(head, i, len as u8);
    put(head, i + 1, (len >> 8) as u8);
}

const fn put(out: &mut [u8], at: usize, byte: u8) {
    if at < out.len() {
        out[at] = byte;
    }
}

/// Squeezed bytes as text.
pub const fn text(bytes: &'static [u8]) -> &'static str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => panic!("comments and spaces are whole characters"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_only_people_read_goes() {
        let short = crate::wgsl!(
            "\n// What it does.\nfn f(a: u32) -> u32 {\n    // Why: ×2.\n    return a / 2u; // half\n\n}\n"
        );
        assert_eq!(short, "fn f(a: u32) -> u32 {\nreturn a / 2u;\n}\n");
    }
}
