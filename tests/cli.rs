//! The command line as a user meets it: what it prints, what it writes, how it fails.
#![cfg(all(feature = "cli", not(target_arch = "wasm32")))]

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A small network without anything random but its start and the order of the pictures.
const TINY: &str = r#"{"name": "tiny", "dataset": {"name": "synthetic_digits", "validation": {"split": 0.2}, "limit": {"train": 120, "test": 40}},
    "input_shape": [28, 28, 1],
    "layers": [
        {"type": "conv2d", "filters": 4, "kernel_size": 5, "strides": 3, "activation": "relu"},
        {"type": "max_pooling2d"},
        {"type": "flatten"},
        {"type": "dense", "units": 10, "activation": "softmax"}
    ],
    "loss": "sparse_categorical_crossentropy", "optimizer": {"type": "adam", "learning_rate": 0.01}, "batch_size": 20, "epochs": 3}"#;

/// A folder of its own for each test, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("convlab-cli-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join("tiny.json"), TINY).unwrap();
        Self(path)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_convlab"));
        command.args(args).current_dir(&self.0).env_remove("CONVLAB_DATA");
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Standard output of a run that must succeed.
    fn stdout(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{args:?}: {stderr}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The JSON lines of a run that must succeed: every line of standard output is one object.
    fn json(&self, args: &[&str]) -> Vec<Value> {
        let stdout = self.stdout(args);
        let lines = stdout.lines().map(|line| {
            let value: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
            assert!(value.is_object(), "{line}");
            value
        });
        lines.collect()
    }

    /// The one line on standard error of a run that must fail with `code`.
    fn error(&self, args: &[&str], code: i32) -> String {
        let output = self.run(args);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{args:?}: {stderr}");
        let last = stderr.lines().filter(|line| !line.starts_with("note:")).collect::<Vec<_>>();
        assert_eq!(last.len(), 1, "{args:?} should say one line: {stderr}");
        assert!(last[0].starts_with("error: "), "{stderr}");
        assert!(!stderr.contains("panicked"), "{stderr}");
        last[0].to_string()
    }

    fn bytes(&self, path: &str) -> Vec<u8> {
        fs::read(self.0.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn files(&self, folder: &str) -> Vec<String> {
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

/// The epochs of `--json` lines, without the seconds, which no two runs share.
fn epochs(lines: &[Value]) -> Vec<Value> {
    let epochs = lines.iter().filter(|line| line["event"] == "epoch");
    epochs
        .map(|line| {
            let mut line = line.clone();
            line.as_object_mut().unwrap().remove("seconds").expect("an epoch says how long it took");
            line
        })
        .collect()
}

#[test]
fn help_is_a_success_and_wrong_usage_is_2() {
    let folder = Folder::new();
    let help = folder.stdout(&["--help"]);
    for verb in ["list", "summary", "cost", "train", "evaluate", "predict", "bench"] {
        assert!(help.contains(verb), "{verb}\n{help}");
        assert!(folder.stdout(&[verb, "--help"]).contains("Usage: convlab"), "{verb}");
    }
    assert!(folder.stdout(&["--version"]).starts_with("convlab "));
    assert!(folder.error(&["dance"], 2).contains("dance"));
    assert!(folder.error(&["train"], 2).contains("EXPERIMENT"));
    assert!(folder.error(&["train", "net-1", "--epochs", "many"], 2).contains("many"));
    assert!(folder.error(&["train", "net-1", "--engine", "steam"], 2).contains("steam"));
    assert_eq!(folder.run(&[]).status.code(), Some(2));
}

#[test]
fn list_names_every_preset() {
    let folder = Folder::new();
    let ids: Vec<String> =
        folder.json(&["list", "--json"]).iter().map(|preset| preset["id"].as_str().unwrap().to_string()).collect();
    let expected = convlab::presets::list().iter().map(|preset| preset.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids, expected);
    let text = folder.stdout(&["list"]);
    assert!(ids.iter().all(|id| text.contains(id)), "{text}");
}

#[test]
fn summary_counts() {
    let folder = Folder::new();
    let lines = folder.json(&["summary", "net-1", "--json"]);
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["totals"]["params"], 193_034);
    assert_eq!(lines[0]["totals"]["macs"], 4_618_624);
    assert_eq!(lines[0]["layers"][0]["output_shape"], serde_json::json!([30, 30, 32]));
    assert!(folder.stdout(&["summary", "net-1"]).contains("Total params: 193,034 (754.04 KB)"));
    assert!(folder.stdout(&["summary", "tiny.json"]).contains("Model: \"tiny\""));
}

#[test]
fn wrong_experiments_are_one_line_each() {
    let folder = Folder::new();
    let write = |name: &str, text: &str| fs::write(folder.0.join(name), text).unwrap();
    assert!(folder.error(&["summary", "net1"], 1).contains("did you mean \"net-1\""));
    assert!(folder.error(&["summary", "missing.json"], 1).contains("missing.json"));
    assert!(folder.error(&["summary", "."], 1).contains("error: "));
    write("broken.json", "{\"name\": ");
    assert!(folder.error(&["summary", "broken.json"], 1).contains("broken.json"));
    write("binary.json", "");
    fs::write(folder.0.join("binary.json"), [0xff, 0xfe, 0]).unwrap();
    assert!(folder.error(&["summary", "binary.json"], 1).contains("text"));
    write("unknown.json", &TINY.replace("\"strides\"", "\"stride\""));
    let error = folder.error(&["summary", "unknown.json"], 1);
    assert!(error.contains("\"conv2d\"") && error.contains("stride"), "{error}");
    write("shape.json", &TINY.replace("\"kernel_size\": 5", "\"kernel_size\": 50"));
    assert!(folder.error(&["summary", "shape.json"], 1).contains("Received"));
    assert!(folder.error(&["train", "alexnet"], 1).contains("cost sheet"));
}

#[test]
fn missing_data_says_where_to_put_it() {
    let folder = Folder::new();
    assert!(folder.error(&["train", "mnist-10"], 1).contains("--data DIR"));
    assert!(folder.error(&["train", "mnist-10", "--data", "nowhere"], 1).contains("nowhere"));
    fs::create_dir(folder.0.join("empty")).unwrap();
    assert!(folder.error(&["train", "mnist-10", "--data", "empty"], 1).contains("train-images"));
    assert!(folder.error(&["evaluate", "tiny.json", "--weights", "none.safetensors"], 1).contains("none.safetensors"));
}

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
    let predicted = &folder.json(&["predict", "tiny.json", "--weights", weights, "--index", "7", "--json"])[0];
    let probabilities: Vec<f64> =
        predicted["probabilities"].as_array().unwrap().iter().map(|p| p.as_f64().unwrap()).collect();
    assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-5);
    let best = probabilities.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).unwrap().0;
    assert_eq!((&predicted["index"], &predicted["predicted"]), (&7.into(), &best.into()));
    assert!(folder.error(&["predict", "tiny.json", "--weights", weights, "--index", "40"], 1).contains("Received: 40"));
    let text = folder.stdout(&["predict", "tiny.json", "--weights", weights, "--index", "7"]);
    assert!(text.starts_with("picture 7: "), "{text}");
}

#[test]
fn text_output_names_every_epoch() {
    let folder = Folder::new();
    let text = folder.stdout(&["train", "tiny.json", "--engine", "cpu", "--epochs", "2", "--train-limit", "60"]);
    assert!(text.contains("48 pictures to train, 12 to validate, 40 to test"), "{text}");
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
    let error = folder.error(&["train", "tiny.json", "--resume", "rest/weights.safetensors"], 1);
    assert!(error.contains("not a checkpoint"), "{error}");
    let error = folder.error(&["train", "tiny.json", "--resume", "rest/checkpoint.safetensors", "--seed", "5"], 1);
    assert!(error.contains("seed"), "{error}");
    fs::write(folder.0.join("cut"), &folder.bytes("rest/checkpoint.safetensors")[..900]).unwrap();
    assert!(folder.error(&["train", "tiny.json", "--resume", "cut"], 1).contains("cut"));
}

#[test]
fn a_killed_run_leaves_whole_files_and_goes_on() {
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
    let state = convlab::weights::File::parse(&done).unwrap().state.unwrap();
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

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_ends_the_program_quietly() {
    let folder = Folder::new();
    let mut child = folder.command(&["list", "--json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{:?}", output.status);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let folder = Folder::new();
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let output = folder.command(&["list"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("standard output"));
}

#[test]
fn bench_measures_training() {
    let folder = Folder::new();
    let figures = &folder.json(&["bench", "tiny.json", "--engine", "cpu", "--seconds", "0.5", "--json"])[0];
    let figure = |key: &str| figures[key].as_f64().unwrap_or_else(|| panic!("{key}: {figures}"));
    assert!(figure("steps") >= 5.0 && figure("seconds") >= 0.5);
    assert!((figure("images_per_s") * figure("ms_per_step") / 20_000.0 - 1.0).abs() < 1e-9);
    // (4 * 25 * 8 * 8 + 64 * 10) multiply-accumulates, six operations each.
    assert!((figure("gflops") / (6.0 * 7_040.0 * figure("images_per_s") / 1e9) - 1.0).abs() < 1e-9);
    assert!(folder.error(&["bench", "tiny.json", "--seconds", "0"], 1).contains("seconds"));
}

#[test]
fn the_data_folder_may_come_from_the_environment() {
    let folder = Folder::new();
    let output = folder.command(&["train", "mnist-10"]).env("CONVLAB_DATA", Path::new("elsewhere")).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("elsewhere"));
}

#[test]
fn cost_sheets() {
    let folder = Folder::new();
    let text = folder.stdout(&["cost", "alexnet"]);
    for figure in
        ["936,323", "1,049,571", "1,049,751 [1]", "62,378,344", "58,649,184", "1,135,256,096", "0.378 s", "two digits"]
    {
        assert!(text.contains(figure), "{figure}\n{text}");
    }
    let sheet =
        &folder.json(&["cost", "net-1", "--batch", "64", "--ms-per-step", "20", "--ms-error", "2", "--json"])[0];
    assert_eq!((&sheet["params"], &sheet["training"]["batch"]), (&193_034.into(), &64.into()));
    assert_eq!(sheet["time"]["measured"]["steps_per_epoch"], 625);
    assert!(sheet["time"]["by_clock"]["training_seconds"].is_number() && sheet["time"]["roofline"].is_null());
    let roof = &folder.json(&["cost", "net-1", "--gflops", "100", "--gb-per-s", "20", "--json"])[0]["time"]["roofline"];
    assert!(roof["ms_per_step"].as_f64().unwrap() > 0.0);
    let measured =
        &folder.json(&["cost", "tiny.json", "--measure", "0.3", "--engine", "cpu", "--json"])[0]["time"]["measured"];
    assert!(measured["run_seconds"].as_f64().unwrap() > 0.0);
    let separable = &folder.json(&["cost", "--separable", "3,64,128", "--json"])[0];
    assert_eq!((&separable["standard"], &separable["separable"]), (&73_728.into(), &8_768.into()));
    assert!(folder.error(&["cost", "net-1", "--batch", "0"], 1).contains("Received: 0"));
    assert!(folder.error(&["cost", "--separable", "3,64"], 1).contains("D,M,N"));
    folder.error(&["cost"], 2);
}

#[test]
fn export_writes_a_script_beside_the_weights() {
    let folder = Folder::new();
    folder.json(&["train", "tiny.json", "--engine", "cpu", "--epochs", "1", "--out", "run", "--json"]);
    for to in ["keras", "pytorch"] {
        folder.stdout(&["export", "tiny.json", "--weights", "run/checkpoint.safetensors", "--to", to, "--out", to]);
        assert_eq!(folder.files(to), [format!("tiny_{to}.py"), "weights.safetensors".into()]);
        assert_eq!(folder.bytes(&format!("{to}/weights.safetensors")), folder.bytes("run/weights.safetensors"));
    }
    let error =
        folder.error(&["export", "net-1", "--weights", "run/weights.safetensors", "--to", "keras", "--out", "no"], 1);
    assert!(error.contains("run/weights.safetensors"), "{error}");
    assert!(!folder.0.join("no").exists());
}

#[test]
fn runs_compare() {
    let folder = Folder::new();
    let merged = TINY
        .replace("\"tiny\"", "\"merged\"")
        .replace("\"validation\"", "\"merge_classes\": [[0, 6], [1, 7], [2, 3, 8, 5], [4, 9]], \"validation\"")
        .replace("\"units\": 10", "\"units\": 4");
    fs::write(folder.0.join("merged.json"), merged).unwrap();
    for name in ["tiny", "merged"] {
        folder.stdout(&["train", &format!("{name}.json"), "--engine", "cpu", "--epochs", "2", "--out", name]);
    }
    let lines = folder.json(&["compare", "tiny", "merged", "--json"]);
    assert_eq!((&lines[0]["name"], &lines[1]["name"]), (&"tiny".into(), &"merged".into()));
    assert_eq!(lines[0]["training_macs"], 7_040 * 96 * 2);
    let history: Value = serde_json::from_slice(&folder.bytes("tiny/history.json")).unwrap();
    assert_eq!(lines[0]["test_accuracy"], history["test"]["test_accuracy"]);
    // Forgiving mistakes within a group can only help.
    let merged = lines[2]["merged_accuracy"].as_f64().unwrap();
    assert_eq!((&lines[2]["name"], &lines[2]["groups_of"]), (&"tiny".into(), &"merged".into()));
    assert!(merged >= lines[0]["test_accuracy"].as_f64().unwrap());
    let text = folder.stdout(&["compare", "tiny", "merged"]);
    assert!(text.contains("tiny's answers in merged's classes"), "{text}");
    assert!(folder.error(&["compare", "nowhere"], 1).contains("nowhere"));
    fs::write(folder.0.join("tiny/history.json"), "{}").unwrap();
    assert!(folder.error(&["compare", "tiny"], 1).contains("history.json"));
    folder.error(&["compare"], 2);
}
