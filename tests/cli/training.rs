//! `convlab train`: its files, its output, and runs that end early.

use super::folder::{Folder, TINY, epochs};
use convlab::data::synthetic;
use convlab::engine::choose::Choice;
use convlab::experiment::Experiment;
use convlab::train::{Options, Trainer};
use pollster::block_on;
use serde_json::Value;
use std::fs;
use std::process::Stdio;
use std::sync::Arc;

#[test]
fn training_writes_whole_files_and_evaluates_to_the_same_figures() {
    let folder = Folder::new();
    let lines = folder.json(&["train", "tiny.json", "--engine", "cpu", "--out", "run", "--json"]);
    let kinds: Vec<&str> = lines.iter().map(|line| line["event"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["start", "epoch", "epoch", "epoch", "done"]);
    assert_eq!((&lines[0]["engine"], &lines[0]["train_samples"]), (&"cpu".into(), &96.into()));
    for key in ["epoch", "loss", "accuracy", "val_loss", "val_accuracy", "seconds"] {
        assert!(lines[1][key].is_number(), "{key}: {}", lines[1]);
    }
    let done = &lines[4];
    assert!(done["images_per_s"].as_f64().unwrap() > 0.0);
    let total: u64 = done["confusion"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|row| row.as_array().unwrap())
        .map(|count| count.as_u64().unwrap())
        .sum();
    assert_eq!(total, 40);

    let files = folder.files("run");
    assert_eq!(
        files,
        ["checkpoint.safetensors", "history.csv", "history.json", "report.html", "report.md", "weights.safetensors"]
    );
    let history: Value = serde_json::from_slice(&folder.bytes("run/history.json")).unwrap();
    assert_eq!(history["epochs"].as_array().unwrap().len(), 3);
    assert_eq!(history["test"]["test_loss"], done["test_loss"]);
    assert_eq!(String::from_utf8(folder.bytes("run/history.csv")).unwrap().lines().count(), 4);

    let weights = "run/weights.safetensors";
    let evaluated = &folder.json(&["evaluate", "tiny.json", "--weights", weights, "--engine", "cpu", "--json"])[0];
    for key in ["test_loss", "test_accuracy", "test_top_5_accuracy", "confusion"] {
        assert_eq!(evaluated[key], done[key], "{key}");
    }
    let curves = &evaluated["curves"];
    assert_eq!(curves["classes"].as_array().unwrap().len(), 10);
    assert!(curves["mean_auc"].is_number() && curves["mean_average_precision"].is_number(), "{curves}");
    let (ece, expected) = (curves["calibration"]["ece"].as_f64().unwrap(), calibration_error(&folder.bytes(weights)));
    assert!(expected > 0.0 && (ece - expected).abs() < 1e-6, "{ece} instead of {expected}");
    let predicted = &folder.json(&["predict", "tiny.json", "--weights", weights, "--index", "7", "--json"])[0];
    let probabilities: Vec<f64> =
        predicted["probabilities"].as_array().unwrap().iter().map(|p| p.as_f64().unwrap()).collect();
    assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-5);
    let best = probabilities.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).unwrap().0;
    assert_eq!((&predicted["index"], &predicted["predicted"]), (&7.into(), &best.into()));
    assert!(folder.error(&["predict", "tiny.json", "--weights", weights, "--index", "40"], 1).contains("Received: 40"));
    let text = folder.stdout(&["predict", "tiny.json", "--weights", weights, "--index", "7"]);
    assert!(text.starts_with("image 7: "), "{text}");
}

/// The expected calibration error of [`TINY`] on its test images, by its definition: in fifteen intervals of the confidence, each with its
/// upper end, the distance of accuracy and mean confidence, weighted by the share of the images.
fn calibration_error(weights: &[u8]) -> f64 {
    let spec = Experiment::from_json(TINY).unwrap();
    let data = synthetic::generate("synthetic_digits", 0, 120, 40, &mut |_, _| ()).unwrap();
    let options = Options { engine: Choice::Cpu, shuffle: true };
    let mut trainer = block_on(Trainer::new(spec, Arc::new(data), options)).unwrap();
    block_on(trainer.load_weights(weights)).unwrap();
    let rows = block_on(trainer.predictions(true)).unwrap();
    let judged = |row: &[f32]| {
        let (label, probabilities) = (row[0] as usize, &row[1..]);
        let confidence = probabilities.iter().copied().fold(0.0, f32::max);
        (f64::from(confidence), f64::from(u8::from(probabilities[label] == confidence)))
    };
    let rows: Vec<(f64, f64)> = rows.chunks_exact(11).map(judged).collect();
    assert_eq!(rows.len(), 40);
    let distance = |bin: i32| {
        let (low, high) = (f64::from(bin) / 15.0, f64::from(bin + 1) / 15.0);
        let inside: Vec<_> = rows.iter().filter(|(confidence, _)| low < *confidence && *confidence <= high).collect();
        let count = inside.len().max(1) as f64;
        let mean = |of: fn(&(f64, f64)) -> f64| inside.iter().map(|row| of(row)).sum::<f64>() / count;
        (mean(|row| row.1) - mean(|row| row.0)).abs() * count / rows.len() as f64
    };
    (0..15).map(distance).sum()
}

#[test]
fn text_output_names_every_epoch() {
    let folder = Folder::new();
    let text = folder.stdout(&["train", "tiny.json", "--engine", "cpu", "--epochs", "2", "--train-limit", "60"]);
    assert!(text.contains("48 images to train, 12 to validate, 40 to test"), "{text}");
    assert!(text.contains("epoch 1/2") && text.contains("epoch 2/2") && text.contains("test accuracy"), "{text}");
}

#[test]
fn a_longer_run_from_a_checkpoint_is_the_same_run() {
    let folder = Folder::new();
    let train = |more: &[&str]| folder.json(&[&["train", "tiny.json", "--engine", "cpu", "--json"], more].concat());
    let whole = train(&["--epochs", "4", "--out", "whole"]);
    train(&["--epochs", "2", "--out", "half"]);
    let rest = train(&["--epochs", "4", "--resume", "half/checkpoint.safetensors", "--out", "rest"]);
    assert_eq!(epochs(&rest), epochs(&whole)[2..]);
    assert_eq!(folder.bytes("rest/weights.safetensors"), folder.bytes("whole/weights.safetensors"));
    let history: Value = serde_json::from_slice(&folder.bytes("rest/history.json")).unwrap();
    assert_eq!(history["epochs"].as_array().unwrap().len(), 4);

    let error = folder.error(&["train", "tiny.json", "--resume", "rest/checkpoint.safetensors", "--epochs", "4"], 1);
    assert!(error.contains("--epochs"), "{error}");
    let shuffled = ["train", "tiny.json", "--resume", "half/checkpoint.safetensors", "--epochs", "4", "--no-shuffle"];
    assert!(folder.error(&shuffled, 1).contains("shuffles its images"));
    let error = folder.error(&["train", "tiny.json", "--resume", "rest/weights.safetensors"], 1);
    assert!(error.contains("not a checkpoint"), "{error}");
    let error = folder.error(&["train", "tiny.json", "--resume", "rest/checkpoint.safetensors", "--seed", "5"], 1);
    assert!(error.contains("seed"), "{error}");
    fs::write(folder.0.join("cut"), &folder.bytes("rest/checkpoint.safetensors")[..900]).unwrap();
    assert!(folder.error(&["train", "tiny.json", "--resume", "cut"], 1).contains("cut"));
}

#[test]
fn a_killed_run_leaves_complete_files_and_resumes() {
    let folder = Folder::new();
    let args = ["train", "tiny.json", "--engine", "cpu", "--epochs", "100000", "--out", "run", "--json"];
    let mut child = folder.command(&args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let checkpoint = folder.0.join("run/checkpoint.safetensors");
    while !checkpoint.exists() {
        assert_eq!(child.try_wait().unwrap(), None, "the run ended before its first checkpoint");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let files = folder.files("run");
    assert!(!files.contains(&"weights.safetensors".to_string()), "weights belong to a complete run: {files:?}");
    if files.contains(&"history.json".to_string()) {
        let _: Value = serde_json::from_slice(&folder.bytes("run/history.json")).unwrap();
    }
    let done = folder.bytes("run/checkpoint.safetensors");
    let state = convlab::results::weights::File::parse(&done).unwrap().state().unwrap().to_string();
    let state: Value = serde_json::from_str(&state).unwrap();
    let epochs = state["history"]["epochs"].as_array().unwrap().len() + 1;
    let lines = folder.json(&[
        "train",
        "tiny.json",
        "--engine",
        "cpu",
        "--json",
        "--resume",
        "run/checkpoint.safetensors",
        "--epochs",
        &epochs.to_string(),
    ]);
    assert_eq!(lines.last().unwrap()["event"], "done");
}

#[test]
fn given_weights_in_file_order_leave_nothing_to_the_seed() {
    let folder = Folder::new();
    folder.json(&["train", "tiny.json", "--engine", "cpu", "--epochs", "1", "--out", "start", "--json"]);
    let run = |seed: &str, more: &[&str]| {
        let args = [
            "train",
            "tiny.json",
            "--engine",
            "cpu",
            "--json",
            "--weights",
            "start/weights.safetensors",
            "--seed",
            seed,
        ];
        epochs(&folder.json(&[&args, more].concat()))
    };
    let one = run("1", &["--no-shuffle"]);
    assert_eq!(one, run("2", &["--no-shuffle"]));
    assert_ne!(one, run("2", &[]));
    let error = folder.error(&["train", "net-1", "--weights", "start/weights.safetensors", "--data", "."], 1);
    assert!(error.contains("cifar"), "{error}");
    let other = TINY.replace("\"filters\": 4", "\"filters\": 5");
    fs::write(folder.0.join("other.json"), other).unwrap();
    let error = folder.error(&["train", "other.json", "--weights", "start/weights.safetensors"], 1);
    assert!(error.contains("conv2d.kernel") && error.contains("start/weights.safetensors"), "{error}");
}

#[test]
fn an_output_folder_that_cannot_be_is_found_before_training() {
    let folder = Folder::new();
    fs::write(folder.0.join("file"), "in the way").unwrap();
    let error = folder.error(&["train", "tiny.json", "--out", "file", "--json"], 1);
    assert!(error.contains("file"), "{error}");
    assert_eq!(folder.bytes("file"), b"in the way");
    let output = folder.run(&["train", "tiny.json", "--out", "file/below", "--json"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
}

/// `count` records in CIFAR-100's format: coarse label, fine label, three planes. An image has 48 squares of 8 × 8
/// values; for each digit of its class one of them is bright.
fn cifar100(count: usize) -> Vec<u8> {
    let record = |i: usize| {
        let fine = i % 100;
        let square = |at: usize| at / 1024 * 16 + at % 1024 / 256 * 4 + at % 32 / 8;
        let lit = move |at: usize| square(at) == fine % 10 || square(at) == 10 + fine / 10;
        [(fine / 5) as u8, fine as u8].into_iter().chain((0..3072).map(move |at| if lit(at) { 255 } else { 0 }))
    };
    (0..count).flat_map(record).collect()
}

#[test]
fn a_hundred_classes_and_their_twenty_groups_train_from_files() {
    let folder = Folder::new();
    fs::create_dir(folder.0.join("data")).unwrap();
    fs::write(folder.0.join("data/train.bin"), cifar100(400)).unwrap();
    fs::write(folder.0.join("data/test.bin"), cifar100(100)).unwrap();
    for (mode, classes) in [("fine", 100), ("coarse", 20)] {
        let spec = format!(
            r#"{{"name": "{mode}", "dataset": {{"name": "cifar100", "label_mode": "{mode}"}}, "input_shape": [32, 32, 3],
                "layers": [{{"type": "average_pooling2d", "pool_size": 8}}, {{"type": "flatten"}},
                    {{"type": "dense", "units": {classes}, "activation": "softmax"}}],
                "loss": "sparse_categorical_crossentropy", "optimizer": {{"type": "adam", "learning_rate": 0.1}},
                "batch_size": 20, "epochs": 20}}"#
        );
        fs::write(folder.0.join("spec.json"), spec).unwrap();
        let lines = folder.json(&["train", "spec.json", "--data", "data", "--engine", "cpu", "--out", mode, "--json"]);
        let done = lines.last().unwrap();
        let sizes: Vec<usize> =
            done["confusion"].as_array().unwrap().iter().map(|row| row.as_array().unwrap().len()).collect();
        assert_eq!(sizes, vec![classes; classes], "{mode}");
        // Far better than chance, in both accuracies.
        let (one, five) = (done["test_accuracy"].as_f64().unwrap(), done["test_top_5_accuracy"].as_f64().unwrap());
        assert!(one > 0.5 && five >= one, "{mode}: {one} {five}");
        let report = String::from_utf8(folder.bytes(&format!("{mode}/report.html"))).unwrap();
        assert!(
            report.contains("Top-5 accuracy") && report.contains("aquatic_mammals") == (mode == "coarse"),
            "{mode}"
        );
    }
}

#[test]
fn evaluation_averages_over_the_views_that_are_asked_for() {
    let folder = Folder::new();
    let views = TINY.replace("\"epochs\": 3", "\"epochs\": 3, \"test_time_augmentation\": \"flip\"");
    fs::write(folder.0.join("views.json"), views).unwrap();
    let train = ["--engine", "cpu", "--epochs", "1", "--json", "--out"];
    folder.json(&[&["train", "tiny.json"], &train[..], &["run"]].concat());
    let trained = folder.json(&[&["train", "views.json"], &train[..], &["views"]].concat());
    let evaluate = |spec: &str, more: &[&str]| {
        let args = ["evaluate", spec, "--weights", "run/weights.safetensors", "--engine", "cpu", "--json"];
        folder.json(&[&args, more].concat()).remove(0)
    };
    let (plain, asked) = (evaluate("tiny.json", &[]), evaluate("tiny.json", &["--tta", "flip"]));
    assert_eq!((plain.get("test_time_augmentation"), &asked["test_time_augmentation"]), (None, &"flip".into()));
    assert_ne!(asked["test_loss"], plain["test_loss"]);
    // The document's option is the same, in an evaluation and in a run.
    assert_eq!(asked, evaluate("views.json", &[]));
    let done = trained.last().unwrap();
    for key in ["test_loss", "test_accuracy", "confusion", "test_time_augmentation"] {
        assert_eq!(asked[key], done[key], "{key}");
    }
    // What is asked for goes before what the document says.
    let shifted = evaluate("views.json", &["--tta", "flip+shift"]);
    assert_eq!((&shifted["test_time_augmentation"], shifted == asked), (&"flip+shift".into(), false));
    assert_eq!(shifted, evaluate("tiny.json", &["--tta", "flip+shift"]));
    folder.error(&["evaluate", "tiny.json", "--weights", "run/weights.safetensors", "--tta", "mirror"], 2);
}
