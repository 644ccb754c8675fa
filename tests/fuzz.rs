//! Runs every input of the fuzzing corpora, including those that once caused a failure. See tests/fuzz.
#![cfg(not(target_arch = "wasm32"))]

#[path = "fuzz/src/lib.rs"]
mod targets;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

#[test]
fn the_whole_corpus_is_read_in_bounded_time() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus");
    for (name, target) in targets::TARGETS {
        let files: Vec<_> = fs::read_dir(corpus.join(name)).unwrap_or_else(|error| panic!("{name}: {error}")).collect();
        assert!(!files.is_empty(), "{name} has a corpus");
        for file in files {
            let path = file.unwrap().path();
            let bytes = fs::read(&path).unwrap();
            let start = Instant::now();
            target(&bytes);
            assert!(start.elapsed() < Duration::from_secs(10), "{} takes {:?}", path.display(), start.elapsed());
        }
    }
}
