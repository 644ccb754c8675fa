//! `convlab verify`: honest submissions are confirmed, forged ones are not, and a class becomes a table.
#![cfg(all(feature = "cli", not(target_arch = "wasm32")))]

#[path = "verify/class.rs"]
mod class;
#[path = "verify/codes.rs"]
mod codes;
#[path = "verify/edges.rs"]
mod edges;
#[path = "verify/files.rs"]
mod files;
#[path = "verify/forgeries.rs"]
mod forgeries;
#[path = "verify/honest.rs"]
mod honest;
#[path = "verify/interrupted.rs"]
mod interrupted;
#[path = "verify/runs.rs"]
mod runs;
#[path = "verify/word.rs"]
mod word;

use runs::{Folder, experiment, raise_accuracy, run, run_of};
use serde_json::{Value, json};
use std::sync::LazyLock;

static HONEST: LazyLock<Value> = LazyLock::new(|| run(&experiment(), true));
static FUSED: LazyLock<Value> = LazyLock::new(|| run(&experiment(), false));

fn set(run: &mut Value, path: &str, value: Value) {
    *run.pointer_mut(path).unwrap_or_else(|| panic!("{path}")) = value;
}

fn add(run: &mut Value, path: &str, by: f64) {
    let old = run.pointer(path).and_then(Value::as_f64).unwrap_or_else(|| panic!("{path}"));
    set(run, path, json!(old + by));
}

#[test]
fn what_only_the_student_knows_and_what_only_readers_use_is_not_compared() {
    let folder = Folder::new();
    folder.write("tiny.json", experiment().to_string());
    let mut other = HONEST.clone();
    set(&mut other, "/student", json!("Grace"));
    set(&mut other, "/date", json!("1999-01-01 00:00 UTC"));
    set(&mut other, "/experiment/title", json!("Another translation"));
    set(&mut other, "/history/device", json!("CPU, 64 threads"));
    (other["guess"], other["answers"], other["report"]) = (json!(0.5), json!({"q": 1}), json!("#"));
    // The same options, written out.
    set(&mut other, "/experiment/layers/0/kernel_size", json!([5, 5]));
    other["experiment"]["layers"][0]["name"] = json!("conv2d");
    let (event, code) = folder.event(&other, &["--assignment", "tiny.json"]);
    assert_eq!((&event["verdict"], code), (&json!("confirmed"), Some(0)), "{event}");
    assert_eq!((&event["student"], &event["guess"]), (&json!("Grace"), &json!(0.5)));
}

#[test]
fn a_tolerance_is_the_assignments_and_never_confirms() {
    let folder = Folder::new();
    folder.write(
        "gpu.json",
        json!({"assignment": "G", "experiment": experiment(), "engine": "gpu", "exact": false}).to_string(),
    );
    folder.write(
        "cpu.json",
        json!({"assignment": "C", "experiment": experiment(), "engine": "cpu", "exact": true}).to_string(),
    );
    let gpu = |change: fn(&mut Value)| {
        let mut run = FUSED.clone();
        for path in ["/history/engine", "/test/engine"] {
            set(&mut run, path, json!("gpu"));
        }
        change(&mut run);
        run
    };
    let nudged: fn(&mut Value) = |run| {
        add(run, "/history/epochs/0/loss", 1e-3);
        add(run, "/history/epochs/1/val_loss", 1e-3);
        set(run, "/weights_sha256", json!("1".repeat(64)));
    };
    let lost: fn(&mut Value) = |run| {
        set(run, "/history/engine", json!("cpu"));
        set(run, "/test/engine", json!("cpu"));
        add(run, "/history/epochs/0/loss", 1e-3);
        run["history"]["interruptions"] =
            json!([{"step": 5, "repeated": 2, "message": "The GPU failed; the run continues on the CPU"}]);
    };
    for (name, run, verdict) in [
        ("within", gpu(nudged), "plausible"),
        ("lost", gpu(lost), "plausible"),
        ("equal", gpu(|_| ()), "plausible"),
        (
            "far",
            gpu(|run| {
                add(run, "/history/epochs/0/loss", 1e-3);
                raise_accuracy(run, 30);
            }),
            "refuted",
        ),
        ("curves of the CPU, other test figures", gpu(|run| raise_accuracy(run, 5)), "refuted"),
        ("loss", gpu(|run| add(run, "/history/epochs/1/loss", -0.5)), "refuted"),
        (
            "labels",
            gpu(|run| {
                add(run, "/history/epochs/0/loss", 1e-3);
                // A mistake of class 0 becomes a right image of class 1.
                let matrix = run["test"]["confusion"].as_array_mut().unwrap();
                let mistake = (1..10).find(|&j| matrix[0][j] != 0).unwrap();
                matrix[0][mistake] = json!(matrix[0][mistake].as_u64().unwrap() - 1);
                matrix[1][1] = json!(matrix[1][1].as_u64().unwrap() + 1);
                add(run, "/test/test_accuracy", 0.01);
            }),
            "refuted",
        ),
        ("on the CPU", HONEST.clone(), "confirmed"),
    ] {
        let (event, _) = folder.event(&run, &["--assignment", "gpu.json"]);
        assert_eq!(event["verdict"], verdict, "{name}: {event}");
        assert_eq!(event["exact"], verdict == "confirmed", "{name}");
    }
    let (event, code) = folder.event(&gpu(nudged), &["--assignment", "gpu.json"]);
    assert!(event["reason"].as_str().unwrap().contains("a loss may differ by 10 %"), "{event}");
    assert_eq!(code, Some(0));
    // The same files under an assignment of the CPU.
    for run in [gpu(nudged), gpu(lost)] {
        let (event, code) = folder.event(&run, &["--assignment", "cpu.json"]);
        assert_eq!((&event["verdict"], code), (&json!("refuted"), Some(1)));
        assert!(event["reason"].as_str().unwrap().starts_with("cannot be replayed exactly"), "{event}");
    }
}

#[test]
fn data_is_needed_only_for_what_is_repeated() {
    let folder = Folder::new();
    let (event, code) = folder.event(&HONEST, &["--assignment", "net-1"]);
    assert_eq!((&event["verdict"], code), (&json!("refuted"), Some(1)), "{event}");
    // A run of the assigned experiment.
    let elsewhere = |mut experiment: Value| {
        experiment["dataset"]["name"] = json!("mnist");
        experiment
    };
    folder.write("assigned.json", elsewhere(experiment()).to_string());
    let mut claimed = HONEST.clone();
    claimed["experiment"] = elsewhere(claimed["experiment"].take());
    claimed["data"]["name"] = json!("mnist");
    folder.write("one.json", claimed.to_string());
    let output = folder.verify(&["one.json", "--assignment", "assigned.json"]);
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    assert!(text.contains("give their folder with --data DIR"), "{text}");
}

#[test]
fn builds_that_round_differently_are_replayed_with_their_own_arithmetic() {
    assert_ne!(HONEST["weights_sha256"], FUSED["weights_sha256"], "the two builds round differently");
    let folder = Folder::new();
    folder.write("any.json", json!({"assignment": "A", "experiment": experiment(), "build": "any"}).to_string());
    for run in [&*HONEST, &*FUSED] {
        let (event, code) = folder.event(run, &["--assignment", "any.json"]);
        assert_eq!((&event["verdict"], code), (&json!("confirmed"), Some(0)), "{event}");
        // Without an assignment only the figures are checked.
        let (event, _) = folder.event(run, &[]);
        assert_eq!(event["verdict"], "confirmed", "{event}");
    }
    let mut nudged = FUSED.clone();
    add(&mut nudged, "/history/epochs/0/loss", 1e-4);
    let (event, _) = folder.event(&nudged, &["--assignment", "any.json"]);
    assert_eq!(event["verdict"], "plausible", "{event}");
}

#[test]
fn a_seed_follows_from_the_students_name() {
    let folder = Folder::new();
    folder.write("own.json", json!({"assignment": "Own", "experiment": experiment(), "seed": "student"}).to_string());
    let args = ["--assignment", "own.json"];
    let ada = run_of("Ada Lovelace");
    assert_eq!(folder.event(&ada, &args).0["verdict"], "confirmed");
    let named = |name: Value| {
        let mut run = ada.clone();
        run["student"] = name;
        folder.event(&run, &args).0
    };
    assert_eq!(named(json!(" ada  LOVELACE"))["verdict"], "confirmed");
    for (name, reason) in [
        (json!("Bob"), "the seed of this student is"),
        (Value::Null, "no student's name"),
        (json!(" "), "no student's name"),
    ] {
        let event = named(name);
        assert_eq!(event["verdict"], "refuted");
        assert!(event["reason"].as_str().unwrap().contains(reason), "{event}");
    }
    // A seed in the file of someone who was given another one.
    let mut stolen = HONEST.clone();
    stolen["student"] = json!("Ada Lovelace");
    assert_eq!(folder.event(&stolen, &args).0["verdict"], "refuted");
    folder.write(
        "list.json",
        json!({"assignment": "L", "experiment": experiment(), "students": ["Ada", "Bob"]}).to_string(),
    );
    assert_eq!(folder.event(&HONEST, &["--assignment", "list.json"]).0["verdict"], "confirmed");
    let mut eve = HONEST.clone();
    eve["student"] = json!("Eve");
    let (event, _) = folder.event(&eve, &["--assignment", "list.json"]);
    assert!(event["reason"].as_str().unwrap().contains("\"Eve\" is not among the students"), "{event}");
}

#[test]
fn a_student_may_change_what_the_assignment_names_within_bounds() {
    let folder = Folder::new();
    let may = |paths: Value| {
        let document = json!({"assignment": "M", "experiment": experiment(), "may_change": paths});
        folder.write("may.json", document.to_string());
    };
    let mut own = experiment();
    own["epochs"] = json!(1);
    own["optimizer"]["learning_rate"] = json!(0.02);
    let changed = run(&own, true);
    may(json!(["epochs", "optimizer.learning_rate"]));
    assert_eq!(folder.event(&changed, &["--assignment", "may.json"]).0["verdict"], "confirmed");
    may(json!(["epochs"]));
    let (event, _) = folder.event(&changed, &["--assignment", "may.json"]);
    assert!(event["reason"].as_str().unwrap().contains("optimizer.learning_rate"), "{event}");
    let mut endless = HONEST.clone();
    set(&mut endless, "/experiment/epochs", json!(1_000_000));
    let (event, _) = folder.event(&endless, &["--assignment", "may.json"]);
    assert!(event["reason"].as_str().unwrap().contains("times the work"), "{event}");
    may(json!(["dataset.limit"]));
    let mut huge = HONEST.clone();
    set(&mut huge, "/experiment/dataset/limit/train", json!(4_000_000_000_u64));
    assert_eq!(folder.event(&huge, &["--assignment", "may.json"]).0["verdict"], "refuted");
}

#[test]
fn a_wrong_assignment_is_an_error_of_one_line() {
    let folder = Folder::new();
    folder.write("one.json", HONEST.to_string());
    for (document, part) in [
        (
            json!({"assignment": "A", "experiment": experiment(), "engine": "gpu", "exact": true}),
            "cannot be repeated exactly",
        ),
        (json!({"assignment": "A", "experiment": experiment(), "may_change": ["speed"]}), "speed"),
        (json!({"assignment": "A", "experiment": experiment(), "may_change": ["optimizer.speed"]}), "optimizer.speed"),
        (json!({"assignment": "A", "experiment": experiment(), "may_change": ["layers.9"]}), "layers.9"),
        (json!({"assignment": "A", "experiment": experiment(), "students": ["Ada", " "]}), "students[1]"),
        (json!({"assignment": "A", "experiment": experiment(), "deadline": "soon"}), "2026-12-04"),
        (json!({"assignment": "A", "experiment": experiment(), "data_sha256": "xyz"}), "64 hexadecimal digits"),
        (
            json!({"assignment": "A", "experiment": experiment(), "data_sha256": "0".repeat(64)}),
            "not those of the assignment",
        ),
        (json!({"assignment": "A", "experiment": experiment(), "rubric": [{"points": 1}]}), "rubric[0]"),
        (
            json!({"assignment": "A", "experiment": experiment(), "rubric": [{"points": 1, "answer": "q"}]}),
            "id of a question",
        ),
        (
            json!({"assignment": "A", "experiment": experiment(), "rubric": [{"points": 1, "accuracy": 75}]}),
            "between 0 and 1. Received: 75",
        ),
        (
            json!({"assignment": "A", "experiment": experiment(),
                "questions": [{"id": "q", "text": "?", "answer": 3, "tolerance": -1}]}),
            "questions[0].tolerance",
        ),
        (
            json!({"assignment": "A", "experiment": experiment(),
                "questions": [{"id": "q", "text": "?", "choices": ["a", "b"], "answer": "c"}]}),
            "questions[0].answer must be one of its choices, \"a\", \"b\"",
        ),
        (json!({"assignment": "A".repeat(5 << 20), "experiment": experiment()}), "at most 4.00 MB"),
        (json!({"assignment": "A", "experiment": experiment(), "sed": 1}), "sed"),
        (json!({"assignment": "A", "experiment": "net-0"}), "net-0"),
        (json!({"assignment": "A"}), "experiment"),
        (json!({"experiment": "net-1"}), "name"),
    ] {
        folder.write("wrong.json", document.to_string());
        let output = folder.verify(&["one.json", "--assignment", "wrong.json"]);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{document}");
        assert!(stderr.contains(part) && stderr.trim().lines().count() == 1, "{part}: {stderr}");
        assert!(output.stdout.is_empty());
    }
    assert_eq!(folder.verify(&["--assignment", "wrong.json"]).status.code(), Some(2));
}
