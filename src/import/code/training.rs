//! What `compile` says: loss, optimizer, schedule.

use super::keras;
use super::machine::Machine;
use super::names::snake_case;
use super::options::{self, IGNORED};
use super::part::{Part, simplified};
use super::value::{Arguments, Object, Value};
use crate::base::document;
use crate::experiment::optimizer::Rule;
use crate::experiment::schedule::Schedule;
use serde_json::{Map, Value as Json, json};

/// The names of optimizers' arguments in order.
const SIGNATURES: [(&str, &[&str]); 9] = [
    ("sgd", &["learning_rate", "momentum", "nesterov", "weight_decay"]),
    ("adam", &["learning_rate", "beta_1", "beta_2", "epsilon", "amsgrad"]),
    ("nadam", &["learning_rate", "beta_1", "beta_2", "epsilon"]),
    ("adamax", &["learning_rate", "beta_1", "beta_2", "epsilon"]),
    ("adamw", &["learning_rate", "weight_decay", "beta_1", "beta_2", "epsilon", "amsgrad"]),
    ("rmsprop", &["learning_rate", "rho", "momentum", "epsilon", "centered"]),
    ("adagrad", &["learning_rate", "initial_accumulator_value", "epsilon"]),
    ("lion", &["learning_rate", "beta_1", "beta_2"]),
    ("muon", &["learning_rate", "adam_beta_1", "adam_beta_2", "adam_weight_decay", "epsilon", "weight_decay"]),
];

/// The names of schedules' arguments in order.
const SCHEDULES: [(&str, &[&str]); 5] = [
    ("exponential_decay", &["initial_learning_rate", "decay_steps", "decay_rate", "staircase"]),
    ("inverse_time_decay", &["initial_learning_rate", "decay_steps", "decay_rate", "staircase"]),
    ("cosine_decay", &["initial_learning_rate", "decay_steps", "alpha", "name", "warmup_target", "warmup_steps"]),
    ("polynomial_decay", &["initial_learning_rate", "decay_steps", "end_learning_rate", "power", "cycle"]),
    ("piecewise_constant_decay", &["boundaries", "values"]),
];

/// What `compile` says.
pub fn compiled<'a>(machine: &mut Machine<'a>, arguments: &Arguments<'a>, place: usize, parts: &mut Vec<Part>) {
    let default = Value::text("rmsprop");
    optimizer(machine, arguments.get(0, "optimizer").unwrap_or(&default), place, parts);
    loss(machine, arguments.get(1, "loss"), place, parts);
    for (name, value) in &arguments.named {
        let is_known =
            ["optimizer", "loss", "metrics", "weighted_metrics", "run_eagerly", "steps_per_execution", "jit_compile"];
        if !is_known.contains(&&**name) && !matches!(value, Value::None) {
            machine.note(place, format!("compile({name}={})", value.describe()));
        }
    }
}

fn optimizer<'a>(machine: &mut Machine<'a>, value: &Value<'a>, place: usize, parts: &mut Vec<Part>) {
    let empty = Arguments::default();
    let mut set = None;
    let (class, arguments, place) = match value {
        Value::Text(name) => (name.to_string(), &empty, place),
        Value::Name(path) => (path.rsplit('.').next().unwrap_or_default().to_string(), &empty, place),
        Value::Object(object) => {
            set = object.attributes.borrow().iter().rev().find(|(name, _)| name == "learning_rate").cloned();
            (object.class().to_string(), &object.arguments, object.place)
        }
        other => return machine.note(place, format!("optimizer: {}", other.describe())),
    };
    let kind = class.to_lowercase();
    let names = SIGNATURES.iter().find(|(name, _)| *name == kind).map_or(&["learning_rate"][..], |(_, names)| names);
    let mut found = Map::from_iter([("type".to_string(), Json::from(kind.clone()))]);
    let mut schedule = None;
    let mut named = named_arguments(names, arguments);
    named.retain(|(name, _)| set.is_none() || name != "learning_rate");
    // A rate that is set afterwards counts before the argument.
    for (name, value) in named.into_iter().chain(set) {
        match (&*name, &value) {
            // A rate that is computed from the step by code is no number.
            ("learning_rate", Value::Function(_)) => {
                machine.note(place, format!("{class}(learning_rate={})", value.describe()))
            }
            (name, _) if IGNORED.contains(&name) || name == "is_legacy_optimizer" => {}
            ("amsgrad" | "use_ema", Value::Bool(false)) => {}
            ("learning_rate", Value::Object(object)) if object.own_class.is_none() => {
                schedule = self::schedule(machine, object, &mut found);
            }
            // Of former versions: the rate is divided by 1 + decay * step.
            ("decay", value) => {
                let rate = value.as_float();
                if let Some(rate) = rate.filter(|rate| *rate != 0.0) {
                    let value = json!({"type": "inverse_time_decay", "decay_rate": rate, "decay_steps": 1});
                    schedule = Some(Part {
                        key: "learning_rate_schedule",
                        value,
                        place,
                        what: format!("{class}(decay={rate})"),
                    });
                } else if rate.is_none() {
                    machine.note(place, format!("{class}(decay={})", value.describe()));
                }
            }
            (name, value) => match options::json(name, value) {
                Ok(Json::Null) => {}
                Ok(value) => drop(found.insert(name.into(), value)),
                Err(what) => machine.note(place, format!("{class}({name}={what})")),
            },
        }
    }
    push_optimizer(machine, &class, found, place, parts);
    parts.extend(schedule);
}

/// Leaves out the options that the optimizer does not take.
fn push_optimizer(
    machine: &mut Machine,
    class: &str,
    mut found: Map<String, Json>,
    place: usize,
    parts: &mut Vec<Part>,
) {
    loop {
        let Err(error) = document::read::<Rule>(&Json::Object(found.clone())) else { break };
        let named =
            error.split_once("unknown field `").and_then(|(_, rest)| rest.split_once('`')).map(|(name, _)| name);
        let named = named.or_else(|| error.split([':', '.', '[']).next()).filter(|name| *name != "type");
        let Some(value) = named.and_then(|name| found.shift_remove(name)) else {
            return machine.note(place, class);
        };
        machine.note(place, format!("{class}({}={})", named.unwrap_or_default(), super::layer::python(&value)));
    }
    if !found.contains_key("learning_rate") {
        let rule = document::read::<Rule>(&Json::Object(found.clone())).map(|rule| rule.shared().learning_rate);
        found.insert("learning_rate".into(), rule.map_or(Json::Null, Json::from));
    }
    parts.push(Part { key: "optimizer", value: simplified::<Rule>(found), place, what: class.into() });
}

/// A schedule as a part of the document; the rate that it starts from goes to the optimizer.
fn schedule<'a>(machine: &mut Machine<'a>, object: &Object<'a>, optimizer: &mut Map<String, Json>) -> Option<Part> {
    let (class, place) = (object.class(), object.place);
    let kind = snake_case(class);
    let names = SCHEDULES.iter().find(|(name, _)| *name == kind).map_or(&[][..], |(_, names)| names);
    let mut found = Map::from_iter([("type".to_string(), Json::from(kind))]);
    for (name, value) in named_arguments(names, &object.arguments) {
        match options::json(&name, &value) {
            Ok(Json::Null) => {}
            // The steps of the whole training, where the number of images is not known.
            Err(_) if name == "total_steps" && super::own::is_exported(object) => {}
            Ok(value) if ["initial_learning_rate", "max_learning_rate"].contains(&&*name) => {
                drop(optimizer.insert("learning_rate".into(), value))
            }
            Ok(value) if !IGNORED.contains(&&*name) => drop(found.insert(name, value)),
            Ok(_) => {}
            Err(what) => machine.note(place, format!("{class}({name}={what})")),
        }
    }
    // The optimizer's own rate is not used then; it starts as the schedule does.
    if let Some(first) = found.get("values").and_then(|values| values.get(0)) {
        optimizer.insert("learning_rate".into(), first.clone());
    }
    if document::read::<Schedule>(&Json::Object(found.clone())).is_err() {
        machine.note(place, class);
        return None;
    }
    Some(Part { key: "learning_rate_schedule", value: simplified::<Schedule>(found), place, what: class.into() })
}

/// The arguments by their names, those without a name in order.
pub fn named_arguments<'a>(names: &[&str], arguments: &Arguments<'a>) -> Vec<(String, Value<'a>)> {
    let placed = names.iter().map(ToString::to_string).zip(arguments.positional.iter().cloned());
    let named = arguments.named.iter().map(|(name, value)| {
        let name = if name == "lr" { "learning_rate" } else { name };
        (name.to_string(), value.clone())
    });
    placed.chain(named).collect()
}

fn loss<'a>(machine: &mut Machine<'a>, value: Option<&Value<'a>>, place: usize, parts: &mut Vec<Part>) {
    let part = |key, value: Json, place, what: &str| Part { key, value, place, what: what.into() };
    match value {
        None | Some(Value::None) => {}
        Some(Value::Text(name)) => parts.push(part("loss", snake_case(name).into(), place, name)),
        Some(Value::Name(path)) => {
            let name = path.rsplit('.').next().unwrap_or_default();
            parts.push(part("loss", snake_case(name).into(), place, name));
        }
        Some(Value::Object(object)) if keras::name(&object.path).is_some() && object.own_class.is_none() => {
            let (class, place) = (object.class(), object.place);
            parts.push(part("loss", snake_case(class).into(), place, class));
            let names = ["from_logits", "label_smoothing"];
            let names =
                if class.contains("Categorical") && !class.contains("Sparse") { &names[..] } else { &names[..1] };
            for (name, value) in named_arguments(names, &object.arguments) {
                let key = match &*name {
                    "from_logits" => {
                        parts.push(part("from_logits", value.truth().into(), place, class));
                        continue;
                    }
                    "name" | "dtype" => continue,
                    "axis" if value.as_int() == Some(-1) => continue,
                    "reduction" if is_mean(&value) => continue,
                    "ignore_class" if matches!(value, Value::None) => continue,
                    "label_smoothing" if value.as_float() == Some(0.0) => continue,
                    "label_smoothing" => "label_smoothing",
                    "alpha" => "alpha",
                    "gamma" => "gamma",
                    _ => "",
                };
                match options::json(&name, &value).ok().filter(|_| !key.is_empty()) {
                    Some(value) => parts.push(part(key, value, place, &format!("{class}({name})"))),
                    None => machine.note(place, format!("{class}({name}={})", value.describe())),
                }
            }
        }
        Some(other) => machine.note(place, format!("loss: {}", other.describe())),
    }
}

/// Whether a loss's reduction is the mean over the images.
fn is_mean(value: &Value) -> bool {
    let name = match value {
        Value::Text(name) | Value::Name(name) => name.rsplit('.').next().unwrap_or_default().to_lowercase(),
        _ => String::new(),
    };
    ["auto", "mean", "sum_over_batch_size"].contains(&&*name)
}
