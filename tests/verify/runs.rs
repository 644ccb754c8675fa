//! Runs to hand in, trained here with the arithmetic of the page's portable build or of the processor, and a folder for them.

use convlab::data::synthetic;
use convlab::engine::choose::Choice;
use convlab::experiment::Experiment;
use convlab::kernels::cpu::rounding;
use convlab::submission::Submission;
use convlab::submission::seed::student_seed;
use convlab::train::{Event, Options, Trainer};
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Allows one run at a time, since the rounding mode is global to the process.
static ONE: Mutex<()> = Mutex::new(());

pub fn experiment() -> Value {
    json!({
        "name": "tiny", "title": "A small one", "text": "Try it.", "input_shape": [28, 28, 1], "batch_size": 20, "epochs": 2, "seed": 3,
        "dataset": {"name": "synthetic_digits", "validation": {"split": 0.2}, "limit": {"train": 200, "test": 100}},
        "layers": [
            {"type": "conv2d", "filters": 4, "kernel_size": 5, "strides": 2, "activation": "tanh"},
            {"type": "dropout", "rate": 0.1},
            {"type": "flatten"},
            {"type": "dense", "units": 10, "activation": "softmax", "kernel_initializer": "he_normal"},
        ],
        "loss": "sparse_categorical_crossentropy", "optimizer": {"type": "adam", "learning_rate": 0.01},
    })
}

/// The submission that the page would write, of the portable build or of the processor's own arithmetic.
pub fn run(experiment: &Value, portable: bool) -> Value {
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    rounding::set_portable(portable);
    let spec = Experiment::from_value(experiment.clone()).unwrap();
    let limit = spec.dataset.limit.unwrap();
    let data =
        synthetic::generate("synthetic_digits", 0, limit.train.unwrap(), limit.test.unwrap(), &mut |_, _| {}).unwrap();
    let options = Options { engine: Choice::Cpu, shuffle: true };
    let mut trainer = pollster::block_on(Trainer::new(spec, Arc::new(data), options)).unwrap();
    let mut done = None;
    while !trainer.is_done() {
        for event in pollster::block_on(trainer.advance(1e9)).unwrap() {
            if let Event::Done(event) = event {
                done = Some(event);
            }
        }
    }
    let submission = pollster::block_on(Submission::new(&mut trainer, done.unwrap())).unwrap();
    rounding::set_portable(false);
    let mut value = serde_json::to_value(submission).unwrap();
    if portable {
        value["history"]["build"] = json!("simd128");
        value["test"]["build"] = json!("simd128");
    }
    value["student"] = json!("Ada");
    value
}

/// The run of a student whose seed follows from the name.
pub fn run_of(student: &str) -> Value {
    let mut own = experiment();
    own["seed"] = json!(student_seed(student).unwrap());
    let mut value = run(&own, true);
    value["student"] = json!(student);
    value
}

/// More images right, with a confusion matrix that agrees.
pub fn raise_accuracy(run: &mut Value, images: u64) {
    let confusion = run["test"]["confusion"].as_array_mut().unwrap();
    let mut left = images;
    for (i, row) in confusion.iter_mut().enumerate() {
        for j in (0..10).filter(|&j| j != i) {
            let moved = row[j].as_u64().unwrap().min(left);
            row[j] = json!(row[j].as_u64().unwrap() - moved);
            row[i] = json!(row[i].as_u64().unwrap() + moved);
            left -= moved;
        }
    }
    assert_eq!(left, 0, "there are not so many mistakes");
    let right: u64 = confusion.iter().enumerate().map(|(i, row)| row[i].as_u64().unwrap()).sum();
    run["test"]["test_accuracy"] = json!(right as f64 / 100.0);
}

/// A folder, removed at the end.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("convlab-verify-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(path.join("in")).unwrap();
        Self(path)
    }

    /// Writes a file; submissions belong in `in`.
    pub fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        fs::write(self.0.join(name), contents).unwrap();
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_convlab"));
        command.arg("verify").args(args).current_dir(&self.0).env_remove("CONVLAB_DATA");
        command
    }

    pub fn verify(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// The events of `--json`, and the exit code.
    pub fn events(&self, args: &[&str]) -> (Vec<Value>, Option<i32>) {
        let output = self.verify(&[args, &["--json"]].concat());
        let text = String::from_utf8(output.stdout).unwrap();
        let lines =
            text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")));
        let lines: Vec<Value> = lines.collect();
        assert!(!lines.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        (lines, output.status.code())
    }

    /// The event of one submission.
    pub fn event(&self, submission: &Value, args: &[&str]) -> (Value, Option<i32>) {
        self.write("one.json", submission.to_string());
        let (mut events, code) = self.events(&[&["one.json"], args].concat());
        (events.remove(0), code)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
