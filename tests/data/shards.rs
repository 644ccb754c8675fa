//! Which Parquet files form a set: copies, numbered parts, several sets, names of classes.

use super::message;
use super::tables::{file, options, try_table};
use convlab::data::{Dataset, load_parquet};
use std::fs;

fn flowers() -> Vec<u8> {
    file("codecs/none.parquet")
}

/// The same table with other names of its classes, of the same length in all.
fn named(names: &str) -> Vec<u8> {
    let own = br#"["daisy", "rose", "tulip"]"#;
    let mut bytes = flowers();
    assert_eq!(names.len(), own.len());
    let at = bytes.windows(own.len()).position(|part| part == own).unwrap();
    bytes[at..at + own.len()].copy_from_slice(names.as_bytes());
    bytes
}

/// The set of files that hold the tables of these kinds.
fn set(files: &[(&str, &str)]) -> Result<Dataset, convlab::Error> {
    let bytes = |kind: &str| match kind {
        "numbers" => file("broken-rows.parquet"),
        "flowers" => flowers(),
        names => named(names),
    };
    let files: Vec<(&str, Vec<u8>)> = files.iter().map(|(path, kind)| (*path, bytes(kind))).collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(path, bytes)| (*path, bytes.as_slice())).collect();
    try_table(options(None, None), &files)
}

const REVERSED: &str = r#"["tulip", "rose", "daisy"]"#;
const TURNED: &str = r#"["rose", "tulip", "daisy"]"#;

#[test]
fn copies_count_once() {
    let expected = set(&[("train.parquet", "flowers"), ("test.parquet", "flowers")]).unwrap();
    let beside = set(&[("train.parquet", "flowers"), ("train (1).parquet", "flowers"), ("test.parquet", "flowers")]);
    assert_eq!(beside.unwrap(), expected);
    let folders = ["a/train.parquet", "a/test.parquet", "b/train.parquet", "b/test.parquet"];
    assert_eq!(set(&folders.map(|path| (path, "flowers"))).unwrap(), expected);
    let folder = std::env::temp_dir().join(format!("convlab-shards-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    for path in folders {
        fs::create_dir_all(folder.join(path).parent().unwrap()).unwrap();
        fs::write(folder.join(path), flowers()).unwrap();
    }
    assert_eq!(load_parquet(&folder, options(None, None), &mut |_, _| ()).unwrap().0, expected);
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn several_sets_are_a_question() {
    for files in [
        [("a/train.parquet", "flowers"), ("a/test.parquet", "flowers"), ("b/train.parquet", REVERSED)],
        [
            ("train-00000-of-00001-abc.parquet", "flowers"),
            ("train-00000-of-00001-def.parquet", REVERSED),
            ("test.parquet", "flowers"),
        ],
        [("train-00000-of-00001.parquet", "flowers"), ("train.parquet", REVERSED), ("test.parquet", "flowers")],
        [("cats-train.parquet", "flowers"), ("cats-test.parquet", "flowers"), ("dogs-train.parquet", REVERSED)],
        [("train-0-of-2.parquet", "flowers"), ("train-1-of-2.parquet", REVERSED), ("train-1-of-3.parquet", TURNED)],
    ] {
        let error = message(set(&files));
        let repeated = files[2].0.starts_with("train-1-of");
        assert!(error.contains("several sets") && error.contains("give one of them"), "{files:?}: {error}");
        assert!(error.contains(files[if repeated { 2 } else { 0 }].0) || error.contains(files[1].0), "{error}");
    }
    // Parts of one set: by folders of the splits, and by any names.
    for files in [
        [
            ("set/train/0000.parquet", "flowers"),
            ("set/train/0001.parquet", REVERSED),
            ("set/test/0000.parquet", "flowers"),
        ],
        [("train_a.parquet", "flowers"), ("train_b.parquet", REVERSED), ("test.parquet", "flowers")],
        [
            ("train-0-of-2-aa.parquet", "flowers"),
            ("train-1-of-2-bb.parquet", REVERSED),
            ("test-0-of-1-cc.parquet", "flowers"),
        ],
    ] {
        let data = set(&files).unwrap_or_else(|error| panic!("{files:?}: {error}"));
        assert_eq!((data.train.len(), data.test.len()), (18, 9), "{files:?}");
    }
}

#[test]
fn a_missing_part_is_named() {
    let files = |names: [&'static str; 3]| set(&names.map(|name| (name, "flowers")));
    let error =
        message(set(&[("train-00000-of-00003.parquet", "flowers"), ("train-00002-of-00003.parquet", REVERSED)]));
    assert!(error.contains("Missing: train-00001-of-00003.parquet. Add it"), "{error}");
    let error = message(files(["d/train-0-of-9-ab.parquet", "test.parquet", "d/train-0-of-9-ab.parquet"]));
    assert!(error.contains("d/train-1-of-9-….parquet") && error.contains("5 more of the 9 files"), "{error}");
}

#[test]
fn classes_are_matched_by_their_names() {
    // The labels are 0, 1, 2, 0, 1, 2, …
    let data = set(&[("train.parquet", "flowers"), ("test.parquet", REVERSED)]).unwrap();
    assert_eq!((data.classes.join(" "), data.train.labels[..3].to_vec()), ("daisy rose tulip".into(), vec![0, 1, 2]));
    assert_eq!(data.test.labels[..3], [2, 1, 0]);
    let error = message(set(&[("train.parquet", "flowers"), ("test.parquet", r#"["daisy", "rose", "tansy"]"#)]));
    assert!(error.contains("different classes") && error.contains("daisy, rose, tansy"), "{error}");
}

#[test]
fn names_of_an_experiment_never_swap_classes() {
    let data = || set(&[("train.parquet", "flowers"), ("test.parquet", "flowers")]).unwrap();
    let names = |names: [&str; 3]| names.map(str::to_string);
    // The data's own names: the images keep theirs.
    let mut ordered = data();
    ordered.name_classes(&names(["tulip", "daisy", "rose"])).unwrap();
    assert_eq!((ordered.classes[0].as_str(), ordered.train.labels[..3].to_vec()), ("tulip", vec![1, 2, 0]));
    assert_eq!(ordered.test.labels[..3], [1, 2, 0]);
    // Other names, in the order of the data's own.
    let mut renamed = data();
    renamed.name_classes(&names(["Gänseblümchen", "rose", "Tulpe"])).unwrap();
    assert_eq!((renamed.classes[2].as_str(), &renamed.train), ("Tulpe", &data().train));
    let error = data().name_classes(&names(["rose", "daisy", "Tulpe"])).unwrap_err().to_string();
    assert!(error.contains("dataset.classes") && error.contains("\"rose\" for the class \"daisy\""), "{error}");
    // Labels without names take any.
    let mut plain = set(&[("train.parquet", "numbers"), ("test.parquet", "numbers")]).unwrap();
    let labels = plain.train.labels.clone();
    plain.name_classes(&["1".to_string(), "0".to_string()]).unwrap();
    assert_eq!((plain.classes.join(" "), plain.train.labels), ("1 0".to_string(), labels));
}
