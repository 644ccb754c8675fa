//! Files that are made to break the reader: one clear error, in bounded time and memory.

use super::golden;
use convlab::experiment::Experiment;
use convlab::import;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde_json::json;
use std::io::{Cursor, Write};
use std::time::{Duration, Instant};
use zip::write::SimpleFileOptions;

fn refused(name: &str, bytes: &[u8]) -> String {
    let start = Instant::now();
    let chain = import::read("chain.model.json", &golden("chain.model.json"), None).unwrap().experiment;
    let error = import::read(name, bytes, Some(&chain)).err().unwrap_or_else(|| panic!("{name} is taken")).to_string();
    assert!(start.elapsed() < Duration::from_secs(20), "{name} takes {:?}", start.elapsed());
    assert!(!error.contains(char::is_control) && error.chars().count() < 1500, "{error}");
    error
}

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, contents) in files {
        let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        writer.start_file(*name, options).unwrap();
        writer.write_all(contents).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn files_that_are_cut_off_are_refused() {
    for name in ["chain.keras", "chain.h5", "chain.weights.h5", "net.safetensors"] {
        let whole = golden(name);
        for len in (0..whole.len()).step_by(whole.len() / 23) {
            refused(name, &whole[..len]);
        }
    }
}

#[test]
fn bytes_that_are_turned_over_do_no_harm() {
    let chain: Experiment = import::read("chain.model.json", &golden("chain.model.json"), None).unwrap().experiment;
    for name in ["chain.h5", "chain.weights.h5"] {
        let whole = golden(name);
        for at in (0..whole.len().min(8192)).step_by(13) {
            let mut bytes = whole.clone();
            bytes[at] ^= 0xff;
            let start = Instant::now();
            let _ = import::read(name, &bytes, Some(&chain));
            assert!(start.elapsed() < Duration::from_secs(10), "{name} at {at}");
        }
    }
}

#[test]
fn a_group_that_holds_itself_costs_nothing() {
    // A group of layers whose member `conv2d` is the group itself: a hard link in a circle.
    let mut file = hdf5_pure::FileBuilder::new();
    let mut layers = file.create_group("layers");
    let inner = layers.create_group("conv2d");
    layers.add_group(inner.finish());
    file.add_group(layers.finish());
    let bytes = file.finish().unwrap();
    assert!(refused("a.weights.h5", &bytes).contains("conv2d"));
}

#[test]
fn a_zip_bomb_is_not_unpacked() {
    let zeros = vec![0; 64 << 20];
    assert!(refused("a.keras", &archive(&[("config.json", &zeros)])).contains("32 MB"));
    // The same with a size that lies.
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&zeros).unwrap();
    let packed = encoder.finish().unwrap().len() as u32;
    let mut bytes = archive(&[("config.json", &zeros)]);
    let size = (zeros.len() as u32).to_le_bytes();
    while let Some(at) = bytes.windows(4).position(|window| window == size) {
        bytes[at..at + 4].copy_from_slice(&packed.to_le_bytes());
    }
    refused("a.keras", &bytes);
    assert!(refused("a.keras", &archive(&[("readme.txt", b"x")])).contains("readme.txt"));
}

#[test]
fn documents_that_are_no_models_are_refused() {
    for document in [
        json!({"class_name": "Subclassed", "config": {}}),
        json!({"class_name": "Sequential", "config": {"layers": []}}),
        json!({"class_name": "Sequential", "config": {"layers": [{"config": 3}]}}),
        json!({"class_name": "Functional", "config": {"layers": [
            {"class_name": "Dense", "name": "a", "config": {"units": 3},
             "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": ["a", 0, 0]}}]}]}
        ]}}),
    ] {
        refused("model.json", document.to_string().as_bytes());
    }
    let deep = "[".repeat(100_000);
    refused("model.json", format!("{{\"class_name\": \"Sequential\", \"config\": {deep}").as_bytes());
    let many = vec![json!({"class_name": "Flatten", "config": {}}); 20_000];
    refused("model.json", json!({"class_name": "Sequential", "config": many}).to_string().as_bytes());
}

#[test]
fn onnx_files_of_many_small_parts_are_refused() {
    // A graph (field 7) of 20 million empty operators (field 1).
    let nodes = [0x0a, 0x00].repeat(20_000_000);
    let mut bytes = vec![0x3a];
    let mut length = nodes.len();
    while length >= 0x80 {
        bytes.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
    bytes.extend(nodes);
    assert!(refused("a.onnx", &bytes).contains("8 MB"));
    refused("a.onnx", b"");
    refused("a.onnx", &[0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f]);
}
