//! `convlab sweep`: its runs are those of `convlab train`, whole or broken off; what it says about mistakes.

use super::folder::{Folder, TINY, epochs};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

fn sweep(folder: &Folder, changes: Value) {
    let mut sweep = json!({"name": "rates", "experiment": serde_json::from_str::<Value>(TINY).unwrap()});
    sweep.as_object_mut().unwrap().extend(changes.as_object().cloned().unwrap());
    fs::write(folder.0.join("sweep.json"), sweep.to_string()).unwrap();
}

const ARGS: [&str; 7] = ["sweep", "sweep.json", "--engine", "cpu", "--out", "all", "--json"];

/// The outcomes without the seconds, which differ between runs.
fn outcomes(lines: &[Value]) -> Vec<Value> {
    let results = lines.iter().filter(|line| line["event"] == "result").cloned();
    results
        .map(|mut line| {
            line.as_object_mut().unwrap().remove("seconds").expect("an outcome says how long it took");
            line
        })
        .collect()
}

#[test]
fn each_run_is_that_of_train_to_the_last_bit() {
    let folder = Folder::new();
    sweep(
        &folder,
        json!({"grid": {"optimizer.learning_rate": [0.01, 0.001], "layers.conv2d.filters": [2, 4]}, "seeds": [0, 7]}),
    );
    let lines = folder.json(&ARGS);
    let all = outcomes(&lines);
    assert_eq!((all.len(), &lines[0]["runs"], &lines[0]["monitor"]), (8, &json!(8), &json!("val_loss")));
    let one = &all[5];
    assert_eq!(one["values"], json!({"optimizer.learning_rate": 0.001, "layers.conv2d.filters": 2}));
    assert_eq!((&one["run"], &one["seed"], &one["status"]), (&json!(6), &json!(7), &json!("finished")));

    let trained = folder.json(&["train", "all/runs/0006/experiment.json", "--engine", "cpu", "--json"]);
    let of_run: Vec<Value> = lines.iter().filter(|line| line["run"] == 6).cloned().collect();
    let of_run = epochs(&of_run).into_iter().map(|mut row| {
        row.as_object_mut().unwrap().remove("run");
        row
    });
    assert_eq!(of_run.collect::<Vec<_>>(), epochs(&trained));
    let done = trained.last().unwrap();
    assert_eq!((&one["test_loss"], &one["test_accuracy"]), (&done["test_loss"], &done["test_accuracy"]));
    let losses: Vec<f64> = epochs(&trained).iter().map(|row| row["val_loss"].as_f64().unwrap()).collect();
    assert_eq!(one["best"].as_f64(), losses.iter().copied().reduce(f64::min));

    let best = &lines.last().unwrap()["configurations"][0];
    assert_eq!(best["runs"].as_array().unwrap().len(), 2);
    let importance = &lines.last().unwrap()["importance"];
    assert!(importance["optimizer.learning_rate"].as_f64().unwrap() > 0.3, "{importance}");
    let csv = String::from_utf8(folder.bytes("all/sweep.csv")).unwrap();
    assert_eq!(csv.lines().count(), 9);
    assert!(csv.starts_with("run,optimizer.learning_rate,layers.conv2d.filters,seed,status,best_epoch,loss,"), "{csv}");
    for file in ["weights.safetensors", "report.html", "history.csv"] {
        assert!(folder.0.join("all/runs/0008").join(file).exists(), "{file}");
    }
}

#[test]
fn a_killed_sweep_goes_on_and_ends_with_the_same_figures() {
    let folder = Folder::new();
    let rates = json!({"random": {"optimizer.learning_rate": {"log_uniform": [0.001, 0.1]}}, "samples": 5});
    sweep(&folder, rates.clone());
    let whole = outcomes(&folder.json(&["sweep", "sweep.json", "--engine", "cpu", "--out", "whole", "--json"]));
    let mut child = folder.command(&ARGS).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.contains("\"epoch\"") && line.contains("\"run\":3")), "the third run begins");
    child.kill().unwrap();
    child.wait().unwrap();
    let lines = folder.json(&ARGS);
    assert!(lines[0]["done"].as_u64().unwrap() >= 2, "{}", lines[0]);
    assert_eq!(outcomes(&lines), whole);
    // A complete sweep has nothing left to do.
    let again = folder.json(&ARGS);
    assert_eq!((outcomes(&again), &again[0]["done"]), (whole, &json!(5)));

    sweep(&folder, json!({"seeds": [1]}));
    assert!(folder.error(&ARGS, 1).contains("the runs of another sweep"));
}

#[test]
fn a_run_that_diverges_or_is_hopeless_does_not_end_the_sweep() {
    let folder = Folder::new();
    let rates = [0.01, 0.02, 0.005, 1e-9, 1e30];
    sweep(
        &folder,
        json!({"grid": {"optimizer.learning_rate": rates}, "monitor": "val_loss",
        "early_termination": {"type": "median", "min_epochs": 2}}),
    );
    let lines = folder.json(&ARGS);
    let all = outcomes(&lines);
    let status: Vec<&str> = all.iter().map(|one| one["status"].as_str().unwrap()).collect();
    assert_eq!(status[..4], ["finished", "finished", "finished", "stopped"]);
    assert_eq!(all[3]["figures"].as_array().unwrap().len(), 2, "stopped after the epochs that every run is given");
    assert_eq!((&all[3]["test_accuracy"], status[4] == "finished"), (&Value::Null, false));
    assert!(all[3]["reason"].as_str().unwrap().contains("median"));
    let text = folder.stdout(&["sweep", "sweep.json", "--engine", "cpu", "--out", "all"]);
    assert!(text.contains("5 of them done before") && text.contains("optimizer.learning_rate = 0.01"), "{text}");
}

/// It is large, so that reading it whole would take long, and is no checkpoint.
#[test]
fn a_run_whose_checkpoint_cannot_be_read_starts_again() {
    let folder = Folder::new();
    sweep(&folder, json!({"seeds": [0, 1]}));
    let whole = outcomes(&folder.json(&["sweep", "sweep.json", "--engine", "cpu", "--out", "whole", "--json"]));
    fs::create_dir_all(folder.0.join("all/runs/0002")).unwrap();
    let sparse = fs::File::create(folder.0.join("all/runs/0002/checkpoint.safetensors")).unwrap();
    sparse.set_len(5 << 30).unwrap();
    let output = folder.run(&ARGS);
    let (stdout, stderr) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success() && stderr.contains("note: run 2 starts again"), "{stderr}");
    let lines: Vec<Value> = stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(outcomes(&lines), whole);
}

#[test]
fn mistakes_are_one_line_and_nothing_is_written() {
    let folder = Folder::new();
    for (changes, expected) in [
        (json!({"grid": {"optimizer.rate": [1]}}), "sweep.json: sweep: with {\"optimizer.rate\":1}"),
        (json!({"grid": {"layers.dropout.rate": [1]}}), "\"dropout\""),
        (json!({"grids": {}}), "grids"),
        (json!({"monitor": "f1"}), "monitor"),
    ] {
        sweep(&folder, changes);
        let error = folder.error(&ARGS, 1);
        assert!(error.contains(expected), "{error}");
        assert!(!folder.0.join("all").exists());
    }
    assert!(folder.error(&["sweep", "sweep.json"], 2).contains("--out"));
    fs::write(folder.0.join("sweep.json"), "[").unwrap();
    assert!(folder.error(&ARGS, 1).contains("not JSON"));
}
