//! `ImageDataGenerator`, and layers that change colors: their random changes as the document's.

use super::machine::Machine;
use super::options;
use super::part::Part;
use super::value::{Object, Value};
use serde_json::{Map, Value as Json, json};

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
            ("zca_epsilon", _) => {}
            ("cval", _) if object.arguments.named("fill_mode").and_then(Value::as_text) != Some("constant") => {}
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

/// The layers that change colors and the options of `random_color_jitter` for them, in the order in which it changes them.
const COLORS: [(&str, &str); 4] = [
    ("RandomBrightness", "brightness_factor"),
    ("RandomContrast", "contrast_factor"),
    ("RandomSaturation", "saturation_factor"),
    ("RandomHue", "hue_factor"),
];

/// Whether a layer changes colors and nothing else.
pub fn changes_colors(class: &str) -> bool {
    class == "RandomColorJitter" || COLORS.iter().any(|(known, _)| *known == class)
}

/// The options of `random_color_jitter` for such a layer, and the arguments that have no place there.
pub fn colors(class: &str, arguments: &[(String, Value)]) -> (Map<String, Json>, Vec<String>) {
    let (mut pairs, mut unknown) = (Map::new(), Vec::new());
    let own = COLORS.iter().find(|(known, _)| *known == class).map(|(_, option)| *option);
    for (name, value) in arguments {
        let option =
            if name == "factor" { own } else { COLORS.iter().map(|(_, option)| *option).find(|option| option == name) };
        match (option, options::json(name, value)) {
            (_, Ok(Json::Null)) => {}
            (Some(option), Ok(value)) => drop(pairs.insert(option.into(), pair(option, value))),
            _ if name == "value_range" || options::IGNORED.contains(&&**name) => {}
            (_, Ok(value)) => unknown.push(format!("{name}={value}")),
            (_, Err(what)) => unknown.push(format!("{name}={what}")),
        }
    }
    (pairs, unknown)
}

/// A single number as Keras's documentation reads it.
fn pair(option: &str, value: Json) -> Json {
    match (option, value.as_f64()) {
        (_, None) => value,
        ("brightness_factor", Some(most)) => json!([-most, most]),
        ("contrast_factor", Some(most)) => json!([most, most]),
        (_, Some(most)) => json!([0.0, most]),
    }
}

/// Whether changes of colors are made after those of `before`, in one `random_color_jitter`.
pub fn can_follow(before: &Map<String, Json>, next: &Map<String, Json>) -> bool {
    let places = |changes: &Map<String, Json>| -> Vec<usize> {
        (0..COLORS.len()).filter(|&index| changes.contains_key(COLORS[index].1)).collect()
    };
    places(before).last() < places(next).first()
}
