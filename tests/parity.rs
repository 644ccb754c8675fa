//! The GPU engine against the CPU engine: every layer's samples, whole steps, ten steps of small networks and of every
//! preset.
#![cfg(all(feature = "gpu", not(target_arch = "wasm32")))]

mod common;
#[path = "parity/pair.rs"]
mod pair;

use common::around;
use convlab::engine::{Parameters, Step};
use convlab::experiment::Experiment;
use convlab::experiment::augment::{self, Augmentation};
use convlab::experiment::presets;
use convlab::inspect::gradient::{Target, differentiate, on_gpu};
use convlab::kernels::gpu::matmul::blocked::block::BLOCKS;
use convlab::kernels::gpu::tuning::Tuning;
use convlab::layers;
use convlab::network::graph::Graph;
use pair::{Pair, compare, unless_missing};
use serde_json::{Value, json};

fn spec(input: [usize; 3], layers: Value, optimizer: Value, more: Value) -> Value {
    let mut spec = json!({
        "name": "parity", "dataset": {"name": "custom"}, "input_shape": input, "layers": layers,
        "loss": "sparse_categorical_crossentropy", "optimizer": optimizer, "batch_size": 11, "seed": 3,
    });
    let (Some(spec_map), Some(more)) = (spec.as_object_mut(), more.as_object()) else {
        unreachable!("both are objects")
    };
    spec_map.extend(more.clone());
    spec
}

#[test]
fn every_layer_sample_gives_the_same_gradients_and_logits() {
    let mut checked = 0;
    for sample in layers::samples() {
        // Tests the tiles of every kind of device on any adapter.
        let is_product = ["conv2d", "dense"].contains(&sample.kind);
        // (A small block, whose shader compiles fast.)
        let hardware = Tuning { block: Some(BLOCKS[7]), ..Tuning::HARDWARE };
        let tunings: &[_] = if is_product { &[Some(Tuning::SOFTWARE), Some(hardware)] } else { &[None] };
        for &tuning in tunings {
            let (input, layers) = around(&sample);
            let name = format!("{} {} {} {tuning:?}", sample.kind, sample.options, sample.inputs[0]);
            let spec = spec(input, layers, json!({"type": "sgd"}), json!({}));
            let Some(mut pair) = Pair::tuned(&name, spec, tuning) else { return };
            pair.step(0);
            // The gradient before a normalization of single images is a small difference of large terms: rounding shows more.
            let cancels = ["group_normalization", "layer_normalization"].contains(&sample.kind);
            pair.compare_gradients(if cancels { 3e-4 } else { 1e-4 });
            pair.compare_parameters(1e-4);
            pair.compare_figures();
            // A last, smaller batch.
            pair.step(3);
            pair.compare_gradients(if cancels { 6e-4 } else { 2e-4 });
            pair.compare_figures();
            pair.compare_logits(2e-4);
        }
        checked += 1;
    }
    assert!(checked > 70, "{checked}");
}

/// The gradient by the input on the GPU, and in `f64` on the CPU, where it is checked against the slope (tests/inspect.rs).
fn compare_input_gradients(name: &str, document: Value) -> bool {
    let spec = Experiment::from_value(document).unwrap();
    let graph = Graph::new(&spec).unwrap();
    let (mut weights, mut state) = graph.initial(9);
    let all = weights.iter_mut().chain(&mut state).enumerate();
    all.for_each(|(i, value)| *value += 0.02 * (i % 7) as f32);
    let wide = |values: &[f32]| values.iter().map(|&value| f64::from(value)).collect::<Vec<f64>>();
    let (wide_weights, wide_state) = (wide(&weights), wide(&state));
    let pixels = pair::images(spec.input_shape, 1).pixels;
    let image: Vec<f64> = pixels.iter().map(|&pixel| f64::from(pixel) / 255.0).collect();
    let parameters = Parameters { weights, state, slots: Vec::new() };
    for target in [Target::Score(1), Target::Loss(2)] {
        let expected = differentiate(&graph, (&wide_weights, &wide_state), &image, target).unwrap();
        let expected: Vec<f32> = expected.gradients[0].iter().map(|&value| value as f32).collect();
        let inference = Graph::new(&spec).unwrap().of_input();
        let found = pollster::block_on(on_gpu(&inference, &parameters, &pixels, target));
        let Some(found) = unless_missing(name, found) else { return false };
        compare(&format!("{name}: {target:?}"), &expected, &found, 3e-4);
    }
    true
}

#[test]
fn the_gradient_by_the_input_agrees_with_the_cpu_in_f64() {
    for sample in layers::samples() {
        let (input, layers) = around(&sample);
        let name = format!("{} {} {}", sample.kind, sample.options, sample.inputs[0]);
        if !compare_input_gradients(&name, spec(input, layers, json!({"type": "adam"}), json!({}))) {
            return;
        }
    }
    for preset in ["net-1", "net-2"] {
        compare_input_gradients(preset, serde_json::to_value(&presets::find(preset).unwrap().experiment).unwrap());
    }
}

#[test]
fn frozen_layers_and_branches_of_different_shapes_agree() {
    let layers = json!([
        {"type": "conv2d", "filters": 4, "kernel_size": 2, "activation": "mish", "name": "a"},
        {"type": "batch_normalization", "trainable": false, "name": "fixed"},
        {"type": "conv2d", "filters": 6, "kernel_size": 3, "activation": "gelu", "trainable": false, "name": "b",
         "padding": "same", "groups": 2, "dilation_rate": 2, "kernel_regularizer": {"l2": 0.1}, "kernel_constraint": {"max_norm": 0.1}},
        {"type": "concatenate", "inputs": ["b", "a", "fixed"]},
        {"type": "layer_normalization"},
        {"type": "conv2d", "filters": 8, "kernel_size": 2, "groups": 1, "dilation_rate": 2, "activation": "leaky_relu"},
        {"type": "flatten"},
        {"type": "dense", "units": 3, "activation": "softmax"},
    ]);
    for optimizer in [
        json!({"type": "sgd", "momentum": 0.9, "weight_decay": 0.01}),
        json!({"type": "adamw", "global_clipnorm": 0.5}),
    ] {
        let spec = spec([9, 7, 3], layers.clone(), optimizer.clone(), json!({}));
        let Some(mut pair) = Pair::new(&format!("frozen {optimizer}"), spec) else { return };
        let before = pair.cpu.parameters();
        for step in 0..4 {
            pair.step(step);
        }
        pair.compare_figures();
        pair.compare_parameters(1e-3);
        pair.compare_logits(1e-3);
        let (after, graph) = (pair.cpu.parameters(), pair.graph.clone());
        assert_eq!(before.state, after.state, "a frozen batch normalisation has no new statistics");
        for param in graph.params.iter().filter(|param| param.spec.trainable) {
            let same = before.weights[param.range()] == after.weights[param.range()];
            assert_eq!(same, param.frozen, "{}", param.name);
        }
    }
}

#[test]
fn every_loss_agrees() {
    let layers = json!([{"type": "flatten"}, {"type": "dense", "units": 3, "activation": "softmax"}]);
    let focal = "categorical_focal_crossentropy";
    for more in [
        json!({"label_smoothing": 0.2}),
        json!({"class_weight": {"0": 0, "2": 3}}),
        json!({"loss": focal, "micro_batch_size": 4}),
        json!({"loss": focal, "alpha": [0.3, 1, 2], "gamma": 0.5, "label_smoothing": 0.1, "class_weight": {"1": 2}}),
    ] {
        let name = more.to_string();
        let Some(mut pair) = Pair::new(&name, spec([9, 7, 3], layers.clone(), json!({"type": "sgd"}), more)) else {
            return;
        };
        for step in 0..4 {
            pair.step(step);
            pair.compare_gradients(2e-4);
        }
        pair.compare_figures();
        pair.compare_parameters(1e-3);
    }
}

#[test]
fn the_largest_tiles_agree() {
    let layers = json!([
        {"type": "conv2d", "filters": 16, "kernel_size": 3, "activation": "relu"},
        {"type": "conv2d", "filters": 16, "kernel_size": 3, "strides": 2, "padding": "same"},
        {"type": "global_average_pooling2d"},
        {"type": "dense", "units": 3, "activation": "softmax"},
    ]);
    let tuning = Tuning { compilation: 0, ..Tuning::SOFTWARE };
    let spec = spec([9, 7, 3], layers, json!({"type": "sgd"}), json!({}));
    let Some(mut pair) = Pair::tuned("largest tiles", spec, Some(tuning)) else { return };
    for step in [0, 3] {
        pair.step(step);
        pair.compare_gradients(2e-4);
        pair.compare_figures();
    }
    pair.compare_logits(2e-4);
}

#[test]
fn every_block_agrees() {
    let layers = json!([
        {"type": "conv2d", "filters": 36, "kernel_size": [3, 2], "strides": [2, 1], "padding": "same", "activation": "relu"},
        {"type": "conv2d", "filters": 72, "kernel_size": 3, "padding": "same", "use_bias": false},
        {"type": "global_average_pooling2d"},
        {"type": "dense", "units": 3, "activation": "softmax"},
    ]);
    for block in BLOCKS.map(Some).into_iter().chain([None]) {
        let tuning = Tuning { block, ..Tuning::HARDWARE };
        let spec = spec([9, 7, 3], layers.clone(), json!({"type": "sgd"}), json!({}));
        let Some(mut pair) = Pair::tuned(&format!("{block:?}"), spec, Some(tuning)) else { return };
        for step in [0, 3] {
            pair.step(step);
            pair.compare_gradients(2e-4);
            pair.compare_figures();
        }
        pair.compare_logits(2e-4);
    }
}

/// A network with most layers, a tensor that several layers read, and kernels with regularisers and constraints.
fn mixed() -> Value {
    json!([
        {"type": "conv2d", "filters": 8, "kernel_size": 3, "padding": "same", "activation": "relu",
         "kernel_regularizer": {"l1": 0.001, "l2": 0.01}, "kernel_constraint": {"max_norm": 0.9, "axis": [0, 1, 2]}},
        {"type": "conv2d", "filters": 8, "kernel_size": 3, "padding": "same", "use_bias": false, "name": "left"},
        {"type": "batch_normalization", "momentum": 0.8, "beta_regularizer": {"l2": 0.03}, "gamma_regularizer": {"l1": 0.02}},
        {"type": "activation", "activation": "relu", "name": "bent"},
        {"type": "depthwise_conv2d", "kernel_size": 3, "padding": "same", "activation": "tanh", "inputs": ["conv2d"], "name": "right",
         "depthwise_regularizer": {"l2": 0.05}},
        {"type": "add", "inputs": ["bent", "right", "conv2d"]},
        {"type": "max_pooling2d"},
        {"type": "dropout", "rate": 0.25},
        {"type": "flatten"},
        {"type": "dense", "units": 9, "activation": "relu", "kernel_constraint": {"max_norm": 0.7}},
        {"type": "dense", "units": 3, "activation": "softmax", "kernel_regularizer": {"l1": 0.01}},
    ])
}

#[test]
fn ten_steps_with_every_optimizer_agree() {
    let optimizers = [
        json!({"type": "sgd"}),
        json!({"type": "sgd", "momentum": 0.9, "clipvalue": 0.02}),
        json!({"type": "sgd", "momentum": 0.9, "nesterov": true, "weight_decay": 0.01}),
        json!({"type": "adam", "epsilon": 1e-3}),
        json!({"type": "adam", "epsilon": 1e-3, "clipnorm": 0.1}),
        json!({"type": "adamw", "epsilon": 1e-3, "global_clipnorm": 0.2}),
        json!({"type": "rmsprop", "epsilon": 1e-3}),
        json!({"type": "rmsprop", "epsilon": 1e-3, "momentum": 0.5}),
        json!({"type": "rmsprop", "epsilon": 1e-3, "centered": true}),
        json!({"type": "rmsprop", "epsilon": 1e-3, "momentum": 0.5, "centered": true}),
        json!({"type": "nadam", "epsilon": 1e-3}),
        json!({"type": "adagrad", "learning_rate": 0.01, "weight_decay": 0.01}),
        // Signs of gradients near zero differ, so the steps are small.
        json!({"type": "lion", "learning_rate": 1e-5}),
        json!({"type": "sgd", "momentum": 0.9, "use_ema": true, "ema_momentum": 0.7}),
        json!({"type": "adam", "epsilon": 1e-3, "use_ema": true, "ema_momentum": 0.7, "ema_overwrite_frequency": 3}),
        json!({"type": "muon", "epsilon": 1e-3, "adam_lr_ratio": 0.5, "use_ema": true, "ema_momentum": 0.5}),
        json!({"type": "muon", "epsilon": 1e-3, "conv_kernels": true, "exclude_layers": ["dense_1"], "nesterov": false, "rms_rate": 0}),
        json!({"type": "sgd", "lookahead": {"sync_period": 4, "slow_step_size": 0.6}}),
        json!({"type": "sgd", "learning_rate": 0.01, "weight_decay": 0.1, "momentum": 0.5, "groups": [
            {"match": "conv2d.*", "learning_rate_multiplier": 3},
            {"match": "*.bias", "weight_decay_multiplier": 0},
            {"match": "dense*.kernel", "learning_rate_multiplier": 0.5, "weight_decay_multiplier": 2},
        ]}),
    ];
    for optimizer in optimizers {
        let name = optimizer.to_string();
        let Some(mut pair) = Pair::new(&name, spec([9, 7, 3], mixed(), optimizer, json!({}))) else { return };
        for step in 0..10 {
            pair.step(step);
            if step == 4 {
                pair.compare_figures();
            }
        }
        pair.compare_figures();
        pair.compare_parameters(2e-3);
        pair.compare_logits(2e-3);
    }
}

/// How far rounding is amplified: by many normalisations of small batches more than by a few layers.
enum Depth {
    Plain,
    Normalized,
    Eighteen,
}

fn depth(preset: &str) -> Depth {
    match preset {
        "resnet-20" | "inception-mini" | "cifar10-quick" | "cifar10-fast" => Depth::Normalized,
        _ if preset.ends_with("-18") => Depth::Eighteen,
        _ => Depth::Plain,
    }
}

/// The presets with smaller batches, since software adapters are slow, and lower learning rates, since ten large steps
/// with few images amplify rounding differences.
#[test]
fn ten_steps_of_every_preset_agree() {
    for preset in presets::list().iter().filter(|preset| preset.trainable) {
        // Dozens of batch normalisations over three images amplify rounding: if a single ReLU changes sides, both
        // engines' gradients of mobile-18 differ by two to four per cent from those in f64. So the steps are even
        // smaller.
        let (batch, shorter, tolerance) = match depth(&preset.id) {
            Depth::Eighteen => (3, 100.0, 0.1),
            Depth::Normalized => (6, 100.0, 0.05),
            Depth::Plain => (6, 10.0, 1e-2),
        };
        let mut spec = serde_json::to_value(&preset.experiment).unwrap();
        spec["batch_size"] = json!(batch);
        let rate = preset.experiment.optimizer.learning_rate;
        spec["optimizer"]["learning_rate"] = json!(rate / shorter);
        if spec["optimizer"]["type"] == "adam" {
            spec["optimizer"]["epsilon"] = json!(1e-3);
        }
        let Some(mut pair) = Pair::new(&preset.id, spec) else { return };
        for step in 0..10 {
            pair.step(step);
            if step == 0 {
                let gpu = pollster::block_on(pair.gpu.gradients()).unwrap();
                pair.compare_wholes("gradient", pair.cpu.gradient(), &gpu, true, tolerance);
            }
            if step == 4 {
                pair.compare_figures_within(tolerance, 1);
            }
        }
        pair.compare_figures_within(tolerance, 1);
        let (cpu, gpu) = (pair.cpu.parameters(), pollster::block_on(pair.gpu.parameters()).unwrap());
        pair.compare_wholes("weights", &cpu.weights, &gpu.weights, true, tolerance);
        pair.compare_wholes("statistics", &cpu.state, &gpu.state, false, tolerance);
    }
}

/// The kernels and block sizes for real GPUs.
#[test]
fn a_step_of_every_preset_agrees_with_real_gpus_kernels() {
    for preset in presets::list().iter().filter(|preset| preset.trainable) {
        let (batch, tolerance) = match depth(&preset.id) {
            Depth::Eighteen => (3, 0.1),
            Depth::Normalized => (6, 0.05),
            Depth::Plain => (6, 1e-2),
        };
        let mut spec = serde_json::to_value(&preset.experiment).unwrap();
        spec["batch_size"] = json!(batch);
        let Some(mut pair) = Pair::tuned(&preset.id, spec, Some(Tuning::HARDWARE)) else { return };
        pair.step(0);
        let gpu = pollster::block_on(pair.gpu.gradients()).unwrap();
        pair.compare_wholes("gradient", pair.cpu.gradient(), &gpu, true, tolerance);
    }
}

#[test]
fn micro_batches_agree() {
    let hardware = Tuning { block: Some(BLOCKS[7]), ..Tuning::HARDWARE };
    for (micro, tuning) in [(1, None), (4, None), (5, None), (11, None), (4, Some(hardware))] {
        let more = json!({"micro_batch_size": micro});
        let optimizer = json!({"type": "sgd", "momentum": 0.9});
        let spec = spec([9, 7, 3], mixed(), optimizer, more);
        let Some(mut pair) = Pair::tuned(&format!("micro {micro}"), spec, tuning) else { return };
        for step in 0..5 {
            pair.step(step);
            pair.compare_gradients(1e-3);
        }
        pair.compare_figures();
        pair.compare_parameters(2e-3);
    }
}

#[test]
fn augmented_images_agree() {
    let lists: [(&str, Vec<Augmentation>); 10] = [
        ("crop and flip", serde_json::from_value(json!([{"type": "random_crop", "padding": 2}, {"type": "random_flip"}])).unwrap()),
        ("shift, nearest", serde_json::from_value(json!([{"type": "random_translation", "height_factor": 0.4, "width_factor": 0.4, "fill_mode": "nearest"}])).unwrap()),
        ("turn and zoom", serde_json::from_value(json!([{"type": "random_rotation", "factor": 0.2}, {"type": "random_zoom", "height_factor": 0.4}])).unwrap()),
        ("reflected crop, alternating flip", serde_json::from_value(json!([{"type": "random_crop", "padding": 3, "padding_mode": "reflect"}, {"type": "random_flip", "alternating": true}])).unwrap()),
        ("erasing", serde_json::from_value(json!([{"type": "random_erasing", "factor": 0.8}])).unwrap()),
        ("mixed up", serde_json::from_value(json!([{"type": "random_flip"}, {"type": "mix_up", "alpha": 0.8}])).unwrap()),
        ("cut and mixed", serde_json::from_value(json!([{"type": "cut_mix"}, {"type": "cutout", "size": 3}])).unwrap()),
        ("other colors", serde_json::from_value(json!([{"type": "random_crop", "padding": 2}, {"type": "random_color_jitter", "brightness_factor": [-0.3, 0.3], "contrast_factor": [0.5, 0.5], "saturation_factor": [0.2, 0.8], "hue_factor": [0, 0.5]}])).unwrap()),
        ("other colors, mixed", serde_json::from_value(json!([{"type": "random_color_jitter", "brightness_factor": [0.1, 0.4], "contrast_factor": [0.4, 0.9]}, {"type": "mix_up", "alpha": 0.8}])).unwrap()),
        ("cutout", serde_json::from_value(json!([{"type": "cutout", "size": 4}])).unwrap()),
    ];
    let layers = json!([{"type": "activation", "activation": "linear", "name": "seen"}, {"type": "flatten"}, {"type": "dense", "units": 3}]);
    for (name, list) in lists {
        let more = json!({"augmentation": list, "batch_size": 20});
        let Some(mut pair) = Pair::new(name, spec([9, 7, 3], layers.clone(), json!({"type": "sgd"}), more)) else {
            return;
        };
        pair.step(0);
        let seen = pollster::block_on(pair.gpu.tensor(0)).unwrap();
        let mut expected = vec![0.0; seen.len()];
        for (row, out) in expected.chunks_exact_mut(9 * 7 * 3).enumerate() {
            let index = 19 - row as u32;
            let transform = augment::draw(&pair.spec.augmentation, (9, 7), pair.images.len(), 7, 0, index);
            transform.sample_of(index as usize, |index| pair.images.image(index), (9, 7, 3), out);
        }
        compare(name, &expected, &seen, 1e-4);
        pair.compare_gradients(1e-3);
        pair.compare_figures();
    }
}

#[test]
fn the_same_run_repeats_to_the_last_bit() {
    let run = || {
        let mut pair = Pair::new("repeat", spec([9, 7, 3], mixed(), json!({"type": "adam"}), json!({})))?;
        (0..6).for_each(|step| pair.step(step));
        let figures = pollster::block_on(pair.gpu.figures()).unwrap();
        Some((figures, pollster::block_on(pair.gpu.parameters()).unwrap()))
    };
    let Some(first) = run() else { return };
    assert!(Some(first) == run(), "two runs differ");
}

#[test]
fn a_step_with_a_nan_loss_changes_nothing() {
    let layers = json!([{"type": "flatten"}, {"type": "dense", "units": 3}]);
    let Some(mut pair) = Pair::new("nan", spec([4, 3, 1], layers, json!({"type": "sgd"}), json!({}))) else { return };
    let mut parameters = pair.cpu.parameters();
    parameters.weights[0] = f32::NAN;
    pair.gpu.set_parameters(&parameters).unwrap();
    pair.step(0);
    pair.step(1);
    let figures = pollster::block_on(pair.gpu.figures()).unwrap();
    assert!(figures[0].loss_sum.is_nan(), "{figures:?}");
    let after = pollster::block_on(pair.gpu.parameters()).unwrap();
    assert_eq!(parameters.weights[1..], after.weights[1..]);
}

#[test]
fn misuse_is_an_error() {
    let layers = json!([{"type": "flatten"}, {"type": "dense", "units": 3}]);
    let Some(mut pair) = Pair::new("misuse", spec([4, 3, 1], layers, json!({"type": "sgd"}), json!({}))) else {
        return;
    };
    let step = |indices| Step { indices, transforms: &[], step: 0, learning_rate: 0.1 };
    let message = pair.gpu.train_step(&step(&[1000])).unwrap_err().to_string();
    assert!(message.contains("image 1000 does not exist"), "{message}");
    let message = pair.gpu.train_step(&step(&[0; 12])).unwrap_err().to_string();
    assert!(message.contains("1 to 11 images. Received: 12"), "{message}");
    for _ in 0..pair.gpu.capacity() {
        pair.gpu.train_step(&step(&[0])).unwrap();
    }
    let message = pair.gpu.train_step(&step(&[0])).unwrap_err().to_string();
    assert!(message.contains("figures()"), "{message}");
    let mut parameters = pair.cpu.parameters();
    parameters.weights.pop();
    let message = pair.gpu.set_parameters(&parameters).unwrap_err().to_string();
    assert!(message.contains("another network"), "{message}");
}
