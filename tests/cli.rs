//! The command line from the user's side: its output, its files, its errors.
#![cfg(all(feature = "cli", not(target_arch = "wasm32")))]

#[path = "cli/cost.rs"]
mod cost;
#[path = "cli/folder.rs"]
mod folder;
#[path = "cli/found.rs"]
mod found;
#[path = "cli/models.rs"]
mod models;
#[path = "cli/numbers.rs"]
mod numbers;
#[path = "cli/outputs.rs"]
mod outputs;
#[path = "cli/sweep.rs"]
mod sweep;
#[path = "cli/training.rs"]
mod training;

use folder::{Folder, TINY};
use serde_json::{Value, json};
use std::fs;
use std::process::Stdio;

#[test]
fn help_is_a_success_and_wrong_usage_is_2() {
    let folder = Folder::new();
    let help = folder.stdout(&["--help"]);
    for verb in ["list", "summary", "cost", "train", "sweep", "evaluate", "predict", "bench"] {
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
fn import_writes_an_experiment_and_says_what_it_cannot_read() {
    let folder = Folder::new();
    let lines = folder.json(&["import", "tiny.json", "--out", "mine", "--json"]);
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["event"], "import");
    assert_eq!(lines[0]["experiment"]["layers"][0]["filters"], 4);
    assert_eq!((&lines[0]["weights"], &lines[0]["unsupported"]), (&Value::Null, &serde_json::json!([])));
    assert_eq!(folder.files("mine"), ["experiment.json"]);
    assert_eq!(folder.json(&["summary", "mine/experiment.json", "--json"])[0]["totals"]["params"], 754);
    assert!(folder.stdout(&["import", "tiny.json"]).contains("tiny: 4 layers, synthetic_digits"));
    fs::write(folder.0.join("broken.json"), TINY.replace("\"units\": 10", "\"units\": 0")).unwrap();
    assert!(folder.error(&["import", "broken.json", "--out", "other"], 1).contains("units"));
    assert!(!folder.0.join("other").exists());
    fs::write(folder.0.join("notes.txt"), "conv2d").unwrap();
    assert!(folder.error(&["import", "notes.txt"], 1).contains("notes.txt: this kind of file cannot be imported"));
    assert!(folder.error(&["import", "missing.json"], 1).contains("missing.json"));
    assert!(folder.error(&["import", "tiny.json", "--experiment", "net1"], 1).contains("did you mean"));
    assert!(folder.error(&["import"], 2).contains("FILE"));
}

#[test]
fn import_of_code_lists_what_is_not_supported_and_takes_the_rest_when_asked() {
    let folder = Folder::new();
    fs::write(folder.0.join("mine.py"), include_str!("import/not_ours.py")).unwrap();
    let error = folder.error(&["import", "mine.py", "--out", "mine"], 1);
    assert!(
        error.contains("mine.py: 3 things are not supported: line 5: Scale") && error.contains("line 13: LSTM"),
        "{error}"
    );
    assert!(!folder.0.join("mine").exists());
    let output = folder.run(&["import", "mine.py", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let event: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(event["unsupported"][1], serde_json::json!({"where": "line 13", "what": "LSTM"}));
    let taken = folder.json(&["import", "mine.py", "--out", "mine", "--partial", "--json"]);
    assert_eq!(taken[0]["experiment"]["layers"][0]["filters"], 16);
    assert_eq!(folder.files("mine"), ["experiment.json"]);
    fs::write(folder.0.join("torch.py"), "import torch\n").unwrap();
    assert!(folder.error(&["import", "torch.py", "--partial"], 1).contains("line 1: this is PyTorch code"));
}

#[test]
fn list_names_every_preset() {
    let folder = Folder::new();
    let ids: Vec<String> =
        folder.json(&["list", "--json"]).iter().map(|preset| preset["id"].as_str().unwrap().to_string()).collect();
    let expected = convlab::experiment::presets::list().iter().map(|preset| preset.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids, expected);
    let text = folder.stdout(&["list"]);
    assert!(ids.iter().all(|id| text.contains(id)), "{text}");
    // 18 layers with batch normalization: `list`, `cost` and `summary` count the same parameters.
    let params = folder.json(&["summary", "residual-18", "--json"])[0]["totals"].clone();
    let grouped = |key: &str| convlab::base::text::grouped(params[key].as_u64().unwrap());
    assert_ne!(params["params"], params["trainable"]);
    assert!(text.lines().any(|line| line.starts_with("residual-18 ") && line.contains(&grouped("params"))), "{text}");
    let cost = folder.stdout(&["cost", "residual-18"]);
    assert!(cost.contains(&format!(" Parameters: {} (", grouped("params"))), "{cost}");
    assert!(cost.contains(&format!("of which {} are trained", grouped("trainable"))), "{cost}");
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
fn very_deep_and_very_long_documents_are_one_line_each() {
    let folder = Folder::new();
    let write = |name: &str, text: &str| fs::write(folder.0.join(name), text).unwrap();
    let deep = "{\"a\":".repeat(1_500) + "1" + &"}".repeat(1_500);
    write("deep.json", &TINY.replace("\"epochs\": 3", &format!("\"seed\": {deep}")));
    write("layer.json", &TINY.replace("{\"type\": \"flatten\"}", &format!("{{\"type\": \"flatten\", \"x\": {deep}}}")));
    let flips = vec!["{\"type\": \"random_flip\", \"mode\": \"horizontal\"}"; 10_000].join(", ");
    write("flips.json", &TINY.replace("\"epochs\": 3", &format!("\"augmentation\": [{flips}]")));
    let layers = vec!["{\"type\": \"activation\", \"activation\": \"relu\"}"; 10_000].join(", ");
    write("layers.json", &TINY.replace("{\"type\": \"flatten\"}", &format!("{layers}, {{\"type\": \"flatten\"}}")));
    for (file, why) in [
        ("deep.json", "nested more than 127 levels deep at line"),
        ("layer.json", "nested more than 127 levels deep at line"),
        ("flips.json", "augmentation may hold at most 64 entries. Received: 10000"),
        ("layers.json", "1 to 999 layers. Received: 10004"),
    ] {
        for command in [&["summary", file][..], &["train", file, "--out", "run"], &["cost", file]] {
            let error = folder.error(command, 1);
            assert!(error.contains(why), "{command:?}: {error}");
        }
    }
    fs::create_dir(folder.0.join("old")).unwrap();
    write("old/history.json", &format!("{{\"experiment\": {deep}}}"));
    assert!(folder.error(&["compare", "old"], 1).contains("nested more than 127 levels deep"));
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
    let output = folder.command(&["train", "mnist-10"]).env("CONVLAB_DATA", "elsewhere").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("elsewhere"));
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
    // Python refuses a source with NUL in it.
    let hostile = r#""tiny", "title": "\u0000\u001b[2J\"\"\"\nimport os\u202e""#;
    fs::write(folder.0.join("hostile.json"), TINY.replacen(r#""tiny""#, hostile, 1)).unwrap();
    for to in ["keras", "pytorch"] {
        let weights = "run/weights.safetensors";
        folder.stdout(&["export", "hostile.json", "--weights", weights, "--to", to, "--out", "hostile"]);
        let script = String::from_utf8(folder.bytes(&format!("hostile/tiny_{to}.py"))).unwrap();
        assert!(script.starts_with("\"\"\"[2J''' import os: Convlab's 'tiny' in "), "{}", &script[..80]);
        assert!(!script.contains(|c: char| c != '\n' && convlab::base::text::is_hidden(c)));
    }
    let error =
        folder.error(&["export", "net-1", "--weights", "run/weights.safetensors", "--to", "keras", "--out", "no"], 1);
    assert!(error.contains("run/weights.safetensors"), "{error}");
    assert!(!folder.0.join("no").exists());
}

#[test]
fn a_notebook_needs_no_weights() {
    let folder = Folder::new();
    folder.stdout(&["export", "net-1", "--to", "notebook", "--out", "."]);
    let notebook: Value = serde_json::from_slice(&folder.bytes("net-1.ipynb")).unwrap();
    assert_eq!((&notebook["nbformat"], &notebook["cells"][0]["cell_type"]), (&json!(4), &json!("markdown")));
    let imported = folder.json(&["import", "net-1.ipynb", "--json"]);
    assert_eq!(imported[0]["unsupported"], json!([]));
    folder.error(&["export", "net-1", "--to", "onnx", "--out", "."], 2);
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
    assert_eq!(lines[0]["training_macs"], 3 * 7_040 * 96 * 2);
    let history: Value = serde_json::from_slice(&folder.bytes("tiny/history.json")).unwrap();
    assert_eq!(lines[0]["test_accuracy"], history["test"]["test_accuracy"]);
    // Mistakes within a group no longer count, so accuracy cannot fall.
    let merged = lines[2]["merged_accuracy"].as_f64().unwrap();
    assert_eq!((&lines[2]["name"], &lines[2]["groups_of"]), (&"tiny".into(), &"merged".into()));
    assert!(merged >= lines[0]["test_accuracy"].as_f64().unwrap());
    let text = folder.stdout(&["compare", "tiny", "merged"]);
    assert!(text.contains("tiny's predictions in merged's classes"), "{text}");
    assert!(folder.error(&["compare", "nowhere"], 1).contains("nowhere"));
    fs::write(folder.0.join("tiny/history.json"), "{}").unwrap();
    assert!(folder.error(&["compare", "tiny"], 1).contains("history.json"));
    folder.error(&["compare"], 2);
}
