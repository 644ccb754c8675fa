//! Files that would vanish, look later or better than they are, or cost more than the assignment: each has its line, and counts as it is.

use super::HONEST;
use super::runs::{Folder, experiment, raise_accuracy};
use serde_json::{Value, json};
use std::fs;
use std::io::{Cursor, Write};
use std::process::Stdio;

fn find<'e>(events: &'e [Value], file: &str) -> &'e Value {
    events.iter().find(|event| event["file"] == file).unwrap_or_else(|| panic!("{file}: {events:?}"))
}

#[test]
fn no_file_of_a_folder_vanishes() {
    let folder = Folder::new();
    folder.write("in/ada.json", HONEST.to_string());
    folder.write("in/.bob.json", HONEST.to_string());
    fs::create_dir(folder.0.join("in/.git")).unwrap();
    folder.write("in/.git/config.json", "{}");
    folder.write("in/._ada.json", "of the system");
    // It begins as the table that is written here.
    let table = folder.events(&["in/ada.json", "--csv", "table.csv"]).0;
    assert_eq!(table.len(), 1);
    let heading = fs::read_to_string(folder.0.join("table.csv")).unwrap().lines().next().unwrap().to_string();
    folder.write("in/cleo.json", heading + "\r\n");
    let mut expected = 3;
    #[cfg(unix)]
    {
        fs::create_dir(folder.0.join("elsewhere")).unwrap();
        folder.write("elsewhere/dora.json", HONEST.to_string());
        std::os::unix::fs::symlink("../elsewhere", folder.0.join("in/link")).unwrap();
        std::os::unix::fs::symlink("ada.json", folder.0.join("in/aaa.json")).unwrap();
        expected += 1;
    }
    let (events, code) = folder.events(&["in"]);
    assert_eq!((events.len(), code), (expected, Some(1)), "{events:?}");
    assert_eq!(find(&events, "in/ada.json")["verdict"], "confirmed");
    assert!(find(&events, "in/.bob.json")["reason"].as_str().unwrap().contains("begins with a point"));
    assert_eq!(find(&events, "in/cleo.json")["verdict"], "unreadable");
    #[cfg(unix)]
    assert!(find(&events, "in/link")["reason"].as_str().unwrap().contains("links to folders"));
}

#[test]
fn a_student_does_not_set_the_date_of_an_archive() {
    let folder = Folder::new();
    folder.write(
        "week.json",
        json!({"assignment": "W", "experiment": experiment(), "deadline": "2001-01-01T12:00:00Z"}).to_string(),
    );
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let early = zip::DateTime::from_date_and_time(1999, 1, 1, 0, 0, 0).unwrap();
    zip.start_file("ada.json", zip::write::SimpleFileOptions::default().last_modified_time(early)).unwrap();
    zip.write_all(HONEST.to_string().as_bytes()).unwrap();
    folder.write("in/ada.zip", zip.finish().unwrap().into_inner());
    for (given, late) in [("in", true), ("in/ada.zip", false)] {
        let (events, _) = folder.events(&[given, "--assignment", "week.json"]);
        assert_eq!(events[0]["late"], late, "{given}: {events:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_changes_neither_the_table_nor_the_exit_code() {
    let folder = Folder::new();
    let mut forged = HONEST.clone();
    raise_accuracy(&mut forged, 5);
    folder.write("in/ada.json", forged.to_string());
    let args = ["in", "--csv", "grades.csv"];
    let mut child = folder.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(1));
    assert!(fs::read_to_string(folder.0.join("grades.csv")).unwrap().contains("refuted"));
}

#[test]
fn layers_without_products_are_work_too() {
    let folder = Folder::new();
    folder.write(
        "open.json",
        json!({"assignment": "O", "experiment": experiment(), "may_change": ["layers"]}).to_string(),
    );
    let mut run = HONEST.clone();
    let gelu = json!({"type": "activation", "activation": "gelu"});
    let mut layers = vec![json!({"type": "up_sampling2d", "size": 6})];
    layers.extend(vec![gelu; 6]);
    layers.push(json!({"type": "max_pooling2d", "pool_size": 6}));
    layers.extend(run["experiment"]["layers"].as_array().unwrap().clone());
    run["experiment"]["layers"] = layers.into();
    let (event, _) = folder.event(&run, &["--assignment", "open.json"]);
    assert!(event["reason"].as_str().unwrap().contains("times the work"), "{event}");
}

#[test]
fn points_do_not_depend_on_rounding() {
    let folder = Folder::new();
    let accuracy = HONEST["test"]["test_accuracy"].as_f64().unwrap();
    folder.write(
        "week.json",
        json!({"assignment": "W", "experiment": experiment(), "rubric": [
            {"points": 0.1, "accuracy": 0}, {"points": 0.2, "guess": 0.05}]})
        .to_string(),
    );
    for guess in [accuracy - 0.05, accuracy + 0.05] {
        let mut run = HONEST.clone();
        // As a person writes it.
        run["guess"] = json!(format!("{guess:.4}").parse::<f64>().unwrap());
        let (event, _) = folder.event(&run, &["--assignment", "week.json"]);
        assert_eq!(event["points"], 0.3, "{event}");
    }
}

#[test]
fn a_name_is_no_verdict_and_has_a_length() {
    let folder = Folder::new();
    folder.write("tiny.json", experiment().to_string());
    let mut run = HONEST.clone();
    raise_accuracy(&mut run, 5);
    run["student"] = json!("Ada): confirmed: repeated with the same figures to the last bit (tiny");
    folder.write("ada.json", run.to_string());
    let output = folder.verify(&["ada.json", "--assignment", "tiny.json"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("ada.json (\"Ada): confirmed:") && text.contains("(tiny\"): refuted: "), "{text}");
    for (field, value, part) in [
        ("student", json!("A".repeat(300)), "student must have at most 200 characters. Received: 300"),
        ("guess", json!(1e308), "guess must lie between 0 and 1"),
    ] {
        let mut run = HONEST.clone();
        run[field] = value;
        let (event, _) = folder.event(&run, &["--assignment", "tiny.json"]);
        assert!(event["reason"].as_str().unwrap().contains(part), "{event}");
    }
}

#[test]
fn a_seed_of_another_kind_is_named() {
    let folder = Folder::new();
    for seed in [json!("3"), json!(-1), json!(4_294_967_296_u64)] {
        folder.write("week.json", json!({"assignment": "W", "experiment": experiment(), "seed": seed}).to_string());
        folder.write("ada.json", HONEST.to_string());
        let output = folder.verify(&["ada.json", "--assignment", "week.json"]);
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains("a whole number from 0 to 4294967295, or \"student\""), "{text}");
    }
}
