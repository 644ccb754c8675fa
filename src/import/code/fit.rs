//! What `fit` says: the data, batch size, epochs.

use super::callbacks::callbacks;
use super::machine::Machine;
use super::options::{self, argument};
use super::part::Part;
use super::pixels::Pixels;
use super::rates::Length;
use super::validation::{check_labels, note_change, validates_all, validation};
use super::value::{Arguments, Value};
use serde_json::{Map, Value as Json, json};
use std::rc::Rc;

/// The data of a training.
#[derive(Clone)]
pub struct Data<'a> {
    pub x: Option<Rc<Pixels>>,
    pub batch_size: Option<i64>,
    /// The generator of random changes.
    pub generator: Option<Value<'a>>,
    /// The factor by which the generator scales pixels.
    pub rescale: f64,
}

/// The names of `fit`'s arguments in order.
const NAMES: [&str; 16] = [
    "x",
    "y",
    "batch_size",
    "epochs",
    "verbose",
    "callbacks",
    "validation_split",
    "validation_data",
    "shuffle",
    "class_weight",
    "sample_weight",
    "initial_epoch",
    "steps_per_epoch",
    "validation_steps",
    "validation_batch_size",
    "validation_freq",
];

/// The names of `fit_generator`'s arguments in order.
const OF_GENERATOR: [&str; 9] = [
    "generator",
    "steps_per_epoch",
    "epochs",
    "verbose",
    "callbacks",
    "validation_data",
    "validation_steps",
    "validation_freq",
    "class_weight",
];

/// Arguments that are read elsewhere than in [`others`].
const READ: [&str; 9] =
    ["x", "y", "batch_size", "epochs", "callbacks", "validation_split", "validation_data", "nb_epoch", "generator"];

/// Arguments of `fit` that do not change the result.
const HARMLESS: [&str; 6] =
    ["verbose", "validation_batch_size", "workers", "use_multiprocessing", "max_queue_size", "class_names"];

/// The arguments of `fit` or `fit_generator`, all by their names.
pub fn by_name<'a>(arguments: &Arguments<'a>, is_generator: bool) -> Arguments<'a> {
    let names = if is_generator { &OF_GENERATOR[..] } else { &NAMES[..] };
    let placed = names.iter().map(ToString::to_string).zip(arguments.positional.iter().cloned());
    Arguments { positional: Vec::new(), named: placed.chain(arguments.named.iter().cloned()).collect() }
}

/// Images, batch size and generator of `fit(x, y)` or `fit(batches)`.
pub fn data<'a>(arguments: &Arguments<'a>) -> Data<'a> {
    match argument(arguments, "x").or_else(|| arguments.named("generator")) {
        Some(Value::Pixels(pixels)) => {
            Data { x: Some(pixels.clone()), batch_size: None, generator: None, rescale: 1.0 }
        }
        Some(Value::Batches(batches)) => {
            let x = if let Value::Pixels(pixels) = &batches.x { Some(pixels.clone()) } else { None };
            let generator = batches.generator.clone();
            Data { x, batch_size: batches.batch_size, generator, rescale: batches.rescale() }
        }
        _ => Data { x: None, batch_size: None, generator: None, rescale: 1.0 },
    }
}

/// Adds what `fit` says; gives the part `dataset`, where the data is known.
pub fn fitted<'a>(
    machine: &mut Machine<'a>,
    arguments: &Arguments<'a>,
    place: usize,
    parts: &mut Vec<Part>,
) -> Option<Map<String, Json>> {
    let data = data(arguments);
    let mut number = |name: &'static str, default: i64| {
        let value = argument(arguments, name);
        let known = value.map_or(Some(default), Value::as_int);
        if known.is_none() {
            machine.note(place, format!("fit({name}={})", value.map(Value::describe).unwrap_or_default()));
        }
        known.unwrap_or(default)
    };
    let (epochs, batch) = (number("epochs", 1), number("batch_size", data.batch_size.unwrap_or(32)));
    for (key, value) in [("epochs", epochs), ("batch_size", batch)] {
        parts.push(Part { key, value: value.into(), place, what: format!("fit({key}={value})") });
    }
    if let Some(list) = argument(arguments, "callbacks") {
        let images = data.x.as_ref().map(|x| match argument(arguments, "validation_split").and_then(Value::as_float) {
            Some(split) => (x.count() as f64 * (1.0 - split)).floor() as i64,
            None => x.count(),
        });
        let length = Length { epochs, steps: images.map(|images| (images.max(1) - 1) / batch.max(1) + 1) };
        callbacks(machine, list, place, length, parts);
    }
    others(machine, arguments, place, &data, batch, parts);
    let dataset = dataset(machine, arguments, place, &data);
    if let Some(Value::Object(generator)) = &data.generator {
        super::augmentation::generator(machine, generator, parts);
    }
    dataset
}

/// The other arguments.
fn others<'a>(
    machine: &mut Machine<'a>,
    arguments: &Arguments<'a>,
    place: usize,
    data: &Data,
    batch: i64,
    parts: &mut Vec<Part>,
) {
    for (name, value) in &arguments.named {
        let is_off = matches!(value, Value::None) || (name == "initial_epoch" && value.as_int() == Some(0));
        let is_usual = match &**name {
            "shuffle" => value.truth() == Some(true),
            "validation_freq" => value.as_int() == Some(1),
            _ => READ.contains(&&**name) || HARMLESS.contains(&&**name),
        };
        if is_usual || is_off {
            continue;
        }
        match &**name {
            "class_weight" => match options::json(name, value) {
                Ok(value) => parts.push(Part { key: "class_weight", value, place, what: "fit(class_weight)".into() }),
                Err(what) => machine.note(place, format!("fit(class_weight={what})")),
            },
            // As many steps as an epoch has anyway.
            "steps_per_epoch" | "samples_per_epoch"
                if data.x.as_ref().zip(value.as_float()).is_some_and(|(x, steps)| {
                    let whole = x.count() as f64 / batch.max(1) as f64;
                    (steps - whole).abs() <= 1.0 || steps == x.count() as f64
                }) => {}
            "validation_steps" if validates_all(arguments, value) => {}
            _ => machine.note(place, format!("fit({name}={})", value.describe())),
        }
    }
}

fn dataset<'a>(
    machine: &mut Machine<'a>,
    arguments: &Arguments<'a>,
    place: usize,
    data: &Data<'a>,
) -> Option<Map<String, Json>> {
    let Some(x) = &data.x else {
        let given = argument(arguments, "x").or_else(|| arguments.named("generator"));
        let what = given.map_or_else(String::new, Value::describe);
        let at = if let Some(Value::Unknown(unknown)) = given { unknown.place } else { place };
        machine.note(at, format!("the data of fit: {what}; the sets of keras.datasets are understood"));
        return None;
    };
    note_change(machine, x);
    let mut groups = None;
    let labels = argument(arguments, "x").map_or_else(
        || argument(arguments, "y"),
        |x| match x {
            Value::Batches(batches) => Some(&batches.y),
            _ => argument(arguments, "y"),
        },
    );
    match labels {
        Some(Value::Pixels(labels)) => {
            note_change(machine, labels);
            check_labels(machine, x, labels, place);
            groups = labels.groups();
        }
        Some(other) => machine.note(place, format!("the labels of fit: {}", other.describe())),
        None => {}
    }
    if x.test {
        machine.note(place, "fit on the test images");
    }
    let mut dataset = Map::from_iter([("name".to_string(), Json::from(x.set.name))]);
    if x.coarse {
        dataset.insert("label_mode".into(), "coarse".into());
    }
    if let Some(groups) = groups {
        dataset.insert("merge_classes".into(), json!(groups));
    }
    let mut limit = Map::new();
    let whole = x.set.counts[0];
    if (x.from, x.to) != (0, whole) {
        limit.insert("train".into(), x.to.into());
    }
    let scale = x.scale * data.rescale;
    validation(machine, arguments, place, (x, scale), &mut dataset, &mut limit);
    if x.from != 0 {
        machine.note(place, format!("training images from number {} on; the first ones are understood", x.from));
    }
    if !limit.is_empty() {
        dataset.insert("limit".into(), limit.into());
    }
    Some(dataset)
}
