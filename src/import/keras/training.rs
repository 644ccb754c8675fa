//! The optimiser and the loss that a model was compiled with.

use super::super::imported::Unsupported;
use super::options::short;
use crate::base::document;
use crate::experiment::LossKind;
use crate::experiment::optimizer::Optimizer;
use crate::export::keras_model::weights::snake_case;
use serde_json::{Map, Value};

/// The form of `.keras` files of what HDF5 files say about the training.
pub fn compiled(mut training: Value) -> Value {
    if let Some(optimizer) = training.get_mut("optimizer_config").map(Value::take) {
        training["optimizer"] = optimizer;
    }
    training
}

/// The fields of an experiment; of a model that was not compiled there are none. `is_softmax`: the network's outputs are
/// probabilities.
pub fn training(compiled: &Value, is_softmax: bool, unsupported: &mut Vec<Unsupported>) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut refuse = |what: String| unsupported.push(Unsupported { place: "compile".into(), what });
    match &compiled["loss"] {
        Value::Null => {}
        loss => match name(loss).filter(|name| document::read::<LossKind>(&Value::from(name.as_str())).is_ok()) {
            Some(name) => {
                let constants = constants(&name, &loss["config"], is_softmax, &mut refuse);
                fields.insert("loss".into(), name.into());
                fields.extend(constants);
            }
            None => refuse(format!("loss {}", name(loss).unwrap_or_else(|| loss.to_string()))),
        },
    }
    match &compiled["loss_weights"] {
        Value::Null => {}
        weights => refuse(format!("loss_weights {weights}")),
    }
    if let Some(optimizer) = name(&compiled["optimizer"]) {
        match self::optimizer(&optimizer, &compiled["optimizer"]["config"], &mut refuse) {
            Some(options) => drop(fields.insert("optimizer".into(), Value::Object(options))),
            None => refuse(format!("optimizer {optimizer}")),
        }
    }
    fields
}

/// The constants of a loss; those without a counterpart are refused unless they change nothing.
fn constants(name: &str, config: &Value, is_softmax: bool, refuse: &mut impl FnMut(String)) -> Vec<(String, Value)> {
    let from_logits = config["from_logits"] == true;
    if from_logits == is_softmax {
        let outputs = if is_softmax { "probabilities" } else { "logits" };
        refuse(format!("loss {name} with from_logits {from_logits}; the last layer gives {outputs}"));
    }
    let mut found = Vec::new();
    for (key, value) in config.as_object().into_iter().flatten() {
        let is_known = match key.as_str() {
            "label_smoothing" => !name.starts_with("sparse"),
            "alpha" | "gamma" => name == "categorical_focal_crossentropy",
            _ => false,
        };
        let is_neutral = match key.as_str() {
            "name" | "fn" | "from_logits" | "dtype" => true,
            "reduction" => ["auto", "mean", "sum_over_batch_size"].iter().any(|mean| value == mean),
            "axis" => *value == -1,
            _ => value.is_null() || *value == false || value.as_f64() == Some(0.0) && key == "label_smoothing",
        };
        if is_neutral {
            continue;
        }
        if is_known {
            found.push((key.clone(), value.clone()));
        } else {
            refuse(format!("loss {name} with {key} {value}"));
        }
    }
    found
}

/// The name of a class or of a function.
fn name(value: &Value) -> Option<String> {
    match value {
        Value::String(name) => Some(snake_case(name)),
        Value::Object(object) => match object.get("config") {
            Some(Value::String(name)) => Some(name.clone()),
            _ => Some(snake_case(object.get("class_name")?.as_str()?)),
        },
        _ => None,
    }
}

/// An optimiser with those of its constants that have a counterpart here; the others are refused unless they change nothing.
fn optimizer(name: &str, config: &Value, refuse: &mut impl FnMut(String)) -> Option<Map<String, Value>> {
    let kind = match name {
        "r_m_sprop" | "rms_prop" => "rmsprop",
        "adam_w" => "adamw",
        other => other,
    };
    let mut options = Map::from_iter([("type".to_string(), Value::from(kind))]);
    let reads = |options: &Map<String, Value>| document::read::<Optimizer>(&Value::Object(options.clone())).is_ok();
    if !reads(&options) {
        return None;
    }
    // Keras writes the constants of an average that is off, too.
    let is_used = |key: &str| !key.starts_with("use_ema") && !key.starts_with("ema_") || config["use_ema"] == true;
    let given = config.as_object().into_iter().flatten();
    for (key, value) in given.filter(|(key, value)| !value.is_null() && is_used(key)) {
        let mut more = options.clone();
        more.insert(key.clone(), value.as_f64().filter(|_| value.is_f64()).map_or(value.clone(), short));
        if reads(&more) {
            options = more;
        } else if key == "learning_rate" {
            // A schedule.
            return None;
        } else if !is_neutral(key, value) {
            refuse(format!("optimizer {name} with {key} {value}"));
        }
    }
    Some(options)
}

/// Whether a constant of an optimiser that has no counterpart here changes nothing.
fn is_neutral(key: &str, value: &Value) -> bool {
    match key {
        "name" | "jit_compile" | "is_legacy_optimizer" | "dtype" => true,
        "loss_scale_factor" | "gradient_accumulation_steps" => value.as_f64() == Some(1.0),
        _ => *value == false || value.as_f64() == Some(0.0),
    }
}
