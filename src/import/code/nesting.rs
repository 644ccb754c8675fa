//! A bound on how deeply code nests. The parser, the interpreter and the tree of the code itself recurse once a level, and a
//! browser's stack is small, so that code which no person writes is refused before it is parsed.

/// The most levels of brackets, which is Python's own bound.
const BRACKETS: usize = 100;

/// The most levels of one expression: brackets and the operators, calls and words between two commas, which nest as well.
const LEVELS: usize = 400;

/// The most columns of indentation.
const INDENTATION: usize = 200;

/// Words after which an expression nests.
const WORDS: [&[u8]; 7] = [b"not", b"lambda", b"if", b"else", b"await", b"yield", b"for"];

/// The offset at which code nests too deeply, if it does.
pub fn too_deep(code: &str) -> Option<usize> {
    let mut scanner = Scanner { code: code.as_bytes(), at: 0, levels: vec![0], total: 0 };
    scanner.run()
}

struct Scanner<'a> {
    code: &'a [u8],
    at: usize,
    /// For the whole line and each open bracket, the levels since the last comma.
    levels: Vec<usize>,
    /// Their sum.
    total: usize,
}

impl Scanner<'_> {
    fn run(&mut self) -> Option<usize> {
        let mut line = 0;
        while let Some(&byte) = self.code.get(self.at) {
            let start = self.at;
            match byte {
                b'#' => self.skip_line(),
                b'"' | b'\'' => self.skip_text(byte),
                b'\n' => {
                    line = self.at + 1;
                    self.at += 1;
                    if self.levels.len() == 1 {
                        self.end_part();
                    }
                }
                b' ' | b'\t' => {
                    self.at += 1;
                    let is_indentation = self.code[line..self.at].iter().all(|byte| b" \t".contains(byte));
                    if is_indentation && self.at - line > INDENTATION {
                        return Some(start);
                    }
                }
                byte if byte.is_ascii_alphabetic() || byte == b'_' => self.word(),
                byte => {
                    self.at += 1;
                    self.sign(byte);
                }
            }
            if self.levels.len() > BRACKETS || self.total + self.levels.len() > LEVELS {
                return Some(start);
            }
        }
        None
    }

    fn sign(&mut self, byte: u8) {
        match byte {
            b'(' | b'[' | b'{' => self.levels.push(0),
            b')' | b']' | b'}' => {
                if self.levels.len() > 1 {
                    self.total -= self.levels.pop().unwrap_or_default();
                }
                // A call of a call nests.
                self.deepen();
            }
            b',' | b';' => self.end_part(),
            b'+' | b'-' | b'*' | b'/' | b'%' | b'@' | b'&' | b'|' | b'^' | b'~' | b'<' | b'>' | b'.' | b':' => {
                self.deepen();
            }
            _ => {}
        }
    }

    fn deepen(&mut self) {
        self.total += 1;
        if let Some(level) = self.levels.last_mut() {
            *level += 1;
        }
    }

    fn end_part(&mut self) {
        if let Some(level) = self.levels.last_mut() {
            self.total -= std::mem::take(level);
        }
    }

    fn word(&mut self) {
        let rest = &self.code[self.at..];
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        if WORDS.contains(&&rest[..length]) {
            self.deepen();
        }
        self.at += length;
    }

    fn skip_line(&mut self) {
        let rest = &self.code[self.at..];
        self.at += rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    }

    /// Skips a string, with or without a second end: one that is not closed ends with its line.
    fn skip_text(&mut self, quote: u8) {
        let triple = [quote; 3];
        if self.code[self.at..].starts_with(&triple) {
            self.at += 3;
            while self.at < self.code.len() && !self.code[self.at..].starts_with(&triple) {
                self.at += if self.code[self.at] == b'\\' { 2 } else { 1 };
            }
            self.at = (self.at + 3).min(self.code.len());
            return;
        }
        self.at += 1;
        while let Some(&byte) = self.code.get(self.at) {
            match byte {
                b'\\' => self.at += 2,
                b'\n' => break,
                _ => self.at += 1,
            }
            if byte == quote {
                break;
            }
        }
        self.at = self.at.min(self.code.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_that_people_write_is_not_too_deep() {
        let layers = "    layers.Conv2D(32, (3, 3), activation='relu', kernel_regularizer=l2(1e-4)),\n".repeat(2000);
        let numbers = "-0.25, ".repeat(20_000);
        let sum = vec!["a.b"; 50].join(" + ");
        let nested = format!("{}x{}", "layers.Dense(10)(".repeat(30), ")".repeat(30));
        let text = format!("'''{}''' + \"[[[[{}\"", "[".repeat(5000), "(".repeat(5000));
        for code in [layers, numbers, sum, nested, text, "# ((((".repeat(999), "x = f'{a}' '\\'(' # '\n(1)".into()] {
            assert_eq!(too_deep(&code), None, "{}", &code[..40.min(code.len())]);
        }
    }

    #[test]
    fn nesting_of_every_kind_is_found() {
        for part in ["[", "(", "{", "f(", "-", "not ", "lambda: ", "1 if 1 else ", "a.", "a**", "1 + ", "f()"] {
            let code = format!("x = 1\ny = {}", part.repeat(10_000));
            let found = too_deep(&code).unwrap_or_else(|| panic!("{part}"));
            assert!(found < 10_000, "{part}: {found}");
        }
        let blocks: String = (0..1000).map(|depth| format!("{}if x:\n", " ".repeat(depth))).collect();
        assert!(too_deep(&blocks).is_some());
    }
}
