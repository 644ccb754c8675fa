//! What the callbacks of `fit` say: early stopping, checkpoints, schedules.

use super::machine::Machine;
use super::options;
use super::part::Part;
use super::rates::Length;
use super::training::named_arguments;
use super::value::{Arguments, Body, Object, Value};
use ruff_text_size::Ranged;
use serde_json::{Map, Value as Json};

/// Callbacks that do not change the result.
const HARMLESS: [&str; 8] = [
    "TensorBoard",
    "CSVLogger",
    "History",
    "ProgbarLogger",
    "TerminateOnNaN",
    "BackupAndRestore",
    "RemoteMonitor",
    "BaseLogger",
];

/// What the callbacks of `fit` say.
pub fn callbacks<'a>(machine: &mut Machine<'a>, list: &Value<'a>, place: usize, length: Length, parts: &mut Vec<Part>) {
    let Some(list) = list.items(100).or_else(|| matches!(list, Value::Object(_)).then(|| vec![list.clone()])) else {
        if !matches!(list, Value::None) {
            machine.note(place, format!("callbacks={}", list.describe()));
        }
        return;
    };
    for callback in list {
        match &callback {
            Value::Object(object) if object.own_class.is_none() => self::callback(machine, object, length, parts),
            Value::Object(object) => machine.note(object.place, format!("{}: a callback of your own", object.class())),
            other => machine.note(place, format!("a callback: {}", other.describe())),
        }
    }
}

fn callback<'a>(machine: &mut Machine<'a>, object: &Object<'a>, length: Length, parts: &mut Vec<Part>) {
    let (class, place, arguments) = (object.class(), object.place, &object.arguments);
    let (key, names): (_, &[&str]) = match class {
        "EarlyStopping" => {
            let names = &["monitor", "min_delta", "patience", "verbose", "mode", "baseline", "restore_best_weights"];
            ("early_stopping", names)
        }
        "ReduceLROnPlateau" => {
            let names =
                &["monitor", "factor", "patience", "verbose", "mode", "min_delta", "cooldown", "min_learning_rate"];
            ("learning_rate_schedule", names)
        }
        "ModelCheckpoint" => {
            let best = arguments.get(3, "save_best_only").map_or(Some(false), Value::truth);
            if best == Some(false) {
                return;
            }
            if best.is_none() {
                return machine.note(place, "ModelCheckpoint(save_best_only)");
            }
            let names = &["filepath", "monitor", "verbose", "save_best_only", "save_weights_only", "mode", "save_freq"];
            ("model_checkpoint", names)
        }
        "LearningRateScheduler" => return super::rates::scheduler(machine, object, length, parts),
        "LambdaCallback" if arguments.values().any(|function| changes_training(machine, function)) => {
            return machine.note(place, class);
        }
        "LambdaCallback" => return,
        class if HARMLESS.contains(&class) => return,
        class => return machine.note(place, class),
    };
    let mut found = Map::new();
    if class == "ReduceLROnPlateau" {
        found.insert("type".into(), "reduce_on_plateau".into());
    }
    for (name, value) in named_arguments(names, arguments) {
        if name == "mode" && !is_usual_mode(names, arguments, &value) {
            machine.note(place, format!("{class}(mode={})", value.describe()));
        }
        let (name, plain) = match &*name {
            "min_lr" => ("min_learning_rate", options::json("", &value)),
            "epsilon" => ("min_delta", options::json("", &value)),
            name => (name, options::json(name, &value)),
        };
        match plain {
            _ if ["verbose", "filepath", "mode", "save_best_only", "save_weights_only", "save_freq", "period"]
                .contains(&name) => {}
            Ok(Json::Null) => {}
            Ok(Json::String(figure)) if name == "monitor" => drop(found.insert(name.into(), monitor(&figure).into())),
            Ok(value) if name == "min_delta" => drop(found.insert(name.into(), magnitude(value))),
            Ok(value) if name == "start_from_epoch" && value == 0 => {}
            Ok(value) => drop(found.insert(name.into(), value)),
            Err(what) => machine.note(place, format!("{class}({name}={what})")),
        }
    }
    parts.push(Part { key, value: found.into(), place, what: class.into() });
}

/// Whether the mode is the one that the figure's name gives: the accuracy rises, the loss falls.
fn is_usual_mode(names: &[&str], arguments: &Arguments, mode: &Value) -> bool {
    let place = names.iter().position(|name| *name == "monitor").unwrap_or(usize::MAX);
    let rises = arguments.get(place, "monitor").and_then(Value::as_text).is_some_and(|name| name.contains("acc"));
    mode.as_text().is_some_and(|mode| mode == "auto" || mode == if rises { "max" } else { "min" })
}

/// Whether a function that is called during a training may change it; one that only reports does not.
fn changes_training(machine: &Machine, function: &Value) -> bool {
    let Value::Function(function) = function else { return !matches!(function, Value::None | Value::Name(_)) };
    let range = match function.body {
        Body::Expression(body) => body.range(),
        Body::Statements(body) => body
            .first()
            .map(Ranged::range)
            .unwrap_or_default()
            .cover(body.last().map(Ranged::range).unwrap_or_default()),
    };
    let text = machine.text.get(range.start().to_usize()..range.end().to_usize()).unwrap_or_default();
    ["learning_rate", ".lr", "set_value", "assign", "stop_training", "set_weights"]
        .iter()
        .any(|word| text.contains(word))
}

/// Keras takes the magnitude of a smallest change.
fn magnitude(value: Json) -> Json {
    match value.as_f64() {
        Some(number) if number < 0.0 => (-number).into(),
        _ => value,
    }
}

/// A figure's present name.
fn monitor(name: &str) -> &str {
    match name {
        "acc" | "sparse_categorical_accuracy" | "categorical_accuracy" => "accuracy",
        "val_acc" | "val_sparse_categorical_accuracy" | "val_categorical_accuracy" => "val_accuracy",
        other => other,
    }
}
