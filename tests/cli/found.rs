//! Data and documents as people have them: other encodings, several sets, runs that go on after their end.

use super::folder::{Folder, epochs};
use serde_json::Value;
use std::fs;

/// A network on images of 2 x 2 in three classes.
const SMALL: &str = r#"{"name": "small", "dataset": {"name": "custom", "validation": "test"}, "input_shape": [2, 2, 1],
    "layers": [{"type": "flatten"}, {"type": "dense", "units": 3, "activation": "softmax"}],
    "loss": "sparse_categorical_crossentropy", "optimizer": {"type": "sgd", "learning_rate": 0.1}, "batch_size": 2, "epochs": 2}"#;

/// An IDX file.
fn idx(shape: &[u32], values: &[u8]) -> Vec<u8> {
    let mut file = vec![0, 0, 8, shape.len() as u8];
    shape.iter().for_each(|n| file.extend(n.to_be_bytes()));
    [file.as_slice(), values].concat()
}

/// A folder with such a network and six images of its data.
fn small() -> Folder {
    let folder = Folder::new();
    fs::write(folder.0.join("small.json"), SMALL).unwrap();
    fs::create_dir(folder.0.join("data")).unwrap();
    for split in ["train", "test"] {
        let put = |name: &str, bytes: Vec<u8>| fs::write(folder.0.join("data").join(name), bytes).unwrap();
        put(&format!("{split}-images"), idx(&[6, 2, 2], &(0..24).map(|i| i * 10).collect::<Vec<u8>>()));
        put(&format!("{split}-labels"), idx(&[6], &[0, 1, 2, 0, 1, 2]));
    }
    folder
}

#[test]
fn documents_are_read_in_the_encodings_of_editors() {
    let folder = small();
    let train = |name: &str| folder.json(&["train", name, "--data", "data", "--engine", "cpu", "--json"]);
    let expected = epochs(&train("small.json"));
    fs::write(folder.0.join("mark.json"), format!("\u{feff}{SMALL}")).unwrap();
    let utf16: Vec<u8> = [0xfeff].into_iter().chain(SMALL.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    fs::write(folder.0.join("utf16.json"), utf16).unwrap();
    assert_eq!(epochs(&train("mark.json")), expected);
    assert_eq!(epochs(&train("utf16.json")), expected);
    fs::write(folder.0.join("latin.json"), b"{\"name\": \"caf\xe9\"}").unwrap();
    assert!(folder.error(&["summary", "latin.json"], 1).contains("UTF-8"));
}

#[test]
fn a_document_names_the_classes() {
    let folder = small();
    let with = |names: &str| {
        let spec = SMALL.replace("\"validation\": \"test\"", &format!("\"classes\": {names}"));
        fs::write(folder.0.join("named.json"), spec).unwrap();
    };
    let args = ["train", "named.json", "--data", "data", "--engine", "cpu", "--json"];
    with(r#"["ant", "bee", "<b>cat"]"#);
    assert_eq!(folder.json(&args)[0]["classes"], serde_json::json!(["ant", "bee", "<b>cat"]));
    for (names, word) in [
        (r#"["ant", "bee"]"#, "2 names"),
        (r#"["a", "b", "c", "d"]"#, "3 classes"),
        (r#"["a", " ", "c"]"#, "characters"),
    ] {
        with(names);
        let error = folder.error(&args, 1);
        assert!(error.contains("dataset.classes") && error.contains(word), "{error}");
    }
    with(r#"["ant", "bee", "cat"], "merge_classes": [[0, 2], [1]]"#);
    assert_eq!(folder.json(&args)[0]["classes"], serde_json::json!(["ant+cat", "bee"]));
}

#[test]
fn a_run_goes_on_after_early_stopping() {
    let folder = small();
    let stopping = |restore: bool| {
        let rule = format!(
            "\"early_stopping\": {{\"patience\": 0, \"monitor\": \"val_loss\", \"min_delta\": 10, \"restore_best_weights\": {restore}}}"
        );
        let spec = SMALL.replace("\"epochs\": 2", &format!("\"epochs\": 8, {rule}"));
        fs::write(folder.0.join("stop.json"), spec).unwrap();
    };
    let args = ["train", "stop.json", "--data", "data", "--engine", "cpu", "--json"];
    for restore in [false, true] {
        stopping(restore);
        let out = folder.json(&[&args[..], &["--out", "run"]].concat());
        assert_eq!((out.last().unwrap()["stopped_early"].as_bool(), epochs(&out).len()), (Some(true), 2));
        let resume = [&args[..], &["--resume", "run/checkpoint.safetensors"]].concat();
        let error = folder.error(&resume, 1);
        assert!(error.contains("after 2 of 8 epochs") && error.contains("--epochs above 8"), "{error}");
        let more = folder.json(&[&resume[..], &["--epochs", "9"]].concat());
        let notice = more.iter().find(|line| line["event"] == "notice").unwrap();
        let what = if restore { "best epoch's weights" } else { "weights of its last epoch" };
        assert!(notice["message"].as_str().unwrap().contains(what), "{notice}");
        // Early stopping has begun anew: two epochs more, not one.
        let more: Vec<Value> = epochs(&more).iter().map(|epoch| epoch["epoch"].clone()).collect();
        assert_eq!(more, [3, 4]);
    }
}

#[test]
fn fewer_images_than_the_set_has_are_said() {
    let folder = small();
    let notice = |args: &[&str]| {
        let all = [&["train", "small.json", "--data", "data", "--engine", "cpu", "--json"], args].concat();
        folder.json(&all)[0]["notice"].clone()
    };
    assert_eq!(notice(&[]), Value::Null);
    let said = notice(&["--train-limit", "4"]);
    assert!(said.as_str().unwrap().contains("4 of 6 training images and 6 of 6 test images are used"), "{said}");
}

#[test]
fn a_set_of_another_experiment_is_named_with_what_trains_on_it() {
    let folder = Folder::new();
    fs::create_dir(folder.0.join("data")).unwrap();
    for name in ["data_batch_1.bin", "test_batch.bin"] {
        fs::write(folder.0.join("data").join(name), vec![1; 3073]).unwrap();
    }
    let error = folder.error(&["train", "mnist-10", "--data", "data"], 1);
    assert!(error.contains("needs mnist") && error.contains("cifar10") && error.contains("net-1"), "{error}");
}

#[cfg(unix)]
#[test]
fn special_files_are_refused_before_they_are_opened() {
    let folder = Folder::new();
    assert!(std::process::Command::new("mkfifo").arg(folder.0.join("pipe.json")).status().unwrap().success());
    std::os::unix::fs::symlink("/dev/zero", folder.0.join("zero.safetensors")).unwrap();
    assert!(folder.error(&["summary", "pipe.json"], 1).contains("named pipe"));
    assert!(folder.error(&["train", "pipe.json"], 1).contains("named pipe"));
    for option in ["--resume", "--weights"] {
        assert!(folder.error(&["train", "tiny.json", option, "zero.safetensors"], 1).contains("device"));
    }
    // A hole of 3 GB that is no file of weights.
    fs::File::create(folder.0.join("hole")).unwrap().set_len(3 << 30).unwrap();
    assert!(folder.error(&["train", "tiny.json", "--weights", "hole"], 1).contains("not a safetensors file"));
}

/// A PNG file of one colour.
fn png(value: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 4, 4);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(&[value; 16]).unwrap();
    bytes
}

#[test]
fn a_folder_of_images_trains() {
    let folder = Folder::new();
    let dataset = r#"{"name": "images", "image_size": [2, 2], "color_mode": "grayscale", "validation": {"split": 0.25}, "test": {"split": 0.2}}"#;
    let spec =
        SMALL.replace(r#"{"name": "custom", "validation": "test"}"#, dataset).replace("\"units\": 3", "\"units\": 2");
    fs::write(folder.0.join("spec.json"), spec.replace("\"epochs\": 2", "\"epochs\": 40")).unwrap();
    for (class, value) in [("dark", 30), ("light", 240)] {
        fs::create_dir_all(folder.0.join("data").join(class)).unwrap();
        (0..20).for_each(|i| fs::write(folder.0.join(format!("data/{class}/{i}.png")), png(value - i)).unwrap());
    }
    fs::write(folder.0.join("data/dark/broken.jpg"), b"<html>").unwrap();
    let args = ["train", "spec.json", "--data", "data", "--engine", "cpu", "--json"];
    let output = folder.run(&args);
    let notes = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(notes.contains("left out dark/broken.jpg") && notes.contains("web page"), "{notes}");
    let lines = folder.json(&args);
    assert_eq!(lines[0]["classes"], serde_json::json!(["dark", "light"]));
    let counts = ["train_samples", "validation_samples", "test_samples"].map(|key| lines[0][key].as_u64().unwrap());
    assert_eq!(counts, [24, 8, 8]);
    assert_eq!(lines.last().unwrap()["test_accuracy"], 1.0);
    let error = folder.error(&["train", "spec.json", "--data", "data/dark"], 1);
    assert!(error.contains("CLASS/image.png"), "{error}");
}
