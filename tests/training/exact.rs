//! Exact resumption of what keeps a state of its own beside the weights or draws random numbers by epoch.

use super::common::bits;
use super::words::check_resumed;
use serde_json::json;

/// Ten steps an epoch: the runs are interrupted within the second one.
const WITHIN: usize = 14;

#[test]
fn runs_of_every_further_optimizer_resume_exactly() {
    for optimizer in [
        json!({"type": "muon", "learning_rate": 0.01, "conv_kernels": true, "exclude_layers": ["dense_1"]}),
        json!({"type": "muon", "learning_rate": 0.01, "nesterov": false, "use_ema": true, "ema_overwrite_frequency": 4}),
        json!({"type": "nadam", "groups": [{"match": "*.bias", "learning_rate_multiplier": 3}]}),
        json!({"type": "adagrad", "learning_rate": 0.05, "initial_accumulator_value": 0.2}),
        json!({"type": "lion", "weight_decay": 0.1}),
        json!({"type": "rmsprop", "momentum": 0.5, "centered": true}),
        json!({"type": "adamw", "lookahead": {"sync_period": 4}}),
    ] {
        let run = check_resumed(json!({"optimizer": optimizer, "epochs": 2}), WITHIN);
        let rows = &run.history().epochs;
        assert!(rows.len() == 2 && rows[1].loss < rows[0].loss, "{optimizer}: {rows:?}");
    }
}

#[test]
fn runs_with_erased_or_alternately_mirrored_images_resume_exactly_and_differ() {
    let plain = bits(&check_resumed(json!({"epochs": 3}), WITHIN));
    for change in [
        json!({"type": "random_erasing", "factor": 0.8}),
        json!({"type": "random_flip", "alternating": true}),
        json!({"type": "random_flip", "mode": "vertical"}),
    ] {
        let run = check_resumed(json!({"augmentation": [change], "epochs": 3}), WITHIN);
        assert!(bits(&run) != plain, "{change} changes nothing");
    }
}

/// The kernels that whiten come from the images, and are not trained here.
#[test]
fn a_run_with_a_whitening_convolution_resumes_exactly() {
    let whitening = json!({"type": "conv2d", "filters": 16, "kernel_size": 2, "kernel_initializer": "whitening", "trainable": false});
    let layers = json!([
        whitening, {"type": "batch_normalization", "trainable": false},
        {"type": "conv2d", "filters": 4, "kernel_size": 3, "activation": "gelu", "groups": 2, "dilation_rate": 2},
        {"type": "flatten"}, {"type": "dense", "units": 4},
    ]);
    check_resumed(json!({"layers": layers, "epochs": 2}), WITHIN);
}
