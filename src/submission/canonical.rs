//! Experiments in one form, in which equal ones are equal, and the paths of their options.

use crate::base::document;
use crate::experiment::Experiment;
use crate::experiment::optimizer::Rule;
use crate::network::graph::{Graph, Node};
use serde_json::{Map, Value, json};

/// An experiment with the options of its optimizer and of every layer written out, without what has no effect, without what only
/// readers use, and without the seed, which has a rule of its own.
pub fn canonical(experiment: &Experiment) -> Value {
    let mut fields = document::fields(experiment);
    for key in ["title", "text", "seed"] {
        fields.remove(key);
    }
    if let Ok(rule) = document::read::<Rule>(&fields["optimizer"]) {
        fields.insert("optimizer".into(), optimizer(document::fields(&rule)));
    }
    let graph = Graph::new(experiment);
    let layer = |(index, raw): (usize, &Map<String, Value>)| {
        let node = graph.as_ref().ok().and_then(|graph| graph.nodes.get(index));
        Value::Object(node.map_or_else(|| raw.clone(), |node| layer(raw, node)))
    };
    fields.insert("layers".into(), experiment.layers.iter().enumerate().map(layer).collect());
    Value::Object(fields)
}

fn optimizer(mut options: Map<String, Value>) -> Value {
    if options.get("use_ema") == Some(&Value::Bool(false)) {
        options.retain(|key, _| key != "use_ema" && !key.starts_with("ema_"));
    }
    options.retain(|_, value| !value.is_null());
    Value::Object(options)
}

fn layer(raw: &Map<String, Value>, node: &Node) -> Map<String, Value> {
    let mut layer = Map::new();
    layer.insert("type".into(), raw["type"].clone());
    layer.insert("name".into(), node.name.clone().into());
    layer.insert("inputs".into(), node.inputs.clone().into());
    if node.frozen {
        layer.insert("trainable".into(), false.into());
    }
    if let Value::Object(options) = node.layer.options() {
        layer.extend(options);
    }
    layer.retain(|key, value| !(value.is_null() || key.ends_with("_regularizer") && is_without_effect(value)));
    for (key, value) in &mut layer {
        // An initializer in its object form without constants is its name.
        if key.ends_with("_initializer")
            && let Value::Object(fields) = &*value
            && let (1, Some(name)) = (fields.len(), fields.get("type"))
        {
            *value = name.clone();
        }
    }
    layer
}

/// Whether all factors of a penalty are zero.
fn is_without_effect(penalty: &Value) -> bool {
    penalty.as_object().is_some_and(|factors| factors.values().all(|factor| factor.as_f64() == Some(0.0)))
}

/// The paths at which two values differ.
pub fn differing(a: &Value, b: &Value) -> Vec<String> {
    let mut paths = Vec::new();
    collect(String::new(), a, b, &mut paths);
    paths
}

fn collect(path: String, a: &Value, b: &Value, into: &mut Vec<String>) {
    let below = |key: &str| if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            let keys = a.keys().chain(b.keys().filter(|key| !a.contains_key(*key)));
            for key in keys {
                collect(below(key), a.get(key).unwrap_or(&Value::Null), b.get(key).unwrap_or(&Value::Null), into);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().for_each(|(i, (a, b))| collect(below(&i.to_string()), a, b, into));
        }
        (a, b) => {
            let same = a == b || a.as_f64().zip(b.as_f64()).is_some_and(|(a, b)| a == b);
            if !same {
                into.push(path);
            }
        }
    }
}

/// Whether an experiment has an option of this path, such as `optimizer.learning_rate` or `layers.0.filters`, or could have it.
pub fn has_option(experiment: &Experiment, path: &str) -> bool {
    let mut document = canonical(experiment);
    let keys: Vec<&str> = path.split('.').collect();
    match put(&mut document, &keys) {
        None => false,
        Some(true) => true,
        // The readers know the names of all options, also of those that are not set.
        Some(false) => {
            for (layer, raw) in document["layers"].as_array_mut().into_iter().flatten().zip(&experiment.layers) {
                layer["inputs"] = raw.get("inputs").cloned().unwrap_or_default();
            }
            let read = document::read::<Experiment>(&document);
            let error = read.and_then(|one| Graph::new(&one).map_err(|error| error.to_string())).err();
            let unknown = format!("unknown field `{}`", keys[keys.len() - 1]);
            error.is_none_or(|error| !error.contains(&unknown))
        }
    }
}

/// Sets the option at a path if its parent is there; whether it was there, too.
fn put(place: &mut Value, keys: &[&str]) -> Option<bool> {
    let [key, rest @ ..] = keys else { return Some(true) };
    match place {
        Value::Array(items) => {
            // Paths of changes have the number in one form only.
            let index = key.parse::<usize>().ok().filter(|index| index.to_string() == *key)?;
            items.get_mut(index).and_then(|item| put(item, rest))
        }
        Value::Object(fields) => match fields.get_mut(*key) {
            Some(field) => put(field, rest),
            None if rest.is_empty() => {
                fields.insert((*key).into(), json!({}));
                Some(false)
            }
            None => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tiny(optimizer: &Value, more: &Value) -> Experiment {
        let mut dense = json!({"type": "dense", "units": 10, "activation": "softmax"});
        dense.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Experiment::from_value(json!({
            "name": "tiny", "input_shape": [28, 28, 1], "dataset": {"name": "mnist"}, "optimizer": optimizer,
            "layers": [{"type": "flatten"}, dense], "loss": "sparse_categorical_crossentropy",
        }))
        .unwrap()
    }

    #[test]
    fn equal_experiments_that_are_written_differently_are_equal() {
        let plain = canonical(&tiny(&json!({"type": "adam"}), &json!({})));
        for (optimizer, layer) in [
            (json!({"type": "adam", "learning_rate": 0.001, "beta_1": 0.9, "use_ema": false}), json!({})),
            (json!({"type": "adam", "use_ema": false, "ema_momentum": 0.5, "clipnorm": null}), json!({})),
            (json!({"type": "adam"}), json!({"kernel_initializer": {"type": "glorot_uniform"}, "use_bias": true})),
            (json!({"type": "adam"}), json!({"kernel_regularizer": {"l1": 0, "l2": 0.0}, "trainable": true})),
        ] {
            assert_eq!(canonical(&tiny(&optimizer, &layer)), plain, "{optimizer} {layer}");
        }
        for (optimizer, layer) in [
            (json!({"type": "adam", "use_ema": true}), json!({})),
            (json!({"type": "adam"}), json!({"kernel_initializer": {"type": "constant", "value": 0.1}})),
            (json!({"type": "adam"}), json!({"kernel_regularizer": {"l2": 1e-9}})),
            (json!({"type": "adam"}), json!({"trainable": false})),
        ] {
            assert_ne!(canonical(&tiny(&optimizer, &layer)), plain, "{optimizer} {layer}");
        }
    }

    #[test]
    fn options_are_known_by_their_whole_path() {
        let experiment = tiny(&json!({"type": "adam"}), &json!({}));
        for path in [
            "epochs",
            "seed",
            "layers",
            "early_stopping",
            "dataset.limit",
            "optimizer.beta_1",
            "optimizer.clipnorm",
            "optimizer.use_ema",
            "layers.1.units",
            "layers.1.kernel_regularizer",
            "layers.1.trainable",
        ] {
            assert!(has_option(&experiment, path), "{path}");
        }
        for path in [
            "",
            "speed",
            "optimizer.speed",
            "optimizer.momentum",
            "layers.2",
            "layers.1.filters",
            "layers.units",
            "dataset.size",
            "epochs.",
            "learning_rate_schedule.rate",
        ] {
            assert!(!has_option(&experiment, path), "{path}");
        }
    }
}
