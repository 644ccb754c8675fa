//! `ImageDataGenerator`: its random changes as the document's.

use super::machine::Machine;
use super::part::Part;
use super::value::{Object, Value};
use serde_json::{Value as Json, json};

/// Options that are off unless they are set.
const SWITCHES: [&str; 5] = [
    "featurewise_center",
    "samplewise_center",
    "featurewise_std_normalization",
    "samplewise_std_normalization",
    "zca_whitening",
];

/// Adds a generator's random changes, in the order in which it applies them.
pub fn generator(machine: &mut Machine, object: &Object, parts: &mut Vec<Part>) {
    let (mut rotation, mut flips, mut shifts, mut zoom) = (None, [false; 2], [0.0; 2], None);
    let mut fill = "nearest";
    for (name, value) in &object.arguments.named {
        let number = value.as_float();
        match (&**name, number) {
            (_, _) if matches!(value, Value::None | Value::Bool(false)) || number == Some(0.0) => {}
            ("rotation_range", Some(degrees)) => rotation = Some(degrees / 360.0),
            ("height_shift_range", Some(share)) if share < 1.0 => shifts[0] = share,
            ("width_shift_range", Some(share)) if share < 1.0 => shifts[1] = share,
            ("zoom_range", Some(share)) => zoom = Some(share),
            ("horizontal_flip", _) => flips[1] = true,
            ("vertical_flip", _) => flips[0] = true,
            // The scale of pixels is the document's own.
            ("rescale", Some(scale)) if (scale * 255.0 - 1.0).abs() < 1e-6 => {}
            ("fill_mode", _)
                if value.as_text().is_some_and(|mode| ["nearest", "reflect", "constant"].contains(&mode)) =>
            {
                fill = match value.as_text() {
                    Some("reflect") => "reflect",
                    Some("constant") => "constant",
                    _ => "nearest",
                };
            }
            // Constants of what is off, or is named below.
            ("cval" | "zca_epsilon", _) => {}
            (name, _) if SWITCHES.contains(&name) => {
                machine.note(object.place, format!("ImageDataGenerator({name}=True)"))
            }
            (name, _) => machine.note(object.place, format!("ImageDataGenerator({name}={})", value.describe())),
        }
    }
    let mut list: Vec<Json> = Vec::new();
    if let Some(factor) = rotation {
        list.push(json!({"type": "random_rotation", "factor": factor, "fill_mode": fill}));
    }
    if shifts != [0.0; 2] {
        let [height, width] = shifts;
        list.push(
            json!({"type": "random_translation", "height_factor": height, "width_factor": width, "fill_mode": fill}),
        );
    }
    if let Some(share) = zoom {
        list.push(json!({"type": "random_zoom", "height_factor": share, "width_factor": share, "fill_mode": fill}));
    }
    match flips {
        [false, false] => {}
        [false, true] => list.push(json!({"type": "random_flip"})),
        [true, false] => list.push(json!({"type": "random_flip", "mode": "vertical"})),
        [true, true] => list.push(json!({"type": "random_flip", "mode": "horizontal_and_vertical"})),
    }
    if !list.is_empty() {
        let (place, what) = (object.place, "ImageDataGenerator".into());
        parts.push(Part { key: "augmentation", value: list.into(), place, what });
    }
}
