//! Models as files of other programs: `convlab export --to keras-model|onnx|pytorch-weights`, and `convlab import` of them.

use super::folder::{Folder, TINY};
use serde_json::json;
use std::fs;

/// The kinds of files with the name that the network's file gets.
const FILES: [(&str, &str); 3] =
    [("keras-model", "tiny.keras"), ("onnx", "tiny.onnx"), ("pytorch-weights", "tiny-pytorch.safetensors")];

/// A folder with a trained network, `run/weights.safetensors`, that also has statistics besides its weights.
fn trained() -> Folder {
    let folder = Folder::new();
    let normalized = "{\"type\": \"batch_normalization\"}, {\"type\": \"max_pooling2d\"}";
    fs::write(folder.0.join("tiny.json"), TINY.replace("{\"type\": \"max_pooling2d\"}", normalized)).unwrap();
    folder.json(&["train", "tiny.json", "--engine", "cpu", "--out", "run", "--json"]);
    let weights = "run/weights.safetensors";
    for (kind, _) in FILES {
        folder.stdout(&["export", "tiny.json", "--weights", weights, "--to", kind, "--out", "models"]);
    }
    folder
}

/// The probabilities of some test images.
fn probabilities(folder: &Folder, experiment: &str, weights: &str) -> Vec<f64> {
    let of = |index: &str| {
        let prediction = &folder.json(&["predict", experiment, "--weights", weights, "--index", index, "--json"])[0];
        prediction["probabilities"].as_array().unwrap().iter().map(|p| p.as_f64().unwrap()).collect::<Vec<_>>()
    };
    ["0", "7", "39"].into_iter().flat_map(of).collect()
}

#[test]
fn exported_models_come_back_with_the_same_probabilities() {
    let folder = trained();
    let mut names = FILES.map(|(_, name)| name);
    names.sort_unstable();
    assert_eq!(folder.files("models"), names);
    let expected = probabilities(&folder, "tiny.json", "run/weights.safetensors");
    for (kind, name) in FILES {
        let file = format!("models/{name}");
        let imported = &folder.json(&["import", &file, "--experiment", "tiny.json", "--out", kind, "--json"])[0];
        assert_eq!((&imported["unsupported"], &imported["weights"].is_string()), (&json!([]), &true), "{kind}");
        let (experiment, weights) = (format!("{kind}/experiment.json"), format!("{kind}/weights.safetensors"));
        let found = probabilities(&folder, &experiment, &weights);
        let off = found.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(found.len() == 30 && off < 1e-5, "{kind}: off by {off}");
    }
    // A network stands in two of the files, so they need no experiment.
    for (_, name) in &FILES[..2] {
        let imported = &folder.json(&["import", &format!("models/{name}"), "--json"])[0];
        assert_eq!(imported["experiment"]["layers"].as_array().unwrap().len(), 5, "{name}");
    }
    assert!(folder.error(&["import", "models/tiny-pytorch.safetensors"], 1).contains("--experiment"));
}

#[test]
fn matched_tensors_are_shown_before_anything_is_written() {
    let folder = trained();
    fs::write(folder.0.join("in-the-way"), "").unwrap();
    let import = ["import", "models/tiny-pytorch.safetensors", "--experiment", "tiny.json", "--out"];
    let refused = folder.run(&[&import[..], &["in-the-way"]].concat());
    assert_eq!(refused.status.code(), Some(1));
    let shown = String::from_utf8(refused.stdout).unwrap();
    assert!(shown.contains("conv2d.kernel <- conv2d.weight"), "{shown}");
    let all = folder.stdout(&[&import[..], &["mine"]].concat());
    assert!(all.starts_with(&shown) && all.contains("Written to mine"), "{all}");
}
