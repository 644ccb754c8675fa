//! The JSON Schema of experiments: the file that the site serves is generated from the types, valid experiments conform
//! to it, and experiments that Convlab refuses for their form do not.
#![cfg(not(target_arch = "wasm32"))]

use convlab::experiment::{Experiment, presets};
use convlab::layers::{from_options, samples};
use convlab::network::schema;
use jsonschema::Validator;
use serde_json::{Value, json};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/www/experiment.schema.json");

fn validator() -> Validator {
    jsonschema::draft7::new(&schema::experiment()).unwrap()
}

fn document(name: &str) -> Value {
    serde_json::from_str(presets::find(name).unwrap().json).unwrap()
}

/// `mnist-10` with one value replaced.
fn with(pointer: &str, value: Value) -> Value {
    let mut document = document("mnist-10");
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    document.pointer_mut(parent).unwrap().as_object_mut().unwrap().insert(key.into(), value);
    document
}

#[test]
fn the_served_file_is_made_from_the_types() {
    let served = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(served == schema::text(), "stale: cargo run --release -- schema > www/experiment.schema.json");
    assert_eq!(schema::experiment()["$schema"], "http://json-schema.org/draft-07/schema#");
    jsonschema::draft7::meta::validate(&schema::experiment()).unwrap();
}

#[test]
fn every_experiment_of_ours_fits() {
    let validator = validator();
    for preset in presets::list() {
        let errors: Vec<String> = validator
            .iter_errors(&document(&preset.id))
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", preset.id);
        // As Convlab writes it, with all defaults.
        let written = serde_json::to_value(&preset.experiment).unwrap();
        assert!(validator.is_valid(&written), "{}", preset.id);
    }
}

#[test]
fn every_layer_fits_as_given_and_with_its_defaults() {
    let validator = validator();
    for sample in samples() {
        let given: Value = serde_json::from_str(sample.options).unwrap();
        for options in [given, sample.layer().options()] {
            let mut layer = json!({"type": sample.kind, "name": "a", "inputs": ["input_layer"]});
            layer.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
            let mut document = document("mnist-10");
            document["layers"] = json!([layer]);
            assert!(validator.is_valid(&document), "{layer}");
        }
    }
}

/// The editor starts a new part with its example.
#[test]
fn examples_fit_and_give_every_required_option() {
    let schema = schema::experiment();
    let validator = validator();
    let families = [
        ("/properties/layers/items", "/layers", true),
        ("/definitions/Optimizer", "/optimizer", false),
        ("/definitions/Schedule", "/learning_rate_schedule", false),
        ("/definitions/Augmentation", "/augmentation", true),
    ];
    for (family, part, in_list) in families {
        for variant in schema.pointer(family).unwrap()["oneOf"].as_array().unwrap() {
            let kind = &variant["properties"]["type"]["const"];
            let examples = variant["examples"].as_array().cloned().unwrap_or_default();
            let required = variant["required"].as_array().unwrap().len();
            assert!(!examples.is_empty() || required == 1, "{kind} has required options and no example");
            for example in examples {
                assert_eq!(&example["type"], kind);
                let document = with(part, if in_list { json!([example]) } else { example.clone() });
                assert!(validator.is_valid(&document), "{kind}: {document}");
                if part == "/layers" {
                    let mut options = example;
                    options.as_object_mut().unwrap().remove("type");
                    from_options(kind.as_str().unwrap(), options).unwrap();
                } else {
                    Experiment::from_value(document).unwrap();
                }
            }
        }
    }
    for example in schema["definitions"]["EarlyStopping"]["examples"].as_array().unwrap() {
        assert!(validator.is_valid(&with("/early_stopping", example.clone())), "{example}");
    }
}

/// Each is refused by the schema and by Convlab, for the same reason.
#[test]
fn invalid_documents_do_not_fit() {
    let validator = validator();
    let wrong = [
        ("/batch_size", json!(0)),
        ("/batch_size", json!("many")),
        ("/batch_size", json!(65_537)),
        ("/epochs", json!(-1)),
        ("/epochz", json!(1)),
        ("/loss", json!("mse")),
        ("/input_shape", json!([28, 28])),
        ("/input_shape", json!([28, 28, 0])),
        ("/dataset/name", json!("minst")),
        ("/dataset/validation", json!("train")),
        ("/dataset/validation", json!({"split": 1})),
        ("/optimizer", json!({"type": "adadelta"})),
        ("/optimizer", json!({"type": "adam", "momentum": 0.9})),
        ("/optimizer", json!({"type": "sgd", "momentum": 1})),
        ("/optimizer", json!({"type": "rmsprop", "epsilon": 0})),
        ("/optimizer", json!({"learning_rate": 0.1})),
        ("/learning_rate_schedule", json!({"type": "warmup"})),
        ("/learning_rate_schedule", json!({"type": "step_decay", "step_size": 0})),
        ("/learning_rate_schedule", json!({"type": "one_cycle", "pct_start": 1})),
        ("/augmentation", json!([{"type": "random_rotation", "factor": 0.6}])),
        ("/augmentation", json!([{"type": "cutout"}])),
        ("/early_stopping", json!({"monitor": "f1"})),
    ];
    for (pointer, value) in wrong {
        let document = with(pointer, value);
        assert!(Experiment::from_value(document.clone()).is_err(), "{pointer}");
        assert!(!validator.is_valid(&document), "{pointer}: {document}");
    }
    for layer in [
        json!({"type": "conv3d"}),
        json!({"filters": 8, "kernel_size": 3}),
        json!({"type": "conv2d", "filters": 8}),
        json!({"type": "conv2d", "filters": 0, "kernel_size": 3}),
        json!({"type": "conv2d", "filters": 8, "kernel_size": [3]}),
        json!({"type": "conv2d", "filters": 8, "kernel_size": 3, "stride": 2}),
        json!({"type": "conv2d", "filters": 8, "kernel_size": 3, "padding": "full"}),
        json!({"type": "dense", "units": 10, "kernel_initializer": "xavier"}),
        json!({"type": "dense", "units": 10, "name": ""}),
        json!({"type": "dropout", "rate": 1}),
        json!({"type": "flatten", "inputs": []}),
        json!({"type": "batch_normalization", "momentum": 1.5}),
        json!({"type": "zero_padding2d", "padding": [1, 2, 3]}),
    ] {
        let document = with("/layers", json!([layer]));
        assert!(!validator.is_valid(&document), "{layer}");
    }
}

#[test]
fn a_document_may_name_its_schema_and_the_experiment_does_not_keep_it() {
    let plain = document("mnist-10");
    let mut named = json!({"$schema": "https://example.org/experiment.schema.json"});
    named.as_object_mut().unwrap().extend(plain.as_object().unwrap().clone());
    assert!(validator().is_valid(&named));
    let written = |document: &Value| serde_json::to_string(&Experiment::from_value(document.clone()).unwrap()).unwrap();
    assert_eq!(written(&named), written(&plain));
}
