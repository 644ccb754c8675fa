//! Shared by several test files: small learnable data and networks that train on it.
#![allow(dead_code, reason = "each test file uses a part")]

use convlab::data::{Dataset, Images};
use convlab::engine::choose::Choice;
use convlab::experiment::Experiment;
use convlab::layers::sample::Sample;
use convlab::tensor::random;
use convlab::train::{Event, Options, Trainer};
use serde_json::{Value, json};
use std::sync::Arc;

/// Images of `classes` classes: a bright square, whose position determines the class, with noise.
pub fn squares([height, width, channels]: [usize; 3], classes: usize, count: usize, seed: u32) -> Images {
    let mut pixels = vec![0; count * height * width * channels];
    let labels: Vec<u8> = (0..count).map(|i| random::below(classes as u32, seed, 1, 0, i as u32) as u8).collect();
    for (i, image) in pixels.chunks_exact_mut(height * width * channels).enumerate() {
        let place = usize::from(labels[i]) * (height * width - 2 * width) / classes;
        for (k, pixel) in image.iter_mut().enumerate() {
            let at = k / channels;
            let lit = [place, place + 1, place + width, place + width + 1].contains(&at);
            let noise = random::below(90, seed, 2, i as u32, k as u32) as u8;
            *pixel = noise + if lit { 150 } else { 0 };
        }
    }
    Images::new([height, width, channels], pixels, labels).unwrap()
}

/// A data set of such images.
pub fn dataset(shape: [usize; 3], classes: usize, train: usize, test: usize) -> Arc<Dataset> {
    Arc::new(Dataset {
        name: "custom".into(),
        title: "squares".into(),
        synthetic: true,
        classes: (0..classes).map(|i| i.to_string()).collect(),
        validation: 0,
        train: squares(shape, classes, train, 1),
        test: squares(shape, classes, test, 2),
    })
}

/// An experiment on such images; `changes` replaces or adds top-level keys.
pub fn experiment(shape: [usize; 3], layers: Value, changes: Value) -> Experiment {
    let mut spec = json!({
        "name": "test", "dataset": {"name": "custom", "validation": {"split": 0.2}}, "input_shape": shape,
        "layers": layers, "loss": "sparse_categorical_crossentropy", "optimizer": {"type": "adam"},
        "batch_size": 16, "epochs": 3, "seed": 5,
    });
    let (spec_map, Value::Object(changes)) = (spec.as_object_mut().unwrap(), changes) else { panic!("an object") };
    spec_map.extend(changes);
    Experiment::from_value(spec).unwrap()
}

/// A network with most kinds of layers: branches, batch normalisation, dropout, depthwise convolution, pooling.
pub fn mixed_layers(classes: usize) -> Value {
    json!([
        {"type": "conv2d", "name": "stem", "filters": 6, "kernel_size": 3, "padding": "same"},
        {"type": "batch_normalization", "name": "norm"},
        {"type": "activation", "name": "relu", "activation": "relu"},
        {"type": "depthwise_conv2d", "kernel_size": 3, "padding": "same"},
        {"type": "conv2d", "name": "side", "filters": 6, "kernel_size": 1, "inputs": ["depthwise_conv2d"]},
        {"type": "add", "inputs": ["side", "relu"]},
        {"type": "max_pooling2d", "pool_size": 2},
        {"type": "dropout", "rate": 0.2},
        {"type": "flatten"},
        {"type": "dense", "units": 16, "activation": "relu", "kernel_regularizer": {"l2": 0.001}},
        {"type": "dense", "units": classes, "activation": "softmax"},
    ])
}

/// A network around a sample, so that it has trained inputs, propagates a gradient, and is followed by a loss.
pub fn around(sample: &Sample) -> ([usize; 3], Value) {
    let shape = &sample.inputs[0].0;
    let mut layers = Vec::new();
    let input = match shape[..] {
        [h, w, c] => {
            let front = json!({"type": "conv2d", "filters": c, "kernel_size": 1, "activation": "tanh", "name": "x0"});
            layers.push(front);
            [h, w, 2]
        }
        _ => {
            layers.push(json!({"type": "flatten"}));
            layers.push(json!({"type": "dense", "units": shape[0], "activation": "tanh", "name": "x0"}));
            [3, 2, 1]
        }
    };
    for k in 1..sample.inputs.len() {
        let from = if shape.len() == 3 { "input_layer" } else { "flatten" };
        let mut layer = layers[layers.len() - 1].clone();
        layer["name"] = json!(format!("x{k}"));
        layer["inputs"] = json!([from]);
        layers.push(layer);
    }
    let mut layer: Value = serde_json::from_str(sample.options).unwrap();
    layer["type"] = json!(sample.kind);
    layer["name"] = json!("sample");
    if sample.inputs.len() > 1 {
        layer["inputs"] = (0..sample.inputs.len()).map(|k| format!("x{k}")).collect();
    }
    layers.push(layer);
    let output = sample.layer().output_shape(&sample.inputs).unwrap();
    if output.0.len() == 3 {
        layers.push(json!({"type": "flatten", "name": "end"}));
    }
    layers.push(json!({"type": "dense", "units": 3, "activation": "softmax"}));
    (input, Value::Array(layers))
}

/// A trainer, or the error that stopped it.
pub fn trainer(spec: &Experiment, data: &Arc<Dataset>, engine: Choice) -> convlab::Result<Trainer> {
    pollster::block_on(Trainer::new(spec.clone(), data.clone(), Options { engine, shuffle: true }))
}

/// Runs to the end.
pub fn run(trainer: &mut Trainer) -> Vec<Event> {
    let mut events = Vec::new();
    while !trainer.is_done() {
        events.extend(pollster::block_on(trainer.advance(1e9)).unwrap());
    }
    events
}

/// The history without its times, as bit patterns.
pub fn bits(trainer: &Trainer) -> Vec<[u64; 4]> {
    let row = |e: &convlab::results::history::Epoch| {
        [e.loss, e.accuracy, e.val_loss.unwrap_or(0.0), e.val_accuracy.unwrap_or(0.0)].map(f64::to_bits)
    };
    trainer.history().epochs.iter().map(row).collect()
}
