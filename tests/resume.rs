//! A killed run resumes from its last checkpoint with the results of an uninterrupted run: `kill -9` at random moments,
//! fifty times.
#![cfg(all(feature = "cli", not(target_arch = "wasm32")))]

use convlab::tensor::random;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// An experiment with everything that a checkpoint must restore: optimiser slots, moving statistics, dropout,
/// augmentation, a schedule, early stopping with its best weights.
const SPEC: &str = r#"{"name": "killed", "dataset": {"name": "synthetic_digits", "validation": {"split": 0.2}, "limit": {"train": 200, "test": 40}},
    "input_shape": [28, 28, 1],
    "layers": [
        {"type": "conv2d", "filters": 4, "kernel_size": 5, "strides": 3}, {"type": "batch_normalization"},
        {"type": "activation", "activation": "relu"}, {"type": "max_pooling2d"}, {"type": "flatten"},
        {"type": "dropout", "rate": 0.2}, {"type": "dense", "units": 10, "activation": "softmax"}
    ],
    "loss": "sparse_categorical_crossentropy", "optimizer": {"type": "adam", "learning_rate": 0.01},
    "learning_rate_schedule": {"type": "reduce_on_plateau", "patience": 1, "min_delta": 0.3, "factor": 0.7},
    "early_stopping": {"monitor": "val_loss", "patience": 30, "restore_best_weights": true},
    "augmentation": [{"type": "random_translation", "height_factor": 0.1, "width_factor": 0.1}],
    "batch_size": 16, "epochs": 5, "seed": 3}"#;

const KILLS: usize = 50;

struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("convlab-resume-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join("spec.json"), SPEC).unwrap();
        Self(path)
    }

    /// Starts a run into `out`, from its checkpoint if there is one, with a checkpoint after every step.
    fn start(&self, out: &str) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_convlab"));
        command.args(["train", "spec.json", "--engine", "cpu", "--out", out, "--checkpoint-every", "0", "--json"]);
        if self.0.join(out).join("checkpoint.safetensors").exists() {
            command.args(["--resume", &format!("{out}/checkpoint.safetensors")]);
        }
        command.current_dir(&self.0).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The results of a run, without times.
fn left(folder: &Path) -> (Value, Value, Vec<u8>) {
    let mut history: Value = serde_json::from_slice(&fs::read(folder.join("history.json")).unwrap()).unwrap();
    for epoch in history["epochs"].as_array_mut().unwrap() {
        epoch.as_object_mut().unwrap().remove("seconds");
    }
    let weights = fs::read(folder.join("weights.safetensors")).unwrap();
    (history["epochs"].take(), history["learning_rates"].take(), weights)
}

#[test]
fn fifty_kills_change_no_bit() {
    let folder = Folder::new();
    let started = std::time::Instant::now();
    assert!(folder.start("whole").wait_with_output().unwrap().status.success());
    let whole_ms = started.elapsed().as_millis() as u32;
    let expected = left(&folder.0.join("whole"));
    let (mut kills, mut runs, mut resumed) = (0, 0, 0);
    while kills < KILLS || runs == 0 {
        let mut child = folder.start("killed");
        // Some are killed before the first step, some during training, some while they write; a few complete.
        let wait = random::below(whole_ms, 1, 0, 0, (kills + 100 * runs) as u32);
        let wait = if kills < KILLS { wait } else { 10 * whole_ms };
        std::thread::sleep(Duration::from_millis(u64::from(wait)));
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            kills += 1;
        }
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        // A run that was killed after its last file is complete, and resuming reports that.
        let complete = output.status.success() || stderr.contains("run is complete");
        // Checkpoints are written atomically: only the kill ends a run.
        assert!(complete || output.status.code().is_none(), "{stderr}");
        resumed += usize::from(folder.0.join("killed/checkpoint.safetensors").exists());
        if complete {
            let found = left(&folder.0.join("killed"));
            assert_eq!(expected.0, found.0, "the history after {kills} kills");
            assert_eq!(expected.1, found.1, "the learning rates after {kills} kills");
            assert!(expected.2 == found.2, "the weights after {kills} kills");
            let files = fs::read_dir(folder.0.join("killed")).unwrap();
            let partial = files.flatten().filter(|file| file.file_name().to_string_lossy().ends_with(".part"));
            assert_eq!(partial.count(), 0, "what a killed run left is removed");
            fs::remove_dir_all(folder.0.join("killed")).unwrap();
            runs += 1;
        }
    }
    assert!(resumed > KILLS / 4, "only {resumed} runs of {KILLS} had a checkpoint to go on from");
    println!("{kills} kills, {runs} runs to the end, {resumed} resumed");
}
