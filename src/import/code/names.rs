//! Keras's names of classes as those of documents.

/// `Conv2D` as the document's type: Keras's own rule, but for abbreviations, which stay together.
pub fn snake_case(class: &str) -> String {
    let class = class.replace("PReLU", "Prelu").replace("ReLU", "Relu").replace("2D", "2d");
    let mut text = String::new();
    let letters: Vec<char> = class.chars().collect();
    for (i, letter) in letters.iter().enumerate() {
        let before = i.checked_sub(1).map(|i| letters[i]);
        let starts = letter.is_uppercase()
            && before.is_some_and(|before| {
                before != '_'
                    && (before.is_lowercase()
                        || before.is_ascii_digit()
                        || letters.get(i + 1).is_some_and(|l| l.is_lowercase()))
            });
        if starts {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
    }
    text
}
