//! Runs the exported scripts and opens the exported files: Keras, PyTorch and ONNX Runtime must give Convlab's probabilities for
//! every trainable preset and every layer, and the weights that the scripts save must be unchanged.
//!
//! The tests need a Python with numpy, keras, tensorflow (or another backend), torch, onnx and onnxruntime, named by CONVLAB_PYTHON:
//! `CONVLAB_PYTHON=… cargo test --test export -- --ignored`; those of notebooks also need matplotlib, nbformat, nbclient and ipykernel. Without one they are reported as ignored, not as passed.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use common::around;
use convlab::data::{Dataset, Images};
use convlab::engine::Source;
use convlab::engine::choose::Choice;
use convlab::experiment::presets;
use convlab::experiment::schedule::{Moment, Schedule};
use convlab::experiment::{DatasetSpec, Experiment};
use convlab::export::{ModelFormat, Target, model, script};
use convlab::layers;
use convlab::layers::sample::Sample;
use convlab::network::graph::Graph;
use convlab::network::summary::{Summary, Totals};
use convlab::tensor::random::below;
use convlab::train::{Options, Trainer};
use pollster::block_on;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

/// Number of images compared for each network.
const IMAGES: usize = 3;

fn python() -> PathBuf {
    std::env::var_os("CONVLAB_PYTHON").map(PathBuf::from).expect("CONVLAB_PYTHON names a Python with keras and torch")
}

fn noise(shape: [usize; 3], classes: usize, count: usize, stream: u32) -> Images {
    let bytes = count * shape.iter().product::<usize>();
    let pixels = (0..bytes).map(|i| below(256, 1, 0, stream, i as u32) as u8).collect();
    Images::new(shape, pixels, (0..count).map(|i| (i % classes) as u8).collect()).unwrap()
}

/// A network after a few training steps on noise, so that no parameter and no moving statistic has its initial value.
fn trained(mut spec: Experiment) -> Trainer {
    let classes = convlab::network::graph::Graph::new(&spec).unwrap().classes();
    spec.dataset = DatasetSpec { merge_classes: None, validation: None, limit: None, ..spec.dataset };
    (spec.batch_size, spec.micro_batch_size, spec.epochs) = (4, None, 1.into());
    (spec.early_stopping, spec.augmentation) = (None, Vec::new());
    let data = Dataset {
        name: "custom".into(),
        title: "noise".into(),
        synthetic: true,
        classes: (0..classes).map(|class| class.to_string()).collect(),
        validation: 0,
        train: noise(spec.input_shape, classes, 8, 0),
        test: noise(spec.input_shape, classes, IMAGES, 1),
    };
    let options = Options { engine: Choice::Cpu, shuffle: true };
    let mut trainer = block_on(Trainer::new(spec, Arc::new(data), options)).unwrap();
    while !trainer.is_done() {
        block_on(trainer.advance(1e6)).unwrap();
    }
    trainer
}

/// Options that no preset has: unusual windows and strides, all activations, every padding, a batch normalisation
/// without scale, frozen layers, names that are not identifiers.
fn unusual() -> Experiment {
    let layers = json!([
        {"type": "conv2d", "name": "for", "filters": 6, "kernel_size": [3, 4], "strides": [2, 3], "padding": "same",
         "activation": "tanh", "bias_initializer": {"type": "constant", "value": 0.1}},
        {"type": "local_response_normalization", "depth_radius": 1, "bias": 2, "alpha": 0.5, "beta": 0.75},
        {"type": "max_pooling2d", "pool_size": [3, 2], "strides": [2, 1], "padding": "same"},
        {"type": "batch_normalization", "name": "half norm", "scale": false, "momentum": 0.5},
        {"type": "batch_normalization", "name": "still", "trainable": false},
        {"type": "conv2d", "name": "wide", "filters": 6, "kernel_size": 2, "padding": "same", "groups": 2, "dilation_rate": 2,
         "trainable": false},
        {"type": "depthwise_conv2d", "name": "0.depth", "kernel_size": [2, 3], "padding": "same", "activation": "sigmoid",
         "depthwise_regularizer": {"l1": 0.01}},
        {"type": "average_pooling2d", "pool_size": 3, "strides": 2, "padding": "same"},
        {"type": "zero_padding2d", "padding": [[0, 1], [2, 0]]},
        {"type": "conv2d", "name": "a", "filters": 5, "kernel_size": 2, "use_bias": false},
        {"type": "conv2d", "name": "b", "filters": 5, "kernel_size": 2, "inputs": ["zero_padding2d"],
         "kernel_constraint": {"max_norm": 1, "axis": [0, 1, 2]}, "kernel_initializer": "lecun_normal"},
        {"type": "conv2d", "name": "c", "filters": 5, "kernel_size": 2, "inputs": ["zero_padding2d"]},
        {"type": "add", "inputs": ["a", "b", "c"]},
        {"type": "flatten"},
        {"type": "dense", "units": 7, "kernel_regularizer": {"l2": 0.1}},
        {"type": "batch_normalization", "name": "type", "center": false},
        {"type": "dropout", "rate": 0.5},
        {"type": "dense", "units": 4},
        {"type": "activation", "activation": "softmax"}
    ]);
    common::experiment([11, 13, 2], layers, json!({"name": "an unusual/one", "title": "Quotes \" and \\ and '''"}))
}

/// One network in its folder, and Convlab's probabilities for the images.
struct Exported {
    folder: PathBuf,
    totals: Totals,
    expected: Vec<Vec<f32>>,
    weights: Vec<u8>,
}

fn export(root: &Path, index: usize, spec: &Experiment) -> Exported {
    let folder = root.join(format!("{index:02}"));
    fs::create_dir_all(&folder).unwrap();
    let mut trainer = trained(spec.clone());
    let weights = block_on(trainer.weights()).unwrap();
    // File names of `convlab train` and of the page.
    let name = if index.is_multiple_of(2) {
        "weights".into()
    } else {
        spec.name.replace(|c: char| !c.is_ascii_alphanumeric() && !"-_".contains(c), "_")
    };
    fs::write(folder.join(format!("{name}.safetensors")), &weights).unwrap();
    for target in [Target::Keras, Target::Pytorch] {
        let script = script(spec, target).unwrap();
        fs::write(folder.join(script.file_name), script.text).unwrap();
    }
    for format in ModelFormat::ALL {
        let file = model(spec, &weights, format).unwrap();
        fs::write(folder.join(file.file_name), file.bytes).unwrap();
    }
    fs::write(folder.join("images.npy"), npy(&trainer.data().test)).unwrap();
    let expected = (0..IMAGES).map(|i| block_on(trainer.predict(Source::Test, i)).unwrap().probabilities).collect();
    let totals = Summary::new(trainer.graph()).totals;
    Exported { folder, totals, expected, weights }
}

/// NumPy's format, version 1: a header padded to 64 bytes, then the values.
fn npy(images: &Images) -> Vec<u8> {
    let [h, w, c] = images.shape();
    let header = format!("{{'descr': '|u1', 'fortran_order': False, 'shape': ({}, {h}, {w}, {c}), }}", images.len());
    let length = (header.len() + 11).next_multiple_of(64) - 10;
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((length as u16).to_le_bytes());
    bytes.extend(format!("{header:<width$}\n", width = length - 1).bytes());
    bytes.extend(&images.pixels);
    bytes
}

/// Runs all scripts of a framework in one Python process and compares the results.
fn check(root: &Path, framework: &str, exported: &[Exported]) {
    let harness = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/export/check.py");
    let output = Command::new(python()).arg(harness).arg(root).arg(framework).env("TF_CPP_MIN_LOG_LEVEL", "3").output();
    let output = output.unwrap();
    assert!(output.status.success(), "{framework}: {}", String::from_utf8_lossy(&output.stderr));
    let is_script = [Target::Keras, Target::Pytorch].iter().any(|target| target.name() == framework);
    for Exported { folder, expected, weights, .. } in exported {
        let text = fs::read_to_string(folder.join(format!("{framework}.jsonl"))).unwrap();
        let rows: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(rows.len(), expected.len(), "{folder:?}");
        for (row, expected) in rows.iter().zip(expected) {
            let found: Vec<f64> =
                row["probabilities"].as_array().unwrap().iter().map(|p| p.as_f64().unwrap()).collect();
            let worst = found.iter().zip(expected).map(|(a, &b)| (a - f64::from(b)).abs()).fold(0.0, f64::max);
            assert!(found.len() == expected.len() && worst < 1e-5, "{framework} {folder:?}: off by {worst}");
        }
        if !is_script {
            continue;
        }
        let saved = fs::read(folder.join(format!("{framework}.safetensors"))).unwrap();
        let (ours, theirs) =
            [weights, &saved].map(|bytes| safetensors::SafeTensors::deserialize(bytes).unwrap()).into();
        let mut names = [ours.names(), theirs.names()];
        names.iter_mut().for_each(|names| names.sort());
        assert_eq!(names[0], names[1], "{framework} {folder:?}");
        for name in ours.names() {
            let (a, b) = (ours.tensor(name).unwrap(), theirs.tensor(name).unwrap());
            assert_eq!((a.shape(), a.data()), (b.shape(), b.data()), "{framework} {folder:?} {name}");
        }
    }
}

#[test]
#[ignore = "needs CONVLAB_PYTHON, a Python with numpy, keras, tensorflow, torch, onnx and onnxruntime"]
fn both_frameworks_give_the_same_probabilities_for_every_preset() {
    let root = std::env::temp_dir().join(format!("convlab-export-{}", std::process::id()));
    let presets = presets::list().iter().filter(|preset| preset.trainable).map(|preset| preset.experiment.clone());
    let exported: Vec<Exported> =
        presets.chain([unusual()]).enumerate().map(|(i, spec)| export(&root, i, &spec)).collect();
    assert!(exported.len() > 20, "{}", exported.len());
    check(&root, "keras", &exported);
    for Exported { folder, totals, .. } in &exported {
        let counts: [u64; 2] = serde_json::from_slice(&fs::read(folder.join("counts.json")).unwrap()).unwrap();
        assert_eq!(counts, [totals.params, totals.trainable], "Keras counts otherwise: {folder:?}");
    }
    check(&root, "pytorch", &exported);
    ModelFormat::ALL.iter().for_each(|format| check(&root, format.name(), &exported));
    fs::remove_dir_all(&root).unwrap();
}

/// A small network around a layer's sample.
fn sampled(sample: &Sample) -> Experiment {
    let (input, layers) = around(sample);
    common::experiment(input, layers, json!({"name": format!("sample of {}", sample.kind)}))
}

#[test]
#[ignore = "needs CONVLAB_PYTHON, a Python with numpy, keras, tensorflow, torch, onnx and onnxruntime"]
fn both_frameworks_give_the_same_probabilities_for_every_layer_sample() {
    let root = std::env::temp_dir().join(format!("convlab-export-layers-{}", std::process::id()));
    let samples = layers::samples();
    let exported: Vec<Exported> =
        samples.iter().enumerate().map(|(i, sample)| export(&root, i, &sampled(sample))).collect();
    check(&root, "keras", &exported);
    check(&root, "pytorch", &exported);
    ModelFormat::ALL.iter().for_each(|format| check(&root, format.name(), &exported));
    fs::remove_dir_all(&root).unwrap();
}

#[test]
fn every_layer_sample_stands_in_the_scripts() {
    for sample in layers::samples() {
        let spec = sampled(&sample);
        let (keras, torch) = (sample.layer().keras(), sample.layer().pytorch(&sample.inputs));
        let text = script(&spec, Target::Keras).unwrap().text;
        let call =
            text.lines().find(|line| line.starts_with("    t[\"sample\"] = ")).unwrap_or_else(|| panic!("{text}"));
        assert!(call.contains(&format!("{}(", keras.class)) && call.contains("name=\"sample\""), "{call}");
        assert_eq!(text.contains(&format!("class {}(", keras.class)), keras.definition.is_some(), "{sample:?}");
        let text = script(&spec, Target::Pytorch).unwrap().text;
        let call =
            text.lines().find(|line| line.starts_with("        t[\"sample\"] = ")).unwrap_or_else(|| panic!("{text}"));
        // A module that is called is also constructed.
        assert_eq!(call.contains("self.sample("), torch.module.is_some(), "{call}");
        assert_eq!(text.contains("        self.sample = "), torch.module.is_some(), "{text}");
        for parameter in sample.layer().params(&sample.inputs) {
            assert!(text.contains(&format!("\"{}\": (", parameter.name)), "{sample:?}: {}", parameter.name);
        }
    }
}

/// Checks that training runs on two processes and writes a file that Convlab reads; random labels suffice for this.
#[test]
#[ignore = "needs CONVLAB_PYTHON, a Python with numpy and torch"]
fn pytorch_trains_on_under_torchrun() {
    let root = std::env::temp_dir().join(format!("convlab-torchrun-{}", std::process::id()));
    let mut spec = presets::find("mnist-10-better").unwrap().experiment.clone();
    (spec.dataset.name, spec.batch_size) = ("custom".into(), 16);
    let exported = export(&root, 0, &spec);
    let images = common::squares([28, 28, 1], 10, 100, 3);
    let idx = |rank: u8, sizes: &[u32], values: &[u8]| {
        let sizes = sizes.iter().flat_map(|size| size.to_be_bytes());
        [0, 0, 8, rank].into_iter().chain(sizes).chain(values.iter().copied()).collect::<Vec<u8>>()
    };
    for prefix in ["train", "t10k"] {
        let file = |name: &str| exported.folder.join(format!("{prefix}-{name}-ubyte"));
        fs::write(file("images-idx3"), idx(3, &[100, 28, 28], &images.pixels)).unwrap();
        fs::write(file("labels-idx1"), idx(1, &[100], &images.labels)).unwrap();
    }
    let script = script(&spec, Target::Pytorch).unwrap().file_name;
    let output = Command::new(python())
        .args(["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", &script, "train", "--data", "."])
        .args(["--epochs", "2"])
        .current_dir(&exported.folder)
        .env("OMP_NUM_THREADS", "1")
        .output()
        .unwrap();
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{stderr}");
    let lines: Vec<Value> = stdout.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    assert_eq!(lines.len(), 2, "one line an epoch, from one process: {stdout}");
    assert!(lines.iter().all(|line| line["loss"].as_f64().is_some_and(f64::is_finite)), "{stdout}");
    let saved = fs::read(exported.folder.join("trained.safetensors")).unwrap();
    let mut trainer = trained(spec);
    block_on(trainer.load_weights(&saved)).unwrap();
    let before = &exported.expected[0];
    assert_ne!(&block_on(trainer.predict(Source::Test, 0)).unwrap().probabilities, before);
    fs::remove_dir_all(&root).unwrap();
}

/// A preset with other parts, short enough to be trained here.
fn short(preset: &str, parts: Value) -> Experiment {
    let mut document = serde_json::to_value(&presets::find(preset).unwrap().experiment).unwrap();
    let fields = document.as_object_mut().unwrap();
    fields.insert("epochs".into(), 2.into());
    fields.insert("batch_size".into(), 16.into());
    fields.extend(parts.as_object().unwrap().clone());
    Experiment::from_value(document).unwrap()
}

/// Notebooks that together have every kind of schedule, callback, random change and label.
fn notebooks() -> Vec<Experiment> {
    let triangular = json!({"type": "triangular", "start": 0.2, "peak": 0.25, "end": 0.1});
    let cutout = json!([{"type": "cutout", "size": 8}, {"type": "random_flip"}]);
    let steps = json!({"type": "step_decay", "step_size": 1, "gamma": 0.5});
    let plateau = json!({"type": "reduce_on_plateau", "patience": 1, "min_learning_rate": 1e-5});
    let coarse =
        json!({"name": "cifar100", "label_mode": "coarse", "limit": {"train": 64}, "validation": {"split": 0.25}});
    let (best, normalization) = (json!({"monitor": "val_loss"}), json!({"type": "normalization"}));
    let layers = json!([normalization, {"type": "flatten"}, {"type": "dense", "units": 20}]);
    vec![
        short("mnist-4", json!({"learning_rate_schedule": steps})),
        short("mnist-10-better", json!({})),
        short("net-x", json!({})),
        short("maxnorm", json!({})),
        short("net-1", json!({"learning_rate_schedule": triangular, "augmentation": cutout, "model_checkpoint": best})),
        short("net-2", json!({"dataset": coarse, "layers": layers, "learning_rate_schedule": plateau})),
        short("net-3", json!({"learning_rate_schedule": {"type": "warmup", "warmup_steps": 20}})),
    ]
}

#[test]
#[ignore = "needs CONVLAB_PYTHON, a Python with keras, tensorflow, matplotlib, nbformat, nbclient and ipykernel"]
fn notebooks_train_in_keras_and_draw_their_curves() {
    let root = std::env::temp_dir().join(format!("convlab-notebooks-{}", std::process::id()));
    fs::create_dir_all(&root).unwrap();
    for spec in notebooks() {
        let notebook = script(&spec, Target::Notebook).unwrap();
        fs::write(root.join(notebook.file_name), notebook.text).unwrap();
    }
    let harness = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/export/run_notebooks.py");
    let output = Command::new(python()).arg(harness).arg(&root).env("TF_CPP_MIN_LOG_LEVEL", "3").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for spec in notebooks() {
        let name = &spec.name;
        let found: Value = serde_json::from_slice(&fs::read(root.join(format!("{name}.json"))).unwrap()).unwrap();
        assert_eq!(found["drawn"], true, "{name}");
        let counted = Summary::new(&Graph::new(&spec).unwrap()).totals.params;
        // Keras counts how many images a normalisation has seen.
        let counter = u64::from(spec.layers.iter().any(|layer| layer["type"] == "normalization"));
        assert_eq!(found["params"], counted + counter, "{name}");
        let epochs = found["history"]["loss"].as_array().unwrap();
        assert!(epochs.len() == 2 && epochs.iter().all(|loss| loss.as_f64().unwrap().is_finite()), "{name}: {found}");
        assert_eq!(found["history"]["val_accuracy"].as_array().unwrap().len(), 2, "{name}");
        let step = found["steps"].as_u64().unwrap() as usize;
        // Schedules by epochs last set the rate of the second one.
        let rate = spec.learning_rate_schedule.as_ref().map_or(spec.optimizer.learning_rate, |schedule| {
            schedule.rate(spec.optimizer.learning_rate, Moment { step, epoch: 1, total_steps: step })
        });
        let off = (found["rate"].as_f64().unwrap() - rate).abs();
        let waits = matches!(spec.learning_rate_schedule, Some(Schedule::ReduceOnPlateau(_)));
        assert!(waits || off < 1e-5 * rate.max(1e-3), "{name}: {} in place of {rate}", found["rate"]);
    }
    fs::remove_dir_all(&root).unwrap();
}

#[test]
fn scripts_hold_no_text_that_could_break_out() {
    let mut spec = unusual();
    spec.name = "x\"\"\"\nimport os".into();
    spec.title = Some("\"\"\"\nimport os\n\\".into());
    for target in [Target::Keras, Target::Pytorch] {
        let script = script(&spec, target).unwrap();
        assert!(!script.text.contains("\nimport os\n\\"), "{}", script.text);
        assert_eq!(script.text.matches("\nimport os\n").count(), usize::from(target == Target::Pytorch));
        assert_eq!(script.file_name, format!("x____import_os_{}.py", target.name()));
    }
}
