//! Writes the initial corpus of each target: small valid files, which the fuzzer mutates.

#[path = "../../../data/build.rs"]
#[allow(dead_code, reason = "the tests of the decoders use the rest")]
mod build;

use build::{binary, gzip, idx, npy, python_batch, tar, with_orientation, zip};
use convlab::experiment::{presets};
use convlab::results::weights::{File};
use std::fs;
use std::path::Path;

fn main() {
    let label = |i: usize| (i % 10) as u8;
    let batch = binary(0..1, |i| vec![label(i)]);
    let python = python_batch("training batch 1 of 5", 0..1, &[("labels", label)]);
    let images = idx(&[2, 3, 2], &[7; 12]);
    let (x, y) = (npy("|u1", &[2, 2, 2], &[7; 8]), npy("<i8", &[1], &[0; 8]));
    let seeds: &[(&str, &str, Vec<u8>)] = &[
        ("idx", "images", images.clone()),
        ("idx", "labels", idx(&[4], &[1, 2, 3, 4])),
        ("idx", "four", idx(&[1, 2, 2, 3], &[9; 12])),
        ("idx", "gzip", gzip(&images)),
        ("cifar", "ten", batch.clone()),
        ("cifar", "hundred", binary(0..1, |_| vec![3, 7])),
        ("archive", "tar", tar(&[("batches.meta.txt", b"a\nb\n"), ("x/../data_batch_9.bin", b"short")])),
        ("archive", "gzip", gzip(&tar(&[("batches.meta.txt", b"a\nb\n")]))),
        ("archive", "python", tar(&[("train", &python)])),
        ("pickle", "batch", python),
        ("npz", "arrays", zip(&[("x_train.npy", &x), ("y_train.npy", &y)], true)),
        ("npz", "stored", zip(&[("x_train.npy", &x)], false)),
        ("npz", "array", x),
        ("npz", "labels", y),
    ];
    for (target, name) in [
        ("keras", "chain.keras"),
        ("keras", "branched.model.json"),
        ("keras", "chain.model.json"),
        ("hdf5", "chain.h5"),
        ("hdf5", "chain.weights.h5"),
        ("hdf5", "chain.legacy-weights.h5"),
        ("onnx", "chain.onnx"),
        ("state_dict", "net.safetensors"),
    ] {
        let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../golden/formats").join(name);
        write(target, name, &fs::read(golden).expect("a golden file"));
    }
    let golden = |name: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../golden/image_files");
        fs::read(folder.join(name)).expect("a golden file")
    };
    for name in ["grey.jpg", "grey16.png", "palette.gif", "palette.png", "photo.jpg", "rgb.bmp", "rgb.webp", "rgba.png"] {
        write("images", name, &golden(name));
    }
    let (grey, turned) = (golden("grey.png"), with_orientation(&golden("photo.jpg"), 6, true));
    write("images", "turned.jpg", &turned);
    let files: [(&str, &[u8]); 4] = [("a/1.png", &grey), ("a/2.png", &grey), ("b/1.jpg", &turned), ("b/2.png", &grey)];
    write("images", "archive.zip", &zip(&files, false));
    write("images", "archive.tar", &tar(&files));
    for (target, name, bytes) in seeds {
        write(target, name, bytes);
    }
    for name in ["net_1.ipynb", "residual_18.py", "maxnorm.py", "not_ours.py"] {
        let code = Path::new(env!("CARGO_MANIFEST_DIR")).join("../import").join(name);
        write("code", name, &fs::read(code).expect("a test's code"));
    }
    for preset in presets::list() {
        let document = serde_json::to_vec(&preset.experiment).expect("an experiment is JSON");
        write("spec", &preset.id, &document);
    }
    let mut run = convlab_fuzz::trainer();
    for step in 0..20 {
        let checkpoint = pollster::block_on(run.checkpoint()).expect("a checkpoint");
        if step % 5 == 0 {
            let file = File::parse(&checkpoint).expect("a sound file");
            let state = file.state().expect("a checkpoint has a state");
            write("checkpoint", &format!("step-{step}"), &checkpoint);
            write("checkpoint", &format!("state-{step}"), state.as_bytes());
        }
        pollster::block_on(run.advance(0.0)).expect("a step");
    }
    write("safetensors", "weights", &pollster::block_on(run.weights()).expect("weights"));
    write("safetensors", "checkpoint", &pollster::block_on(run.checkpoint()).expect("a checkpoint"));
}

fn write(target: &str, name: &str, bytes: &[u8]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    fs::create_dir_all(&folder).expect("the corpus can be written");
    fs::write(folder.join(name), bytes).expect("the corpus can be written");
}
