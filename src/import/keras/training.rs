//! The optimiser and the loss that a model was compiled with.

use super::super::imported::Unsupported;
use super::options::short;
use crate::base::document;
use crate::experiment::LossKind;
use crate::experiment::optimizer::Optimizer;
use crate::export::keras_model::weights::snake_case;
use serde_json::{Map, Value};

/// The fields of an experiment; of a model that was not compiled there are none.
pub fn training(compiled: &Value, unsupported: &mut Vec<Unsupported>) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut refuse = |what: String| unsupported.push(Unsupported { place: "compile".into(), what });
    if let Some(loss) = name(&compiled["loss"]) {
        let known = document::read::<LossKind>(&Value::from(loss.as_str())).is_ok();
        if known {
            fields.insert("loss".into(), loss.into());
        } else {
            refuse(format!("loss {loss}"));
        }
    }
    if let Some(optimizer) = name(&compiled["optimizer"]) {
        match self::optimizer(&optimizer, &compiled["optimizer"]["config"]) {
            Some(options) => drop(fields.insert("optimizer".into(), Value::Object(options))),
            None => refuse(format!("optimizer {optimizer}")),
        }
    }
    fields
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

/// An optimiser with those of its constants that have a counterpart here.
fn optimizer(name: &str, config: &Value) -> Option<Map<String, Value>> {
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
        } else if *value == Value::Bool(true) || key == "learning_rate" {
            // A variant of the rule, or a schedule.
            return None;
        }
    }
    Some(options)
}
