//! `convlab verify`: correct submissions are confirmed, tampered ones refuted with the name of a wrong figure.
#![cfg(all(feature = "cli", not(target_arch = "wasm32")))]

use convlab::data::synthetic;
use convlab::engine::choose::Choice;
use convlab::experiment::Experiment;
use convlab::kernels::cpu::rounding;
use convlab::submission::Submission;
use convlab::train::{Event, Options, Trainer};
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

/// Allows one run at a time, since the rounding mode is global to the process.
static ONE: Mutex<()> = Mutex::new(());

fn spec() -> Experiment {
    Experiment::from_value(json!({
        "name": "tiny", "input_shape": [28, 28, 1], "batch_size": 20, "epochs": 2, "seed": 3,
        "dataset": {"name": "synthetic_digits", "validation": {"split": 0.2}, "limit": {"train": 300, "test": 100}},
        "layers": [
            {"type": "conv2d", "filters": 4, "kernel_size": 5, "strides": 2, "activation": "tanh"},
            {"type": "dropout", "rate": 0.1},
            {"type": "flatten"},
            {"type": "dense", "units": 10, "activation": "softmax", "kernel_initializer": "he_normal"},
        ],
        "loss": "sparse_categorical_crossentropy", "optimizer": {"type": "adam", "learning_rate": 0.01},
    }))
    .unwrap()
}

/// The submission that the page would write, trained here.
fn submission(portable: bool) -> Value {
    let _one = ONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    rounding::set_portable(portable);
    let data = synthetic::generate("synthetic_digits", 0, 300, 100, &mut |_, _| {}).unwrap();
    let options = Options { engine: Choice::Cpu, shuffle: true };
    let mut trainer = pollster::block_on(Trainer::new(spec(), Arc::new(data), options)).unwrap();
    let mut done = None;
    while !trainer.is_done() {
        for event in pollster::block_on(trainer.advance(1e9)).unwrap() {
            if let Event::Done(event) = event {
                done = Some(event);
            }
        }
    }
    let mut value =
        serde_json::to_value(pollster::block_on(Submission::new(&mut trainer, done.unwrap())).unwrap()).unwrap();
    rounding::set_portable(false);
    if portable {
        value["history"]["build"] = json!("simd128");
    }
    value["student"] = json!("Ada");
    value
}

fn verify(name: &str, submission: &Value, more: &[&str]) -> (Output, Value) {
    let path: PathBuf = std::env::temp_dir().join(format!("convlab-verify-{}-{name}.json", std::process::id()));
    fs::write(&path, submission.to_string()).unwrap();
    let file = path.to_str().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_convlab"))
        .args([&["verify", file, "--json"], more].concat())
        .env_remove("CONVLAB_DATA")
        .output()
        .unwrap();
    fs::remove_file(&path).unwrap();
    let line = String::from_utf8(output.stdout.clone()).unwrap();
    let value = serde_json::from_str(line.trim()).unwrap_or(Value::Null);
    (output, value)
}

#[test]
fn a_true_submission_is_confirmed_to_the_last_bit_on_either_arithmetic() {
    let (native, portable) = (submission(false), submission(true));
    assert_ne!(native["weights_sha256"], portable["weights_sha256"], "the two builds round differently");
    for (name, value) in [("native", native), ("portable", portable)] {
        let (output, verdict) = verify(name, &value, &[]);
        assert!(output.status.success(), "{verdict}");
        assert_eq!(verdict["verdict"], "confirmed", "{verdict}");
        assert_eq!(verdict["exact"], true, "{name}: {verdict}");
        assert_eq!(verdict["student"], "Ada");
    }
}

#[test]
fn the_arithmetic_of_another_processor_is_confirmed_within_the_tolerance() {
    let mut other = submission(true);
    other["history"]["build"] = json!("relaxed-simd");
    let (output, verdict) = verify("relaxed", &other, &[]);
    assert!(output.status.success(), "{verdict}");
    assert_eq!((&verdict["verdict"], &verdict["exact"]), (&json!("confirmed"), &json!(false)));
    assert!(verdict["reason"].as_str().unwrap().contains("tolerance"), "{verdict}");
    // A submission of the portable build is compared without tolerance.
    other["history"]["build"] = json!("simd128");
    other["history"]["epochs"][1]["loss"] = json!(other["history"]["epochs"][1]["loss"].as_f64().unwrap() + 1e-9);
    let (output, verdict) = verify("one-bit", &other, &[]);
    assert_eq!((output.status.code(), &verdict["verdict"]), (Some(1), &json!("refuted")));
    assert_eq!(verdict["differences"][0]["what"], "epoch 2's loss");
}

#[test]
fn tampered_submissions_are_refuted_and_name_the_figure() {
    let change = |path: &str, value: Value| {
        let mut tampered = submission(false);
        *tampered.pointer_mut(path).unwrap_or_else(|| panic!("{path}")) = value;
        tampered
    };
    let cases = [
        ("/test/test_accuracy", json!(0.99), "the test accuracy"),
        ("/history/epochs/0/val_accuracy", json!(0.97), "epoch 1's val_accuracy"),
        ("/history/seed", json!(4), "the seed"),
        ("/experiment/epochs", json!(1), "the number of epochs"),
        ("/experiment/optimizer/learning_rate", json!(0.0001), "epoch 1's"),
        ("/data/sha256", json!("00"), "the images' checksum"),
    ];
    for (path, value, what) in cases {
        let (output, verdict) = verify("tampered", &change(path, value), &[]);
        assert_eq!(output.status.code(), Some(1), "{path}: {verdict}");
        assert_eq!(verdict["verdict"], "refuted", "{path}");
        let found = verdict["differences"].as_array().unwrap();
        assert!(found.iter().any(|one| one["what"].as_str().unwrap().starts_with(what)), "{path}: {verdict}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("1 of 1 refuted"));
    }
}

#[test]
fn another_experiment_than_the_assigned_one_is_refuted() {
    let (output, verdict) = verify("other", &submission(false), &["--experiment", "mnist-10"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(verdict["reason"].as_str().unwrap().contains("differs from that of the assigned experiment"), "{verdict}");

    let path = std::env::temp_dir().join(format!("convlab-set-{}.json", std::process::id()));
    let mut set = submission(false)["experiment"].clone();
    set["seed"] = json!(77);
    fs::write(&path, set.to_string()).unwrap();
    let (output, verdict) = verify("same", &submission(false), &["--experiment", path.to_str().unwrap()]);
    fs::remove_file(&path).unwrap();
    assert!(output.status.success(), "another seed is the student's own choice: {verdict}");
}

#[test]
fn an_invalid_submission_is_an_error_of_one_line() {
    for value in [json!({}), json!({"format": "convlab submission 9"}), json!([1])] {
        let (output, _) = verify("none", &value, &[]);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr.contains("not a submission file of Convlab") && stderr.trim().lines().count() == 1, "{stderr}");
    }
    let mut broken = submission(false);
    broken["experiment"]["layers"][0]["filters"] = json!(0);
    let (output, _) = verify("broken", &broken, &[]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("filters"));
}
