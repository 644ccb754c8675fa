//! Foreign text on the terminal: whatever a file, a name or an argument holds, each command prints plain lines, and JSON with
//! `--json`.
#![cfg(all(feature = "cli", not(target_arch = "wasm32")))]

#[allow(dead_code, reason = "each test file uses a part")]
#[path = "cli/folder.rs"]
mod folder;

use convlab::base::text::is_hidden;
use folder::Folder;
use serde_json::{Value, json};
use std::fs;
use std::process::Output;

/// A line of its own, colours, a title bar, a cleared screen, a deleted character, C1 controls, bidirectional overrides, a tag.
const HOSTILE: &str = "x\nINJECTED: confirmed\r\u{1b}[31m\u{1b}]0;pwn\u{7}\u{1b}[2J\u{7f}\u{9b}5m\u{202e}\u{2066}\u{200b}\u{2028}\u{feff}\u{e0041}";

/// A hostile string that can be a file's name.
fn file_name(end: &str) -> String {
    format!("{HOSTILE}{end}")
}

fn experiment() -> Value {
    json!({
        "name": HOSTILE, "title": HOSTILE, "text": HOSTILE,
        "dataset": {"name": "custom", "limit": {"train": 40, "test": 20}}, "input_shape": [4, 4, 1],
        "layers": [
            {"type": "flatten", "name": HOSTILE},
            {"type": "dense", "units": 8, "name": format!("{HOSTILE}2"), "activation": "relu", "inputs": [HOSTILE]},
            {"type": "dense", "units": 2, "activation": "softmax", "name": "end\u{202e}"},
        ],
        "loss": "sparse_categorical_crossentropy", "optimizer": {"type": "sgd", "learning_rate": 0.01},
        "batch_size": 20, "epochs": 1, "seed": 0,
    })
}

fn idx(sizes: &[u32], bytes: impl Iterator<Item = u8>) -> Vec<u8> {
    let mut file = vec![0, 0, 8, sizes.len() as u8];
    sizes.iter().for_each(|size| file.extend(size.to_be_bytes()));
    file.extend(bytes);
    file
}

/// A folder with a hostile experiment, and data whose classes have hostile names.
fn folder() -> Folder {
    let folder = Folder::new();
    fs::write(folder.0.join(file_name(".json")), experiment().to_string()).unwrap();
    let data = folder.0.join("data");
    fs::create_dir(&data).unwrap();
    for (name, count) in [("train", 40_u32), ("t10k", 20)] {
        let pixels = (0..count * 16).map(|i| if (i / 16) % 2 == 0 { 200 } else { (i % 7) as u8 });
        fs::write(data.join(format!("{name}-images-idx3-ubyte")), idx(&[count, 4, 4], pixels)).unwrap();
        fs::write(data.join(format!("{name}-labels-idx1-ubyte")), idx(&[count], (0..count).map(|i| (i % 2) as u8)))
            .unwrap();
    }
    fs::write(data.join("classes.txt"), "a\u{202e}INJECTED\nb\u{200b}\n").unwrap();
    folder
}

/// Asserts that both streams are plain lines.
fn plain(output: &Output, what: &str) {
    for bytes in [&output.stdout, &output.stderr] {
        let text = std::str::from_utf8(bytes).unwrap_or_else(|error| panic!("{what}: {error}"));
        let hidden: Vec<char> = text.chars().filter(|&c| c != '\n' && is_hidden(c)).collect();
        assert!(hidden.is_empty(), "{what}: {hidden:?} in {text:?}");
        assert!(!text.lines().any(|line| line.starts_with("INJECTED")), "{what}: {text}");
    }
}

/// Runs a command, with and without `--json`, and checks what it prints. Returns the last output.
fn check(folder: &Folder, args: &[&str], code: i32, has_json: bool) -> Output {
    let output = seen(folder, args, has_json);
    assert_eq!(output.status.code(), Some(code), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

/// The same, whatever the command comes to.
fn seen(folder: &Folder, args: &[&str], has_json: bool) -> Output {
    if has_json {
        let output = folder.run(&[args, &["--json"]].concat());
        plain(&output, &format!("{args:?} --json"));
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            let value: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{args:?}: {error}: {line}"));
            assert!(value.is_object());
        }
    }
    let output = folder.run(args);
    plain(&output, &format!("{args:?}"));
    assert!(matches!(output.status.code(), Some(0..=2)), "{args:?}: {:?}", output.status);
    output
}

#[cfg(unix)]
#[test]
fn every_command_prints_hostile_names_as_plain_lines() {
    let folder = folder();
    let file = file_name(".json");
    let (file, out, scripts) = (file.as_str(), file_name("-out"), file_name("-scripts"));
    let shown = check(&folder, &["summary", file], 0, true);
    assert!(String::from_utf8_lossy(&shown.stdout).contains("Model: \"x\\nINJECTED: confirmed\\r\\u{1b}[31m"));
    check(&folder, &["cost", file, "--gflops", "10", "--gb-per-s", "10"], 0, true);
    check(&folder, &["train", file, "--data", "data", "--engine", "cpu", "--out", &out], 0, true);
    let weights = format!("{out}/weights.safetensors");
    check(&folder, &["evaluate", file, "--weights", &weights, "--data", "data", "--engine", "cpu"], 0, true);
    check(&folder, &["predict", file, "--weights", &weights, "--data", "data", "--index", "0"], 0, true);
    check(&folder, &["bench", file, "--engine", "cpu", "--seconds", "0.05"], 0, true);
    check(&folder, &["compare", &out, &out], 0, true);
    check(&folder, &["export", file, "--weights", &weights, "--to", "keras", "--out", &scripts], 0, false);
    let submission = json!({
        "format": "convlab submission 1", "version": HOSTILE, "student": HOSTILE, "date": HOSTILE, "experiment": experiment(),
        "data": {"name": "custom", "title": HOSTILE, "train": 40, "test": 20, "sha256": HOSTILE},
        "history": {"epochs": [], "learning_rates": [], "engine": "cpu", "device": HOSTILE, "build": "simd128", "seed": 0,
            "interruptions": [{"step": 1, "repeated": 1, "message": HOSTILE}]},
        "test": {"test_loss": 1.0, "test_accuracy": 0.5, "test_top_5_accuracy": 1.0, "confusion": [[10, 0], [10, 0]], "engine": "cpu",
            "device": HOSTILE, "build": "simd128", "images_per_s": 1.0, "seconds": 1.0, "stopped_early": false},
        "weights_sha256": HOSTILE, "answers": {HOSTILE: HOSTILE},
    });
    let handed_in = file_name("-handed-in.json");
    fs::write(folder.0.join(&handed_in), submission.to_string()).unwrap();
    let copy = file_name("-copy.json");
    fs::write(folder.0.join(&copy), submission.to_string()).unwrap();
    check(&folder, &["verify", &handed_in, &copy, "--data", "data"], 1, true);
    check(
        &folder,
        &["verify", &handed_in, "--assignment", file, "--data", "data", "--csv", &file_name(".csv")],
        1,
        true,
    );
    for (path, value) in
        [("/history/engine", json!(HOSTILE)), ("/format", json!(HOSTILE)), ("/experiment/name", json!("\u{202e}"))]
    {
        let mut other = submission.clone();
        *other.pointer_mut(path).unwrap() = value;
        fs::write(folder.0.join(&copy), other.to_string()).unwrap();
        check(&folder, &["verify", &copy, "--assignment", file, "--data", "data"], 1, true);
    }
    check(&folder, &["list"], 0, true);
    check(&folder, &["schema"], 0, false);
}

#[cfg(unix)]
#[test]
fn sweeps_ranges_and_files_of_other_programs_print_plain_lines() {
    let folder = folder();
    let (file, out) = (file_name(".json"), file_name("-out"));
    check(&folder, &["range", &file, "--data", "data", "--engine", "cpu", "--steps", "10"], 0, true);
    let sweep = |field: String| {
        let sweep = json!({"name": HOSTILE, "experiment": experiment(), "grid": {field: [4, 8]}});
        fs::write(folder.0.join(file_name("-sweep.json")), sweep.to_string()).unwrap();
        [file_name("-sweep.json"), file_name("-sweeps")]
    };
    let [document, sweeps] = sweep(format!("layers.{HOSTILE}2.units"));
    let args = ["sweep", &document, "--data", "data", "--engine", "cpu", "--out", &sweeps];
    check(&folder, &args, 0, true);
    sweep("layers.end\u{202e}.units".into());
    check(&folder, &args, 1, false);
    sweep(HOSTILE.into());
    check(&folder, &args, 1, false);

    check(&folder, &["train", &file, "--data", "data", "--engine", "cpu", "--out", &out], 0, false);
    let weights = format!("{out}/weights.safetensors");
    for kind in ["keras", "pytorch", "keras-model", "onnx", "pytorch-weights", "notebook"] {
        let to = file_name(kind);
        check(&folder, &["export", &file, "--weights", &weights, "--to", kind, "--out", &to], 0, false);
        for entry in fs::read_dir(folder.0.join(&to)).unwrap() {
            let path = format!("{to}/{}", entry.unwrap().file_name().to_str().unwrap());
            seen(&folder, &["import", &path], true);
            let taken = file_name("-taken");
            seen(&folder, &["import", &path, "--experiment", &file, "--partial", "--out", &taken], true);
        }
    }
    let layer = |class: &str| json!({"class_name": class, "config": {"name": HOSTILE, "units": 2, HOSTILE: HOSTILE}});
    let model =
        json!({"class_name": "Sequential", "config": {"name": HOSTILE, "layers": [layer("Dense"), layer(HOSTILE)]}});
    let script = format!("import keras\nm = keras.Sequential([keras.layers.LSTM(3, name={})])\n", json!(HOSTILE));
    for (end, text) in [("-model.json", model.to_string()), ("-net.py", script)] {
        let path = file_name(end);
        fs::write(folder.0.join(&path), text).unwrap();
        let output = check(&folder, &["import", &path], 1, true);
        assert_eq!(String::from_utf8_lossy(&output.stderr).trim_end().lines().count(), 1, "{end}");
        seen(&folder, &["import", &path, "--partial"], true);
    }
}

#[cfg(unix)]
#[test]
fn errors_print_hostile_text_as_one_plain_line() {
    let folder = folder();
    let (file, missing) = (file_name(".json"), file_name("-missing.json"));
    let one_line = |args: &[&str], code: i32| {
        let output = check(&folder, args, code, false);
        assert_eq!(String::from_utf8_lossy(&output.stderr).trim_end().lines().count(), 1, "{args:?}");
    };
    one_line(&["summary", &missing], 1);
    one_line(&["summary", HOSTILE], 1);
    one_line(&["train", &file, "--data", &missing], 1);
    one_line(&["train", &file, "--data", "data", "--resume", &missing], 1);
    fs::write(folder.0.join("data/classes.txt"), format!("{HOSTILE}\nb\n")).unwrap();
    one_line(&["train", &file, "--data", "data"], 1);
    one_line(&["evaluate", &file, "--weights", &file, "--data", "data"], 1);
    one_line(&["compare", &missing], 1);
    one_line(&[HOSTILE], 2);
    one_line(&["train", &file, "--engine", HOSTILE], 2);
    one_line(&["train", &file, HOSTILE], 2);
    for (path, value) in [
        ("/dataset/name", json!(HOSTILE)),
        ("/layers/0/type", json!(HOSTILE)),
        ("/layers/1/activation", json!(HOSTILE)),
        ("/layers/1/inputs", json!([format!("{HOSTILE}-missing")])),
        ("/optimizer", json!({HOSTILE: 1})),
        ("/loss", json!(HOSTILE)),
        ("/epochs", json!(HOSTILE)),
    ] {
        let mut spec = experiment();
        *spec.pointer_mut(path).unwrap_or_else(|| panic!("{path}")) = value;
        fs::write(folder.0.join("wrong.json"), spec.to_string()).unwrap();
        one_line(&["summary", "wrong.json"], 1);
    }
}
