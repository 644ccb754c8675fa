//! What a check says when it ends: its exit code, and why in the last line on standard error.

use super::runs::{Folder, experiment, raise_accuracy};
use super::{FUSED, HONEST, set};
use serde_json::{Value, json};

#[test]
fn the_exit_code_says_whether_all_pass_and_the_last_line_why_not() {
    let folder = Folder::new();
    let write = |name: &str, value: Value| folder.write(name, value.to_string());
    let elsewhere = |mut experiment: Value| {
        experiment["dataset"]["name"] = json!("mnist");
        experiment
    };
    write("tiny.json", experiment());
    write("gpu.json", json!({"assignment": "G", "experiment": experiment(), "engine": "gpu", "exact": false}));
    write("mnist.json", elsewhere(experiment()));
    write("wrong.json", json!({"assignment": "W"}));
    write("honest", HONEST.clone());
    let mut nearly = FUSED.clone();
    set(&mut nearly, "/history/engine", json!("gpu"));
    set(&mut nearly, "/test/engine", json!("gpu"));
    write("nearly", nearly);
    let mut forged = HONEST.clone();
    raise_accuracy(&mut forged, 5);
    write("forged", forged);
    let mut of_mnist = HONEST.clone();
    of_mnist["experiment"] = elsewhere(of_mnist["experiment"].take());
    of_mnist["data"]["name"] = json!("mnist");
    write("of-mnist", of_mnist);
    folder.write("empty", "");
    for (files, assignment, code, last) in [
        (&["honest"][..], "tiny.json", 0, ""),
        (&["honest", "nearly"], "gpu.json", 0, ""),
        (&["honest", "forged"], "tiny.json", 1, "error: submission: 1 of 2 refuted"),
        (&["honest", "empty"], "tiny.json", 1, "error: submission: 1 of 2 unreadable"),
        (&["honest", "nowhere"], "tiny.json", 1, "error: submission: 1 of 2 unreadable"),
        (&["forged", "empty", "honest", "nearly"], "tiny.json", 1, "error: submission: 2 of 4 refuted, 1 unreadable"),
        (&["honest"], "wrong.json", 1, "error: experiment: wrong.json: "),
        (&["honest"], "nowhere.json", 1, "error: nowhere.json: "),
        (&["of-mnist"], "mnist.json", 1, "error: data: mnist is read from files: give their folder with --data DIR"),
        (&[], "tiny.json", 2, "error: the following required arguments were not provided: <PATH>"),
    ] {
        for json in [&[][..], &["--json"]] {
            let output = folder.verify(&[files, &["--assignment", assignment], json].concat());
            let stderr = String::from_utf8(output.stderr).unwrap();
            let said = stderr.lines().last().unwrap_or_default();
            assert_eq!(output.status.code(), Some(code), "{files:?} {assignment}: {stderr}");
            assert!(said.starts_with(last) && (code != 0 || said.is_empty()), "{files:?} {assignment}: {stderr}");
        }
    }
    let help = String::from_utf8(folder.verify(&["--help"]).stdout).unwrap();
    assert!(help.contains("Exit code: 0 if all files are confirmed or plausible; 1 "), "{help}");
}
