//! The data decoders on valid files of every official format, on hostile ones, and on the real data if it is available.
#![cfg(not(target_arch = "wasm32"))]

#[path = "data/build.rs"]
mod build;
#[path = "data/cifar.rs"]
mod cifar;
#[path = "data/folders.rs"]
mod folders;
#[path = "data/found.rs"]
mod found;
#[path = "data/hostile.rs"]
mod hostile;
#[path = "data/idx.rs"]
mod idx;
#[path = "data/image_files.rs"]
mod image_files;
#[path = "data/named.rs"]
mod named;
#[path = "data/official_order.rs"]
mod official_order;
#[path = "data/packed.rs"]
mod packed;
#[path = "data/real.rs"]
mod real;
#[path = "data/sets.rs"]
mod sets;
#[path = "data/several.rs"]
mod several;
#[path = "data/shards.rs"]
mod shards;
#[path = "data/synthetic.rs"]
mod synthetic;
#[path = "data/tables.rs"]
mod tables;
#[path = "data/upright.rs"]
mod upright;

use convlab::Error;
use convlab::base::error::Several;
use convlab::data::{Dataset, Loader};

/// Loads these files, which must succeed.
fn load(name: &str, files: &[(&str, &[u8])]) -> Dataset {
    try_load(name, files).unwrap_or_else(|error| panic!("{error}"))
}

fn try_load(name: &str, files: &[(&str, &[u8])]) -> Result<Dataset, Error> {
    let mut loader = Loader::new(name)?;
    for (file, bytes) in files {
        loader.add(file, bytes, &mut |_, _| ())?;
    }
    loader.finish()
}

/// The message of an error that must be a data error, one line long.
fn message<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    match result {
        Err(Error::Data(message) | Error::SeveralSets(Several { message, .. })) => {
            assert!(!message.contains('\n') && message.len() < 1000, "not one clear line: {message}");
            message
        }
        other => panic!("expected a data error, not {other:?}"),
    }
}

/// Checks that adding this file fails with a message that has each of `words`.
#[track_caller]
fn refuses(name: &str, file: &str, bytes: &[u8], words: &[&str]) {
    let mut loader = Loader::new(name).unwrap();
    let message = message(loader.add(file, bytes, &mut |_, _| ()));
    for word in words {
        assert!(message.contains(word), "\"{word}\" is not in: {message}");
    }
    assert!(message.starts_with(file), "the file is not named: {message}");
}
