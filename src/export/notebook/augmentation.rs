//! Random changes of the training images: layers at the network's start, which do nothing but while it trains.

use super::classes;
use super::needs::Needs;
use super::values::{camel_case, keywords};
use crate::base::document;
use crate::experiment::Experiment;
use serde_json::{Value, json};

/// The layers, as calls.
pub fn layers(spec: &Experiment, needs: &mut Needs) -> Vec<String> {
    let mut layers = Vec::new();
    for change in &spec.augmentation {
        let mut fields = document::fields(change);
        let kind = fields.shift_remove("type").and_then(|kind| kind.as_str().map(String::from)).unwrap_or_default();
        for option in ["padding_mode", "alternating"] {
            let value = fields.shift_remove(option);
            if value.is_some_and(|value| value != "constant" && value != false && !value.is_null()) {
                needs.left_out.push(format!("{option} of {kind}"));
            }
        }
        let call = format!("{}({})", camel_case(&kind), keywords(&fields).join(", "));
        match classes::of(&kind) {
            Some(class) => {
                needs.class(class);
                layers.push(call);
            }
            None if kind == "random_color_jitter" => {
                let changed = fields.into_iter().filter(|(name, value)| *value != neutral(name)).collect();
                layers.push(format!("layers.RandomColorJitter(value_range=(0, 1), {})", keywords(&changed).join(", ")));
            }
            None if ["random_flip", "random_rotation", "random_translation", "random_zoom"].contains(&&*kind) => {
                layers.push(format!("layers.{call}"));
            }
            None => needs.left_out.push(format!("the random change {kind}")),
        }
    }
    layers
}

/// The pair of a `random_color_jitter` that changes nothing.
fn neutral(name: &str) -> Value {
    if name == "saturation_factor" { json!([0.5, 0.5]) } else { json!([0.0, 0.0]) }
}
