//! The command line from the user's side: its output, its files, its errors.
#![cfg(all(feature = "cli", not(target_arch = "wasm32")))]

#[path = "cli/folder.rs"]
mod folder;
#[path = "cli/training.rs"]
mod training;

use folder::{Folder, TINY};
use serde_json::Value;
use std::fs;
use std::process::Stdio;

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
    let expected = convlab::experiment::presets::list().iter().map(|preset| preset.id.clone()).collect::<Vec<_>>();
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
fn cost_sheets() {
    let folder = Folder::new();
    let text = folder.stdout(&["cost", "alexnet"]);
    for figure in [
        "936,323",
        "3,745 ",
        "1,049,571",
        "1,049,751 [1]",
        "62,378,344",
        "58,649,184",
        "1,135,256,096",
        "0.378 s",
        "two digits",
    ] {
        assert!(text.contains(figure), "{figure}\n{text}");
    }
    let sheet =
        &folder.json(&["cost", "net-1", "--batch", "64", "--ms-per-step", "20", "--ms-error", "2", "--json"])[0];
    assert_eq!((&sheet["params"], &sheet["training"]["batch"]), (&193_034.into(), &64.into()));
    assert_eq!(sheet["time"]["measured"]["steps_per_epoch"], 625);
    assert!(sheet["time"]["by_clock"]["training_seconds"].is_number() && sheet["time"]["roofline"].is_null());
    let roof = &folder.json(&["cost", "net-1", "--gflops", "100", "--gb-per-s", "20", "--json"])[0]["time"]["roofline"];
    assert!(roof["ms_per_step"].as_f64().unwrap() > 0.0);
    let time = &folder.json(&["cost", "tiny.json", "--measure", "0.3", "--engine", "cpu", "--json"])[0]["time"];
    assert!(time["measured"]["run_seconds"].as_f64().unwrap() > 0.0);
    // The rates are measured, too.
    assert!(time["roofline"]["rates"]["gflops"].as_f64().unwrap() > 0.0, "{time}");
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
