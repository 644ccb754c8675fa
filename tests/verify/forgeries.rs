//! Forgeries of every kind, and files that are no submissions, each with its verdict and a part of the reason.

use super::runs::{Folder, experiment, raise_accuracy};
use super::{HONEST, add, set};
use serde_json::{Value, json};

/// A change of a submission, what it comes to, and a part of the reason.
type Forgery = (&'static str, fn(&mut Value), &'static str, &'static str);

const REFUTED: &str = "refuted";
const UNREADABLE: &str = "unreadable";

/// Files that are read.
const FORGERIES: [Forgery; 49] = [
    ("accuracy", |run| raise_accuracy(run, 10), REFUTED, "the test accuracy"),
    ("accuracy-alone", |run| add(run, "/test/test_accuracy", 0.1), REFUTED, "by its confusion matrix"),
    ("accuracy-above-1", |run| set(run, "/test/test_accuracy", json!(1.5)), REFUTED, "by its confusion matrix"),
    (
        "gpu",
        |run| {
            raise_accuracy(run, 10);
            set(run, "/history/engine", json!("gpu"));
            set(run, "/history/build", json!("native"));
        },
        REFUTED,
        "cannot be replayed exactly",
    ),
    (
        "gpu-everywhere",
        |run| {
            raise_accuracy(run, 10);
            set(run, "/history/engine", json!("gpu"));
            set(run, "/test/engine", json!("gpu"));
        },
        REFUTED,
        "the run used the GPU",
    ),
    ("gpu-in-the-test", |run| set(run, "/test/engine", json!("gpu")), REFUTED, "moved between engines"),
    (
        "gpu-lost",
        |run| {
            raise_accuracy(run, 10);
            run["history"]["interruptions"] =
                json!([{"step": 5, "repeated": 2, "message": "The GPU failed; the run continues on the CPU"}]);
        },
        REFUTED,
        "moved between engines",
    ),
    (
        "interrupted",
        |run| {
            raise_accuracy(run, 10);
            run["history"]["interruptions"] = json!([{"step": 5, "repeated": 2, "message": "A worker was replaced"}]);
        },
        REFUTED,
        "the test accuracy",
    ),
    (
        "unknown-build",
        |run| {
            raise_accuracy(run, 10);
            set(run, "/history/build", json!("foo"));
        },
        REFUTED,
        "which Convlab does not have",
    ),
    ("unknown-engine", |run| set(run, "/history/engine", json!("tpu")), REFUTED, "which Convlab does not have"),
    (
        "relaxed",
        |run| {
            raise_accuracy(run, 3);
            set(run, "/history/build", json!("relaxed-simd"));
        },
        REFUTED,
        "asks for simd128",
    ),
    ("native", |run| set(run, "/history/build", json!("native")), REFUTED, "asks for simd128"),
    ("build-of-the-test", |run| set(run, "/test/build", json!("relaxed-simd")), REFUTED, "asks for simd128"),
    (
        "one-bit-of-a-loss",
        |run| {
            let loss = run["history"]["epochs"][1]["loss"].as_f64().unwrap();
            set(run, "/history/epochs/1/loss", json!(loss.next_up()));
        },
        REFUTED,
        "epoch 2's loss",
    ),
    ("training-accuracy", |run| add(run, "/history/epochs/0/accuracy", 0.01), REFUTED, "epoch 1's accuracy"),
    ("val-accuracy", |run| add(run, "/history/epochs/0/val_accuracy", 0.1), REFUTED, "epoch 1's val_accuracy"),
    ("val-loss", |run| add(run, "/history/epochs/1/val_loss", -0.1), REFUTED, "epoch 2's val_loss"),
    (
        "no-val-loss",
        |run| drop(run["history"]["epochs"][1].as_object_mut().unwrap().remove("val_loss")),
        REFUTED,
        "val_loss is absent",
    ),
    ("diverged", |run| set(run, "/history/epochs/1/loss", Value::Null), REFUTED, "epoch 2's loss is NaN"),
    ("test-loss", |run| add(run, "/test/test_loss", -1e-9), REFUTED, "the test loss"),
    ("top-5", |run| set(run, "/test/test_top_5_accuracy", json!(1.0)), REFUTED, "the top-5 accuracy"),
    (
        "views-of-the-test",
        |run| run["test"]["test_time_augmentation"] = json!("flip"),
        REFUTED,
        "the test-time augmentation is flip",
    ),
    ("top-5-below-top-1", |run| set(run, "/test/test_top_5_accuracy", json!(0.0)), REFUTED, "its top-5 accuracy"),
    (
        "matrix",
        |run| {
            // Two mistakes change places within the rows of two classes: the same accuracy.
            let matrix = &mut run["test"]["confusion"];
            for i in 0..10 {
                let row = matrix[i].as_array_mut().unwrap();
                let last = if i == 9 { 8 } else { 9 };
                let first = usize::from(i == 0);
                row.swap(first, last);
            }
        },
        REFUTED,
        "the confusion matrix",
    ),
    (
        "matrix-not-square",
        |run| {
            let right = (run["test"]["test_accuracy"].as_f64().unwrap() * 100.0).round() as u64;
            set(run, "/test/confusion", json!([[right, 100 - right], []]));
        },
        REFUTED,
        "not square",
    ),
    (
        "matrix-of-another-size",
        |run| {
            let right = (run["test"]["test_accuracy"].as_f64().unwrap() * 100.0).round() as u64;
            set(run, "/test/confusion", json!([[right, 100 - right], [0, 0]]));
        },
        REFUTED,
        "the confusion matrix",
    ),
    ("stopped-early", |run| set(run, "/test/stopped_early", json!(true)), REFUTED, "stopped early"),
    ("weights", |run| set(run, "/weights_sha256", json!("0".repeat(64))), REFUTED, "weights' checksum"),
    (
        "weights-in-capitals",
        |run| {
            let sha256 = run["weights_sha256"].as_str().unwrap().to_uppercase();
            set(run, "/weights_sha256", json!(sha256));
        },
        REFUTED,
        "weights' checksum",
    ),
    (
        "images",
        |run| {
            set(run, "/data/sha256", json!("x\nin/honest.json: confirmed, to the last bit\u{1b}[2K"));
        },
        REFUTED,
        "the images' checksum is x",
    ),
    ("image-count", |run| set(run, "/data/train", json!(60_000)), REFUTED, "the number of training images"),
    ("test-count", |run| set(run, "/data/test", json!(10_000)), REFUTED, "its confusion matrix counts 100"),
    ("data-name", |run| set(run, "/data/name", json!("mnist")), REFUTED, "not that of its experiment"),
    (
        "seed",
        |run| {
            set(run, "/experiment/seed", json!(4));
            set(run, "/history/seed", json!(4));
        },
        REFUTED,
        "its seed is 4; the assigned one is 3",
    ),
    ("seed-of-the-history", |run| set(run, "/history/seed", json!(4)), REFUTED, "its history is of seed 4"),
    ("name", |run| set(run, "/experiment/name", json!("net-9")), REFUTED, "its name is not that of the assigned"),
    (
        "epochs",
        |run| {
            set(run, "/experiment/epochs", json!(1));
            run["history"]["epochs"].as_array_mut().unwrap().pop();
        },
        REFUTED,
        "its epochs is not that of the assigned",
    ),
    ("filters", |run| set(run, "/experiment/layers/0/filters", json!(8)), REFUTED, "its layers.0.filters is not"),
    (
        "dropout",
        |run| drop(run["experiment"]["layers"].as_array_mut().unwrap().remove(1)),
        REFUTED,
        "its layers is not",
    ),
    (
        "learning-rate",
        |run| set(run, "/experiment/optimizer/learning_rate", json!(0.02)),
        REFUTED,
        "its optimizer.learning_rate is not",
    ),
    ("batch-size", |run| set(run, "/experiment/batch_size", json!(10)), REFUTED, "its batch_size is not"),
    ("limit", |run| set(run, "/experiment/dataset/limit/test", json!(10)), REFUTED, "its dataset.limit.test is not"),
    (
        "merged",
        |run| {
            run["experiment"]["dataset"]["merge_classes"] = json!([[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]]);
        },
        REFUTED,
        "its dataset.merge_classes is not",
    ),
    (
        "augmentation",
        |run| run["experiment"]["augmentation"] = json!([{"type": "random_flip"}]),
        REFUTED,
        "its augmentation is not",
    ),
    ("rates", |run| add(run, "/history/learning_rates/3", 0.1), REFUTED, "step 4's learning rate"),
    (
        "fewer-rates",
        |run| drop(run["history"]["learning_rates"].as_array_mut().unwrap().pop()),
        REFUTED,
        "the number of steps",
    ),
    (
        "by-hand",
        |run| {
            run["history"]["events"] = json!([{"event": "learning_rate", "step": 3, "epoch": 1, "learning_rate": 0.1}]);
        },
        REFUTED,
        "changed by hand",
    ),
    (
        "more-epochs",
        |run| {
            let mut third = run["history"]["epochs"][1].clone();
            third["epoch"] = json!(3);
            run["history"]["epochs"].as_array_mut().unwrap().push(third);
        },
        REFUTED,
        "the number of epochs",
    ),
    (
        "cut-short",
        |run| run["history"]["epochs"][1]["partial"] = json!(true),
        REFUTED,
        "epoch 2's mark of an epoch cut",
    ),
];

/// Files that are no submissions.
const BROKEN: [Forgery; 9] = [
    ("format", |run| set(run, "/format", json!("convlab submission 9")), UNREADABLE, "its format must be"),
    ("list", |run| *run = json!([1]), UNREADABLE, "not a submission file"),
    ("nothing", |run| *run = json!({}), UNREADABLE, "not a submission file"),
    ("no-weights", |run| drop(run.as_object_mut().unwrap().remove("weights_sha256")), UNREADABLE, "weights_sha256"),
    ("no-loss", |run| set(run, "/test/test_loss", Value::Null), UNREADABLE, "not a submission file"),
    ("invalid", |run| set(run, "/experiment/layers/0/filters", json!(0)), UNREADABLE, "filters"),
    ("negative", |run| set(run, "/data/train", json!(-1)), UNREADABLE, "a whole number of 0 or more"),
    ("answers", |run| run["answers"] = json!(vec!["x"; 1001]), UNREADABLE, "it may have 1,000 answers"),
    ("experiment", |run| *run = run["experiment"].take(), UNREADABLE, "it is an experiment"),
];

#[test]
fn every_forgery_gets_its_verdict_in_one_run_beside_an_honest_file() {
    let folder = Folder::new();
    folder.write("tiny.json", experiment().to_string());
    folder.write("in/honest.json", HONEST.to_string());
    for (name, forge, ..) in FORGERIES.iter().chain(&BROKEN) {
        let mut forged = HONEST.clone();
        forge(&mut forged);
        assert_ne!(forged, *HONEST, "{name}");
        folder.write(&format!("in/{name}.json"), forged.to_string());
    }
    let honest = HONEST.to_string();
    folder.write("in/cut.json", &honest[..honest.len() / 2]);
    folder.write("in/empty.json", "");
    folder.write("in/image.png", [0x89, b'P', b'N', b'G', 0xff]);
    folder.write("in/twice.json", honest.replacen('{', "{\"student\": \"Eve\",", 1));
    let (events, code) = folder.events(&["in", "--assignment", "tiny.json"]);
    assert_eq!((code, events.len()), (Some(1), FORGERIES.len() + BROKEN.len() + 5));
    let event = |name: &str| events.iter().find(|event| event["file"] == name).unwrap_or_else(|| panic!("{name}"));
    for (name, _, verdict, reason) in FORGERIES.iter().chain(&BROKEN) {
        let event = event(&format!("in/{name}.json"));
        assert_eq!(event["verdict"], *verdict, "{name}: {event}");
        assert!(event["reason"].as_str().unwrap().contains(reason), "{name}: {}", event["reason"]);
    }
    for name in ["in/cut.json", "in/empty.json", "in/image.png", "in/twice.json"] {
        assert_eq!(event(name)["verdict"], "unreadable", "{}", event(name));
    }
    assert_eq!(
        (&event("in/honest.json")["verdict"], &event("in/honest.json")["exact"]),
        (&json!("confirmed"), &json!(true))
    );

    // The text for people: a line for each file, whatever it holds, and below it what is not checked.
    let output = folder.verify(&["in", "--assignment", "tiny.json"]);
    let text = String::from_utf8(output.stdout).unwrap();
    let (words, lines): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with("    not checked, "));
    assert_eq!(lines.len(), events.len());
    assert_eq!(words.len(), events.iter().filter(|event| !event["students_word"].is_null()).count());
    assert!(lines.iter().all(|line| line.starts_with("in/")) && !text.contains('\u{1b}'), "{text}");
    assert_eq!(lines.iter().filter(|line| line.contains(": confirmed: ")).count(), 1, "{text}");
}
