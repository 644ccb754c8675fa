//! A class of thirty submissions, and the table that it becomes.

use super::runs::{Folder, experiment, raise_accuracy, run_of};
use serde_json::{Value, json};
use std::fs::{self, File};
use std::io::{Cursor, Write};
use std::time::{Duration, UNIX_EPOCH};

/// 2026-12-01 and 2026-12-05, 12:00 UTC, in Unix time; the deadline lies between them.
const IN_TIME: u64 = 1_796_126_400;
const TOO_LATE: u64 = IN_TIME + 4 * 86_400;

fn assignment() -> Value {
    json!({
        "assignment": "Week <3>", "experiment": experiment(), "seed": "student", "deadline": "2026-12-04T18:00:00+01:00",
        "questions": [{"id": "why", "text": "Why?"}, {"id": "parameters", "text": "How many?", "answer": 2674, "tolerance": 5}],
        "rubric": [{"points": 3, "accuracy": 0.05}, {"points": 4, "accuracy": 1}, {"points": 1, "answer": "why"},
            {"points": 2, "answer": "parameters"}, {"points": 1, "guess": 1}],
    })
}

/// A file of the class: its contents, the verdict, the number of files it may be a copy of, the points, and whether it is late.
struct Pupil {
    name: String,
    bytes: Vec<u8>,
    verdict: &'static str,
    copies: usize,
    points: Value,
    late: bool,
}

fn pupil(name: &str, run: &Value, verdict: &'static str) -> Pupil {
    let points = if verdict == "confirmed" { json!(3.0) } else { Value::Null };
    Pupil { name: format!("{name}.json"), bytes: run.to_string().into(), verdict, copies: 0, points, late: false }
}

/// Fourteen honest files (two of them with a formula and with markup as names, two with answers, two late), four forged, three cut
/// off, three copies, three empty, three of other kinds.
fn class() -> Vec<Pupil> {
    let names = [
        "=cmd|' /C calc'!A0",
        "<img src=x onerror=alert(1)>",
        "Émilie",
        "4711",
        "Ada",
        "Bob",
        "Cleo",
        "Dan",
        "Eve",
        "Finn",
    ];
    let runs: Vec<Value> = names.iter().map(|name| run_of(name)).collect();
    let mut class: Vec<Pupil> =
        runs.iter().enumerate().map(|(i, run)| pupil(&format!("a{i}"), run, "confirmed")).collect();
    for (i, (answers, guess, points)) in [
        (json!({"why": "It learns.", "parameters": "2670"}), json!(0.7), 7.0),
        (json!([{"question": "parameters", "answer": 17}, {"question": "why", "answer": ""}]), Value::Null, 3.0),
    ]
    .into_iter()
    .enumerate()
    {
        let mut run = run_of(["Gina", "Hugo"][i]);
        run["answers"] = answers;
        run["guess"] = guess;
        class.push(Pupil { points: json!(points), ..pupil(&format!("b{i}"), &run, "confirmed") });
    }
    for (i, name) in ["Ines", "Jan"].into_iter().enumerate() {
        class.push(Pupil { late: true, ..pupil(&format!("c{i}"), &run_of(name), "confirmed") });
    }
    let forge = |name: &str, change: fn(&mut Value)| {
        let mut run = run_of(name);
        change(&mut run);
        pupil(&format!("d-{name}"), &run, "refuted")
    };
    class.push(forge("Kim", |run| raise_accuracy(run, 5)));
    class.push(forge("Lea", |run| run["history"]["engine"] = json!("gpu")));
    class.push(forge("Max", |run| run["experiment"]["epochs"] = json!(1)));
    class.push(forge("Nora", |run| run["weights_sha256"] = json!("0".repeat(64))));
    for (i, part) in [2, 3, 20].into_iter().enumerate() {
        let bytes = runs[0].to_string().into_bytes();
        let cut = bytes[..bytes.len() - bytes.len() / part].into();
        class.push(Pupil { bytes: cut, ..pupil(&format!("e{i}"), &runs[0], "unreadable") });
    }
    // Copies under other names, of which one was given the right seed in the document only; the original is pointed out, too.
    for (i, original) in [2, 3, 4].into_iter().enumerate() {
        let mut copy = runs[original].clone();
        copy["student"] = json!(format!("Copy {i}"));
        if i == 2 {
            let seed = convlab::submission::seed::student_seed("Copy 2").unwrap();
            (copy["experiment"]["seed"], copy["history"]["seed"]) = (json!(seed), json!(seed));
        }
        class.push(Pupil { copies: 1, ..pupil(&format!("f{i}"), &copy, "refuted") });
        class[original].copies = 1;
    }
    for i in 0..3 {
        class.push(Pupil { bytes: Vec::new(), ..pupil(&format!("g{i}"), &runs[0], "unreadable") });
    }
    for (i, bytes) in [&b"%PDF-1.7"[..], b"{\"format\": \"x\"}", b"\xff\xfe\x00"].into_iter().enumerate() {
        class.push(Pupil { bytes: bytes.into(), ..pupil(&format!("h{i}"), &runs[0], "unreadable") });
    }
    class
}

fn check(events: &[Value], class: &[Pupil], prefix: &str) {
    assert_eq!(events.len(), class.len());
    for pupil in class {
        let file = format!("{prefix}{}", pupil.name);
        let event = events.iter().find(|event| event["file"] == file.as_str()).unwrap_or_else(|| panic!("{file}"));
        assert_eq!(event["event"], "verdict");
        assert_eq!(event["verdict"], pupil.verdict, "{event}");
        assert_eq!(event["duplicates_of"].as_array().unwrap().len(), pupil.copies, "{event}");
        assert_eq!(event["points"], pupil.points, "{event}");
        assert_eq!(event["late"], pupil.late, "{event}");
        assert_eq!(event["student"].is_null(), pupil.verdict == "unreadable", "{event}");
    }
}

#[test]
fn a_class_of_thirty_becomes_a_table_that_can_be_continued() {
    let (folder, class) = (Folder::new(), class());
    assert_eq!(class.len(), 30);
    folder.write("week.json", assignment().to_string());
    for pupil in &class {
        folder.write(&format!("in/{}", pupil.name), &pupil.bytes);
        let seconds = if pupil.late { TOO_LATE } else { IN_TIME };
        let file = File::options().write(true).open(folder.0.join("in").join(&pupil.name)).unwrap();
        file.set_modified(UNIX_EPOCH + Duration::from_secs(seconds)).unwrap();
    }
    let args = ["in", "--assignment", "week.json", "--csv", "grades.csv", "--html", "overview.html"];
    let (events, code) = folder.events(&args);
    assert_eq!(code, Some(1));
    check(&events, &class, "in/");

    let csv = fs::read_to_string(folder.0.join("grades.csv")).unwrap();
    assert_eq!(csv.lines().count(), 31, "{csv}");
    assert!(csv.starts_with("file,student,verdict,test_accuracy,guess,points,late,"));
    assert!(csv.contains(",'=cmd|' /C calc'!A0,confirmed,") && !csv.contains(",=cmd"), "{csv}");
    assert_eq!(csv.lines().filter(|line| line.contains(",late,2026-12-05 12:00 UTC,")).count(), 2, "{csv}");

    let html = fs::read_to_string(folder.0.join("overview.html")).unwrap();
    assert!(html.contains("Week &lt;3&gt;") && html.contains("&lt;img src=x onerror=alert(1)&gt;"));
    assert!(!html.contains("<img") && !html.contains("<script") && html.matches("<article").count() == 30);

    // An interrupted run goes on: verdicts are taken from beside the table, as long as file and assignment are the same.
    let kept = folder.0.join("grades.csv.verdicts.jsonl");
    let lines = fs::read_to_string(&kept).unwrap();
    assert!(lines.lines().count() >= 14, "{lines}");
    let marked = lines.replace("to the last bit", "as found before");
    fs::write(&kept, format!("{}{}", marked, &marked[..40])).unwrap();
    let (again, _) = folder.events(&args);
    check(&again, &class, "in/");
    let from_before = |events: &[Value]| {
        events.iter().filter(|event| event["reason"].as_str().unwrap().contains("as found before")).count()
    };
    assert_eq!(from_before(&again), 14);
    let mut other = assignment();
    (other["deadline"], other["rubric"]) = (json!("2027-01-01"), json!([{"points": 7, "accuracy": 0.01}]));
    folder.write("week.json", other.to_string());
    let (regraded, _) = folder.events(&args);
    assert_eq!(from_before(&regraded), 14, "the deadline and the points need no replay");
    assert!(regraded.iter().all(|event| event["late"] == false), "{regraded:?}");
    assert_eq!(regraded.iter().filter(|event| event["points"] == 7.0).count(), 14);
    other["build"] = json!("any");
    folder.write("week.json", other.to_string());
    assert_eq!(from_before(&folder.events(&args).0), 0, "another assignment");
}

#[test]
fn verdicts_that_lie_among_the_submissions_are_not_believed() {
    let folder = Folder::new();
    folder.write("week.json", assignment().to_string());
    let mut forged = run_of("Kim");
    raise_accuracy(&mut forged, 5);
    folder.write("in/kim.json", forged.to_string());
    let args = ["in", "--assignment", "week.json", "--csv", "grades.csv"];
    folder.events(&args);
    let planted =
        fs::read_to_string(folder.0.join("grades.csv.verdicts.jsonl")).unwrap().replace("refuted", "confirmed");
    folder.write("in/grades.csv.verdicts.jsonl", planted);
    let (events, code) = folder.events(&["in", "--assignment", "week.json", "--csv", "in/grades.csv"]);
    assert_eq!((code, events.len()), (Some(1), 1));
    assert_eq!(events[0]["verdict"], "refuted");
}

#[test]
fn a_class_may_come_in_a_zip() {
    let (folder, class) = (Folder::new(), class());
    folder.write("week.json", assignment().to_string());
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for pupil in &class {
        // A time without a zone is taken for one in the zone of the deadline, which is at 18:00.
        let hour = if pupil.late { 18 } else { 17 };
        let time = zip::DateTime::from_date_and_time(2026, 12, 4, hour, 30, 0).unwrap();
        let options = zip::write::SimpleFileOptions::default().last_modified_time(time);
        zip.start_file(format!("class/{}", pupil.name), options).unwrap();
        zip.write_all(&pupil.bytes).unwrap();
    }
    zip.start_file("__MACOSX/class/._a0.json", zip::write::SimpleFileOptions::default()).unwrap();
    let bytes = zip.finish().unwrap().into_inner();
    folder.write("in/class.zip", &bytes);
    let (events, code) = folder.events(&["in/class.zip", "--assignment", "week.json"]);
    assert_eq!(code, Some(1));
    check(&events, &class, "in/class.zip/class/");
    let in_time = events.iter().filter(|event| event["modified"] == "2026-12-04 17:30 without a zone");
    assert_eq!(in_time.count(), 28);

    folder.write("cut.zip", &bytes[..bytes.len() / 2]);
    folder.write("none.zip", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    let (events, code) = folder.events(&["cut.zip", "none.zip", "nowhere.json", "--assignment", "week.json"]);
    let verdicts: Vec<&str> = events.iter().map(|event| event["verdict"].as_str().unwrap()).collect();
    assert_eq!((verdicts, code), (vec!["unreadable"; 3], Some(1)), "{events:?}");
}

#[test]
fn one_seed_for_all_gives_equal_weights_and_only_copies_share_their_times() {
    let folder = Folder::new();
    folder.write("tiny.json", experiment().to_string());
    let ada = super::run(&experiment(), true);
    let mut bob = ada.clone();
    (bob["student"], bob["history"]["epochs"][0]["seconds"]) = (json!("Bob"), json!(0.123));
    let mut copy = ada.clone();
    copy["student"] = json!("Copy");
    for (name, run) in [("ada", &ada), ("bob", &bob), ("copy", &copy)] {
        folder.write(&format!("in/{name}.json"), run.to_string());
    }
    let (events, code) = folder.events(&["in", "--assignment", "tiny.json"]);
    assert_eq!(code, Some(0));
    let copies: Vec<&Value> = events.iter().map(|event| &event["duplicates_of"]).collect();
    assert_eq!(copies, [&json!(["in/copy.json"]), &json!([]), &json!(["in/ada.json"])]);
}

#[cfg(unix)]
#[test]
fn special_files_and_links_in_a_circle_do_not_stop_it() {
    let folder = Folder::new();
    folder.write("tiny.json", experiment().to_string());
    let made = std::process::Command::new("mkfifo").arg(folder.0.join("in/pipe.json")).status().unwrap();
    assert!(made.success());
    std::os::unix::fs::symlink("/dev/zero", folder.0.join("in/zero.json")).unwrap();
    std::os::unix::fs::symlink(folder.0.join("in"), folder.0.join("in/circle")).unwrap();
    File::create(folder.0.join("in/large.json")).unwrap().set_len(3 << 30).unwrap();
    let (events, code) = folder.events(&["in", "--assignment", "tiny.json"]);
    let mut files: Vec<&str> = events.iter().map(|event| event["file"].as_str().unwrap()).collect();
    files.sort_unstable();
    assert_eq!((files, code), (vec!["in/circle", "in/large.json", "in/pipe.json", "in/zero.json"], Some(1)));
    assert!(events.iter().all(|event| event["verdict"] == "unreadable"), "{events:?}");
}

/// The file beside the table may be anything, too.
#[test]
fn verdicts_of_an_earlier_run_are_read_within_bounds() {
    let folder = Folder::new();
    folder.write("tiny.json", experiment().to_string());
    folder.write("in/ada.json", super::HONEST.to_string());
    let kept = folder.0.join("grades.csv.verdicts.jsonl");
    let refused = |what: &str| {
        let output = folder.verify(&["in", "--assignment", "tiny.json", "--csv", "grades.csv"]);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), stderr.lines().count()), (Some(1), 1), "{stderr}");
        assert!(stderr.contains("verdicts.jsonl: ") && stderr.contains(what), "{stderr}");
    };
    let (events, code) = folder.events(&["in", "--assignment", "tiny.json", "--csv", "grades.csv"]);
    assert_eq!((events.len(), code), (1, Some(0)));
    // It begins as one that was written here, and goes on with a hole.
    File::options().write(true).open(&kept).unwrap().set_len(3 << 30).unwrap();
    refused("at most 1024 MiB");
}
