//! Runs every input of the fuzzing corpora, including those that once caused a failure, and changed copies of some. See tests/fuzz.
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

/// Targets that are run on changed copies of their inputs as well: the readers of image files, tables and models.
const CHANGED: [&str; 7] = ["images", "parquet", "mat", "onnx", "state_dict", "hdf5", "keras"];

/// An input cut at some lengths, and with one to four bytes changed at some places; the same in every run.
fn changed(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut state = bytes.len() as u64;
    let mut below = |end: usize| {
        // Knuth's generator; its upper bits are the random ones.
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as usize % end.max(1)
    };
    let mut copies: Vec<Vec<u8>> = (0..12).map(|_| bytes[..below(bytes.len())].to_vec()).collect();
    for copy in 0..60 {
        let mut bytes = bytes.to_vec();
        // Headers are short, so that few changes at any place would meet them.
        let end = if copy % 2 == 0 { bytes.len() } else { bytes.len().min(128) };
        for _ in 0..=copy % 4 {
            let (at, value) = (below(end), below(256) as u8);
            bytes[at..].iter_mut().take(1).for_each(|byte| *byte = value);
        }
        copies.push(bytes);
    }
    copies
}

#[test]
fn changed_inputs_are_read_in_bounded_time() {
    for (name, target) in targets::TARGETS.iter().filter(|(name, _)| CHANGED.contains(name)) {
        for path in inputs(name) {
            for (number, bytes) in changed(&fs::read(&path).unwrap()).into_iter().enumerate() {
                let start = Instant::now();
                let result = std::panic::catch_unwind(|| target(&bytes));
                assert!(result.is_ok(), "copy {number} of {} breaks its reader", path.display());
                assert!(start.elapsed() < Duration::from_secs(10), "copy {number} of {} is slow", path.display());
            }
        }
    }
}
