//! One of Keras's layers as an entry of the document. The names of layers and options are read from the registry of layers, so
//! that a new layer needs nothing here.

use super::keras;
use super::names::{kind, usual};
use super::options::{self, IGNORED};
use super::value::{Object, Value};
use crate::layers;
use serde_json::{Map, Value as Json};

/// An entry of the document, and what of the layer it leaves out.
pub struct Read {
    /// None where nothing of the layer can be taken.
    pub entry: Option<Map<String, Json>>,
    /// What is left out.
    pub refused: Vec<String>,
    /// Initialisers that stand as `pytorch_default`, see [`super::initial`].
    pub uniform: Vec<(String, Json)>,
}

/// A layer's class by its usual name.
pub fn class<'o>(object: &'o Object) -> &'o str {
    usual(object.class())
}

/// Reads a layer's class and arguments.
pub fn read(object: &Object) -> Read {
    let class = class(object);
    let is_layer = keras::name(&object.path).is_some_and(|name| name.area == "layers" || name.area.is_empty());
    if object.own_class.is_some() || !is_layer {
        return Read { entry: None, refused: vec![class.into()], uniform: Vec::new() };
    }
    match kind(class) {
        Some(kind) => options_of(kind, class, object),
        None => activation(class, object),
    }
}

/// A class that is an activation function: `ReLU()`.
fn activation(class: &str, object: &Object) -> Read {
    let function = super::names::snake_case(class);
    let entry: Map<String, Json> = Map::from_iter([("activation".to_string(), Json::from(function))]);
    let given: Vec<&str> =
        object.arguments.named.iter().map(|(name, _)| &**name).filter(|name| !IGNORED.contains(name)).collect();
    let is_known = layers::from_options("activation", Json::Object(entry.clone())).is_ok();
    if !is_known || !object.arguments.positional.is_empty() {
        return Read { entry: None, refused: vec![class.into()], uniform: Vec::new() };
    }
    // Of the defaults, only those of an activation's own class are known.
    let refused = given.iter().map(|name| format!("{class}({name})")).collect();
    Read { entry: Some(with_type("activation", object, entry)), refused, uniform: Vec::new() }
}

fn options_of(kind: &str, class: &str, object: &Object) -> Read {
    let mut refused = Vec::new();
    let arguments = match options::by_name(kind, &legacy(object)) {
        Ok(arguments) => arguments,
        Err(message) => {
            return Read { entry: None, refused: vec![format!("{class}: {message}")], uniform: Vec::new() };
        }
    };
    let mut entry = Map::new();
    for (name, value) in arguments {
        if IGNORED.contains(&&*name) {
            continue;
        }
        match options::json(&name, &value) {
            Ok(Json::Null) => {}
            Ok(value) => drop(entry.insert(name, value)),
            Err(what) => refused.push(format!("{class}({name}={what})")),
        }
    }
    let is_trainable = trainable(&mut entry, class, object, &mut refused);
    let uniform = super::initial::take(&mut entry);
    let mut entry = accepted(kind, class, entry, &mut refused).map(|entry| simplified(kind, entry));
    if let Some(entry) = entry.as_mut().filter(|_| !is_trainable) {
        entry.insert("trainable".into(), false.into());
    }
    Read { entry: entry.map(|entry| with_type(kind, object, entry)), refused, uniform }
}

/// Takes out whether the layer is trained: an attribute that is set later counts before the argument.
fn trainable(entry: &mut Map<String, Json>, class: &str, object: &Object, refused: &mut Vec<String>) -> bool {
    let given = entry.shift_remove("trainable").is_none_or(|given| given != false);
    let attributes = object.attributes.borrow();
    match attributes.iter().rev().find(|(name, _)| name == "trainable") {
        Some((_, value)) => value.truth().unwrap_or_else(|| {
            refused.push(format!("{class}.trainable = {}", value.describe()));
            given
        }),
        None => given,
    }
}

/// Leaves out the options that the layer does not take.
fn accepted(
    kind: &str,
    class: &str,
    mut entry: Map<String, Json>,
    refused: &mut Vec<String>,
) -> Option<Map<String, Json>> {
    loop {
        let Err(error) = layers::from_options(kind, Json::Object(entry.clone())) else { return Some(entry) };
        let named =
            error.split_once("unknown field `").and_then(|(_, rest)| rest.split_once('`')).map(|(name, _)| name);
        let named = named.or_else(|| error.split([':', '.', '[']).next());
        let Some(value) = named.and_then(|name| entry.shift_remove(name)) else {
            if refused.is_empty() {
                let message = error.split(". Received").next().unwrap_or_default();
                let missing = message.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
                let message = missing.map_or(message.to_string(), |name| format!("{name} is not given"));
                refused.push(format!("{class}: {message}"));
            }
            return None;
        };
        let name = named.unwrap_or_default();
        if !is_default(name, &value) {
            refused.push(format!("{class}({name}={})", python(&value)));
        }
    }
}

/// Whether a layer of the document has weights.
pub fn has_weights(entry: &Map<String, Json>) -> bool {
    let kind = entry.get("type").and_then(Json::as_str).unwrap_or_default();
    ["conv", "dense", "normalization", "prelu"].iter().any(|word| kind.contains(word)) && !kind.contains("response")
}

/// A value of the document as Python writes it.
pub fn python(value: &Json) -> String {
    match value {
        Json::Bool(true) => "True".into(),
        Json::Bool(false) => "False".into(),
        Json::Array(items) => format!("({})", items.iter().map(python).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

fn with_type(kind: &str, object: &Object, options: Map<String, Json>) -> Map<String, Json> {
    let mut entry = Map::from_iter([("type".to_string(), Json::from(kind))]);
    if let Some(name) = object.arguments.named("name").and_then(Value::as_text).filter(|name| !name.is_empty()) {
        entry.insert("name".into(), name.into());
    }
    entry.extend(options);
    entry
}

/// Options without those that have their default, and with one number for several equal ones.
fn simplified(kind: &str, mut entry: Map<String, Json>) -> Map<String, Json> {
    let read = |entry: &Map<String, Json>| {
        let mut options = layers::from_options(kind, Json::Object(entry.clone())).ok()?.options();
        // A pooling window moves by its own size where nothing else is said.
        if options.get("strides").is_some_and(Json::is_null) {
            options["strides"] = options["pool_size"].clone();
        }
        Some(options)
    };
    let whole = read(&entry);
    let names: Vec<String> = entry.keys().cloned().collect();
    for name in names {
        for simpler in simpler(&entry[&name]) {
            let mut other = entry.clone();
            match simpler {
                Some(value) => drop(other.insert(name.clone(), value)),
                None => drop(other.shift_remove(&name)),
            }
            if read(&other) == whole {
                entry = other;
                break;
            }
        }
    }
    entry
}

/// Shorter forms of a value: nothing, one number for a list of equal ones, an object without a field.
fn simpler(value: &Json) -> Vec<Option<Json>> {
    let mut forms = vec![None];
    match value {
        Json::Array(items) if items.windows(2).all(|pair| pair[0] == pair[1]) => {
            if let Some(Json::Array(inner)) = items.first()
                && inner.windows(2).all(|pair| pair[0] == pair[1])
            {
                forms.extend(inner.first().cloned().map(Some));
            }
            forms.extend(items.first().cloned().map(Some));
        }
        Json::Object(fields) => forms.extend(fields.keys().map(|name| {
            let mut fewer = fields.clone();
            fewer.shift_remove(name);
            Some(fewer.into())
        })),
        _ => {}
    }
    forms
}

/// Whether an argument that the document does not have says what is so anyway.
fn is_default(name: &str, value: &Json) -> bool {
    match name {
        "data_format" => value == "channels_last" || value == "tf",
        "dilation_rate" => *value == 1 || value.as_array().is_some_and(|rates| rates.iter().all(|rate| *rate == 1)),
        "groups" | "depth_multiplier" => *value == 1,
        "axis" => [-1, 3].iter().any(|axis| *value == *axis || *value == serde_json::json!([axis])),
        "keepdims" | "synchronized" | "renorm" | "fused" => *value == false,
        "interpolation" => value == "bilinear",
        "beta_initializer" | "moving_mean_initializer" => value == "zeros",
        "gamma_initializer" | "moving_variance_initializer" => value == "ones",
        _ => false,
    }
}

/// `Convolution2D(32, 3, 3)`, as Keras 1 has it: the window's height and width are two arguments. `LeakyReLU(alpha=0.1)`, as Keras 2
/// has it.
fn legacy<'a>(object: &Object<'a>) -> super::value::Arguments<'a> {
    let mut arguments = object.arguments.clone();
    if object.class() == "Convolution2D"
        && let [_, Value::Int(height), Value::Int(width)] = arguments.positional[..]
    {
        arguments.positional.truncate(1);
        arguments.positional.push(Value::tuple(vec![Value::Int(height), Value::Int(width)]));
    }
    if object.class() == "LeakyReLU" {
        arguments
            .named
            .iter_mut()
            .filter(|(name, _)| name == "alpha")
            .for_each(|(name, _)| *name = "negative_slope".into());
    }
    arguments
}
