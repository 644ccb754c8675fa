//! Where a document is wrong, and what is wrong there in plain words: serde tells neither.

use serde::de::DeserializeOwned;
use serde_json::Value;

/// `optimizer.learning_rate: invalid type: string "fast", expected a number`
pub fn explain<T: DeserializeOwned>(document: &Value, error: &str) -> String {
    let path = place::<T>(document, error);
    let last = path.rsplit('.').next().unwrap_or_default();
    let message = plain(error);
    if path.is_empty() || message.contains(&format!("`{last}`")) { message } else { format!("{path}: {message}") }
}

/// Names of Rust's types, and what they are to whoever writes JSON.
const WORDS: [(&str, &str); 12] = [
    ("expected f64", "expected a number"),
    ("expected u8", "expected a whole number of 0 to 255"),
    ("expected u32", "expected a whole number of 0 or more"),
    ("expected u64", "expected a whole number of 0 or more"),
    ("expected usize", "expected a whole number of 0 or more"),
    ("expected struct ", "expected an object, "),
    ("expected internally tagged enum ", "expected an object with a type, "),
    ("expected a sequence", "expected a list"),
    ("expected an array of length", "expected a list of length"),
    ("invalid type: sequence", "invalid type: a list"),
    ("invalid type: map", "invalid type: an object"),
    ("floating point", "number"),
];

fn plain(error: &str) -> String {
    WORDS.iter().fold(error.to_string(), |text, (from, to)| text.replace(from, to))
}

/// The path to the value that the error is about: the one that gives it alone, and without which it is not given.
fn place<T: DeserializeOwned>(document: &Value, error: &str) -> String {
    let (mut pointer, mut path) = (String::new(), String::new());
    let lacks = error.starts_with("missing field");
    let gives = |pointer: &str, value: Value| {
        let mut other = document.clone();
        if let Some(slot) = other.pointer_mut(pointer) {
            *slot = value;
        }
        serde_json::from_value::<T>(other).is_err_and(|found| found.to_string() == error)
    };
    loop {
        let step = match document.pointer(&pointer) {
            // What is a plain value lacks no field.
            Some(Value::Object(fields)) => {
                fields.iter().filter(|(_, v)| !lacks || v.is_object() || v.is_array()).find_map(|(key, _)| {
                    let (mut alone, mut without) = (fields.clone(), fields.clone());
                    alone.retain(|other, _| other == key || other == "type");
                    without.remove(key);
                    let wrong = gives(&pointer, alone.into()) && !gives(&pointer, without.into());
                    let dot = if path.is_empty() { "" } else { "." };
                    wrong.then(|| (key.replace('~', "~0").replace('/', "~1"), format!("{dot}{key}")))
                })
            }
            Some(Value::Array(items)) => (0..items.len()).find_map(|i| {
                let mut without = items.clone();
                without.remove(i);
                let wrong = gives(&pointer, vec![items[i].clone()].into()) && !gives(&pointer, without.into());
                wrong.then(|| (i.to_string(), format!("[{i}]")))
            }),
            _ => None,
        };
        let Some((key, shown)) = step else { return path };
        pointer += &format!("/{key}");
        path += &shown;
    }
}

#[cfg(test)]
mod tests {
    use crate::spec::Experiment;
    use serde_json::{Value, json};

    #[test]
    fn errors_name_the_field_in_words() {
        let good = json!({
            "name": "n", "dataset": {"name": "mnist", "limit": {"train": 10}}, "input_shape": [28, 28, 1],
            "layers": [{"type": "flatten"}, {"type": "dense", "units": 10}],
            "loss": "sparse_categorical_crossentropy", "optimizer": {"type": "adam", "learning_rate": 0.1},
            "augmentation": [{"type": "random_flip"}, {"type": "random_crop", "padding": 4}],
        });
        assert!(Experiment::from_value(good.clone()).is_ok());
        let cases: [(&str, Value, &[&str]); 9] = [
            ("/seed", json!(-3), &["seed: ", "`-3`", "a whole number of 0 or more"]),
            ("/epochs", json!(1.5), &["epochs: ", "1.5", "a whole number"]),
            ("/optimizer/learning_rate", json!("abc"), &["optimizer.learning_rate: ", "\"abc\"", "a number"]),
            ("/optimizer/lr", json!(1), &["unknown field `lr`"]),
            ("/optimizer", json!({"learning_rate": 1}), &["optimizer: ", "`type`"]),
            ("/dataset/limit/train", json!([]), &["dataset.limit.train: "]),
            ("/augmentation/1/padding", json!("x"), &["augmentation[1].padding: "]),
            ("/dataset/name", json!("minst"), &["dataset.name", "mnist", "\"minst\""]),
            ("/input_shape", json!([28, 28]), &["input_shape: ", "3"]),
        ];
        for (pointer, value, parts) in cases {
            let mut bad = good.clone();
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            match bad.pointer_mut(parent).unwrap() {
                Value::Array(items) => items[key.parse::<usize>().unwrap()] = value,
                parent => parent[key] = value,
            }
            let error = Experiment::from_value(bad).unwrap_err().to_string();
            assert!(parts.iter().all(|part| error.contains(part)), "{pointer}: {error}");
            assert!(!["f64", "u32", "usize"].iter().any(|word| error.contains(word)), "{error}");
        }
        let error = Experiment::from_value(json!({"name": "n"})).unwrap_err().to_string();
        assert!(error.contains("missing field") && !error.contains("name:"), "{error}");
    }
}
