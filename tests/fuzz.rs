//! Runs every input of the fuzzing corpora, including those that once caused a failure. See tests/fuzz.
#![cfg(not(target_arch = "wasm32"))]

#[path = "fuzz/src/lib.rs"]
mod targets;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The inputs of a target: its corpus, and for code also the scripts and notebooks that the importer's tests read.
fn inputs(name: &str) -> Vec<PathBuf> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut folders = vec![tests.join("fuzz/corpus").join(name)];
    folders.extend((name == "code").then(|| tests.join("import")));
    let files = |folder: &PathBuf| fs::read_dir(folder).unwrap_or_else(|error| panic!("{name}: {error}"));
    folders.iter().flat_map(files).map(|file| file.unwrap().path()).collect()
}

#[test]
fn the_whole_corpus_is_read_in_bounded_time() {
    for (name, target) in targets::TARGETS {
        let files = inputs(name);
        assert!(!files.is_empty(), "{name} has a corpus");
        for path in files {
            let bytes = fs::read(&path).unwrap();
            let start = Instant::now();
            target(&bytes);
            assert!(start.elapsed() < Duration::from_secs(10), "{} takes {:?}", path.display(), start.elapsed());
        }
    }
}
