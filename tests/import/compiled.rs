//! How a model of Keras's was compiled, as its files say it.

use convlab::import::{Imported, read};
use serde_json::{Value, json};

/// A model's configuration with a flat network, compiled like this.
fn import(compiled: Value) -> Imported {
    let layers = json!([
        {"class_name": "InputLayer", "config": {"name": "in", "batch_shape": [null, 28, 28, 1]}},
        {"class_name": "Flatten", "config": {"name": "f"}},
        {"class_name": "Dense", "config": {"name": "d", "units": 10, "activation": "softmax"}},
    ]);
    let model = json!({"class_name": "Sequential", "config": {"layers": layers}, "compile_config": compiled});
    read("model.json", model.to_string().as_bytes(), None).unwrap()
}

fn left_out(compiled: Value) -> Vec<String> {
    import(compiled).unsupported.into_iter().map(|part| part.what).collect()
}

fn loss(class: &str, config: Value) -> Value {
    json!({"loss": {"module": "keras.losses", "class_name": class, "config": config}})
}

#[test]
fn constants_of_losses_are_taken() {
    let config = json!({"name": "l", "reduction": "sum_over_batch_size", "from_logits": false, "label_smoothing": 0.1});
    let smooth = import(loss("CategoricalCrossentropy", config));
    assert_eq!(smooth.unsupported, []);
    assert_eq!(smooth.experiment.label_smoothing, 0.1);
    let focal =
        import(loss("CategoricalFocalCrossentropy", json!({"alpha": 0.5, "gamma": 5.0, "label_smoothing": 0.0})));
    assert_eq!(focal.unsupported, []);
    let focal = serde_json::to_value(&focal.experiment).unwrap();
    assert_eq!((&focal["alpha"], &focal["gamma"]), (&json!(0.5), &json!(5.0)));
}

#[test]
fn what_is_not_computed_is_refused_by_name() {
    let sparse = |config| loss("SparseCategoricalCrossentropy", config);
    for (compiled, expected) in [
        (sparse(json!({"reduction": "sum"})), "with reduction \"sum\""),
        (sparse(json!({"ignore_class": 3})), "with ignore_class 3"),
        (sparse(json!({"from_logits": true})), "with from_logits true"),
        (json!({"loss": {"d": "mse"}}), "loss {\"d\":\"mse\"}"),
        (json!({"loss": ["mse"]}), "loss [\"mse\"]"),
        (json!({"loss": "sparse_categorical_crossentropy", "loss_weights": [3.0]}), "loss_weights [3.0]"),
    ] {
        let found = left_out(compiled);
        assert!(found.len() == 1 && found[0].contains(expected), "{found:?}");
    }
    let config =
        json!({"learning_rate": 0.01, "gradient_accumulation_steps": 4, "loss_scale_factor": null, "nesterov": false});
    let imported = import(json!({"optimizer": {"class_name": "Adam", "config": config}}));
    assert_eq!(imported.experiment.optimizer.learning_rate, 0.01);
    let found: Vec<String> = imported.unsupported.into_iter().map(|part| part.what).collect();
    assert_eq!(found, ["optimizer adam with gradient_accumulation_steps 4"]);
}

#[test]
fn calls_in_a_mode_of_their_own_are_refused() {
    let tensor = |name: &str| json!({"class_name": "__keras_tensor__", "config": {"keras_history": [name, 0, 0]}});
    let node = |name: &str, kwargs: Value| json!([{"args": [tensor(name)], "kwargs": kwargs}]);
    let layers = json!([
        {"class_name": "InputLayer", "name": "i", "config": {"batch_shape": [null, 28, 28, 1]}, "inbound_nodes": []},
        {"class_name": "Dropout", "name": "r", "config": {"rate": 0.5}, "inbound_nodes": node("i", json!({"training": true}))},
        {"class_name": "Flatten", "name": "f", "config": {}, "inbound_nodes": node("r", json!({"training": null}))},
        {"class_name": "Dense", "name": "d", "config": {"units": 10}, "inbound_nodes": node("f", json!({}))},
    ]);
    let config = json!({"layers": layers, "input_layers": [["i", 0, 0]], "output_layers": [["d", 0, 0]]});
    let model = json!({"class_name": "Functional", "config": config});
    let imported = read("model.json", model.to_string().as_bytes(), None).unwrap();
    let found: Vec<(String, String)> = imported.unsupported.into_iter().map(|part| (part.place, part.what)).collect();
    assert_eq!(found, [("layer r".to_string(), "Dropout called with training=true".to_string())]);
}
