//! The output folder of `convlab train`: what is in it does not depend on the machine's speed, one process writes to it at a time, and it
//! has room for the run.

use super::folder::{Folder, TINY};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const LOCK: &str = ".convlab.lock";

/// A run that goes on until it is killed.
const ENDLESS: [&str; 9] = ["train", "tiny.json", "--engine", "cpu", "--epochs", "100000", "--out", "run", "--json"];

/// Starts a run that goes on and waits for its first checkpoint.
fn start_endless(folder: &Folder) -> Child {
    let checkpoint = folder.0.join("run/checkpoint.safetensors");
    let mut child = folder.command(&ENDLESS).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    wait_for(&mut child, || checkpoint.exists());
    child
}

fn wait_for(child: &mut Child, happened: impl Fn() -> bool) {
    while !happened() {
        assert_eq!(child.try_wait().unwrap(), None, "the run ended by itself");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

fn partial_files(folder: &Folder) -> Vec<String> {
    folder.files("run").into_iter().filter(|name| name.ends_with(".part")).collect()
}

fn history(folder: &Folder) -> Value {
    serde_json::from_slice(&folder.bytes("run/history.json")).unwrap()
}

/// In a fast run, many epochs and the test fall between two updates of the progress bar.
#[test]
fn the_best_weights_are_those_of_the_best_epoch_also_of_the_last_one() {
    let folder = Folder::new();
    let spec = TINY
        .replace("\"epochs\": 3", "\"epochs\": 6, \"model_checkpoint\": {\"monitor\": \"loss\"}")
        .replace("0.01", "0.001");
    fs::write(folder.0.join("best.json"), spec).unwrap();
    folder.json(&["train", "best.json", "--engine", "cpu", "--out", "run", "--json"]);
    let losses: Vec<f64> =
        history(&folder)["epochs"].as_array().unwrap().iter().map(|row| row["loss"].as_f64().unwrap()).collect();
    assert!(losses.windows(2).all(|pair| pair[1] < pair[0]), "the last epoch must be the best: {losses:?}");
    assert_eq!(folder.bytes("run/best.safetensors"), folder.bytes("run/weights.safetensors"));
}

#[test]
fn a_run_that_diverges_leaves_the_epochs_before() {
    let folder = Folder::new();
    // The learning rate is far too high from the third epoch on.
    let wild = "\"model_checkpoint\": {\"monitor\": \"loss\"}, \"learning_rate_schedule\": {\"type\": \"step_decay\", \
                \"step_size\": 2, \"gamma\": 1e30}, \"epochs\": 50";
    let spec = TINY.replace("\"epochs\": 3", wild).replace("adam", "sgd").replace("0.01", "0.0001");
    fs::write(folder.0.join("wild.json"), spec).unwrap();
    let output = folder.run(&["train", "wild.json", "--engine", "cpu", "--out", "run", "--json"]);
    let (stdout, stderr) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(stderr.contains("training stopped"), "{stderr}");
    let told = stdout.lines().filter(|line| line.contains("\"event\":\"epoch\"")).count();
    assert!(told >= 2, "{stdout}");
    assert_eq!(history(&folder)["epochs"].as_array().unwrap().len(), told);
    assert!(folder.files("run").contains(&"best.safetensors".to_string()));
}

#[test]
fn a_second_process_is_refused_and_disturbs_nothing() {
    let folder = Folder::new();
    let mut first = start_endless(&folder);
    let checkpoint = folder.0.join("run/checkpoint.safetensors");
    for command in [&ENDLESS[..], &["train", "tiny.json", "--out", "run"]] {
        let error = folder.error(command, 1);
        assert!(error.contains(&format!("process {} since ", first.id())) && error.contains("run: "), "{error}");
        assert!(error.contains("another folder"), "{error}");
    }
    // The first one still writes its files.
    let before = fs::metadata(&checkpoint).unwrap().modified().unwrap();
    let changed = || fs::metadata(&checkpoint).and_then(|file| file.modified()).is_ok_and(|now| now != before);
    wait_for(&mut first, changed);
    kill(first);
}

#[test]
fn what_a_killed_process_left_is_taken_over() {
    let folder = Folder::new();
    kill(start_endless(&folder));
    assert!(folder.files("run").contains(&LOCK.to_string()), "a killed process cannot remove its lock file");
    fs::write(folder.0.join("run/.history.json.4194304.part"), "half").unwrap();
    folder.json(&["train", "tiny.json", "--engine", "cpu", "--epochs", "1", "--out", "run", "--json"]);
    assert_eq!(partial_files(&folder), [""; 0]);
    assert!(!folder.files("run").contains(&LOCK.to_string()), "the lock file is removed at the end");
}

/// After a restart of the machine, another program may have the number that a lock file names.
#[test]
fn a_lock_file_alone_locks_nothing() {
    let folder = Folder::new();
    fs::create_dir(folder.0.join("run")).unwrap();
    for text in [format!("process {} since 2020-01-01 00:00 UTC\n", std::process::id()), "\u{1b}[2J".repeat(100_000)] {
        fs::write(folder.0.join("run").join(LOCK), text).unwrap();
        folder.json(&["train", "tiny.json", "--engine", "cpu", "--epochs", "1", "--out", "run", "--json"]);
    }
}

/// What the lock's file is opened for is to be emptied.
#[cfg(unix)]
#[test]
fn a_lock_file_that_is_a_link_or_a_folder_is_refused_and_what_it_leads_to_is_kept() {
    let folder = Folder::new();
    fs::create_dir(folder.0.join("run")).unwrap();
    let lock = folder.0.join("run").join(LOCK);
    fs::write(folder.0.join("valuable"), "kept").unwrap();
    let args = ["train", "tiny.json", "--engine", "cpu", "--epochs", "1", "--out", "run", "--json"];
    for target in ["../valuable", "../missing", "."] {
        std::os::unix::fs::symlink(target, &lock).unwrap();
        let error = folder.error(&args, 1);
        assert!(error.contains("not a regular file") && error.contains(LOCK), "{error}");
        fs::remove_file(&lock).unwrap();
    }
    assert_eq!((folder.bytes("valuable"), folder.0.join("missing").exists()), (b"kept".to_vec(), false));
    fs::create_dir(&lock).unwrap();
    assert!(folder.error(&args, 1).contains("not a regular file"));
    assert_eq!(folder.files("run"), [LOCK], "nothing was written");
}

#[test]
fn of_many_processes_at_once_every_one_trains_or_is_refused() {
    let folder = Folder::new();
    let args = ["train", "tiny.json", "--engine", "cpu", "--epochs", "2", "--out", "run", "--json"];
    let (mut trained, mut refused) = (0, 0);
    for round in 0..6 {
        let start = |_| folder.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut children: Vec<Child> = (0..4).map(start).collect();
        if round % 2 == 1 {
            let mut killed = children.remove(0);
            killed.kill().unwrap();
            // Until it is waited for, the system counts it among the living, and its lock as held.
            killed.wait().unwrap();
        }
        for child in children {
            let output = child.wait_with_output().unwrap();
            let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success() || stderr.contains("is writing to this folder"), "{stderr}");
            *if output.status.success() { &mut trained } else { &mut refused } += 1;
        }
    }
    assert!(trained > 0 && refused > 0, "{trained} trained, {refused} were refused");
    folder.json(&args);
    assert_eq!(partial_files(&folder), [""; 0]);
}

/// Checks that a run on a full disk ended before it trained, and left nothing.
fn is_refused_before_training(folder: &Folder, output: &std::process::Output, left: &Path) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.starts_with("error: ") && stderr.contains("no room for the run's files"), "{stderr}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "nothing was trained");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    let left: Vec<_> = fs::read_dir(folder.0.join(left)).map_or(Vec::new(), |files| files.flatten().collect());
    assert!(left.is_empty(), "{left:?}");
}

/// A limit on the size of a file stands for a full disk or a quota: a write fails in the same way.
#[cfg(target_os = "linux")]
#[test]
fn a_limit_on_files_is_found_before_the_first_epoch() {
    let folder = Folder::new();
    let script = "trap '' XFSZ; ulimit -f 16; exec \"$0\" train tiny.json --engine cpu --out run --json";
    let mut shell = Command::new("sh");
    shell.args(["-c", script, env!("CARGO_BIN_EXE_convlab")]).current_dir(&folder.0);
    is_refused_before_training(&folder, &shell.output().unwrap(), Path::new("run"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_found_before_the_first_epoch() {
    let folder = Folder::new();
    fs::create_dir(folder.0.join("small")).unwrap();
    // A disk of 100 KB, in a name space of its own, so that no rights are needed.
    let script = "mount -t tmpfs -o size=100k none small || exit 77; \"$0\" train tiny.json --engine cpu --out small/run --json; \
                  code=$?; ls -A small/run >&2; exit $code";
    let mut shell = Command::new("unshare");
    shell.args(["--user", "--map-root-user", "--mount", "sh", "-c", script, env!("CARGO_BIN_EXE_convlab")]);
    match shell.current_dir(&folder.0).output() {
        Ok(output) if output.status.code() == Some(1) && !output.stderr.starts_with(b"unshare") => {
            is_refused_before_training(&folder, &output, Path::new("small/run"));
        }
        other => eprintln!("SKIPPED: a full disk: no small disk can be made here ({other:?})"),
    }
}
