//! Document → format → document: the same layers, the same weights.

use super::{common, samples};
use convlab::engine::Parameters;
use convlab::experiment::{Experiment, presets};
use convlab::export::{ModelFormat, model};
use convlab::import;
use convlab::network::graph::Graph;
use convlab::results::weights;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Everything that determines a network's function.
fn network(spec: &Experiment) -> Vec<Value> {
    let graph = Graph::new(spec).unwrap();
    let layers = graph.nodes.iter().map(|node| {
        let mut options = node.layer.options();
        if options["strides"] == options["pool_size"] {
            options["strides"] = Value::Null;
        }
        if let Some(radius) = options["depth_radius"].as_u64() {
            // A window over all channels is as good as a larger one.
            options["depth_radius"] = radius.min(node.output_shape.channels() as u64 - 1).into();
        }
        if node.layer.kind() == "batch_normalization" {
            // Keras has no such switch, which matters for training only.
            options["unbiased_moving_variance"] = Value::Null;
        }
        json!([node.name, node.layer.kind(), options, node.inputs, node.output_shape.0, node.frozen])
    });
    layers.chain([json!([graph.softmax, spec.input_shape])]).collect()
}

fn random_weights(spec: &Experiment) -> Vec<u8> {
    let graph = Graph::new(spec).unwrap();
    let (weights, state) = graph.initial(spec.seed);
    let spread = |values: Vec<f32>| values.iter().enumerate().map(|(i, v)| v + (i % 17) as f32 / 16.0).collect();
    let mut parameters = Parameters { weights: spread(weights), state: spread(state), slots: Vec::new() };
    for param in &graph.params {
        if let Some(values) = &param.spec.values {
            // The document says what they are.
            parameters.state[param.range()].copy_from_slice(values);
        }
    }
    weights::save(&graph, &parameters).unwrap()
}

/// Exports to every format and imports again.
fn check(spec: &Experiment) {
    let saved = random_weights(spec);
    for format in ModelFormat::ALL {
        let file = model(spec, &saved, format).unwrap();
        let basis = (format == ModelFormat::Pytorch).then_some(spec);
        let imported = import::read(&file.file_name, &file.bytes, basis)
            .unwrap_or_else(|error| panic!("{} of {}: {error}", format.name(), json!(spec.layers)));
        assert_eq!(imported.unsupported, [], "{} of {}", format.name(), json!(spec.layers));
        // Keras has an activation with constants as a layer of its own.
        let splits = spec.layers.iter().any(|layer| layer.get("activation").is_some_and(Value::is_object));
        if !(splits && format == ModelFormat::Keras) {
            assert_eq!(network(&imported.experiment), network(spec), "{}", format.name());
        }
        let found = imported.weights.expect("weights");
        assert!(found == saved, "{}: other weights of {}", format.name(), json!(spec.layers));
    }
}

#[test]
fn every_layer_sample_comes_back() {
    let mut failures = Vec::new();
    for spec in samples() {
        if std::panic::catch_unwind(|| check(&spec)).is_err() {
            failures.push(json!(spec.layers[1]).to_string());
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn presets_come_back() {
    for id in ["mnist-10-better", "mobile-18", "residual-18", "maxnorm", "net-x"] {
        check(&presets::find(id).unwrap().experiment);
    }
}

#[test]
fn frozen_layers_come_back_frozen() {
    let layers = json!([
        {"type": "conv2d", "filters": 4, "kernel_size": 2, "activation": "relu"},
        {"type": "batch_normalization", "trainable": false},
        {"type": "conv2d", "filters": 6, "kernel_size": 3, "groups": 2, "dilation_rate": 2, "trainable": false},
        {"type": "batch_normalization"},
        {"type": "flatten"},
        {"type": "dense", "units": 3, "trainable": false},
        {"type": "dense", "units": 3, "activation": "softmax"},
    ]);
    check(&common::experiment([9, 8, 2], layers, json!({"name": "frozen"})));
}

fn pair(most: usize) -> impl Strategy<Value = Value> {
    prop_oneof![(1..=most).prop_map(|n| json!([n, n])), (1..=most, 1..=most).prop_map(|(a, b)| json!([a, b]))]
}

fn layer() -> impl Strategy<Value = Value> {
    let padding = || prop_oneof![Just("valid"), Just("same")];
    let activation = || prop_oneof![Just("linear"), Just("relu"), Just("tanh"), Just("sigmoid")];
    prop_oneof![
        (1..6_usize, pair(3), pair(2), padding(), activation(), any::<bool>(), 0..3_u8).prop_map(
            |(filters, kernel, strides, padding, activation, bias, extra)| {
                let mut layer = json!({"type": "conv2d", "filters": filters, "kernel_size": kernel, "strides": strides,
                    "padding": padding, "activation": activation, "use_bias": bias});
                match extra {
                    1 => layer["kernel_regularizer"] = json!({"l1": 0.5, "l2": 0.25}),
                    2 => layer["kernel_constraint"] = json!({"max_norm": 3.0, "axis": [0, 1, 2]}),
                    _ => {}
                }
                layer
            }
        ),
        (pair(3), padding(), activation()).prop_map(|(kernel, padding, activation)| {
            json!({"type": "depthwise_conv2d", "kernel_size": kernel, "padding": padding, "activation": activation})
        }),
        (pair(3), pair(2), padding(), any::<bool>()).prop_map(|(pool, strides, padding, is_max)| {
            let kind = if is_max { "max_pooling2d" } else { "average_pooling2d" };
            json!({"type": kind, "pool_size": pool, "strides": strides, "padding": padding})
        }),
        (any::<bool>(), any::<bool>()).prop_map(|(scale, center)| {
            json!({"type": "batch_normalization", "momentum": 0.75, "epsilon": 0.5, "scale": scale, "center": center})
        }),
        (0..4_u8).prop_map(|part| json!({"type": "dropout", "rate": f64::from(part) / 4.0})),
        (0..3_usize, 0..3_usize).prop_map(|(a, b)| json!({"type": "zero_padding2d", "padding": [[a, b], [b, a]]})),
        (1..3_usize).prop_map(|radius| {
            json!({"type": "local_response_normalization", "depth_radius": radius, "bias": 2.0, "alpha": 0.5, "beta": 0.75})
        }),
        activation().prop_map(|activation| json!({"type": "activation", "activation": activation})),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_network_comes_back(layers in prop::collection::vec((layer(), 0..4_u8), 1..7), shortcut: bool, units in 2..5_usize) {
        let frozen = |(mut layer, kind): (Value, u8)| {
            // Of a layer without weights it means nothing, and Keras's form of some does not say it.
            if kind == 0 && ["conv2d", "depthwise_conv2d", "batch_normalization"].iter().any(|kind| layer["type"] == *kind) {
                layer["trainable"] = false.into();
            }
            layer
        };
        let mut layers: Vec<Value> = layers.into_iter().map(frozen).collect();
        if shortcut {
            // A branch around everything so far would need equal shapes: two layers of one shape are added instead.
            layers.push(json!({"type": "conv2d", "name": "left", "filters": 2, "kernel_size": 1}));
            layers.push(json!({"type": "activation", "name": "right", "activation": "tanh"}));
            layers.push(json!({"type": "add", "inputs": ["left", "right"]}));
        }
        layers.push(json!({"type": "flatten"}));
        layers.push(json!({"type": "dense", "units": units, "activation": "softmax"}));
        let spec = common::experiment([9, 8, 2], json!(layers), json!({"name": "any"}));
        prop_assume!(Graph::new(&spec).is_ok());
        check(&spec);
    }
}
