//! What Convlab exports as Keras code comes back as the same experiment.

use super::meaning;
use convlab::experiment::{Experiment, presets};
use convlab::export::{Target, script};
use convlab::import::read;
use serde_json::{Value, json};

/// Presets with kernels from whitened patches of the images, and identities: Keras has neither.
const START_BY_IMAGES: [&str; 2] = ["cifar10-fast", "cifar10-quick"];
const STARTS_BY_IMAGES: &str = START_BY_IMAGES[0];

/// What an experiment is, but for what Keras lacks, and for the order of classes that are merged into one.
fn keras_meaning(experiment: &Experiment) -> Value {
    let mut experiment = experiment.clone();
    for layer in &mut experiment.layers {
        layer.shift_remove("unbiased_moving_variance");
    }
    for group in experiment.dataset.merge_classes.iter_mut().flatten() {
        group.sort_unstable();
    }
    meaning(&experiment)
}

fn comes_back(spec: &Experiment, target: Target) {
    let exported = script(spec, target).unwrap();
    let imported = read(&exported.file_name, exported.text.as_bytes(), None)
        .unwrap_or_else(|error| panic!("{}: {error}\n{}", exported.file_name, exported.text));
    assert_eq!(imported.unsupported, [], "{}\n{}", exported.file_name, exported.text);
    let (mut wanted, is_script) = (keras_meaning(spec), matches!(target, Target::Keras));
    // A schedule that has all rates itself does not use the optimizer's, for which a notebook has no place.
    if wanted["learning_rate_schedule"]["type"] == "piecewise_constant_decay" && !is_script {
        wanted["optimizer"]["learning_rate"] = wanted["learning_rate_schedule"]["values"][0].clone();
    }
    assert_eq!(keras_meaning(&imported.experiment), wanted, "{}", exported.file_name);
}

#[test]
fn every_preset_comes_back_from_its_keras_script() {
    let presets = presets::list().iter().filter(|preset| !START_BY_IMAGES.contains(&&*preset.experiment.name));
    presets.for_each(|preset| comes_back(&preset.experiment, Target::Keras));
}

#[test]
fn every_preset_comes_back_from_its_notebook() {
    let comes_back_whole = |preset: &&presets::Preset| preset.trainable && !START_BY_IMAGES.contains(&&*preset.id);
    let trainable = presets::list().iter().filter(comes_back_whole);
    let count = trainable.map(|preset| comes_back(&preset.experiment, Target::Notebook)).count();
    assert_eq!(count, presets::list().len() - 3, "all but the cost sheet and {START_BY_IMAGES:?}");
}

/// What Keras has no initialiser for is said where it is written and where it is read, and the rest comes back.
#[test]
fn starts_that_keras_lacks_are_named() {
    let spec = &presets::find(STARTS_BY_IMAGES).unwrap().experiment;
    for target in [Target::Keras, Target::Notebook] {
        let exported = script(spec, target).unwrap();
        let imported = read(&exported.file_name, exported.text.as_bytes(), None).unwrap();
        let found: Vec<&str> = imported.unsupported.iter().map(|part| part.what.as_str()).collect();
        assert_eq!(found, ["Conv2D(kernel_initializer=a lambda)"; 6]);
        let without = |experiment: &Experiment| {
            let mut experiment = experiment.clone();
            experiment.layers.iter_mut().for_each(|layer| drop(layer.shift_remove("kernel_initializer")));
            keras_meaning(&experiment)
        };
        let mut wanted = without(spec);
        if target == Target::Notebook {
            for (part, option) in [
                ("/optimizer", "groups"),
                ("/optimizer", "lookahead"),
                ("/augmentation/0", "padding_mode"),
                ("/augmentation/1", "alternating"),
                ("", "test_time_augmentation"),
            ] {
                let removed = wanted.pointer_mut(part).unwrap().as_object_mut().unwrap().shift_remove(option);
                assert!(removed.is_some(), "{option}");
                assert!(exported.text.contains(&format!("{option} of ")) || part.is_empty(), "{option}");
            }
            // Smoothed labels are one-hot vectors in Keras.
            wanted["loss"] = "categorical_crossentropy".into();
            wanted["epochs"] = without(&changed(STARTS_BY_IMAGES, json!({"epochs": 10})))["epochs"].clone();
            for part in [
                "the initializer whitening of conv2d",
                "others of the initializer identity of conv2d",
                "the part of the last epoch",
                "test_time_augmentation",
            ] {
                assert!(exported.text.contains(part), "{part}: {}", exported.text);
            }
        }
        assert_eq!(without(&imported.experiment), wanted, "{}", exported.file_name);
    }
}

/// A preset with other parts.
fn changed(preset: &str, parts: Value) -> Experiment {
    let mut document = serde_json::to_value(&presets::find(preset).unwrap().experiment).unwrap();
    document.as_object_mut().unwrap().extend(parts.as_object().unwrap().clone());
    Experiment::from_value(document).unwrap()
}

#[test]
fn every_schedule_optimizer_and_random_change_comes_back_from_a_notebook() {
    for parts in [
        json!({"learning_rate_schedule": {"type": "one_cycle", "total_steps": 900, "pct_start": 0.25}}),
        json!({"learning_rate_schedule": {"type": "triangular", "start": 0.2, "peak": 0.25, "end": 0.1}}),
        json!({"learning_rate_schedule": {"type": "warmup", "warmup_steps": 100}}),
        json!({"learning_rate_schedule": {"type": "step_decay", "step_size": 3, "gamma": 0.5}}),
        json!({"learning_rate_schedule": {"type": "exponential_decay", "decay_steps": 500, "decay_rate": 0.9, "staircase": true}}),
        json!({"learning_rate_schedule": {"type": "cosine_decay", "decay_steps": 5000, "warmup_target": 0.01, "warmup_steps": 50}}),
        json!({"learning_rate_schedule": {"type": "polynomial_decay", "decay_steps": 5000, "power": 2}}),
        json!({"learning_rate_schedule": {"type": "piecewise_constant_decay", "boundaries": [10, 20], "values": [0.1, 0.05, 0.01]}}),
        json!({"learning_rate_schedule": {"type": "reduce_on_plateau", "patience": 2, "min_learning_rate": 0.00001},
               "model_checkpoint": {"monitor": "val_accuracy"}}),
        json!({"optimizer": {"type": "adamw", "learning_rate": 0.0003, "weight_decay": 0.05, "clipnorm": 1}}),
        json!({"optimizer": {"type": "rmsprop", "learning_rate": 0.00001, "rho": 0.8, "epsilon": 1e-6}}),
        json!({"optimizer": {"type": "lion", "learning_rate": 0.001, "beta_2": 0.95}}),
        json!({"augmentation": [{"type": "cutout", "size": 8}, {"type": "random_crop", "padding": 2},
               {"type": "random_flip", "mode": "horizontal_and_vertical"}, {"type": "random_zoom", "height_factor": 0.1}]}),
        json!({"augmentation": [{"type": "random_color_jitter", "brightness_factor": [-0.2, 0.1], "hue_factor": [0, 0.3]}]}),
        json!({"dataset": {"name": "cifar10", "limit": {"train": 5000, "test": 1000}, "validation": "test"}}),
        json!({"dataset": {"name": "cifar100", "label_mode": "coarse", "validation": {"split": 0.1}}}),
        json!({"dataset": {"name": "cifar10"}, "loss": "categorical_crossentropy"}),
    ] {
        comes_back(&changed("net-1", parts.clone()), Target::Notebook);
        comes_back(&changed("net-x", parts), Target::Notebook);
    }
}

#[test]
fn pytorch_s_start_comes_back_for_each_weight_of_a_layer() {
    let start = "pytorch_default";
    let separable = json!({"type": "separable_conv2d", "filters": 8, "kernel_size": 3, "depthwise_initializer": start,
                           "pointwise_initializer": start, "bias_initializer": start});
    let depthwise = json!({"type": "depthwise_conv2d", "kernel_size": 3, "use_bias": false,
                           "depthwise_initializer": start, "bias_initializer": start});
    let dense = json!({"type": "dense", "units": 10, "activation": "softmax"});
    let parts = json!({"layers": [separable, depthwise, {"type": "flatten"}, dense]});
    for target in [Target::Keras, Target::Notebook] {
        comes_back(&changed("net-1", parts.clone()), target);
    }
}

#[test]
fn what_keras_lacks_is_named_in_the_notebook() {
    let notebook = |spec: &Experiment| script(spec, Target::Notebook).unwrap().text;
    let text = notebook(&presets::find("residual-18").unwrap().experiment);
    assert!(
        text.contains("**Left out**, since Keras lacks it: unbiased_moving_variance of batch_normalization."),
        "{text}"
    );
    let groups =
        json!({"type": "sgd", "learning_rate": 0.1, "groups": [{"match": "*.bias", "learning_rate_multiplier": 2}]});
    let text = notebook(&changed("net-1", json!({"optimizer": groups})));
    assert!(text.contains("lacks it: groups of the optimizer."), "{text}");
    let text = notebook(&changed("mnist-10", json!({"dataset": {"name": "emnist", "split": "digits"}})));
    assert!(text.contains("`emnist-digits.npz`"), "{text}");
    let spec = changed("net-1", json!({"name": "a\"\nimport os", "title": "</script> `x`\n# y"}));
    let text = notebook(&spec);
    let cells: Value = serde_json::from_str(&text).unwrap();
    let about = cells["cells"][0]["source"][0].as_str().unwrap();
    assert_eq!(about, "# \\</script\\> \\`x\\` \\# y\n");
    assert!(!text.contains("\\nimport os"), "{text}");
}
