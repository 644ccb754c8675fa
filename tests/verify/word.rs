//! Everything in a file is compared, or listed as the student's word.

use super::HONEST;
use super::runs::{Folder, experiment};
use serde_json::{Value, json};

/// An honest file with all that a student can add to it.
fn full() -> Value {
    let mut run = HONEST.clone();
    (run["guess"], run["answers"], run["report"]) = (json!(0.5), json!({"why": "It learns."}), json!("# Report"));
    run["history"]["interruptions"] =
        json!([{"step": 5, "repeated": 2, "message": "A worker was replaced", "engine": "cpu", "build": "simd128"}]);
    run
}

/// The JSON pointers of all values that hold no others.
fn leaves(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(key, value)| leaves(value, &format!("{path}/{key}"), found));
        }
        Value::Array(values) => {
            values.iter().enumerate().for_each(|(i, value)| leaves(value, &format!("{path}/{i}"), found));
        }
        _ => found.push(path.into()),
    }
}

fn another(value: &Value) -> Value {
    match value {
        Value::String(text) => json!(format!("{text}x")),
        Value::Bool(value) => json!(!value),
        Value::Number(number) => match number.as_u64() {
            Some(number) => json!(number + 1),
            None => json!(number.as_f64().unwrap() + 0.125),
        },
        other => panic!("{other}"),
    }
}

#[test]
fn whatever_is_changed_in_a_file_it_is_refuted_or_listed() {
    let folder = Folder::new();
    folder.write("tiny.json", experiment().to_string());
    let mut paths = Vec::new();
    leaves(&full(), "", &mut paths);
    for (i, path) in paths.iter().enumerate() {
        let mut changed = full();
        let value = changed.pointer_mut(path).unwrap();
        *value = another(value);
        folder.write(&format!("in/{i:04}"), changed.to_string());
    }
    folder.write("in/honest", full().to_string());
    let (mut events, _) = folder.events(&["in", "--assignment", "tiny.json"]);
    let honest = events.pop().unwrap();
    assert_eq!((&honest["verdict"], events.len()), (&json!("confirmed"), paths.len()), "{honest}");
    let mut words = Vec::new();
    for (event, path) in events.iter().zip(&paths) {
        match event["verdict"].as_str().unwrap() {
            "refuted" | "unreadable" => {}
            _ => {
                assert_ne!(event["students_word"], honest["students_word"], "{path} is neither compared nor listed");
                words.push(path.as_str());
            }
        }
    }
    words.sort_unstable();
    assert_eq!(
        words,
        [
            "/answers/why",
            "/data/title",
            "/date",
            "/experiment/text",
            "/experiment/title",
            "/guess",
            "/history/device",
            "/history/epochs/0/seconds",
            "/history/epochs/1/seconds",
            "/history/interruptions/0/message",
            "/history/interruptions/0/repeated",
            "/history/interruptions/0/step",
            "/report",
            "/student",
            "/test/device",
            "/test/images_per_s",
            "/test/seconds",
            "/version",
        ]
    );
}

#[test]
fn the_text_lists_the_students_word_below_the_verdict() {
    let folder = Folder::new();
    folder.write("tiny.json", experiment().to_string());
    let mut run = full();
    run["date"] = json!("2026-12-01 10:00 UTC");
    run["history"]["device"] = json!("CPU, 4 threads");
    run["test"]["device"] = json!("CPU, 4 threads");
    run["version"] = json!("0.9");
    run["report"] = json!("# Report\nin/bob.json: confirmed: as well");
    (run["history"]["epochs"][0]["seconds"], run["history"]["epochs"][1]["seconds"]) = (json!(20.0), json!(30.0));
    (run["test"]["seconds"], run["test"]["images_per_s"]) = (json!(50.0), json!(8.0));
    folder.write("in/ada.json", run.to_string());
    folder.write("in/empty.json", "");
    let output = folder.verify(&["in", "--assignment", "tiny.json"]);
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3, "no word of a file that cannot be read: {text}");
    assert!(lines[0].starts_with("in/ada.json (Ada): confirmed: "), "{text}");
    assert_eq!(
        lines[1],
        "    not checked, the student's word: name: \"Ada\"; guess: 0.5; answers: \"why\": \"It learns.\"; \
         date: \"2026-12-01 10:00 UTC\"; device: \"CPU, 4 threads\"; times: epochs 50 s, run 50 s, 8 images per second; \
         interruptions: after step 5: \"A worker was replaced\"; version: \"0.9\"; \
         report: \"# Report\\nin/bob.json: confirmed: as well\"; title of the data: \"Drawn digits (synthetic)\"; \
         title and text of the experiment: \"A small one\", \"Try it.\""
    );
    assert!(lines[2].starts_with("in/empty.json: unreadable: "), "{text}");
}
