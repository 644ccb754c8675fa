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

#[test]
fn averages_mixed_images_weighted_classes_and_several_views_are_repeated_exactly() {
    let folder = Folder::new();
    let mut own = experiment();
    own["optimizer"] = json!({"type": "adam", "learning_rate": 0.01, "use_ema": true, "ema_momentum": 0.9});
    own["augmentation"] =
        json!([{"type": "random_translation", "height_factor": 0.1, "width_factor": 0.1}, {"type": "mix_up"}]);
    own["class_weight"] = json!({"3": 2.0});
    own["test_time_augmentation"] = json!("flip+shift");
    let honest = run(&own, true);
    assert_eq!(honest["test"]["test_time_augmentation"], "flip+shift");
    folder.write("own.json", own.to_string());
    let (event, code) = folder.event(&honest, &["--assignment", "own.json"]);
    assert_eq!((&event["verdict"], code), (&json!("confirmed"), Some(0)), "{event}");
    // Each of them is a part of the experiment.
    for field in ["augmentation", "class_weight", "test_time_augmentation"] {
        let mut other = own.clone();
        other.as_object_mut().unwrap().remove(field);
        folder.write("other.json", other.to_string());
        let (event, _) = folder.event(&honest, &["--assignment", "other.json"]);
        let reason = event["reason"].as_str().unwrap();
        assert!(event["verdict"] == "refuted" && reason.contains(&format!("its {field}")), "{event}");
        // And changes the figures.
        let (mut claimed, ours) = (honest.clone(), run(&other, true));
        claimed["experiment"] = ours["experiment"].clone();
        let (event, _) = folder.event(&claimed, &["--assignment", "other.json"]);
        assert_eq!(event["verdict"], "refuted", "without {field}: {event}");
    }
}

/// A run that was reloaded and went on with another engine or build is not called a forgery.
#[test]
fn a_run_that_went_on_elsewhere_is_judged_by_what_computed_its_steps() {
    let folder = Folder::new();
    for (name, rules) in [
        ("cpu", json!({})),
        ("gpu", json!({"engine": "gpu"})),
        ("lenient", json!({"build": "any", "exact": false})),
        ("strict", json!({"build": "any", "exact": true})),
    ] {
        let mut document = json!({"assignment": "A", "experiment": experiment()});
        document.as_object_mut().unwrap().extend(rules.as_object().cloned().unwrap());
        folder.write(&format!("{name}.json"), document.to_string());
    }
    let moved = |engine: &str, build: &str, repeated: usize| {
        let mut run = HONEST.clone();
        run["history"]["interruptions"] = json!([{"step": 5, "repeated": repeated, "message": "It goes on here",
            "engine": engine, "build": build}]);
        if repeated < 5 {
            // What another engine has rounded.
            super::add(&mut run, "/history/epochs/0/loss", 1e-3);
        }
        run
    };
    for (run, assignment, verdict, reason) in [
        (moved("gpu", "simd128", 0), "cpu", "refuted", "cannot be replayed exactly: the run moved between engines"),
        (moved("gpu", "simd128", 0), "gpu", "plausible", "within the tolerance"),
        (
            moved("cpu", "relaxed-simd", 0),
            "cpu",
            "refuted",
            "cannot be replayed exactly: the run used the relaxed-simd build",
        ),
        (moved("cpu", "relaxed-simd", 0), "lenient", "plausible", "within the tolerance"),
        (moved("cpu", "relaxed-simd", 0), "strict", "refuted", "the run moved between builds"),
        (moved("tpu", "simd128", 0), "gpu", "refuted", "which Convlab does not have"),
        // Every step was done over, by the engine that is repeated here.
        (moved("gpu", "simd128", 5), "cpu", "confirmed", "to the last bit"),
        (moved("gpu", "native", 9), "cpu", "confirmed", "to the last bit"),
    ] {
        let (event, _) = folder.event(&run, &["--assignment", &format!("{assignment}.json")]);
        assert_eq!(event["verdict"], verdict, "{assignment}: {event}");
        assert!(event["reason"].as_str().unwrap().contains(reason), "{assignment}: {event}");
    }
    // Without an assignment.
    let (event, code) = folder.event(&moved("gpu", "simd128", 0), &[]);
    assert_eq!((&event["verdict"], code), (&json!("plausible"), Some(0)), "{event}");
}
