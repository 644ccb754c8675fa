//! A temporary folder in which the program runs, and its output.

use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A small network; only its initial weights and the order of the images are random.
pub const TINY: &str = r#"{"name": "tiny", "dataset": {"name": "synthetic_digits", "validation": {"split": 0.2}, "limit": {"train": 120, "test": 40}},
    "input_shape": [28, 28, 1],
    "layers": [
        {"type": "conv2d", "filters": 4, "kernel_size": 5, "strides": 3, "activation": "relu"},
        {"type": "max_pooling2d"},
        {"type": "flatten"},
        {"type": "dense", "units": 10, "activation": "softmax"}
    ],
    "loss": "sparse_categorical_crossentropy", "optimizer": {"type": "adam", "learning_rate": 0.01}, "batch_size": 20, "epochs": 3}"#;

/// A separate folder for each test, removed at its end.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("convlab-cli-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join("tiny.json"), TINY).unwrap();
        Self(path)
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_convlab"));
        command.args(args).current_dir(&self.0).env_remove("CONVLAB_DATA");
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Standard output of a run that must succeed.
    pub fn stdout(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{args:?}: {stderr}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The JSON lines of a run that must succeed: every line of standard output is one object.
    pub fn json(&self, args: &[&str]) -> Vec<Value> {
        let stdout = self.stdout(args);
        let lines = stdout.lines().map(|line| {
            let value: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
            assert!(value.is_object(), "{line}");
            value
        });
        lines.collect()
    }

    /// The one line on standard error of a run that must fail with `code`.
    pub fn error(&self, args: &[&str], code: i32) -> String {
        let output = self.run(args);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{args:?}: {stderr}");
        let last = stderr.lines().filter(|line| !line.starts_with("note:")).collect::<Vec<_>>();
        assert_eq!(last.len(), 1, "{args:?} should say one line: {stderr}");
        assert!(last[0].starts_with("error: "), "{stderr}");
        assert!(!stderr.contains("panicked"), "{stderr}");
        last[0].to_string()
    }

    pub fn bytes(&self, path: &str) -> Vec<u8> {
        fs::read(self.0.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub fn files(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.0.join(folder)).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The epochs of `--json` lines, without the seconds, which differ between runs.
pub fn epochs(lines: &[Value]) -> Vec<Value> {
    let epochs = lines.iter().filter(|line| line["event"] == "epoch");
    epochs
        .map(|line| {
            let mut line = line.clone();
            line.as_object_mut().unwrap().remove("seconds").expect("an epoch says how long it took");
            line
        })
        .collect()
}
