//! Names of layers: given, or Keras's default ones.

use serde_json::{Map, Value};

/// Keras's name for the input image itself.
pub const INPUT: &str = "input_layer";

/// Keras's default names, for one network: `conv2d`, `conv2d_1`, …
#[derive(Clone, Default)]
pub struct DefaultNames {
    /// Unnamed layers so far of each type.
    counts: Vec<(String, usize)>,
}

impl DefaultNames {
    /// The name of the next unnamed layer of a type.
    pub fn next(&mut self, kind: &str) -> String {
        match self.counts.iter_mut().find(|(other, _)| other == kind) {
            Some((_, count)) => {
                *count += 1;
                format!("{kind}_{}", *count - 1)
            }
            None => {
                self.counts.push((kind.to_string(), 1));
                kind.to_string()
            }
        }
    }
}

/// The name of each layer of a document, which need not be a valid one.
pub fn layer_names(layers: &[Map<String, Value>]) -> Vec<String> {
    let mut names = DefaultNames::default();
    let text = |value: Option<&Value>| value.and_then(Value::as_str).filter(|text| !text.is_empty()).map(String::from);
    layers
        .iter()
        .map(|layer| {
            text(layer.get("name")).unwrap_or_else(|| names.next(&text(layer.get("type")).unwrap_or_default()))
        })
        .collect()
}

/// Words that Keras writes with more capitals than the first.
const ABBREVIATIONS: [(&str, &str); 3] = [("relu", "ReLU"), ("elu", "ELU"), ("prelu", "PReLU")];

/// Keras's class behind a layer's type: `max_pooling2d` is `MaxPooling2D`.
pub fn class_name(kind: &str) -> String {
    kind.split('_')
        .map(|word| {
            if let Some((_, abbreviation)) = ABBREVIATIONS.iter().find(|(plain, _)| *plain == word) {
                return abbreviation.to_string();
            }
            let (head, tail) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
            head.to_ascii_uppercase() + &tail.replace("2d", "2D")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn layers_without_a_name_are_named_as_in_keras() {
        let layers = json!([
            { "type": "conv2d" },
            { "type": "conv2d", "name": "stem" },
            { "type": "conv2d" },
            { "type": "dense" },
            { "type": "conv2d", "name": null },
        ]);
        let layers: Vec<Map<String, Value>> = serde_json::from_value(layers).unwrap();
        assert_eq!(layer_names(&layers), ["conv2d", "stem", "conv2d_1", "dense", "conv2d_2"]);
    }

    #[test]
    fn the_class_is_the_one_that_a_layer_has_in_keras() {
        for sample in crate::layers::samples() {
            assert_eq!(class_name(sample.kind), sample.layer().keras().class);
        }
    }

    #[test]
    fn classes_are_named_as_in_keras() {
        for (kind, class) in [
            ("conv2d", "Conv2D"),
            ("depthwise_conv2d", "DepthwiseConv2D"),
            ("max_pooling2d", "MaxPooling2D"),
            ("global_average_pooling2d", "GlobalAveragePooling2D"),
            ("batch_normalization", "BatchNormalization"),
            ("zero_padding2d", "ZeroPadding2D"),
            ("dense", "Dense"),
        ] {
            assert_eq!(class_name(kind), class);
        }
    }
}
