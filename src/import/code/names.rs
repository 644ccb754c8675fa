//! Keras's names of classes as those of documents.

use crate::layers;
use crate::network::names::class_name;

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

/// Classes' other names.
const ALIASES: [(&str, &str); 10] = [
    ("Convolution2D", "Conv2D"),
    ("DepthwiseConvolution2D", "DepthwiseConv2D"),
    ("SeparableConvolution2D", "SeparableConv2D"),
    ("Convolution2DTranspose", "Conv2DTranspose"),
    ("MaxPool2D", "MaxPooling2D"),
    ("AvgPool2D", "AveragePooling2D"),
    ("GlobalMaxPool2D", "GlobalMaxPooling2D"),
    ("GlobalAvgPool2D", "GlobalAveragePooling2D"),
    ("UpSampling2d", "UpSampling2D"),
    ("Swish", "Silu"),
];

/// A class by its usual name.
pub fn usual(class: &str) -> &str {
    ALIASES.iter().find(|(alias, _)| *alias == class).map_or(class, |(_, usual)| usual)
}

/// The document's type of a class, where there is one.
pub fn kind(class: &str) -> Option<&'static str> {
    let snake = snake_case(class);
    layers::kinds().find(|kind| class_name(kind) == class || *kind == snake)
}
