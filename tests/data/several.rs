//! Files of several sets: the error holds the sets as data, so that a program can ask which of them is meant and give its files again.

use super::build::{idx, zip};
use super::image_files::{options, png, try_set};
use super::tables::{self, try_table};
use super::try_load;
use convlab::Error;
use convlab::base::error::FoundSet;
use convlab::data::load_dir;
use std::collections::BTreeSet;
use std::fs;

/// The four files of a set in a folder, its pixels all `value`.
fn four(folder: &str, value: u8) -> Vec<(String, Vec<u8>)> {
    ["train", "test"]
        .into_iter()
        .flat_map(|split| {
            let images = idx(&[2, 2, 2], &[value; 8]);
            [
                (format!("{folder}/{split}-images-idx3-ubyte"), images),
                (format!("{folder}/{split}-labels-idx1-ubyte"), idx(&[2], &[0, 1])),
            ]
        })
        .collect()
}

fn borrowed(files: &[(String, Vec<u8>)]) -> Vec<(&str, &[u8])> {
    files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect()
}

/// The sets of an error.
#[track_caller]
fn sets<T: std::fmt::Debug>(result: Result<T, Error>) -> Vec<FoundSet> {
    result.expect_err("several sets are a question").sets().to_vec()
}

/// The given files that belong to a set.
fn of_set<'a>(set: &FoundSet, files: &[(&'a str, &'a [u8])]) -> Vec<(&'a str, &'a [u8])> {
    files.iter().copied().filter(|(path, _)| set.files.iter().any(|file| file == path)).collect()
}

#[test]
fn each_of_two_folders_is_named_with_its_files() {
    let files: Vec<_> = four("a", 1).into_iter().chain(four("b", 2)).collect();
    let files = borrowed(&files);
    let sets = sets(try_load("custom", &files));
    assert_eq!(
        sets.iter().map(|set| set.name.as_str()).collect::<Vec<_>>(),
        [r#"the files in "a""#, r#"the files in "b""#]
    );
    for (set, value) in sets.iter().zip([1, 2]) {
        assert_eq!(try_load("custom", &of_set(set, &files)).unwrap().train.pixels, [value; 8]);
    }
    // As the page receives them.
    let names: Vec<&str> = files[..4].iter().map(|(name, _)| *name).collect();
    let given = serde_json::to_value(&sets[0]).unwrap();
    assert_eq!(given["name"], r#"the files in "a""#);
    let paths: BTreeSet<&str> = given["files"].as_array().unwrap().iter().map(|file| file.as_str().unwrap()).collect();
    assert_eq!(paths, names.into_iter().collect::<BTreeSet<_>>());
    // In an archive, its path comes first.
    let archive = zip(&files, false);
    let inside = self::sets(try_load("custom", &[("two.zip", &archive)]));
    assert!(inside.len() == 2 && inside[1].files.iter().all(|file| file.starts_with("two.zip/b/")), "{inside:?}");
}

#[test]
fn either_of_two_files_for_one_part_makes_a_set_with_the_rest() {
    let mut files = four("a", 1);
    files.push(("a/train-images-idx3-ubyte.gz".to_string(), idx(&[2, 2, 2], &[9; 8])));
    let files = borrowed(&files);
    let sets = sets(try_load("custom", &files));
    let pixels: BTreeSet<u8> =
        sets.iter().map(|set| try_load("custom", &of_set(set, &files)).unwrap().train.pixels[0]).collect();
    assert_eq!((sets.len(), pixels), (2, BTreeSet::from([1, 9])));
}

#[test]
fn tables_and_archives_of_images_are_named_with_their_files() {
    let parts = ["train", "test"].map(|split| format!("{split}-00000-of-00001.parquet"));
    let tables: Vec<(String, Vec<u8>)> = ["mnist", "cifar10"]
        .into_iter()
        .flat_map(|set| parts.each_ref().map(|part| (format!("{set}/{part}"), tables::file(&format!("{set}/{part}")))))
        .collect();
    let tables = borrowed(&tables);
    let found = sets(try_table(tables::options(None, None), &tables));
    assert_eq!(found.len(), 2);
    for set in &found {
        let chosen = of_set(set, &tables);
        let folder = set.name.split('/').next().unwrap();
        assert!(chosen.len() == 2 && chosen.iter().all(|(path, _)| path.starts_with(folder)), "{set:?}");
        try_table(tables::options(None, None), &chosen).unwrap();
    }

    let one = png(7);
    let archive = zip(&[("cat/1.png", &one), ("cat/2.png", &one), ("dog/1.png", &one), ("dog/2.png", &one)], false);
    let beside = ["fox/1.png", "fox/2.png", "owl/1.png", "owl/2.png"].map(|path| (path, one.as_slice()));
    let all = [&[("pets.zip", archive.as_slice())][..], &beside].concat();
    let found = sets(try_set(&options([2, 2]), &all));
    assert_eq!(found[0], FoundSet { name: "\"pets\"".to_string(), files: vec!["pets.zip".to_string()] });
    assert_eq!(found[1].files, beside.map(|(path, _)| path));
    for set in &found {
        assert_eq!(try_set(&options([2, 2]), &of_set(set, &all)).unwrap().classes.len(), 2);
    }
}

#[test]
fn archives_in_a_folder_are_named_by_their_paths() {
    let folder = std::env::temp_dir().join(format!("convlab-several-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for (name, value) in [("a.zip", 1), ("b.zip", 2)] {
        fs::write(folder.join(name), zip(&borrowed(&four("x", value)), true)).unwrap();
    }
    let found = sets(load_dir("custom", &folder, &mut |_, _| ()));
    assert!(found.len() == 2 && found[1].name.contains("b.zip (2 training and 2 test images)"), "{found:?}");
    let chosen = load_dir("custom", found[1].files[0].as_ref(), &mut |_, _| ()).unwrap();
    assert_eq!(chosen.train.pixels, [2; 8]);
    fs::remove_dir_all(&folder).unwrap();
    // Other errors have none.
    assert!(sets(try_load("custom", &borrowed(&four("x", 1))[..3])).is_empty());
}
