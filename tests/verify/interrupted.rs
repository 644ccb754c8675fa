//! A check that is broken off goes on where it was, and shows how far it is.

use super::runs::{Folder, experiment, run, run_of};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

/// A class of five with a seed for each; the last one's run takes fifteen times as long as the others.
fn class() -> Folder {
    let folder = Folder::new();
    let document = json!({"assignment": "W", "experiment": experiment(), "seed": "student", "may_change": ["epochs"]});
    folder.write("week.json", document.to_string());
    for name in ["Ada", "Bob", "Cleo", "Dan"] {
        folder.write(&format!("in/{name}.json"), run_of(name).to_string());
    }
    let mut long = experiment();
    long["epochs"] = json!(30);
    long["seed"] = json!(convlab::submission::seed::student_seed("Zoe").unwrap());
    let mut long = run(&long, true);
    long["student"] = json!("Zoe");
    folder.write("in/Zoe.json", long.to_string());
    folder
}

#[test]
fn a_killed_check_goes_on_and_ends_with_the_same_verdicts() {
    let folder = class();
    let (whole, code) = folder.events(&["in", "--assignment", "week.json"]);
    assert_eq!((whole.len(), code), (5, Some(0)), "{whole:?}");

    let args = ["in", "--assignment", "week.json", "--csv", "grades.csv", "--json"];
    let mut child = folder.command(&args).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.next().is_some_and(|line| line.contains("in/Ada.json")), "a verdict is printed when it is known");
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!folder.0.join("grades.csv").exists(), "the table is written at the end");

    // What the first run found is marked, so that it can be told from what the second one finds.
    let kept = folder.0.join("grades.csv.verdicts.jsonl");
    let found = fs::read_to_string(&kept).unwrap();
    let count = found.lines().filter(|line| line.ends_with('}')).count();
    assert!((1..5).contains(&count), "{found}");
    fs::write(&kept, found.replace("to the last bit", "as found before")).unwrap();
    let (mut events, code) = folder.events(&args[..5]);
    let mut marked = 0;
    for event in &mut events {
        let reason = event["reason"].as_str().unwrap();
        marked += usize::from(reason.contains("as found before"));
        event["reason"] = json!(reason.replace("as found before", "to the last bit"));
    }
    assert_eq!((marked, code), (count, Some(0)), "{events:?}");
    assert_eq!(events, whole);
    assert_eq!(fs::read_to_string(folder.0.join("grades.csv")).unwrap().lines().count(), 6);

    // Now all is known.
    let marked = fs::read_to_string(&kept).unwrap().replace("to the last bit", "as found before");
    fs::write(&kept, marked).unwrap();
    let (events, _) = folder.events(&args[..5]);
    let is_marked = |event: &Value| event["reason"].as_str().unwrap().contains("as found before");
    assert!(events.len() == 5 && events.iter().all(is_marked), "{events:?}");
}

/// `script` of util-linux gives the program a terminal: without one, nothing is drawn.
#[cfg(target_os = "linux")]
#[test]
fn on_a_terminal_a_bar_says_how_many_replays_run_at_once_and_are_done() {
    let folder = class();
    let command = format!("'{}' verify in --assignment week.json", env!("CARGO_BIN_EXE_convlab"));
    let mut script = std::process::Command::new("script");
    script.args(["-q", "-e", "-c", &command, "/dev/null"]).stdin(Stdio::null());
    script.current_dir(&folder.0).env("TERM", "xterm").env_remove("CONVLAB_DATA");
    let output = script.output().unwrap();
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{shown}");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let at_once = format!("Replaying {} at once, ", cores.min(5));
    assert!(shown.contains(&format!("{at_once}0 of 5 done")), "{shown}");
    assert!(shown.contains(&format!("{at_once}4 of 5 done")) && shown.contains('%'), "{shown}");
    assert!(shown.contains("in/Zoe.json (Zoe): confirmed: "), "{shown}");

    let output = folder.verify(&["in", "--assignment", "week.json"]);
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}
