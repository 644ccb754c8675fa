//! How the data is divided: validation images, and labels that belong to their images.

use super::machine::Machine;
use super::options::argument;
use super::pixels::Pixels;
use super::value::{Arguments, Value};
use serde_json::{Map, Value as Json, json};

/// The part of the document's data that images are held back for.
pub fn validation<'a>(
    machine: &mut Machine<'a>,
    arguments: &Arguments<'a>,
    place: usize,
    (x, scale): (&Pixels, f64),
    dataset: &mut Map<String, Json>,
    limit: &mut Map<String, Json>,
) {
    if let Some(given) = argument(arguments, "validation_data") {
        let (Some(Value::Pixels(images)), labels) = pair(given) else {
            return machine.note(place, format!("validation_data={}", given.describe()));
        };
        note_change(machine, &images);
        if is_changed(given) {
            machine.note(place, "validation images that are changed at random");
        }
        match labels {
            Some(Value::Pixels(labels)) => {
                note_change(machine, &labels);
                check_labels(machine, &images, &labels, place);
                if labels.groups().map(Json::from) != dataset.get("merge_classes").cloned() {
                    machine.note(place, "classes that are merged in training or in validation only");
                }
            }
            Some(other) => machine.note(place, format!("the labels of validation_data: {}", other.describe())),
            None => {}
        }
        let is_alike =
            images.set.name == x.set.name && (images.scale - scale).abs() < 1e-9 && images.offset == x.offset;
        if !is_alike {
            machine.note(place, "validation images that are not scaled as the training images are");
        }
        let whole = images.set.counts[1];
        if images.test && images.from == 0 {
            if images.to != whole {
                limit.insert("test".into(), images.to.into());
                check_rest(machine, &images, place);
            }
            dataset.insert("validation".into(), "test".into());
        } else if !images.test && images.from == x.to && x.from == 0 {
            let all = images.to;
            limit.shift_remove("train");
            if all != images.set.counts[0] {
                limit.insert("train".into(), all.into());
            }
            dataset.insert("validation".into(), json!({"split": share(x.to, all)}));
        } else {
            machine.note(place, "validation_data: the test images and the last training images are understood");
        }
        return;
    }
    if let Some(split) = argument(arguments, "validation_split") {
        match split.as_float() {
            Some(0.0) => {}
            Some(split) => drop(dataset.insert("validation".into(), json!({"split": split}))),
            None => machine.note(place, format!("fit(validation_split={})", split.describe())),
        }
    }
}

/// Notes a part of the test images for validation where the code also has the others, to test with.
fn check_rest(machine: &mut Machine, validation: &Pixels, place: usize) {
    let is_other =
        |value: &Value| matches!(value, Value::Pixels(rest) if rest.test && !rest.labels && rest.from == validation.to);
    let evaluated = machine.models.iter().flat_map(|model| model.evaluated.iter().map(|(images, _)| images));
    if machine.module_values().chain(evaluated).any(is_other) {
        machine.note(place, "a part of the test images for validation and another one for the test");
    }
}

/// The share that leaves `kept` of `all` images for training, as short as it may be.
fn share(kept: i64, all: i64) -> f64 {
    let exact = 1.0 - kept as f64 / all as f64;
    let gives = |split: f64| (all as f64 * (1.0 - split)).floor() as i64 == kept;
    let rounded = (1..12).map(|digits| format!("{exact:.digits$}").parse().unwrap_or(exact));
    rounded.into_iter().find(|split| gives(*split)).unwrap_or(exact)
}

/// Whether so many steps take all images of the validation, but for a last batch that is not full.
pub fn validates_all(arguments: &Arguments, steps: &Value) -> bool {
    let given = argument(arguments, "validation_data");
    let batch = match given {
        Some(Value::Batches(batches)) => batches.batch_size,
        _ => argument(arguments, "validation_batch_size").or(argument(arguments, "batch_size")).and_then(Value::as_int),
    };
    let images = given.and_then(|given| pair(given).0);
    let (Some(Value::Pixels(images)), Some(steps)) = (images, steps.as_float()) else { return false };
    (steps - images.count() as f64 / batch.unwrap_or(32).max(1) as f64).abs() <= 1.0
}

/// Images and labels of `validation_data`.
fn pair<'a>(given: &Value<'a>) -> (Option<Value<'a>>, Option<Value<'a>>) {
    match given {
        Value::Batches(batches) => {
            let images = match &batches.x {
                Value::Pixels(images) => images.scaled(batches.rescale(), 0.0).into(),
                other => other.clone(),
            };
            (Some(images), Some(batches.y.clone()))
        }
        given => {
            let mut items = given.items(3).unwrap_or_default().into_iter();
            (items.next(), items.next())
        }
    }
}

/// Whether a generator changes images at random.
fn is_changed(given: &Value) -> bool {
    let Value::Batches(batches) = given else { return false };
    let Some(Value::Object(generator)) = &batches.generator else { return false };
    generator.arguments.named.iter().any(|(name, value)| {
        let is_off = matches!(value, Value::None | Value::Bool(false)) || value.as_float() == Some(0.0);
        (name.ends_with("_range") || name.ends_with("_flip")) && !is_off
    })
}

/// Notes labels that are not those of the images.
pub fn check_labels(machine: &mut Machine, images: &Pixels, labels: &Pixels, place: usize) {
    let part = |pixels: &Pixels| (pixels.set.name, pixels.coarse, pixels.test, pixels.from, pixels.to);
    if images.labels || !labels.labels || part(images) != part(labels) {
        machine.note(place, "labels that are not those of the images");
    }
}

/// Notes the first change of images or labels that is not understood.
pub fn note_change(machine: &mut Machine, pixels: &Pixels) {
    if let Some((place, what)) = &pixels.change {
        machine.note(*place, what.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_short_and_exact() {
        for (kept, all, expected) in
            [(40_000, 50_000, 0.2), (54_000, 60_000, 0.1), (55_000, 60_000, 0.0833), (9, 10, 0.1)]
        {
            let found = share(kept, all);
            assert_eq!((all as f64 * (1.0 - found)).floor() as i64, kept);
            assert!((found - expected).abs() < 1e-3, "{found}");
        }
    }
}
