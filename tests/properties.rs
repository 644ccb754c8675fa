//! Any experiment either trains, on both engines, or is refused with a message before it starts, without a panic. What is read is
//! the same when it is written and read again.
#![cfg(not(target_arch = "wasm32"))]

#[path = "properties/words.rs"]
mod words;

use convlab::Error;
use convlab::base::document;
use convlab::data::{Dataset, Images};
use convlab::engine::choose::Choice;
use convlab::experiment::Experiment;
use convlab::layers;
use convlab::layers::sample::Sample;
use convlab::network::graph::Graph;
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
    let regularizer = || (rate(), rate()).prop_map(|(l1, l2)| json!({"l1": l1, "l2": l2}));
    let needed = (size(), pair(), rate(), words::activation()).prop_map(|(count, pair, rate, activation)| {
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
        option("activation", words::activation()),
        option("kernel_initializer", words::initializer()),
        option("groups", size().prop_map(|groups| json!(groups))),
        option("dilation_rate", pair()),
        option("use_bias", any::<bool>().prop_map(|bias| json!(bias))),
        option("kernel_regularizer", regularizer()),
        option("kernel_constraint", rate().prop_map(|norm| json!({"max_norm": norm}))),
        option("momentum", rate()),
        option("epsilon", rate()),
        option("pool_size", pair()),
    ];
    let frozen = prop_oneof![5 => Just(false), 1 => Just(true)];
    (sample, needed, options, frozen).prop_map(|(sample, needed, options, frozen)| {
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
        if frozen {
            layer["trainable"] = json!(false);
        }
        layer
    })
}

/// Documents, many of which are valid, but not all.
fn experiment() -> impl Strategy<Value = Value> {
    let shape = [1..=9_usize, 1..=9, 1..=4];
    let layers = proptest::collection::vec(layer(), 0..5);
    let branch = prop_oneof![3 => Just(false), 1 => Just(true)];
    let stopping =
        option("early_stopping", rate().prop_map(|d| json!({"monitor": "loss", "min_delta": d, "patience": 1})));
    let schedule = option("learning_rate_schedule", words::schedule());
    let rest = (branch, words::augmentation(), stopping, schedule, words::fields());
    (shape, layers, words::optimizer(), size(), option("micro_batch_size", size().prop_map(|n| json!(n))), rest).prop_map(
        |(shape, mut layers, optimizer, batch, micro, (branch, augmentation, stopping, schedule, fields))| {
            if branch && !layers.is_empty() {
                let last = layers.len() - 1;
                layers[last]["name"] = json!("last");
                layers.push(json!({"type": "add", "inputs": ["last", "last"]}));
            }
            layers.extend([json!({"type": "flatten"}), json!({"type": "dense", "units": CLASSES})]);
            let mut spec = json!({
                "name": "any", "dataset": {"name": "custom", "validation": {"split": 0.3}}, "input_shape": shape, "layers": layers,
                "optimizer": optimizer, "batch_size": batch, "epochs": 2, "augmentation": augmentation,
            });
            fields.into_iter().for_each(|(name, value)| spec[name] = value);
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

/// A network's parameters, and their initial values where these are not too many.
fn network(spec: &Experiment) -> Result<(Vec<String>, Vec<u32>), String> {
    let graph = Graph::new(spec).map_err(|error| error.to_string())?;
    let names = graph.params.iter().map(|param| format!("{} {:?} {}", param.name, param.spec.shape, param.frozen));
    let initial = if graph.weights_len < 100_000 { graph.initial(spec.seed).0 } else { Vec::new() };
    Ok((names.collect(), initial.into_iter().map(f32::to_bits).collect()))
}

/// Whether the experiment trained, to its end or until it diverged.
fn trains(document: &Value, engine: Choice) -> bool {
    let spec = match Experiment::from_value(document.clone()) {
        Ok(spec) => spec,
        Err(error) => return one_line(&error).is_empty(),
    };
    // As a file and back: the same document, and the same network.
    let written = document::write(&spec);
    let again = Experiment::from_value(written.clone()).unwrap_or_else(|error| panic!("{error}\n{written}"));
    assert_eq!(document::write(&again), written);
    assert_eq!(network(&again), network(&spec), "{written}");
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
    assert!(trained > 60, "{trained} of 600 trained");
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
    assert!(trained > 3, "{trained} of 60 trained");
}
