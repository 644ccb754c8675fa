//! Options of an experiment that are refused, since the run could not follow them.

use super::SHAPE;
use super::common::{dataset, experiment, trainer};
use convlab::base::number::PlainNumber;
use convlab::engine::choose::Choice;
use convlab::experiment::{Experiment, Split, Validation};
use convlab::network::graph::Graph;
use serde_json::{Value, json};

/// Reads a small experiment in which one option is replaced.
fn read(pointer: &str, option: &Value) -> Result<(), String> {
    let mut document = json!({
        "name": "refused", "input_shape": [4, 4, 3], "loss": "categorical_focal_crossentropy", "alpha": 0.25, "gamma": 2,
        "dataset": {"name": "cifar10"}, "augmentation": [{"type": "mix_up"}], "learning_rate_schedule": {"type": "one_cycle"},
        "layers": [
            {"type": "batch_normalization"}, {"type": "layer_normalization"}, {"type": "local_response_normalization"},
            {"type": "flatten"}, {"type": "dense", "units": 10},
        ],
        "optimizer": {"type": "adam"},
    });
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    document.pointer_mut(parent).unwrap()[key] = option.clone();
    let spec = Experiment::from_value(document).map_err(|error| error.to_string())?;
    Graph::new(&spec).map(drop).map_err(|error| error.to_string())
}

/// Numbers that are zero or infinite in 32 bits would end the run in NaN.
#[test]
fn numbers_stay_above_zero_and_finite_in_32_bits() {
    for pointer in [
        "/augmentation/0/alpha",
        "/learning_rate_schedule/div_factor",
        "/learning_rate_schedule/final_div_factor",
        "/learning_rate_schedule/max_learning_rate",
        "/optimizer/epsilon",
        "/optimizer/clipnorm",
        "/layers/0/epsilon",
        "/layers/1/epsilon",
        "/layers/2/bias",
    ] {
        assert_eq!(read(pointer, &json!(0.5)), Ok(()), "{pointer}");
        for value in [1e-320, 1e-40, 1e39, 1e308] {
            let error = read(pointer, &json!(value)).err().unwrap_or_else(|| panic!("{pointer} takes {value}"));
            assert!(error.contains(&PlainNumber(value).to_string()), "{pointer}, {value}: {error}");
        }
    }
    for pointer in ["/alpha", "/gamma", "/optimizer/learning_rate", "/layers/2/alpha"] {
        assert_eq!(read(pointer, &json!(0)), Ok(()), "{pointer}");
        assert!(read(pointer, &json!(1e39)).is_err(), "{pointer}");
    }
    for (pointer, constraint) in [
        ("/layers/4/kernel_constraint", json!({"max_norm": 1e-320})),
        ("/layers/4/kernel_regularizer", json!({"l2": 1e39})),
        ("/layers/4/kernel_initializer", json!({"type": "variance_scaling", "scale": 1e-320})),
        ("/layers/4/activation", json!({"type": "elu", "alpha": 1e39})),
        ("/learning_rate_schedule", json!({"type": "one_cycle", "div_factor": 1e-30, "final_div_factor": 1e-30})),
    ] {
        let error = read(pointer, &constraint).err().unwrap_or_else(|| panic!("{pointer} takes {constraint}"));
        assert!(error.contains("3.4e38"), "{error}");
    }
}

#[test]
fn an_option_of_another_data_set_is_refused() {
    let options = [
        ("image_size", json!([4, 4]), &["images", "parquet"][..]),
        ("color_mode", json!("rgb"), &["images", "parquet"]),
        ("interpolation", json!("nearest"), &["images", "parquet"]),
        ("crop_to_aspect_ratio", json!(true), &["images", "parquet"]),
        ("test", json!({"split": 0.2}), &["images", "parquet"]),
        ("image_column", json!("image"), &["parquet"]),
        ("label_column", json!("label"), &["parquet"]),
        ("label_mode", json!("fine"), &["cifar100"]),
    ];
    for (field, value, sets) in options {
        for name in ["images", "parquet", "custom", "cifar10", "cifar100", "mnist", "stl10", "imagenet"] {
            let mut dataset = json!({"name": name});
            dataset[field] = value.clone();
            match read("/dataset", &dataset) {
                Ok(()) => assert!(sets.contains(&name), "{name} takes {field}"),
                Err(error) => {
                    let expected = format!("dataset.{field}: only {} takes it", sets.join(" or "));
                    assert!(!sets.contains(&name) && error.contains(&expected) && error.contains(name), "{error}");
                }
            }
        }
        // The page trains on a synthetic set until the files of the other one are there.
        let mut stand_in = json!({"name": "synthetic_digits"});
        stand_in[field] = value;
        assert_eq!(read("/dataset", &stand_in), Ok(()));
    }
}

#[test]
fn data_that_does_not_fit_the_net_is_refused_before_the_run() {
    let data = dataset(SHAPE, 4, 40, 10);
    let refused = |spec| trainer(&spec, &data, Choice::Cpu).err().expect("it must be refused").to_string();
    let flat = |units: usize| json!([{"type": "flatten"}, {"type": "dense", "units": units}]);
    assert!(refused(experiment([9, 9, 2], flat(4), json!({}))).contains("Received: [10, 9, 2]"));
    assert!(refused(experiment(SHAPE, flat(3), json!({}))).contains("4 classes"));
    let tiny = json!({"dataset": {"name": "custom", "validation": {"split": 0.2}, "limit": {"train": 1}}});
    assert!(refused(experiment(SHAPE, flat(4), tiny)).contains("leaves nothing"));
    for split in [0.0, 1.0, -0.1] {
        let mut spec = experiment(SHAPE, flat(4), json!({}));
        spec.dataset.validation = Some(Validation::Split(Split { split }));
        assert!(spec.check().unwrap_err().to_string().contains("validation split"), "{split}");
    }
    for (part, limit) in [("train", json!({"train": 0})), ("test", json!({"test": 0}))] {
        let empty = json!({"dataset": {"name": "custom", "limit": limit}});
        assert!(refused(experiment(SHAPE, flat(4), empty)).contains(&format!("limit.{part}")));
    }
}
