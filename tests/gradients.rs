//! Every layer's gradients in f64 against central differences, in small complete networks, so that the loss, the
//! activations, branches and the sums over shards are checked, too.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use common::around;
use convlab::data::Images;
use convlab::engine::cpu::CpuEngine;
use convlab::engine::{ImageSets, Step};
use convlab::experiment::Experiment;
use convlab::layers;
use convlab::network::graph::Graph;
use convlab::tensor::random;
use serde_json::{Value, json};
use std::sync::Arc;

/// Images of noise, labels of three classes.
fn noise([height, width, channels]: [usize; 3], count: usize) -> Images {
    let pixels = (0..count * height * width * channels).map(|i| random::pcg4d([5, 0, 0, i as u32])[0] as u8).collect();
    let labels = (0..count).map(|i| (i % 3) as u8).collect();
    Images::new([height, width, channels], pixels, labels).unwrap()
}

/// Compares a network's gradient with respect to every weight with the slope of its loss.
fn check(name: &str, input: [usize; 3], layers: &Value) {
    check_with(name, input, layers, &json!({}));
}

/// The same with further options of the document.
fn check_with(name: &str, input: [usize; 3], layers: &Value, more: &Value) {
    let mut spec = json!({
        "name": "check", "dataset": {"name": "custom"}, "input_shape": input, "layers": layers,
        "loss": "sparse_categorical_crossentropy", "optimizer": {"type": "sgd"}, "batch_size": 11, "seed": 3,
    });
    spec.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let spec = Experiment::from_value(spec).unwrap_or_else(|error| panic!("{name}: {error}"));
    let graph = Arc::new(Graph::new(&spec).unwrap_or_else(|error| panic!("{name}: {error}")));
    let images = noise(input, 11);
    let sets = ImageSets { train: &images, test: &images };
    let indices: Vec<u32> = (0..11).collect();
    let step = Step { indices: &indices, transforms: &[], step: 0, learning_rate: 0.0 };
    let mut engine = CpuEngine::<f64>::with_lanes(graph.clone(), &spec.optimizer, 11, None, 3, 2).unwrap();
    // Moves biases, gammas and moving statistics away from their initial values 0 and 1.
    for (i, w) in engine.weights_mut().iter_mut().enumerate() {
        *w += 0.2 * (f64::from(random::uniform(9, 0, 0, i as u32)) - 0.5);
    }
    engine.differentiate(sets, &step);
    let gradient = engine.gradient().to_vec();
    let loss = |engine: &mut CpuEngine<f64>| engine.differentiate(sets, &step).loss_sum / 11.0;
    for param in graph.params.iter().filter(|param| param.is_trained()) {
        let stride = (param.spec.len() / 12).max(1);
        for i in param.range().step_by(stride) {
            let w = engine.weights_mut()[i];
            let at = |engine: &mut CpuEngine<f64>, value: f64| {
                engine.weights_mut()[i] = value;
                loss(engine)
            };
            let mut slope = |h: f64| (at(&mut engine, w + h) - at(&mut engine, w - h)) / (2.0 * h);
            let mut found = f64::NAN;
            // The smaller step is for the rare weight that takes a ReLU's input across zero.
            let is_right = [1e-5, 1e-7].into_iter().any(|h| {
                found = slope(h);
                (found - gradient[i]).abs() < 1e-6 + 1e-5 * found.abs()
            });
            engine.weights_mut()[i] = w;
            assert!(is_right, "{name}: {}[{}]: slope {found}, gradient {}", param.name, i - param.offset, gradient[i]);
        }
    }
}

/// `layer` between a convolution (whose gradient needs the layer's dx) and a dense layer.
fn check_layer(name: &str, input: [usize; 3], layer: Value) {
    let mut layers = vec![json!({"type": "conv2d", "filters": input[2], "kernel_size": 1, "activation": "tanh"})];
    layers.push(layer);
    layers.push(json!({"type": "flatten"}));
    layers.push(json!({"type": "dense", "units": 3}));
    check(name, input, &Value::Array(layers));
}

/// Every sample of every layer, in a network that needs its gradient with respect to its inputs.
#[test]
fn every_layer_sample() {
    for sample in layers::samples() {
        let (input, layers) = around(&sample);
        check(&format!("{sample:?}"), input, &layers);
    }
}

/// Every option of the loss.
#[test]
fn losses() {
    let layers = json!([
        {"type": "conv2d", "filters": 3, "kernel_size": 2, "activation": "tanh"},
        {"type": "flatten"},
        {"type": "dense", "units": 3, "activation": "softmax"},
    ]);
    let focal = "categorical_focal_crossentropy";
    for more in [
        json!({"label_smoothing": 0.2}),
        json!({"class_weight": {"0": 0.25, "2": 3}}),
        json!({"loss": focal}),
        json!({"loss": focal, "alpha": [0.3, 1, 2], "gamma": 0.5, "label_smoothing": 0.1, "class_weight": {"1": 2}}),
    ] {
        check_with(&more.to_string(), [4, 5, 2], &layers, &more);
    }
}

/// Frozen layers pass gradients on; a frozen batch normalisation computes with its moving statistics.
#[test]
fn frozen_layers() {
    let layers = json!([
        {"type": "conv2d", "filters": 4, "kernel_size": 2, "activation": "tanh"},
        {"type": "batch_normalization", "trainable": false},
        {"type": "conv2d", "filters": 4, "kernel_size": 2, "activation": "gelu", "groups": 2, "dilation_rate": 2, "trainable": false},
        {"type": "batch_normalization", "scale": false},
        {"type": "flatten"},
        {"type": "dense", "units": 5, "activation": "silu", "trainable": false, "kernel_regularizer": {"l2": 0.1}},
        {"type": "dense", "units": 3},
    ]);
    check("frozen", [5, 4, 2], &layers);
}

/// Inputs of different shapes along the joined axis, and one tensor twice.
#[test]
fn concatenation_of_different_shapes() {
    for (axis, height, width) in [(1, 3, 1), (2, 1, 2), (3, 1, 1)] {
        let layers = json!([
            {"type": "conv2d", "filters": 4, "kernel_size": 1, "activation": "tanh", "name": "a"},
            {"type": "conv2d", "filters": if axis == 3 { 3 } else { 4 }, "kernel_size": [height, width], "activation": "sigmoid",
             "inputs": ["input_layer"], "name": "b"},
            {"type": "concatenate", "axis": axis, "inputs": ["a", "b", "a"]},
            {"type": "flatten"},
            {"type": "dense", "units": 3},
        ]);
        check(&format!("axis {axis}"), [4, 5, 2], &layers);
    }
}

#[test]
fn conv2d() {
    for (kernel, stride, padding) in [
        (json!([3, 3]), json!(1), "valid"),
        (json!([3, 2]), json!(1), "same"),
        (json!([2, 4]), json!([2, 1]), "same"),
        (json!([5, 3]), json!([3, 2]), "valid"),
        (json!(2), json!(3), "same"),
        (json!(1), json!(2), "valid"),
        (json!(1), json!(1), "same"),
        (json!([1, 7]), json!([1, 3]), "same"),
    ] {
        let layer = json!({"type": "conv2d", "filters": 4, "kernel_size": kernel, "strides": stride, "padding": padding,
                           "activation": "sigmoid"});
        check_layer(&layer.to_string(), [7, 6, 2], layer);
    }
}

/// Wide enough for Winograd's algorithm.
#[test]
fn wide_conv2d() {
    for (padding, input) in [("same", [3, 4, 16]), ("valid", [5, 4, 20]), ("same", [5, 2, 16])] {
        let layer =
            json!({"type": "conv2d", "filters": 16, "kernel_size": 3, "padding": padding, "activation": "tanh"});
        check_layer(&layer.to_string(), input, layer);
    }
}

#[test]
fn depthwise_conv2d() {
    for (kernel, stride, padding) in [
        (json!([3, 3]), json!(1), "valid"),
        (json!([3, 2]), json!([2, 1]), "same"),
        (json!(2), json!(3), "same"),
        (json!([5, 1]), json!(2), "valid"),
    ] {
        let layer = json!({"type": "depthwise_conv2d", "kernel_size": kernel, "strides": stride, "padding": padding});
        check_layer(&layer.to_string(), [7, 5, 3], layer);
    }
}

#[test]
fn pooling() {
    for kind in ["max_pooling2d", "average_pooling2d"] {
        for (pool, stride, padding) in [
            (json!(2), json!(2), "valid"),
            (json!(2), json!(1), "valid"),
            (json!([3, 2]), json!(2), "same"),
            (json!(3), json!(1), "same"),
            (json!(2), json!([3, 4]), "same"),
        ] {
            let layer = json!({"type": kind, "pool_size": pool, "strides": stride, "padding": padding});
            check_layer(&layer.to_string(), [7, 6, 3], layer);
        }
    }
}

#[test]
fn elementwise_and_shape_layers() {
    for layer in [
        json!({"type": "batch_normalization"}),
        json!({"type": "batch_normalization", "center": false, "scale": false}),
        json!({"type": "dropout", "rate": 0.4}),
        json!({"type": "activation", "activation": "relu"}),
        json!({"type": "activation", "activation": "tanh"}),
        json!({"type": "zero_padding2d", "padding": [[1, 2], [0, 3]]}),
        json!({"type": "local_response_normalization", "depth_radius": 2, "alpha": 0.3, "beta": 0.75}),
    ] {
        check_layer(&layer.to_string(), [5, 4, 6], layer);
    }
}

#[test]
fn dense_after_batch_normalization_of_features() {
    let layers = json!([
        {"type": "flatten"}, {"type": "dense", "units": 7, "use_bias": false}, {"type": "batch_normalization"},
        {"type": "activation", "activation": "relu"}, {"type": "dense", "units": 3, "activation": "softmax"},
    ]);
    check("dense", [4, 3, 2], &layers);
}

#[test]
fn branches_that_meet_and_read_a_tensor_twice() {
    let layers = json!([
        {"type": "conv2d", "name": "stem", "filters": 3, "kernel_size": 3, "padding": "same"},
        {"type": "batch_normalization", "name": "bn"},
        {"type": "conv2d", "name": "left", "filters": 3, "kernel_size": 3, "padding": "same", "inputs": ["bn"]},
        {"type": "batch_normalization", "name": "left_bn"},
        {"type": "conv2d", "name": "right", "filters": 3, "kernel_size": 1, "inputs": ["bn"]},
        {"type": "add", "name": "sum", "inputs": ["left_bn", "right", "bn"]},
        {"type": "add", "name": "twice", "inputs": ["sum", "sum"]},
        {"type": "activation", "activation": "relu"},
        {"type": "global_average_pooling2d"},
        {"type": "dense", "units": 3},
    ]);
    check("branches", [6, 5, 2], &layers);
}
