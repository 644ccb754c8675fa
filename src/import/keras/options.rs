//! A Keras layer's configuration as options of the layer here. What the layer's table of arguments does not name must have a value
//! that changes nothing.

use crate::export::keras_model::weights::snake_case;
use crate::layers;
use crate::layers::keras::Argument;
use serde_json::{Map, Value, json};

/// What a configuration is here.
#[derive(Default)]
pub struct Options {
    /// The options, the shortest that make the same layer.
    pub options: Map<String, Value>,
    /// What of the configuration has no counterpart.
    pub refused: Vec<String>,
    /// The limits of uniform distributions that were taken for PyTorch's default, which depends on the layer's inputs.
    pub limits: Vec<f64>,
}

/// The options of a configuration.
pub fn options(kind: &str, arguments: &[Argument], config: &Map<String, Value>) -> Options {
    let (mut options, mut refused, mut limits) = (Map::new(), Vec::new(), Vec::new());
    for argument in arguments {
        let name = argument.name();
        let Some(value) = config.get(name).filter(|value| !value.is_null()) else { continue };
        let value = match argument {
            // The default.
            Argument::KeywordOr(_, other) if Some(value) == config.get(*other) => continue,
            Argument::Initializer(_) => initializer(value, &mut limits),
            Argument::Regularizer(_) => regularizer(value),
            Argument::Constraint(_) => constraint(value),
            _ if name == "activation" => activation(value),
            _ if kind == "normalization" => Ok(statistic(value)),
            _ => Ok(value.clone()),
        };
        match value {
            Ok(Value::Null) => {}
            Ok(value) => drop(options.insert(name.into(), value)),
            Err(what) => refused.push(format!("{name} {what}")),
        }
    }
    for (name, value) in config {
        if !arguments.iter().any(|argument| argument.name() == name) && !is_neutral(name, value) {
            refused.push(format!("{name} {value}"));
        }
    }
    // One option at a time, so that all that are wrong are named.
    for (name, value) in options.clone() {
        let mut others = options.clone();
        others.remove(&name);
        let is_required = layers::from_options(kind, Value::Object(others.clone())).is_err();
        let whole = layers::from_options(kind, Value::Object(options.clone()));
        match (&whole, is_required) {
            (Err(_), false) if !refused.iter().any(|what| what.starts_with(&name)) => {
                // Without this option the layer can be read, so it is the wrong one.
                refused.push(format!("{name} {value}"));
                options = others;
            }
            (Ok(whole), false) => {
                let without = layers::from_options(kind, Value::Object(others.clone()));
                if without.is_ok_and(|without| without.options() == whole.options()) {
                    options = others;
                }
            }
            _ => {}
        }
    }
    Options { options, refused, limits }
}

/// A mean or a variance: numbers in lists of any depth, or one where all are equal.
fn statistic(value: &Value) -> Value {
    fn numbers(value: &Value, into: &mut Vec<Value>) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| numbers(item, into)),
            other => into.push(other.clone()),
        }
    }
    let mut list = Vec::new();
    numbers(value, &mut list);
    match list.first() {
        Some(first) if list.iter().all(|other| other == first) => first.clone(),
        _ => Value::Array(list),
    }
}

/// An object of one of Keras's classes, or its name.
fn class_of(value: &Value) -> Option<(String, Map<String, Value>)> {
    match value {
        Value::String(name) => Some((snake_case(name), Map::new())),
        Value::Object(object) => {
            let config = object.get("config");
            // A function: `{"class_name": "function", "config": "relu"}`.
            if let Some(Value::String(name)) = config {
                return Some((name.clone(), Map::new()));
            }
            let name = object.get("class_name")?.as_str()?;
            Some((snake_case(name), config.and_then(Value::as_object).cloned().unwrap_or_default()))
        }
        _ => None,
    }
}

/// An activation's name; with its constants where it has some.
pub fn activation(value: &Value) -> Result<Value, String> {
    let (name, config) = class_of(value).ok_or_else(|| value.to_string())?;
    let name = match name.as_str() {
        "re_lu" => "relu",
        "leaky_re_lu" => "leaky_relu",
        "swish" => "silu",
        other => other,
    };
    let mut fields: Map<String, Value> =
        config.into_iter().filter(|(key, value)| !is_neutral(key, value) && !value.is_null()).collect();
    if fields.is_empty() {
        return Ok(name.into());
    }
    fields.insert("type".into(), name.into());
    Ok(Value::Object(fields))
}

fn initializer(value: &Value, limits: &mut Vec<f64>) -> Result<Value, String> {
    let (name, config) = class_of(value).ok_or_else(|| value.to_string())?;
    let mut fields: Map<String, Value> = config.into_iter().filter(|(key, value)| !is_neutral(key, value)).collect();
    if name == "variance_scaling"
        && let Some(name) = variance_scaling(&fields)
    {
        return Ok(name.into());
    }
    let bound = |key: &str| fields.get(key).and_then(Value::as_f64);
    if let ("random_uniform", Some(from), Some(to)) = (name.as_str(), bound("minval"), bound("maxval"))
        && from == -to
    {
        limits.push(to);
        return Ok("pytorch_default".into());
    }
    if fields.is_empty() {
        return Ok(name.into());
    }
    fields.insert("type".into(), name.into());
    Ok(Value::Object(fields))
}

/// The name that a variance scaling has.
fn variance_scaling(fields: &Map<String, Value>) -> Option<&'static str> {
    let part = |key: &str| fields.get(key).and_then(Value::as_str);
    let scale = fields.get("scale").map_or(Some(1.0), Value::as_f64)?;
    let is_uniform = match part("distribution").unwrap_or("truncated_normal") {
        "uniform" => true,
        "truncated_normal" | "normal" => false,
        _ => return None,
    };
    let names = match (scale, part("mode").unwrap_or("fan_in")) {
        (2.0, "fan_in") => ["he_uniform", "he_normal"],
        (1.0, "fan_in") => ["lecun_uniform", "lecun_normal"],
        (1.0, "fan_avg") => ["glorot_uniform", "glorot_normal"],
        _ => return None,
    };
    Some(names[usize::from(!is_uniform)])
}

fn regularizer(value: &Value) -> Result<Value, String> {
    let (name, config) = class_of(value).ok_or_else(|| value.to_string())?;
    // Keras's defaults.
    let weight = |key: &str, default: f64| config.get(key).and_then(Value::as_f64).unwrap_or(default);
    let (l1, l2) = match name.as_str() {
        "l1" => (weight("l1", 0.01), 0.0),
        "l2" => (0.0, weight("l2", 0.01)),
        "l1_l2" | "l1l2" => (weight("l1", 0.0), weight("l2", 0.0)),
        _ => return Err(name),
    };
    let mut fields = Map::new();
    for (key, weight) in [("l1", l1), ("l2", l2)] {
        if weight != 0.0 {
            fields.insert(key.into(), short(weight));
        }
    }
    Ok(if fields.is_empty() { Value::Null } else { Value::Object(fields) })
}

fn constraint(value: &Value) -> Result<Value, String> {
    let (name, config) = class_of(value).ok_or_else(|| value.to_string())?;
    if name != "max_norm" {
        return Err(name);
    }
    let bound = config.get("max_value").and_then(Value::as_f64).unwrap_or(2.0);
    Ok(json!({"max_norm": short(bound), "axis": config.get("axis").cloned().unwrap_or(json!(0))}))
}

/// A number without the digits that single precision added to it: `0.001` for `0.0010000000474974513`.
pub fn short(value: f64) -> Value {
    let single = value as f32;
    if f64::from(single) == value {
        single.to_string().parse::<f64>().map_or(json!(value), |short| json!(short))
    } else {
        json!(value)
    }
}

/// Whether an argument that has no counterpart here has a value that changes nothing.
pub fn is_neutral(name: &str, value: &Value) -> bool {
    let is_one = |value: &Value| value.as_f64() == Some(1.0);
    match name {
        "name" | "dtype" | "trainable" | "seed" | "registered_name" | "batch_input_shape" | "input_dtype"
        | "input_axes" | "output_axes" | "renorm_momentum" | "renorm_clipping" | "supports_masking" | "ragged"
        | "sparse" | "optional" | "input_shape" | "batch_size" | "autocast" => true,
        "data_format" => value.is_null() || value == "channels_last",
        "dilation_rate" => is_one(value) || value.as_array().is_some_and(|rates| rates.iter().all(is_one)),
        "groups" | "depth_multiplier" => is_one(value),
        // The last axis of an image or of features.
        "axis" => [json!(-1), json!([-1]), json!(3), json!([3])].contains(value),
        "beta_initializer" | "moving_mean_initializer" | "bias_initializer" => is_class(value, "zeros"),
        "gamma_initializer" | "moving_variance_initializer" => is_class(value, "ones"),
        "threshold" | "negative_slope" => value.as_f64() == Some(0.0),
        _ => value.is_null() || *value == Value::Bool(false),
    }
}

fn is_class(value: &Value, wanted: &str) -> bool {
    class_of(value).is_some_and(|(name, _)| name == wanted)
}
