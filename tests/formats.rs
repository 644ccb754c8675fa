//! Files of other programs' models: those that Keras and PyTorch wrote (tests/golden/make_formats.py) must give their
//! probabilities here; those that Convlab writes must come back as they were.
#![cfg(not(target_arch = "wasm32"))]

mod common;

#[path = "formats/hostile.rs"]
mod hostile;
#[path = "formats/round_trip.rs"]
mod round_trip;

use common::around;
use convlab::data::{Dataset, Images};
use convlab::engine::Source;
use convlab::engine::choose::Choice;
use convlab::experiment::Experiment;
use convlab::import::{self, Imported};
use convlab::train::{Options, Trainer};
use pollster::block_on;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;

fn golden(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/formats").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The probabilities that a network gives for images.
fn probabilities(spec: &Experiment, weights: &[u8], images: &Images) -> Vec<Vec<f32>> {
    let mut spec = spec.clone();
    (spec.dataset.validation, spec.dataset.limit, spec.batch_size) = (None, None, 4);
    let classes = convlab::network::graph::Graph::new(&spec).unwrap().classes();
    let data = Dataset {
        name: "custom".into(),
        title: "images".into(),
        synthetic: true,
        classes: (0..classes).map(|class| class.to_string()).collect(),
        validation: 0,
        train: images.clone(),
        test: images.clone(),
    };
    let options = Options { engine: Choice::Cpu, shuffle: false };
    let mut trainer = block_on(Trainer::new(spec, Arc::new(data), options)).unwrap();
    block_on(trainer.load_weights(weights)).unwrap();
    (0..images.len()).map(|i| block_on(trainer.predict(Source::Test, i)).unwrap().probabilities).collect()
}

/// Compares with what the framework gave.
fn check(name: &str, imported: &Imported) {
    assert_eq!(imported.unsupported, []);
    let expected: Value = serde_json::from_slice(&golden(&format!("{name}.json"))).unwrap();
    let flat = |value: &Value| -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut open = vec![value];
        while let Some(value) = open.pop() {
            match value {
                Value::Array(items) => open.extend(items.iter().rev()),
                number => bytes.push(number.as_u64().unwrap() as u8),
            }
        }
        bytes
    };
    let images = Images::new([6, 5, 2], flat(&expected["images"]), vec![0, 1, 2]).unwrap();
    let found = probabilities(&imported.experiment, imported.weights.as_ref().expect("weights"), &images);
    for (row, expected) in found.iter().zip(expected["probabilities"].as_array().unwrap()) {
        for (found, expected) in row.iter().zip(expected.as_array().unwrap()) {
            let off = (f64::from(*found) - expected.as_f64().unwrap()).abs();
            assert!(off < 1e-5, "{name}: {row:?}, {expected}: off by {off}");
        }
    }
}

fn read(file: &str, basis: Option<&Experiment>) -> Imported {
    import::read(file, &golden(file), basis).unwrap_or_else(|error| panic!("{file}: {error}"))
}

#[test]
fn models_of_keras_give_its_probabilities() {
    for name in ["branched", "chain"] {
        for ending in ["keras", "h5"] {
            check(name, &read(&format!("{name}.{ending}"), None));
        }
    }
}

#[test]
fn weights_of_keras_fit_the_network_of_its_json() {
    for name in ["branched", "chain"] {
        let network = read(&format!("{name}.model.json"), None);
        assert!(network.weights.is_none() && network.unsupported.is_empty(), "{:?}", network.unsupported);
        for ending in ["weights.h5", "legacy-weights.h5"] {
            check(name, &read(&format!("{name}.{ending}"), Some(&network.experiment)));
        }
        // By their order, where the layers are called otherwise.
        let mut renamed = network.experiment.clone();
        for (index, layer) in renamed.layers.iter_mut().enumerate().filter(|_| name == "chain") {
            layer.insert("name".into(), format!("other_{index}").into());
        }
        for ending in ["weights.h5", "legacy-weights.h5"] {
            check(name, &read(&format!("{name}.{ending}"), Some(&renamed)));
        }
    }
}

#[test]
fn a_model_of_keras_becomes_the_experiment_that_one_would_write() {
    let experiment = read("chain.keras", None).experiment;
    let layers = json!([
        {"type": "conv2d", "filters": 3, "kernel_size": [3, 3], "activation": "relu"},
        {"type": "average_pooling2d", "padding": "same"},
        {"type": "conv2d", "filters": 4, "kernel_size": [2, 2], "activation": "sigmoid"},
        {"type": "global_average_pooling2d"},
        {"type": "dense", "units": 3, "activation": "softmax"}
    ]);
    assert_eq!(json!(experiment.layers), layers);
    assert_eq!((experiment.name.as_str(), experiment.input_shape), ("chain", [6, 5, 2]));
    assert_eq!(
        json!(experiment.optimizer),
        json!({"type": "sgd", "learning_rate": 0.05, "momentum": 0.9, "nesterov": false})
    );
    assert_eq!(json!(experiment.loss), "categorical_crossentropy");
    let branched = read("branched.model.json", None).experiment;
    assert_eq!(json!(branched.layers[0]["kernel_regularizer"]), json!({"l2": 0.01}));
    assert_eq!(json!(branched.layers[4]["kernel_constraint"]), json!({"max_norm": 2.0, "axis": [0, 1, 2]}));
    assert_eq!(json!(branched.layers[4]["inputs"]), json!(["act"]));
}

fn torch_net() -> Experiment {
    let layers = json!([
        {"type": "conv2d", "filters": 3, "kernel_size": 3},
        {"type": "batch_normalization", "epsilon": 1e-5},
        {"type": "activation", "activation": "relu"},
        {"type": "conv2d", "filters": 4, "kernel_size": 3},
        {"type": "flatten"},
        {"type": "dense", "units": 3, "activation": "softmax"}
    ]);
    common::experiment([6, 5, 2], layers, json!({"name": "net"}))
}

#[test]
fn a_state_dict_is_matched_by_shapes_and_the_match_is_told() {
    let imported = read("net.safetensors", Some(&torch_net()));
    check("net", &imported);
    let matched: Vec<String> =
        imported.matched.iter().map(|pair| format!("{} <- {}", pair.ours, pair.theirs)).collect();
    assert_eq!(matched[0], "conv2d.kernel <- features.0.weight");
    assert_eq!(matched[4], "batch_normalization.moving_mean <- features.1.running_mean");
    assert_eq!(matched.last().unwrap(), "dense.bias <- fc.bias");
    assert!(imported.matched[8].reordered && !imported.matched[9].reordered, "{:?}", imported.matched);
}

#[test]
fn a_state_dict_of_another_network_names_what_does_not_fit() {
    let mut other = torch_net();
    other.layers[3]["filters"] = 5.into();
    let error = import::read("net.safetensors", &golden("net.safetensors"), Some(&other)).unwrap_err().to_string();
    assert!(error.contains("conv2d_1") && error.contains("features.3") && error.contains("fc"), "{error}");
    let error = import::read("net.safetensors", &golden("net.safetensors"), None).unwrap_err().to_string();
    assert!(error.contains("--experiment"), "{error}");
}

#[test]
fn everything_that_is_not_there_is_named_at_once() {
    let mut model: Value = serde_json::from_slice(&golden("branched.model.json")).unwrap();
    let layers = model["config"]["layers"].as_array_mut().unwrap();
    layers[1]["config"]["data_format"] = "channels_first".into();
    layers[3]["class_name"] = "LSTM".into();
    layers[5]["config"]["kernel_constraint"] = json!({"class_name": "NonNeg", "config": {}});
    let imported = import::read("model.json", model.to_string().as_bytes(), None).unwrap();
    let found: Vec<String> = imported.unsupported.iter().map(|part| format!("{}: {}", part.place, part.what)).collect();
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found[0].contains("layer stem") && found[0].contains("channels_first"), "{found:?}");
    assert!(found[1].contains("layer act") && found[1].contains("LSTM"), "{found:?}");
    assert!(found[2].contains("layer right") && found[2].contains("non_neg"), "{found:?}");
}

#[test]
fn configurations_of_keras_2_are_read() {
    let layer = |class: &str, name: &str, config: Value, inbound: Value| {
        let mut config = config;
        config["name"] = name.into();
        json!({"class_name": class, "name": name, "config": config, "inbound_nodes": inbound})
    };
    let model = json!({"class_name": "Model", "keras_version": "2.2.4", "backend": "tensorflow", "config": {
        "name": "model_1",
        "layers": [
            layer("InputLayer", "input_1", json!({"batch_input_shape": [null, 8, 8, 1], "dtype": "float32", "sparse": false}), json!([])),
            layer("Conv2D", "a", json!({"filters": 2, "kernel_size": [3, 3], "strides": [1, 1], "padding": "same",
                "data_format": "channels_last", "dilation_rate": [1, 1], "activation": "relu", "use_bias": true,
                "kernel_initializer": {"class_name": "VarianceScaling", "config": {"scale": 1.0, "mode": "fan_avg",
                "distribution": "uniform", "seed": null}}, "bias_initializer": {"class_name": "Zeros", "config": {}},
                "kernel_regularizer": {"class_name": "L1L2", "config": {"l1": 0.0, "l2": 0.009999999776482582}},
                "bias_regularizer": null, "activity_regularizer": null, "kernel_constraint": null, "bias_constraint": null,
                "trainable": true}), json!([[["input_1", 0, 0, {}]]])),
            layer("Add", "b", json!({"trainable": true}), json!([[["a", 0, 0, {}], ["input_1", 0, 0, {}]]])),
            layer("Flatten", "c", json!({"data_format": "channels_last"}), json!([[["b", 0, 0, {}]]])),
            layer("Dense", "d", json!({"units": 10, "activation": "softmax"}), json!([[["c", 0, 0, {}]]]))
        ],
        "input_layers": [["input_1", 0, 0]], "output_layers": [["d", 0, 0]]
    }});
    let imported = import::read("model.json", model.to_string().as_bytes(), None).unwrap();
    assert_eq!(imported.unsupported, []);
    let expected = json!([
        {"type": "conv2d", "name": "a", "filters": 2, "kernel_size": [3, 3], "padding": "same", "activation": "relu",
         "kernel_regularizer": {"l2": 0.01}},
        {"type": "add", "name": "b", "inputs": ["a", "input_layer"]},
        {"type": "flatten", "name": "c"},
        {"type": "dense", "name": "d", "units": 10, "activation": "softmax"}
    ]);
    assert_eq!(json!(imported.experiment.layers), expected);
}

/// The samples of layers that a document is tried with: each in a small network.
fn samples() -> impl Iterator<Item = Experiment> {
    convlab::layers::samples().into_iter().map(|sample| {
        let (input, layers) = around(&sample);
        common::experiment(input, layers, json!({"name": format!("sample_of_{}", sample.kind)}))
    })
}
