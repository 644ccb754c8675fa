//! PyTorch's start of weights, which Keras writes as `RandomUniform(-limit, limit)`.

use super::machine::Machine;
use crate::experiment::Experiment;
use crate::export::keras::start;
use crate::layers;
use crate::network::graph::Graph;
use serde_json::{Map, Value as Json, json};

/// An option of a layer that says a uniform distribution, which stands as `pytorch_default` until the shapes are known.
pub struct Uniform {
    pub layer: usize,
    pub option: String,
    pub value: Json,
    pub place: usize,
}

/// Takes the uniform distributions around 0 out of a layer's options.
pub fn take(options: &mut Map<String, Json>) -> Vec<(String, Json)> {
    let mut taken = Vec::new();
    for (name, value) in options.iter_mut().filter(|(name, _)| name.ends_with("_initializer")) {
        if limit(value).is_some() {
            taken.push((name.clone(), std::mem::replace(value, "pytorch_default".into())));
        }
    }
    taken
}

/// Puts a uniform distribution back where its limit is not the one that `pytorch_default` has for the layer.
pub fn check(machine: &mut Machine, experiment: &mut Experiment, list: Vec<Uniform>) {
    let Ok(graph) = Graph::new(experiment) else { return };
    for Uniform { layer, option, value, place } in list {
        let Some(node) = graph.nodes.get(layer) else { continue };
        let fan_in = if node.params.is_empty() { 0.0 } else { start(&graph, node, &option).0 };
        if limit(&value).is_some_and(|limit| (fan_in.sqrt() * limit - 1.0).abs() < 1e-6) {
            continue;
        }
        let entry = &mut experiment.layers[layer];
        entry.insert(option.clone(), value.clone());
        let mut options = entry.clone();
        ["type", "name", "inputs"].iter().for_each(|key| drop(options.shift_remove(*key)));
        if layers::from_options(node.layer.kind(), Json::Object(options)).is_err() {
            entry.shift_remove(&option);
            let [low, high] = ["minval", "maxval"].map(|key| value[key].to_string());
            machine.note(place, format!("{}({option}=RandomUniform({low}, {high}))", node.name));
        }
    }
}

/// The limit of a uniform distribution around 0.
fn limit(value: &Json) -> Option<f64> {
    let (low, high) = (value.get("minval")?.as_f64()?, value.get("maxval")?.as_f64()?);
    (value.get("type") == Some(&json!("random_uniform")) && low == -high && high > 0.0).then_some(high)
}
