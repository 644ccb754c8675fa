//! Keras code as students write it becomes the experiment that it describes; what is not understood is named at its line; no
//! code is run, and none takes long.
#![cfg(all(feature = "import", not(target_arch = "wasm32")))]

#[path = "import/compiled.rs"]
mod compiled;
#[path = "import/courses.rs"]
mod courses;
#[path = "import/effects.rs"]
mod effects;
#[path = "import/exported.rs"]
mod exported;
#[path = "import/forms.rs"]
mod forms;
#[path = "import/styles.rs"]
mod styles;

use convlab::experiment::{Experiment, presets};
use convlab::import::{Imported, Unsupported, read};
use convlab::network::graph::Graph;
use convlab::network::summary::Summary;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// A file of `tests/import`.
fn file(name: &str) -> Imported {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import").join(name);
    read(name, &std::fs::read(path).unwrap(), None).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Code without anything that is not understood.
fn code(text: &str) -> Experiment {
    let Imported { experiment, unsupported, .. } =
        read("code.py", text.as_bytes(), None).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(unsupported, [], "{text}");
    experiment
}

/// What is not understood: `line 12: LSTM`.
fn left_out(text: &str) -> Vec<String> {
    let imported = read("code.py", text.as_bytes(), None).unwrap_or_else(|error| panic!("{error}\n{text}"));
    imported.unsupported.into_iter().map(|Unsupported { place, what }| format!("{place}: {what}")).collect()
}

/// What an experiment is, without its name, texts, seed and the names of its layers.
fn meaning(experiment: &Experiment) -> Value {
    let mut document = serde_json::to_value(experiment).unwrap();
    let fields = document.as_object_mut().unwrap();
    ["name", "title", "text", "seed", "layers"].iter().for_each(|key| drop(fields.shift_remove(*key)));
    let graph = Graph::new(experiment).unwrap();
    let layers: Vec<Value> = graph
        .nodes
        .iter()
        .map(|node| json!([node.layer.kind(), options(&node.layer.options()), node.inputs]))
        .collect();
    fields.insert("layers".into(), layers.into());
    document
}

/// A layer's options; a pooling window moves by its own size where nothing else is said.
fn options(options: &Value) -> Value {
    let mut options = options.clone();
    if options.get("strides").is_some_and(Value::is_null) {
        options["strides"] = options["pool_size"].clone();
    }
    options
}

fn params(experiment: &Experiment) -> (u64, u64) {
    let totals = Summary::new(&Graph::new(experiment).unwrap()).totals;
    (totals.params, totals.trainable)
}

#[test]
fn the_course_s_networks_come_out_as_their_presets() {
    for (name, preset, count) in [
        ("net_1.ipynb", "net-1", 193_034),
        ("net_2.py", "net-2", 0),
        ("net_3.py", "net-3", 0),
        ("conv_only.py", "conv-only", 1_191_502),
        ("conv_pool.py", "conv-pool", 0),
        ("maxnorm.py", "maxnorm", 0),
        ("mnist_10.ipynb", "mnist-10", 6_270),
    ] {
        let imported = file(name);
        assert_eq!(imported.unsupported, [], "{name}");
        let expected = &presets::find(preset).unwrap().experiment;
        assert_eq!(meaning(&imported.experiment), meaning(expected), "{name}");
        assert!(count == 0 || params(&imported.experiment).0 == count, "{name}");
    }
}

#[test]
fn a_residual_network_has_the_preset_s_layers() {
    let imported = file("residual_18.py");
    assert_eq!(imported.unsupported, []);
    let mut expected = presets::find("residual-18").unwrap().experiment.clone();
    // Keras has no unbiased moving variance, and no crop of a padded image.
    for layer in &mut expected.layers {
        layer.shift_remove("unbiased_moving_variance");
    }
    expected.augmentation = imported.experiment.augmentation.clone();
    assert_eq!(meaning(&imported.experiment), meaning(&expected));
    let names = |experiment: &Experiment| {
        Graph::new(experiment).unwrap().nodes.iter().map(|node| node.name.clone()).collect::<Vec<_>>()
    };
    let (mut ours, mut theirs) = (names(&imported.experiment), names(&expected));
    ours.sort();
    theirs.sort();
    assert_eq!(ours, theirs);
    assert_eq!(params(&imported.experiment).1, 11_224_932);
    let augmentation = serde_json::to_value(&imported.experiment.augmentation).unwrap();
    assert_eq!(augmentation[0]["type"], "random_flip");
    assert_eq!(augmentation[1]["width_factor"], 0.1);
}

#[test]
fn functions_loops_and_shortcuts_are_followed() {
    let imported = file("functional_residual.py");
    assert_eq!(imported.unsupported, []);
    assert_eq!(params(&imported.experiment), (38_602, 38_346));
    let optimizer = serde_json::to_value(&imported.experiment.optimizer).unwrap();
    assert_eq!(optimizer, json!({"type": "sgd", "learning_rate": 0.05, "momentum": 0.9, "nesterov": true}));
}

#[test]
fn what_is_not_understood_is_named_at_its_line_and_the_rest_is_taken() {
    let imported = file("not_ours.py");
    let places: Vec<&str> = imported.unsupported.iter().map(|part| &*part.place).collect();
    assert_eq!(places, ["line 5", "line 13", "line 17"]);
    assert!(imported.unsupported[0].what.starts_with("Scale"));
    assert_eq!(imported.unsupported[1].what, "LSTM");
    assert!(imported.unsupported[2].what.contains("a lambda"));
    let kinds: Vec<&Value> = imported.experiment.layers.iter().map(|layer| &layer["type"]).collect();
    assert_eq!(kinds, ["conv2d", "flatten", "dense"]);
}

#[test]
fn places_in_notebooks_are_cells_and_lines() {
    let cell = |kind: &str, source: &str| json!({"cell_type": kind, "metadata": {}, "source": source});
    let notebook = json!({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
        cell("markdown", "# Letters\n\ntext"),
        cell("code", "import keras\nfrom keras.layers import *"),
        cell("code", "print 'old'"),
        cell("code", "m = keras.Sequential([Input((28, 28, 1)), Flatten(),\n  LSTM(4),\n  Dense(10, 'softmax')])"),
    ]});
    let imported = read("a/Letters 1.ipynb", notebook.to_string().as_bytes(), None).unwrap();
    let places: Vec<&str> = imported.unsupported.iter().map(|part| &*part.place).collect();
    assert_eq!(places, ["cell 3, line 1", "cell 4, line 2"], "{:?}", imported.unsupported);
    assert_eq!(
        (imported.experiment.name.as_str(), imported.experiment.title.as_deref()),
        ("Letters-1", Some("Letters"))
    );
}

#[test]
fn the_basis_fills_in_what_the_code_leaves_open() {
    let text =
        "from keras import *\nm = Sequential([Input((32, 32, 3)), layers.Flatten(), layers.Dense(10, 'softmax')])";
    let basis = &presets::find("net-1").unwrap().experiment;
    let imported = read("code.py", text.as_bytes(), Some(basis)).unwrap().experiment;
    assert_eq!(serde_json::to_value(&imported.dataset).unwrap(), serde_json::to_value(&basis.dataset).unwrap());
    assert_eq!((imported.batch_size, imported.epochs.count()), (128, 20));
    assert_eq!(read("code.py", text.as_bytes(), None).unwrap().experiment.dataset.name, "custom");
}

/// The one error of a file that cannot be imported.
fn error(name: &str, bytes: &[u8]) -> String {
    let started = Instant::now();
    let error = read(name, bytes, None).map(|imported| imported.unsupported).unwrap_err().to_string();
    assert!(started.elapsed() < Duration::from_secs(20), "{name} took {:?}", started.elapsed());
    assert!(!error.contains('\n') && error.chars().count() < 1200, "{error}");
    error
}

#[test]
fn other_code_is_refused_with_a_reason() {
    let torch = "import torch\nfrom torch import nn\nnet = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU())\n";
    assert!(error("net.py", torch.as_bytes()).contains("net.py: line 1: this is PyTorch code"));
    assert!(error("net.py", b"print('hello')").contains("builds no Keras model"));
    assert!(error("net.py", b"").contains("builds no Keras model"));
    assert!(error("net.py", b"\xff\xfe\x00").contains("not text"));
    assert!(error("net.py", b"Dear all, (please] find = = my network").contains("line 1: this is not Python"));
    let own = "import keras\nclass Net(keras.Model):\n    pass\nmodel = Net()\nmodel.compile('adam', 'mse')\n";
    assert_eq!(left_out(own)[0], "line 2: Net: a class of your own; Sequential and functional models are understood");
    assert!(error("a.ipynb", b"{\"cells\": 3}").contains("not a notebook"));
    assert!(error("a.ipynb", b"[1, 2]").contains("not a notebook"));
    assert!(error("a.ipynb", b"{}").contains("no cells"));
    assert!(error("a.ipynb", b"{\"cells\": [").contains("not a notebook"));
}

#[test]
fn hostile_code_ends_soon_with_one_error() {
    let deep = |open: &str, close: &str| format!("x = {}1{}\n", open.repeat(10_000), close.repeat(10_000));
    for text in [
        deep("[", "]"),
        deep("f(", ")"),
        deep("-", ""),
        deep("not ", ""),
        deep("lambda: ", ""),
        deep("1 + ", ""),
        deep("{1:", "}"),
    ] {
        assert!(
            error("deep.py", text.as_bytes()).contains("line 1: brackets, blocks or expressions are nested too deeply")
        );
    }
    let blocks: String = (0..600).map(|depth| format!("{}if 1:\n", " ".repeat(depth))).collect();
    assert!(error("deep.py", blocks.as_bytes()).contains("nested too deeply"));
    for (text, wanted) in [
        ("while True:\n    pass\n", "line 1: following the code takes more than"),
        ("x = 0\nwhile x < 10 ** 9:\n    x += 1\n", "endless loop"),
        ("def f(n):\n    return f(n + 1)\nf(0)\n", "nested too deeply"),
        ("f = lambda n: g(n)\ng = lambda n: f(n)\nf(0)\n", "nested too deeply"),
        ("import keras\nm = keras.Sequential()\nm.add(m)\nkeras.models.clone_model(m)\n", "nested too deeply"),
        ("x = [0] * 10 ** 12\n", "too long"),
        ("x = [0]\nwhile 1:\n    x = x + x\n", "too long"),
        ("x = 'a'\nwhile 1:\n    x = x + x\n", "too long"),
        ("x = [[0] * 10000 for _ in range(10000)]\n", "too long"),
        ("a = [1]\nwhile 1:\n    a.append(a)\n", "following"),
        ("x = [y for a in range(9999) for b in range(9999) for y in range(9999)]\n", "following"),
    ] {
        assert!(error("loop.py", text.as_bytes()).contains(wanted), "{text}: {}", error("loop.py", text.as_bytes()));
    }
    let cyclic =
        "import keras\na = [1]\na.append(a)\nm = keras.Sequential([keras.layers.Dense(a)])\nm.add(m)\nb = a == a\n";
    assert!(!left_out(cyclic).is_empty());
    let long = "x = 1\n".repeat(400_000);
    assert!(error("long.py", long.as_bytes()).contains("more code than"));
    let powers = "x = 2 ** 10 ** 18\ny = 'a' * -1\nz = 1 / 0\nw = 5 % 0\nv = [1][9]\nu = (-2) ** 0.5\nt = 9 << 99\n";
    assert!(error("numbers.py", powers.as_bytes()).contains("builds no Keras model"));
}

#[test]
fn large_notebooks_are_refused_by_their_size() {
    let mut notebook = b"{\"cells\": [{\"cell_type\": \"code\", \"source\": \"".to_vec();
    notebook.resize(100 << 20, b'a');
    assert!(
        error("big.ipynb", &notebook)
            .contains("a notebook may have up to 32 MB; clear its outputs and save it again. Received: 100 MB")
    );
    // Outputs are skipped without being kept, however deep they are.
    let deep = format!(
        "{{\"cells\": [{{\"cell_type\": \"code\", \"outputs\": {}{}}}",
        "[".repeat(1 << 20),
        "]".repeat(1 << 20)
    );
    let started = Instant::now();
    assert!(read("deep.ipynb", deep.as_bytes(), None).is_err());
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[test]
fn files_that_end_early_are_read_in_part_or_refused() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import");
    let names = ["net_1.ipynb", "net_2.py", "net_3.py", "maxnorm.py", "mnist_10.ipynb", "residual_18.py"];
    for name in names {
        let whole = std::fs::read(folder.join(name)).unwrap();
        for length in (0..whole.len()).step_by(whole.len() / 40) {
            if let Err(error) = read(name, &whole[..length], None) {
                assert!(!error.to_string().contains('\n'), "{error}");
            }
            // A bracket too many, somewhere.
            let mut broken = whole.clone();
            broken[length] = b'(';
            drop(read(name, &broken, None));
        }
    }
}
