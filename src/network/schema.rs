//! The JSON Schema of experiment documents, made from the types that read them: an editor that has it completes a
//! document, shows each option's help and marks what is wrong.
//!
//! Help is the options' doc comments, defaults are serde's, ranges are those that the checks enforce. The first of a
//! type's `examples` is what the page's editor starts a new layer, optimiser and so on with.

use super::graph::{MAX_LAYERS, MAX_NAME};
use crate::experiment::Experiment;
use crate::layers;
use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, RemoveRefSiblings, Transform};
use serde_json::{Map, Value, json};

/// Draft 07, which editors read.
///
/// # Panics
/// Never: the types that it is made from are structs.
pub fn experiment() -> Value {
    let mut generator = SchemaSettings::draft07().into_generator();
    let layers: Vec<Value> =
        layers::schemas(&mut generator).into_iter().map(|(kind, options)| layer(kind, options.into())).collect();
    let mut schema = generator.into_root_schema_for::<Experiment>();
    let field =
        schema.pointer_mut("/properties/layers").and_then(Value::as_object_mut).expect("experiments have layers");
    field.insert("minItems".into(), 1.into());
    field.insert("maxItems".into(), MAX_LAYERS.into());
    field.insert("items".into(), json!({ "oneOf": layers }));
    // Of a reference, draft 07 reads nothing but the address: help and default go beside it, into an `allOf`.
    RemoveRefSiblings::default().transform(&mut schema);
    RecursiveTransform(tidy).transform(&mut schema);
    RecursiveTransform(name_examples).transform(&mut schema);
    schema.into()
}

/// Help in one line; no formats, which are Rust's names of number types.
fn tidy(schema: &mut Schema) {
    schema.remove("format");
    if let Some(Value::String(help)) = schema.get_mut("description") {
        *help = help.replace('\n', " ");
    }
}

/// Adds the `type` that the registry gives a struct to the struct's own examples.
fn name_examples(schema: &mut Schema) {
    let Some(kind) = schema.pointer("/properties/type/const").cloned() else { return };
    let Some(Value::Array(examples)) = schema.get_mut("examples") else { return };
    for example in examples.iter_mut().filter_map(Value::as_object_mut) {
        let named = Map::from_iter([("type".to_string(), kind.clone())]);
        *example = named.into_iter().chain(std::mem::take(example)).collect();
    }
}

/// [`experiment`] as the file that the site serves.
pub fn text() -> String {
    format!("{:#}\n", experiment())
}

/// The schema of a layer: the fields that all layers have, then its own options.
fn layer(kind: &str, options: Value) -> Value {
    let mut fields = json!({
        "type": {"const": kind},
        "name": {
            "description": "The layer's own name, 1 to 100 letters; Keras's (`conv2d`, `conv2d_1`, …) where it is not set.",
            "type": ["string", "null"],
            "minLength": 1,
            "maxLength": MAX_NAME,
        },
        "trainable": {
            "description": "Whether training changes the layer's parameters; a batch normalization that is frozen computes as in inference.",
            "type": ["boolean", "null"],
            "default": true,
        },
        "inputs": {
            "description": "Names of the layers that it reads, `input_layer` for the image itself; the layer before it where this is not set.",
            "type": ["array", "null"],
            "items": {"type": "string"},
            "minItems": 1,
        },
    });
    let Value::Object(mut options) = options else { panic!("{kind} has options") };
    let mut required = vec![Value::from("type")];
    if let Some(Value::Array(own)) = options.remove("required") {
        required.extend(own);
    }
    let merged = fields.as_object_mut().expect("it is an object above");
    if let Some(Value::Object(own)) = options.remove("properties") {
        merged.extend(own);
    }
    let mut schema = Map::from_iter([("title".to_string(), Value::from(kind))]);
    options.retain(|key, _| !["title", "$schema", "definitions"].contains(&key.as_str()));
    schema.extend(options);
    schema.insert("properties".into(), fields);
    schema.insert("required".into(), required.into());
    Value::Object(schema)
}
