//! Fields of an experiment by their paths.

use crate::network::names;
use serde_json::{Map, Value};

/// Sets the field at a path such as `optimizer.learning_rate`. A part of the path that leads into a list is an index from 0 or a
/// layer's name. The last part may be absent in the document, since many fields are optional; whether it is known, the reader of
/// experiments says.
///
/// # Errors
/// A message if a part of the path leads nowhere.
pub fn set(document: &mut Value, path: &str, value: Value) -> Result<(), String> {
    let (parents, last) = match path.rsplit_once('.') {
        Some((parents, last)) => (parents.split('.').collect(), last),
        None => (Vec::new(), path),
    };
    let mut at = document;
    for part in parents {
        at = child(at, part)
            .ok_or_else(|| format!("there is no \"{part}\" on the way to the field. Received: \"{path}\""))?;
    }
    match at {
        Value::Object(fields) => {
            fields.insert(last.into(), value);
            Ok(())
        }
        Value::Array(_) => match child(at, last) {
            Some(item) => {
                *item = value;
                Ok(())
            }
            None => Err(format!("there is no \"{last}\" in the list. Received: \"{path}\"")),
        },
        other => Err(format!("the field's parent is {other}, which has no fields. Received: \"{path}\"")),
    }
}

fn child<'a>(value: &'a mut Value, part: &str) -> Option<&'a mut Value> {
    match value {
        Value::Object(fields) => fields.get_mut(part),
        Value::Array(items) => {
            let index = part.parse().ok().or_else(|| layer_index(items, part))?;
            items.get_mut(index)
        }
        _ => None,
    }
}

/// The layer of this name, given or generated.
fn layer_index(items: &[Value], name: &str) -> Option<usize> {
    let layers: Option<Vec<Map<String, Value>>> = items.iter().map(|item| item.as_object().cloned()).collect();
    names::layer_names(&layers?).iter().position(|known| known == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_are_found_by_key_by_index_and_by_layer() {
        let mut document =
            json!({"optimizer": {"type": "sgd"}, "layers": [{"type": "dense"}, {"type": "dense"}], "seed": 0});
        for path in ["seed", "optimizer.learning_rate", "layers.0.units", "layers.dense_1.units"] {
            set(&mut document, path, 7.into()).unwrap();
        }
        let expected = json!({"optimizer": {"type": "sgd", "learning_rate": 7},
            "layers": [{"type": "dense", "units": 7}, {"type": "dense", "units": 7}], "seed": 7});
        assert_eq!(document, expected);
        for path in ["loss.x", "layers.2.units", "layers.2", "layers.flatten.units", "seed.x"] {
            let error = set(&mut document, path, 7.into()).unwrap_err();
            assert!(error.ends_with(&format!("Received: \"{path}\"")), "{error}");
        }
    }
}
