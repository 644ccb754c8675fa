//! The fuzz targets: everything that reads untrusted bytes or documents. An input may be refused with a message of one
//! line, in bounded time and memory; a target panics if this is violated.

use convlab::base::error::Error;
use convlab::data::Loader;
use convlab::engine::Parameters;
use convlab::engine::choose::Choice;
use convlab::experiment::Experiment;
use convlab::kernels::gpu::tuning::Tuning;
use convlab::network::graph::Graph;
use convlab::network::{program, summary};
use convlab::results::weights;
use convlab::train::{Options, Trainer};
use convlab::{cost, data, export, import};
use std::cell::RefCell;
use std::io::Write;
use std::sync::Arc;

/// The target's name, which is also the folder of its corpus.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: &[Target] = &[
    ("idx", idx),
    ("cifar", cifar),
    ("archive", archive),
    ("pickle", pickle),
    ("npz", npz),
    ("safetensors", safetensors),
    ("checkpoint", checkpoint),
    ("spec", spec),
    ("keras", keras),
    ("hdf5", hdf5),
    ("onnx", onnx),
    ("state_dict", state_dict),
    ("code", code),
    ("parquet", parquet),
    ("mat", mat),
    ("images", images),
];

fn one_clear_line(error: &Error) {
    let text = error.to_string();
    assert!(!text.contains(char::is_control) && text.chars().count() < 2200, "not one clear line: {text}");
}

/// A data file under a name, accepted or refused.
fn file(set: &str, name: &str, bytes: &[u8]) {
    let mut loader = Loader::new(set).unwrap();
    if let Err(error) = loader.add(name, bytes, &mut |done, all| assert!(done <= all)) {
        one_clear_line(&error);
    }
    if let Err(error) = loader.finish() {
        one_clear_line(&error);
    }
}

pub fn idx(bytes: &[u8]) {
    file("custom", "train-images", bytes);
    file("mnist", "t10k-labels-idx1-ubyte", bytes);
}

pub fn cifar(bytes: &[u8]) {
    file("cifar10", "data_batch_1.bin", bytes);
    file("cifar100", "train.bin", bytes);
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The input as it is, and with a valid checksum, which mutations would not find.
pub fn archive(bytes: &[u8]) {
    file("cifar10", "cifar-10-binary.tar.gz", bytes);
    file("cifar100", "cifar-100-python.tar.gz", &gzip(bytes));
}

pub fn pickle(bytes: &[u8]) {
    file("cifar10", "data_batch_1", bytes);
    file("cifar10", "data_batch_1", &[b"\x80\x02", bytes].concat());
    file("cifar10", "batches.meta", bytes);
}

/// The input as an archive, and as an array in a valid archive.
pub fn npz(bytes: &[u8]) {
    file("mnist", "mnist.npz", bytes);
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.start_file("x_train.npy", options).unwrap();
    writer.write_all(bytes).unwrap();
    file("custom", "all.npz", writer.finish().unwrap().get_ref());
}

const IMAGE_OPTIONS: data::ImageOptions = data::ImageOptions {
    image_size: [8, 8],
    color_mode: data::ColorMode::Rgb,
    interpolation: data::Interpolation::Bilinear,
    crop_to_aspect_ratio: false,
    validation: 0.0,
    test: 0.5,
    seed: 0,
};

/// The input as an image file of a data set, or an archive of them. What is read alone is also read into the set.
pub fn images(bytes: &[u8]) {
    let grey = data::ImageOptions {
        color_mode: data::ColorMode::Grayscale,
        interpolation: data::Interpolation::Lanczos5,
        crop_to_aspect_ratio: true,
        ..IMAGE_OPTIONS
    };
    for options in [IMAGE_OPTIONS, grey] {
        let mut set = data::ImageFiles::new(options).unwrap();
        let alone = set.decode("a/1.png", bytes);
        match set.add("a/1.png", bytes, &mut |done, all| assert!(done <= all)) {
            Ok(count) => assert!(alone.is_none() || count == 1),
            Err(error) => one_clear_line(&error),
        }
        for file in set.left_out() {
            one_clear_line(&Error::Data(file.reason.clone()));
            assert!(!file.reason.contains(char::is_control), "not plain: {}", file.reason);
        }
        for path in ["a/2.png", "b/1.png", "b/2.png"] {
            let added = alone.clone().map(|pixels| set.add_decoded(path, pixels));
            assert!(added.is_none_or(|count| count == Ok(1)));
        }
        match set.finish() {
            Ok(data) => assert!(alone.is_none() || data.train.len() + data.test.len() == 4),
            Err(error) => {
                assert!(alone.is_none(), "an image that can be read makes a set: {error}");
                one_clear_line(&error);
            }
        }
    }
}

/// The input as a file of the Hub, and as a table of one's own.
pub fn parquet(bytes: &[u8]) {
    file("mnist", "train-00000-of-00001.parquet", bytes);
    file("cifar100", "train-00000-of-00001.parquet", bytes);
    let options = data::TableOptions { images: IMAGE_OPTIONS, image_column: None, label_column: None };
    let mut set = data::ParquetFiles::new(options).unwrap();
    if let Err(error) = set.add("all.parquet", bytes, &mut |done, all| assert!(done <= all)) {
        one_clear_line(&error);
    }
    if let Err(error) = set.finish() {
        one_clear_line(&error);
    }
}

pub fn mat(bytes: &[u8]) {
    file("svhn", "train_32x32.mat", bytes);
}

const NET: &str = r#"{"name": "fuzzed", "dataset": {"name": "custom", "validation": {"split": 0.25}}, "input_shape": [3, 2, 1],
    "layers": [{"type": "flatten"}, {"type": "dense", "units": 3}, {"type": "batch_normalization"}, {"type": "dense", "units": 2}],
    "loss": "sparse_categorical_crossentropy", "optimizer": {"type": "sgd", "momentum": 0.5, "learning_rate": 0.1},
    "learning_rate_schedule": {"type": "reduce_on_plateau", "patience": 1},
    "early_stopping": {"monitor": "val_loss", "patience": 2, "restore_best_weights": true},
    "batch_size": 4, "epochs": 3}"#;

pub fn trainer() -> Trainer {
    let images = |count: usize| {
        let pixels = (0..6 * count).map(|i| (i * 37) as u8).collect();
        data::Images::new([3, 2, 1], pixels, (0..count).map(|i| (i % 2) as u8).collect()).unwrap()
    };
    let (name, title) = ("custom".to_string(), "fuzzed".to_string());
    let classes = vec!["a".to_string(), "b".to_string()];
    let set =
        data::Dataset { name, title, synthetic: true, classes, validation: 0, train: images(16), test: images(3) };
    let options = Options { engine: Choice::Cpu, shuffle: true };
    pollster::block_on(Trainer::new(Experiment::from_json(NET).unwrap(), Arc::new(set), options)).unwrap()
}

pub fn safetensors(bytes: &[u8]) {
    thread_local!(static NETWORK: (Graph, Parameters) = {
        let graph = Graph::new(&Experiment::from_json(NET).unwrap()).unwrap();
        let (weights, state) = graph.initial(1);
        let slots = vec![weights.clone()];
        (graph, Parameters { weights, state, slots })
    });
    NETWORK.with(|(graph, like)| {
        let read = weights::File::parse(bytes).and_then(|file| file.checkpoint(graph, like));
        read.err().iter().for_each(one_clear_line);
    });
}

/// The input as a checkpoint, and as the state in an otherwise valid one. A run must be able to continue from an
/// accepted checkpoint.
pub fn checkpoint(bytes: &[u8]) {
    thread_local!(static RUN: RefCell<Option<Trainer>> = const { RefCell::new(None) });
    let graph = Graph::new(&Experiment::from_json(NET).unwrap()).unwrap();
    let (weights, state) = graph.initial(1);
    let parameters = Parameters { slots: vec![vec![0.0; weights.len()]], weights, state };
    let text = String::from_utf8_lossy(bytes);
    let sound = weights::save_checkpoint(&graph, &parameters, [Some(&parameters), None], &text).unwrap();
    RUN.with_borrow_mut(|run| {
        for file in [bytes, &sound] {
            let going = run.get_or_insert_with(trainer);
            if let Err(error) = pollster::block_on(going.resume(file)) {
                one_clear_line(&error);
                continue;
            }
            for _ in 0..100 {
                if going.is_done() || pollster::block_on(going.advance(0.0)).is_err() {
                    break;
                }
            }
            *run = None;
        }
    });
}

/// For an accepted document the summary, the cost sheet and the device program must also work, for any size of the
/// network: none of them allocates the network's tensors.
pub fn spec(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let checked = Experiment::from_json(&text).and_then(|spec| Graph::new(&spec).map(|graph| (spec, graph)));
    let (spec, graph) = match checked {
        Ok(both) => both,
        Err(error) => return one_clear_line(&error),
    };
    let _ = summary::Summary::new(&graph);
    let _ = cost::CostSheet::new(&spec, None).map_err(|error| one_clear_line(&error));
    let capacity =
        program::Capacity { piece: spec.batch_size, rows: spec.batch_size, transforms: spec.batch_size, steps: 8 };
    for target in export::Target::ALL {
        let _ = export::script(&spec, target).map_err(|error| one_clear_line(&error));
    }
    // The tables of a program grow with the parameters; the tests of memory cover the largest networks.
    if graph.weights_len < 1 << 20 {
        let program = program::Program::new(&graph, &spec.optimizer, capacity, Tuning::HARDWARE);
        let _ = program.check(1 << 30);
    }
}

/// A model of another program under a name, accepted or refused; what is accepted has a network that the weights fit.
fn model(name: &str, bytes: &[u8], basis: Option<&Experiment>) {
    match import::read(name, bytes, basis) {
        Err(error) => one_clear_line(&error),
        Ok(imported) => {
            if let Some(weights) = imported.weights {
                let graph = Graph::new(&imported.experiment).expect("weights belong to a network");
                weights::load(&graph, 0, &weights).expect("weights fit the network");
            }
        }
    }
}

/// The input as an archive, as a configuration, and as a configuration in a valid archive.
pub fn keras(bytes: &[u8]) {
    model("a.keras", bytes, None);
    model("a.json", bytes, None);
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let weights: &[u8] = include_bytes!("../../golden/formats/chain.weights.h5");
    for (name, contents) in [("config.json", bytes), ("model.weights.h5", weights)] {
        writer.start_file(name, options).unwrap();
        writer.write_all(contents).unwrap();
    }
    model("a.keras", writer.finish().unwrap().get_ref(), None);
}

/// The input as a whole model, and as weights for a network.
pub fn hdf5(bytes: &[u8]) {
    model("a.h5", bytes, None);
    let basis =
        import::read("a.json", include_bytes!("../../golden/formats/chain.model.json"), None).unwrap().experiment;
    model("a.weights.h5", bytes, Some(&basis));
}

pub fn onnx(bytes: &[u8]) {
    model("a.onnx", bytes, None);
}

pub fn state_dict(bytes: &[u8]) {
    model("a.safetensors", bytes, Some(&Experiment::from_json(NET).unwrap()));
}

/// The input as a script, as a notebook, and as the code of a valid notebook.
pub fn code(bytes: &[u8]) {
    model("a.py", bytes, None);
    model("a.ipynb", bytes, None);
    let source = String::from_utf8_lossy(bytes);
    let notebook = serde_json::json!({"cells": [
        {"cell_type": "code", "source": "import keras\nfrom keras.layers import *"}, {"cell_type": "code", "source": source},
    ]});
    model("a.ipynb", notebook.to_string().as_bytes(), None);
}
