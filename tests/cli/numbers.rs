//! Numbers on the command line: each option says what it takes, and no estimate is infinite.

use super::folder::{Folder, TINY};
use std::fs;

/// Every option with a number, and a command that takes it.
const WHOLE: [(&str, &[&str]); 11] = [
    ("--train-limit", &["train", "tiny.json"]),
    ("--test-limit", &["train", "tiny.json"]),
    ("--seed", &["train", "tiny.json"]),
    ("--checkpoint-every", &["train", "tiny.json", "--out", "run"]),
    ("--test-limit", &["evaluate", "tiny.json", "--weights", "w"]),
    ("--index", &["predict", "tiny.json", "--weights", "w"]),
    ("--steps", &["range", "tiny.json"]),
    ("--batch", &["cost", "tiny.json"]),
    ("--images", &["cost", "tiny.json"]),
    ("--epochs", &["cost", "tiny.json"]),
    ("--cores", &["cost", "tiny.json"]),
];
const DECIMAL: [(&str, &[&str]); 10] = [
    ("--epochs", &["train", "tiny.json"]),
    ("--low", &["range", "tiny.json"]),
    ("--high", &["range", "tiny.json"]),
    ("--seconds", &["bench", "tiny.json"]),
    ("--clock-ghz", &["cost", "tiny.json"]),
    ("--ms-per-step", &["cost", "tiny.json"]),
    ("--ms-error", &["cost", "tiny.json", "--ms-per-step", "1"]),
    ("--measure", &["cost", "tiny.json"]),
    ("--gflops", &["cost", "tiny.json", "--gb-per-s", "1"]),
    ("--gb-per-s", &["cost", "tiny.json", "--gflops", "1"]),
];

#[test]
fn a_wrong_number_is_one_sentence_with_what_is_allowed() {
    let folder = Folder::new();
    let check = |(option, command): (&str, &[&str]), value: &str, expected: &str| {
        let error = folder.error(&[command, &[option, value]].concat(), 2);
        assert!(error.contains(&format!("'{value}' for '{option}")) && error.contains(expected), "{error}");
    };
    for option in WHOLE {
        for value in ["many", "-1", "0.5", "99999999999999999999999"] {
            check(option, value, ": it must be a whole number from 0 to ");
        }
    }
    let error = folder.error(&["cost", "--separable", "3,-4,5"], 2);
    assert!(error.contains("'-4' for '--separable <D,M,N>': it must be a whole number from 0 to "), "{error}");
    for option in DECIMAL {
        for value in ["many", "1,5", "inf", "NaN", "1e999"] {
            check(option, value, ": it must be a finite number, such as 3, 0.5 or 1e-4");
        }
    }
    let help = |command: &str| folder.stdout(&[command, "--help"]);
    let told: usize = ["train", "evaluate", "predict", "range", "bench", "cost"]
        .map(|command| help(command).lines().filter(|line| is_number(line)).count())
        .into_iter()
        .sum();
    // Those above, `predict --test-limit`, and `cost --separable`.
    assert_eq!(told, WHOLE.len() + DECIMAL.len() + 2, "an option with a number is not in the lists");
}

/// Whether a line of the help names an option with a number.
fn is_number(line: &str) -> bool {
    ["<N>", "<I>", "<S>", "<RATE>", "<SECONDS>", "<GHZ>", "<MS>", "<GFLOP/S>", "<GB/S>", "<D,M,N>"]
        .iter()
        .any(|value| line.trim_start().starts_with("--") && line.contains(value))
}

#[test]
fn numbers_out_of_range_give_no_estimate() {
    let folder = Folder::new();
    let refused = |options: &[&str], expected: &str| {
        let error = folder.error(&[&["cost", "tiny.json"][..], options].concat(), 1);
        assert!(error.contains(expected) && error.contains("Received: "), "{error}");
    };
    let rates = "must be between 1e-6 and 1000000000000. Received: ";
    for value in ["1e-300", "0", "-5", "1e300"] {
        refused(&["--gflops", value, "--gb-per-s", "1"], rates);
        refused(&["--gflops", "1", "--gb-per-s", value], rates);
        refused(&["--clock-ghz", value], rates);
        refused(&["--ms-per-step", value], rates);
    }
    for value in ["0", "-5", "1e300"] {
        refused(&["--measure", value, "--engine", "cpu"], "above 0 and at most 86400");
    }
    refused(&["--gflops", "1e-300", "--gb-per-s", "1"], "Received: 1e-300");
    refused(&["--ms-per-step", "1", "--ms-error", "-1"], "must be between 0 and 1000000000000. Received: -1");
    for option in ["--cores", "--images", "--epochs"] {
        for value in ["0", "18446744073709551615"] {
            refused(&[option, value], "must be between 1 and 1000000000000. Received: ");
        }
    }
    for extreme in ["1e-6", "1e12"] {
        let many = ["--images", "1000000000000", "--epochs", "1000000000000", "--clock-ghz", extreme];
        let rates = ["--ms-per-step", extreme, "--gflops", extreme, "--gb-per-s", extreme];
        let command = [&["cost", "tiny.json"][..], &many, &rates].concat();
        let text = folder.stdout(&command);
        assert!(!text.contains(" inf") && !text.contains("NaN"), "{text}");
        // JSON has null for what is not finite.
        let time = &folder.json(&[&command[..], &["--json"]].concat())[0]["time"];
        assert!(!time.to_string().contains("null"), "{time}");
    }
}

#[test]
fn a_key_that_stands_twice_in_a_document_is_named() {
    let folder = Folder::new();
    let twice = TINY.replace("\"epochs\": 3", "\"epochs\": 3, \"epochs\": 4");
    assert_ne!(twice, TINY);
    let grid = r#"{"experiment": "net-1", "grid": {"seed": [1], "seed": [2]}}"#;
    let assignment = r#"{"assignment": "A", "experiment": "net-1", "engine": "cpu", "engine": "any"}"#;
    for (name, text) in [("twice.json", twice.as_str()), ("sweep.json", grid), ("week.json", assignment)] {
        fs::write(folder.0.join(name), text).unwrap();
    }
    for (command, key) in [
        (&["summary", "twice.json"][..], "epochs"),
        (&["train", "twice.json"], "epochs"),
        (&["import", "twice.json"], "epochs"),
        (&["sweep", "sweep.json", "--out", "out"], "seed"),
        (&["verify", "twice.json", "--assignment", "week.json"], "engine"),
    ] {
        let error = folder.error(command, 1);
        assert!(
            error.contains(&format!("an object may have a key once. Received twice: \"{key}\" at line")),
            "{error}"
        );
    }
}
