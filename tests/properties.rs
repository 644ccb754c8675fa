//! Any experiment either trains, on both engines, or is refused with a message before it starts, without a panic.
#![cfg(not(target_arch = "wasm32"))]

use convlab::Error;
use convlab::data::{Dataset, Images};
use convlab::engine::choose::Choice;
use convlab::experiment::Experiment;
use convlab::layers;
use convlab::layers::sample::Sample;
use convlab::tensor::random;
use convlab::train::{Options, Trainer};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use std::io::Write;
use std::sync::Arc;

const CLASSES: usize = 3;

fn one_line(error: &Error) -> String {
    let text = error.to_string();
    assert!(!text.contains(char::is_control) && text.chars().count() < 2200, "not one clear line: {text}");
    text
}

/// Sizes: mostly small, sometimes zero, sometimes huge.
fn size() -> impl Strategy<Value = usize> {
    prop_oneof![20 => 1..=4_usize, 1 => Just(0), 1 => select(vec![7, 33, 300, usize::MAX])]
}

fn option(name: &'static str, value: impl Strategy<Value = Value> + 'static) -> BoxedStrategy<Option<(String, Value)>> {
    prop_oneof![Just(None), value.prop_map(move |value| Some((name.to_string(), value)))].boxed()
}

fn rate() -> impl Strategy<Value = Value> {
    prop_oneof![8 => select(vec![0.0, 0.001, 0.1, 0.5, 0.9]), 1 => select(vec![-0.1, 1.0, 1e-300, 1e30, 1e300])]
        .prop_map(|rate| json!(rate))
}

/// A layer of any type with one input: one of its samples, with options replaced by arbitrary values.
fn layer() -> impl Strategy<Value = Value> {
    let samples: Vec<Sample> = layers::samples().into_iter().filter(|sample| sample.inputs.len() == 1).collect();
    let kinds: Vec<&str> =
        layers::kinds().filter(|kind| samples.iter().any(|sample| sample.kind == *kind)).chain(["conv2d"]).collect();
    let sample = (select(kinds), any::<prop::sample::Index>()).prop_map(move |(kind, index)| {
        let samples: Vec<&Sample> = samples.iter().filter(|sample| sample.kind == kind).collect();
        samples[index.index(samples.len())].clone()
    });
    let pair = || {
        let lopsided = (size(), size()).prop_map(|(a, b)| json!([a, b]));
        prop_oneof![size().prop_map(|n| json!(n)), lopsided]
    };
    let padding = || select(vec!["valid", "same"]).prop_map(|padding| json!(padding));
    let activation = || select(vec!["relu", "sigmoid", "tanh", "linear", "softmax"]).prop_map(|name| json!(name));
    let regularizer = || (rate(), rate()).prop_map(|(l1, l2)| json!({"l1": l1, "l2": l2}));
    let needed = (size(), pair(), rate(), activation()).prop_map(|(count, pair, rate, activation)| {
        [
            ("filters", json!(count)),
            ("units", json!(count)),
            ("kernel_size", pair),
            ("rate", rate),
            ("activation", activation),
        ]
    });
    let options = [
        option("strides", pair()),
        option("padding", prop_oneof![padding(), pair()]),
        option("activation", activation()),
        option("use_bias", any::<bool>().prop_map(|bias| json!(bias))),
        option("kernel_regularizer", regularizer()),
        option("kernel_constraint", rate().prop_map(|norm| json!({"max_norm": norm}))),
        option("momentum", rate()),
        option("epsilon", rate()),
        option("pool_size", pair()),
    ];
    (sample, needed, options).prop_map(|(sample, needed, options)| {
        let mut layer: Value = serde_json::from_str(sample.options).expect("a sample's options are JSON");
        let known = sample.layer().options();
        let options = options.into_iter().flatten();
        // An unknown option, or one of another form, makes the whole document invalid, so only few of them are kept.
        let replaced = needed.into_iter().filter(|(name, _)| layer.get(name).is_some()).collect::<Vec<_>>();
        replaced.into_iter().for_each(|(name, value)| layer[name] = value);
        options
            .filter(|(name, value)| match known.get(name) {
                Some(now) => name != "padding" || now.is_string() == value.is_string(),
                None => false,
            })
            .for_each(|(name, value)| layer[name] = value);
        layer["type"] = json!(sample.kind);
        layer
    })
}

fn optimizer() -> impl Strategy<Value = Value> {
    let kind = select(vec!["sgd", "adam", "adamw", "rmsprop"]);
    let clip = option("clipnorm", rate());
    let decay = option("weight_decay", rate());
    (kind, rate(), clip, decay).prop_map(|(kind, rate, clip, decay)| {
        let mut optimizer = json!({"type": kind, "learning_rate": rate});
        [clip, decay].into_iter().flatten().for_each(|(name, value)| optimizer[name] = value);
        optimizer
    })
}

/// Documents, many of which are valid, but not all.
fn experiment() -> impl Strategy<Value = Value> {
    let shape = [1..=9_usize, 1..=9, 1..=4];
    let layers = proptest::collection::vec(layer(), 0..5);
    let branch = prop_oneof![3 => Just(false), 1 => Just(true)];
    let augmentation = prop_oneof![
        3 => Just(json!([])),
        1 => Just(json!([{"type": "random_crop", "padding": 2}, {"type": "random_rotation", "factor": 0.2}])),
        1 => rate().prop_map(|factor| json!([{"type": "random_zoom", "height_factor": factor}])),
    ];
    let stopping =
        option("early_stopping", rate().prop_map(|d| json!({"monitor": "loss", "min_delta": d, "patience": 1})));
    let schedule = option(
        "learning_rate_schedule",
        prop_oneof![
            rate().prop_map(|rate| json!({"type": "inverse_time_decay", "decay_rate": rate, "decay_steps": 2})),
            rate().prop_map(|share| json!({"type": "one_cycle", "pct_start": share})),
            size().prop_map(|steps| json!({"type": "warmup", "warmup_steps": steps})),
        ],
    );
    let rest = (branch, augmentation, stopping, schedule);
    (shape, layers, optimizer(), size(), option("micro_batch_size", size().prop_map(|n| json!(n))), rest).prop_map(
        |(shape, mut layers, optimizer, batch, micro, (branch, augmentation, stopping, schedule))| {
            if branch && !layers.is_empty() {
                let last = layers.len() - 1;
                layers[last]["name"] = json!("last");
                layers.push(json!({"type": "add", "inputs": ["last", "last"]}));
            }
            layers.extend([json!({"type": "flatten"}), json!({"type": "dense", "units": CLASSES})]);
            let mut spec = json!({
                "name": "any", "dataset": {"name": "custom", "validation": {"split": 0.3}}, "input_shape": shape, "layers": layers,
                "loss": "sparse_categorical_crossentropy", "optimizer": optimizer, "batch_size": batch, "epochs": 2,
                "augmentation": augmentation,
            });
            [micro, stopping, schedule].into_iter().flatten().for_each(|(name, value)| spec[name] = value);
            spec
        },
    )
}

/// Images of noise, of any size.
fn noise(shape: [usize; 3]) -> Arc<Dataset> {
    let len: usize = shape.iter().product();
    let images = |count: usize| {
        let pixels = (0..count * len).map(|i| random::pcg4d([7, 0, 0, i as u32])[0] as u8).collect();
        Images::new(shape, pixels, (0..count).map(|i| (i % CLASSES) as u8).collect()).unwrap()
    };
    let classes = (0..CLASSES).map(|i| i.to_string()).collect();
    let (name, title) = ("custom".into(), "noise".into());
    Arc::new(Dataset { name, title, synthetic: true, classes, validation: 0, train: images(20), test: images(5) })
}

/// Whether the experiment trained, to its end or until it diverged.
fn trains(document: &Value, engine: Choice) -> bool {
    let spec = match Experiment::from_value(document.clone()) {
        Ok(spec) => spec,
        Err(error) => return one_line(&error).is_empty(),
    };
    let data = noise(spec.input_shape);
    let options = Options { engine, shuffle: true };
    let mut trainer = match pollster::block_on(Trainer::new(spec, data, options)) {
        Ok(trainer) => trainer,
        Err(error) => return one_line(&error).is_empty(),
    };
    while !trainer.is_done() {
        match pollster::block_on(trainer.advance(0.0)) {
            Ok(_) => {}
            Err(error @ Error::Diverged(_)) => return !one_line(&error).is_empty(),
            Err(error) => panic!("it was accepted and then failed: {error}\n{document}"),
        }
    }
    true
}

/// Tries `count` documents and returns how many trained.
fn tries(count: u32, engine: Choice) -> usize {
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let strategy = experiment();
    let mut trained = 0;
    for _ in 0..count {
        let document = strategy.new_tree(&mut runner).unwrap().current();
        let found = std::panic::catch_unwind(|| trains(&document, engine));
        trained += usize::from(found.unwrap_or_else(|_| panic!("panicked with {document}")));
    }
    trained
}

#[test]
fn accepted_experiments_train_on_the_cpu() {
    let trained = tries(600, Choice::Cpu);
    println!("{trained} of 600 trained, the others were refused");
    assert!(trained > 100, "{trained} of 600 trained");
}

#[test]
#[cfg(feature = "gpu")]
fn accepted_experiments_train_on_the_gpu() {
    let spec = Experiment::from_value(json!({
        "name": "any", "dataset": {"name": "custom"}, "input_shape": [2, 2, 1],
        "layers": [{"type": "flatten"}, {"type": "dense", "units": CLASSES}],
        "loss": "sparse_categorical_crossentropy", "optimizer": {"type": "sgd"},
    }));
    let options = Options { engine: Choice::Gpu, shuffle: true };
    let first = pollster::block_on(Trainer::new(spec.unwrap(), noise([2, 2, 1]), options));
    if let Err(error) = first.map(drop) {
        assert!(!std::env::var("REQUIRE_GPU").is_ok_and(|value| !value.is_empty()), "REQUIRE_GPU is set, but {error}");
        let _ = writeln!(std::io::stderr(), "SKIPPED: any experiment on the GPU: {error}");
        return;
    }
    let trained = tries(60, Choice::Gpu);
    println!("{trained} of 60 trained, the others were refused");
    assert!(trained > 8, "{trained} of 60 trained");
}
