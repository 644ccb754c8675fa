//! Edits of a network's list of layers that keep what `inputs` refer to: a reference is to a layer, and its name may change
//! with every layer that is added, moved or removed before it. The document need not be valid before or after.

use super::names::{INPUT, layer_names};
use serde::Deserialize;
use serde_json::{Map, Value};
use ts_rs::TS;

/// A layer of a document.
type Layer = Map<String, Value>;

/// One edit.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "edit", rename_all = "snake_case")]
#[ts(rename = "LayerEdit")]
pub enum Edit {
    /// Puts a layer at an index. A new `add` reads the two layers before it, as an example of its use.
    Add {
        /// Its index afterwards.
        at: usize,
        /// The layer.
        #[ts(type = "LayerSpec")]
        layer: Layer,
    },
    /// Takes a layer out; what read it reads its first input.
    Remove {
        /// Its index.
        at: usize,
    },
    /// Moves a layer.
    Move {
        /// Its index.
        from: usize,
        /// Its index afterwards.
        to: usize,
    },
    /// Replaces a layer; a new name reaches the layers that read it.
    Change {
        /// Its index.
        at: usize,
        /// What stands there afterwards.
        #[ts(type = "LayerSpec")]
        layer: Layer,
    },
}

/// What an entry of `inputs` refers to.
#[derive(Debug, Clone, PartialEq)]
enum Input {
    /// A layer of the list, by its id.
    Layer(usize),
    /// The image, or anything that names no layer.
    Other(Value),
}

/// A layer with an id that edits do not change.
struct Linked {
    id: usize,
    layer: Layer,
    /// `None` where the layer reads the one before it.
    inputs: Option<Vec<Input>>,
}

/// The layers after an edit. An index that is not there changes nothing.
pub fn edit(layers: &[Layer], edit: Edit) -> Vec<Layer> {
    let names = layer_names(layers);
    let refer = |layer: &Layer| -> Option<Vec<Input>> {
        let place = |value: &Value| names.iter().position(|name| Some(name.as_str()) == value.as_str());
        let input = |value: &Value| place(value).map_or_else(|| Input::Other(value.clone()), Input::Layer);
        layer.get("inputs")?.as_array().map(|list| list.iter().map(input).collect())
    };
    let linked = |(id, layer): (usize, &Layer)| Linked { id, layer: layer.clone(), inputs: refer(layer) };
    let mut list: Vec<Linked> = layers.iter().enumerate().map(linked).collect();
    match edit {
        Edit::Add { at, layer } if at <= list.len() => {
            let is_add = layer.get("type").and_then(Value::as_str) == Some("add");
            let inputs = is_add.then(|| vec![before(&list, at, 1), before(&list, at, 2)]);
            list.insert(at, Linked { id: layers.len(), layer, inputs });
        }
        Edit::Remove { at } if at < list.len() => remove(&mut list, at),
        Edit::Move { from, to } if from < list.len() && to < list.len() => {
            let moved = list.remove(from);
            list.insert(to, moved);
        }
        Edit::Change { at, layer } if at < list.len() => {
            list[at].inputs = refer(&layer);
            list[at].layer = layer;
        }
        _ => {}
    }
    write(list)
}

/// The output `back` layers before index `at`.
fn before(list: &[Linked], at: usize, back: usize) -> Input {
    at.checked_sub(back).map_or_else(|| Input::Other(INPUT.into()), |index| Input::Layer(list[index].id))
}

fn remove(list: &mut Vec<Linked>, at: usize) {
    let instead = before(list, at, 1);
    let gone = list.remove(at);
    let instead = gone.inputs.and_then(|inputs| inputs.into_iter().next()).unwrap_or(instead);
    for input in list.iter_mut().filter_map(|linked| linked.inputs.as_mut()).flatten() {
        if *input == Input::Layer(gone.id) {
            *input = instead.clone();
        }
    }
}

/// The list as a document has it, with the names that its layers have now.
fn write(list: Vec<Linked>) -> Vec<Layer> {
    let (ids, parts): (Vec<usize>, Vec<_>) = list.into_iter().map(|one| (one.id, (one.layer, one.inputs))).unzip();
    let (mut layers, inputs): (Vec<Layer>, Vec<_>) = parts.into_iter().unzip();
    let names = layer_names(&layers);
    let name = |input: Input| match input {
        Input::Layer(id) => {
            ids.iter().position(|&other| other == id).map_or(INPUT.into(), |index| names[index].clone().into())
        }
        Input::Other(value) => value,
    };
    for (layer, inputs) in layers.iter_mut().zip(inputs) {
        if let Some(inputs) = inputs {
            layer.insert("inputs".into(), inputs.into_iter().map(name).collect());
        }
    }
    layers
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn layers(value: Value) -> Vec<Layer> {
        serde_json::from_value(value).unwrap()
    }

    fn conv(filters: usize) -> Value {
        json!({ "type": "conv2d", "filters": filters })
    }

    /// conv2d → conv2d_1 → conv2d_2, and an addition of the first and the last.
    fn branched() -> Vec<Layer> {
        let add = json!({ "type": "add", "inputs": ["conv2d_2", "conv2d"] });
        layers(json!([conv(1), conv(2), conv(3), add, { "type": "flatten" }]))
    }

    fn edited(layers: &[Layer], one: Value) -> Vec<Layer> {
        edit(layers, serde_json::from_value(one).unwrap())
    }

    fn inputs(layers: &[Layer]) -> Vec<Value> {
        layers.iter().filter_map(|layer| layer.get("inputs").cloned()).collect()
    }

    #[test]
    fn adding_before_a_layer_that_is_named_by_another_renames_the_reference() {
        let added = edited(&branched(), json!({ "edit": "add", "at": 0, "layer": conv(9) }));
        assert_eq!(added[4]["inputs"], json!(["conv2d_3", "conv2d_1"]));
    }

    #[test]
    fn a_new_addition_reads_the_two_layers_before_it() {
        let add = |at: usize| edited(&branched(), json!({ "edit": "add", "at": at, "layer": { "type": "add" } }));
        assert_eq!(add(3)[3]["inputs"], json!(["conv2d_2", "conv2d_1"]));
        assert_eq!(add(1)[1]["inputs"], json!(["conv2d", "input_layer"]));
    }

    #[test]
    fn removing_a_layer_hands_its_readers_its_own_input() {
        let remove = |layers: &[Layer], at: usize| edited(layers, json!({ "edit": "remove", "at": at }));
        assert_eq!(remove(&branched(), 2)[2]["inputs"], json!(["conv2d_1", "conv2d"]));
        assert_eq!(remove(&branched(), 0)[2]["inputs"], json!(["conv2d_1", "input_layer"]));
        assert!(inputs(&remove(&remove(&branched(), 3), 0)).is_empty());
        assert_eq!(remove(&branched(), 9), branched());
    }

    #[test]
    fn moving_keeps_references_to_layers_not_to_names() {
        let to = |from: usize, to: usize| edited(&branched(), json!({ "edit": "move", "from": from, "to": to }));
        let moved = to(0, 1);
        assert_eq!(moved.iter().take(3).map(|layer| &layer["filters"]).collect::<Vec<_>>(), [2, 1, 3]);
        assert_eq!(moved[3]["inputs"], json!(["conv2d_2", "conv2d_1"]));
        assert_eq!(to(4, 5), branched());
    }

    #[test]
    fn a_new_name_reaches_those_that_read_the_layer() {
        let named = json!({ "type": "conv2d", "filters": 1, "name": "stem" });
        let changed = edited(&branched(), json!({ "edit": "change", "at": 0, "layer": named }));
        assert_eq!(changed[3]["inputs"], json!(["conv2d_1", "stem"]));
    }

    #[test]
    fn inputs_that_name_no_layer_stay_as_they_are() {
        let wrong = json!({ "type": "add", "inputs": ["nowhere", "conv2d"] });
        let changed = edited(&branched(), json!({ "edit": "change", "at": 3, "layer": wrong }));
        assert_eq!(changed[3]["inputs"], json!(["nowhere", "conv2d"]));
        let added = edited(&changed, json!({ "edit": "add", "at": 0, "layer": conv(9) }));
        assert_eq!(added[4]["inputs"], json!(["nowhere", "conv2d_1"]));
        let flatten = json!({ "type": "flatten" });
        let dropped = edited(&changed, json!({ "edit": "change", "at": 3, "layer": flatten }));
        assert_eq!(Value::from(dropped[3].clone()), flatten);
    }
}
