//! The files that are read and written: what is planted, given twice, named like others, or in the way.

use super::HONEST;
use super::runs::{Folder, experiment, raise_accuracy};
use serde_json::{Value, json};
use std::fs;
use std::io::{Cursor, Write};

/// What a check writes on standard error; it must fail and print no verdict.
fn refusal(folder: &Folder, args: &[&str]) -> String {
    let output = folder.verify(args);
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(output.stdout.is_empty() && output.status.code() == Some(1), "{args:?}: {text}");
    assert_eq!(text.trim().lines().count(), 1, "{text}");
    text
}

#[test]
fn verdicts_that_lie_beside_the_given_files_are_not_believed() {
    let folder = Folder::new();
    folder.write("tiny.json", experiment().to_string());
    let mut forged = HONEST.clone();
    raise_accuracy(&mut forged, 5);
    folder.write("in/ada.json", forged.to_string());
    folder.events(&["in", "--assignment", "tiny.json", "--csv", "grades.csv"]);
    let kept = fs::read_to_string(folder.0.join("grades.csv.verdicts.jsonl")).unwrap();
    folder.write("in/grades.csv.verdicts.jsonl", kept.replace("refuted", "confirmed"));
    let (events, _) = folder.events(&["in/ada.json", "--assignment", "tiny.json", "--csv", "in/grades.csv"]);
    assert_eq!(events[0]["verdict"], "refuted");
}

#[test]
fn nothing_but_an_earlier_table_or_overview_is_replaced() {
    let folder = Folder::new();
    folder.write("tiny.json", experiment().to_string());
    folder.write("in/ada.json", HONEST.to_string());
    folder.write("in/empty.json", "");
    folder.write("notes.csv", "name,mark\r\n");
    let args = |more: &[&'static str]| [&["in", "--assignment", "tiny.json"], more].concat();
    for (more, part) in [
        (&["--csv", "in/ada.json"][..], "this file is to be read"),
        (&["--csv", "in/empty.json"], "this file is to be read"),
        (&["--html", "tiny.json"], "this file is to be read"),
        (&["--csv", "notes.csv"], "no table or overview"),
        (&["--csv", "all.csv", "--html", "./in/../all.csv"], "give each of --csv and --html its own"),
        (&["--csv", "in"], "this is a folder"),
        (&["--csv", "nowhere/all.csv"], "nowhere/all.csv"),
    ] {
        assert!(refusal(&folder, &args(more)).contains(part), "{more:?}: {}", refusal(&folder, &args(more)));
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("notes.csv", folder.0.join("link.csv")).unwrap();
        assert!(refusal(&folder, &args(&["--csv", "link.csv"])).contains("only a regular file"));
        assert!(std::process::Command::new("mkfifo").arg(folder.0.join("pipe")).status().unwrap().success());
        assert!(refusal(&folder, &args(&["--html", "pipe"])).contains("only a regular file"));
    }
    assert_eq!(fs::read_to_string(folder.0.join("in/ada.json")).unwrap(), HONEST.to_string());
    assert_eq!(fs::read_to_string(folder.0.join("notes.csv")).unwrap(), "name,mark\r\n");

    // What a check wrote, a later one replaces, and does not take for a submission.
    let outputs = args(&["--csv", "in/all.csv", "--html", "in/all.html"]);
    for _ in 0..2 {
        let (events, _) = folder.events(&outputs);
        assert_eq!(events.len(), 2, "{events:?}");
    }
    assert!(fs::read_to_string(folder.0.join("in/all.csv")).unwrap().contains("confirmed"));
    assert_eq!(folder.events(&["in", "in/ada.json", "./in/all.csv", "./in/../in/ada.json"]).0.len(), 2);
}

#[test]
fn no_member_of_an_archive_vanishes_and_blanks_do_not_hide_the_others() {
    let folder = Folder::new();
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    let archive = |files: &[(&str, &[u8])]| {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            zip.start_file(*name, options).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    };
    let honest = HONEST.to_string().into_bytes();
    let names = ["./ada.json", "../bob.json", ".cleo.json", "__MACOSX/._ada.json", ".DS_Store"];
    folder.write("in/all.zip", archive(&names.map(|name| (name, &honest[..]))));
    // More than all submissions together may have.
    let blanks = vec![b' '; 30 << 20];
    let blanks =
        archive(&["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"].map(|name| (name, &blanks[..])));
    for name in ["a", "b", "c"] {
        folder.write(&format!("in/{name}.zip"), &blanks);
    }
    folder.write("in/zoe.json", &honest);
    let (events, _) = folder.events(&["in"]);
    let verdict = |file: &str| {
        let event = events.iter().find(|event| event["file"] == file);
        event.map(|event| (event["verdict"].as_str().unwrap(), event["reason"].as_str().unwrap()))
    };
    assert_eq!(events.len(), 3 + 3 * 12 + 1);
    for file in ["in/all.zip/./ada.json", "in/all.zip/../bob.json", "in/zoe.json"] {
        assert_eq!(verdict(file).unwrap().0, "confirmed", "{file}");
    }
    assert!(verdict("in/all.zip/.cleo.json").unwrap().1.contains("begins with a point"));
    assert!(verdict("in/c.zip/0").unwrap().1.contains("the file is empty"));
}

#[test]
fn submissions_are_read_in_the_encodings_of_editors() {
    let folder = Folder::new();
    let text = HONEST.to_string();
    let utf16 = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(bytes).collect()
    };
    folder.write("in/mark.json", format!("\u{feff}{text}"));
    folder.write("in/little.json", utf16(u16::to_le_bytes));
    folder.write("in/big.json", utf16(u16::to_be_bytes));
    let (events, code) = folder.events(&["in"]);
    assert_eq!((events.len(), code), (3, Some(0)), "{events:?}");
}

#[test]
fn equal_answers_to_closed_questions_and_equal_honest_runs_are_no_copies() {
    let folder = Folder::new();
    let choice = "The network learns the training images by heart.";
    let own = "It confused the seven with the one, as I do myself at times.";
    folder.write(
        "week.json",
        json!({"assignment": "W", "experiment": experiment(), "questions": [
            {"id": "choice", "text": "?", "choices": [choice, "No."]}, {"id": "open", "text": "?"}],
            "rubric": [{"points": 1, "guess": 0}]})
        .to_string(),
    );
    let write = |name: &str, seconds: f64, answers: Value, forge: bool| {
        let mut run = HONEST.clone();
        (run["student"], run["answers"], run["history"]["epochs"][0]["seconds"]) =
            (json!(name), answers, json!(seconds));
        if forge {
            raise_accuracy(&mut run, 5);
        }
        folder.write(&format!("in/{name}.json"), run.to_string());
    };
    write("ada", 0.1, json!({"choice": choice, "open": own}), false);
    write("bob", 0.2, json!({"choice": choice, "open": "No idea."}), false);
    write("cleo", 0.3, json!({"choice": choice, "open": own.to_uppercase()}), false);
    write("dan", 0.4, json!({}), true);
    write("eve", 0.5, json!({}), true);
    let (events, _) = folder.events(&["in", "--assignment", "week.json"]);
    let found: Vec<[&Value; 2]> = events.iter().map(|one| [&one["duplicates_of"], &one["duplicate_parts"]]).collect();
    assert_eq!(found[0], [&json!(["in/cleo.json"]), &json!(["answers"])]);
    assert_eq!(found[1], [&json!([]), &json!([])]);
    assert_eq!(found[3], [&json!(["in/eve.json"]), &json!(["weights", "curves"])]);
    let output = folder.verify(&["in", "--assignment", "week.json"]);
    assert!(String::from_utf8(output.stdout).unwrap().contains("; 0 points"));

    for i in 0..30 {
        write(&format!("copy{i}"), 0.1, json!({}), false);
    }
    let (events, _) = folder.events(&["in/ada.json", "in", "--assignment", "week.json"]);
    let copies = events[0]["duplicates_of"].as_array().unwrap();
    assert_eq!((copies.len(), &copies[20]), (21, &json!("and 11 more")), "{copies:?}");
}
