//! What is checked before a replay refuses no honest run, and no replay is asked for that the history does not fit.

use super::runs::{Folder, experiment, run, run_of};
use super::{HONEST, set};
use serde_json::{Value, json};

#[test]
fn runs_that_end_within_an_epoch_or_early_and_runs_of_several_data_sets_are_confirmed() {
    let folder = Folder::new();
    let mut files = Vec::new();
    for (name, change) in [
        ("a-part", (|one| one["epochs"] = json!(1.3)) as fn(&mut Value)),
        ("b-other-data", |one| one["dataset"]["limit"]["train"] = json!(100)),
        ("c-early", |one| {
            one["epochs"] = json!(9);
            one["early_stopping"] = json!({"monitor": "loss", "min_delta": 9.0, "patience": 1});
        }),
        ("d-test", |one| one["dataset"]["validation"] = json!("test")),
        ("e-none", |one| one["dataset"]["validation"] = Value::Null),
    ] {
        let mut own = experiment();
        change(&mut own);
        folder.write(&format!("in/{name}.json"), run(&own, true).to_string());
        folder.write(&format!("{name}.json"), own.to_string());
        let (events, _) = folder.events(&[&format!("in/{name}.json"), "--assignment", &format!("{name}.json")]);
        assert_eq!(events[0]["verdict"], "confirmed", "{name}: {events:?}");
        files.push(format!("in/{name}.json"));
    }
    let (events, code) = folder.events(&["in"]);
    let found: Vec<&str> = events.iter().map(|event| event["file"].as_str().unwrap()).collect();
    assert_eq!((found, code), (files.iter().map(String::as_str).collect(), Some(0)), "{events:?}");
}

#[test]
fn a_short_file_does_not_ask_for_a_long_replay() {
    let folder = Folder::new();
    let reason = |change: fn(&mut Value)| {
        let mut run = HONEST.clone();
        change(&mut run);
        let (event, _) = folder.event(&run, &[]);
        (event["verdict"].as_str().unwrap().to_string(), event["reason"].as_str().unwrap().to_string())
    };
    let (verdict, why) = reason(|run| set(run, "/experiment/epochs", json!(1_000_000)));
    assert!(verdict == "refuted" && why.contains("the number of epochs in its history is 2"), "{why}");
    let (verdict, why) = reason(|run| run["history"]["learning_rates"] = json!([]));
    assert!(verdict == "refuted" && why.contains("is 0; its experiment takes 16 for 200 training images"), "{why}");
    let (verdict, why) = reason(|run| {
        set(run, "/experiment/epochs", json!(1_000_000));
        set(run, "/experiment/dataset/limit/train", json!(1_000_000));
        run["experiment"]["early_stopping"] = json!({"patience": 1_000_000});
    });
    assert!(verdict == "unreadable" && why.contains("multiplications"), "{why}");

    // Some of the images are the set's own for validation, so that fewer steps are made.
    let (verdict, why) = reason(|run| {
        for place in ["/experiment/dataset/name", "/data/name"] {
            set(run, place, json!("medmnist"));
        }
        run["history"]["learning_rates"].as_array_mut().unwrap().truncate(12);
    });
    assert!(verdict == "unreadable" && !why.contains("steps"), "{verdict}: {why}");

    let may =
        json!({"assignment": "M", "experiment": experiment(), "may_change": ["dataset.limit", "dataset.validation"]});
    folder.write("may.json", may.to_string());
    let mut many = HONEST.clone();
    set(&mut many, "/experiment/dataset/limit/test", json!(1_000_000));
    set(&mut many, "/experiment/dataset/validation", json!("test"));
    let (event, _) = folder.event(&many, &["--assignment", "may.json"]);
    assert!(event["reason"].as_str().unwrap().contains("at most 20.0 times"), "{event}");
}

#[test]
fn a_listed_name_has_one_seed_in_every_spelling() {
    let folder = Folder::new();
    let document =
        json!({"assignment": "L", "experiment": experiment(), "seed": "student", "students": ["Ada Lovelace"]});
    folder.write("list.json", document.to_string());
    let check = |run: &Value| {
        let (event, _) = folder.event(run, &["--assignment", "list.json"]);
        (event["verdict"].as_str().unwrap().to_string(), event["reason"].as_str().unwrap().to_string())
    };
    let mut ada = run_of("Ada Lovelace");
    ada["student"] = json!("\u{feff}Ada\u{a0}Love\u{200b}lace");
    assert_eq!(check(&ada).0, "confirmed");
    let (verdict, why) = check(&run_of("Ada Love\u{200b}lace"));
    assert!(verdict == "refuted" && why.contains("the seed of this student"), "{why}");
    ada.as_object_mut().unwrap().remove("student");
    assert!(check(&ada).1.contains("no student's name"));
    ada["student"] = json!("\u{200b}");
    assert!(check(&ada).1.contains("is not among the students"));
}

#[test]
fn an_equal_experiment_may_be_written_differently() {
    let folder = Folder::new();
    folder.write("tiny.json", experiment().to_string());
    let mut other = HONEST.clone();
    set(
        &mut other,
        "/experiment/optimizer",
        json!({"type": "adam", "learning_rate": 0.01, "beta_1": 0.9, "use_ema": false}),
    );
    let dense = &mut other["experiment"]["layers"][3];
    dense["kernel_initializer"] = json!({"type": "he_normal"});
    dense["kernel_regularizer"] = json!({"l1": 0, "l2": 0});
    dense["trainable"] = json!(true);
    let (event, _) = folder.event(&other, &["--assignment", "tiny.json"]);
    assert_eq!(event["verdict"], "confirmed", "{event}");
}
