//! From what the code says to the document.

use super::fit::{self, Data};
use super::initial;
use super::layer;
use super::machine::Machine;
use super::model::ModelKind;
use super::network::{self, Network};
use super::options;
use super::part::Part;
use super::training;
use crate::base::error::{Error, Result};
use crate::experiment::Experiment;
use crate::layers;
use crate::network::graph::Graph;
use crate::network::names::layer_names;
use serde_json::{Map, Value as Json, json};

/// The place and the text of what is left out.
pub type Notes = Vec<(usize, String)>;

/// The model to take: the last one that is trained, or compiled, or else built.
pub fn chosen(machine: &mut Machine) -> Option<usize> {
    let models = machine.models.iter().enumerate().rev();
    let is_empty = |kind: &ModelKind| matches!(kind, ModelKind::Sequential(items) if items.is_empty());
    let best = models.filter(|(_, model)| !is_empty(&model.kind)).max_by_key(|(index, model)| {
        let rank = (!model.fits.is_empty(), model.compiled.is_some(), !model.is_part);
        (rank, *index)
    });
    best.map(|(index, _)| index)
}

/// The document, and what is left out of it.
///
/// # Errors
/// If not even what is left is a document.
pub fn experiment<'a>(
    machine: &mut Machine<'a>,
    model: usize,
    (name, title): (&str, Option<&str>),
    basis: Option<&Experiment>,
) -> Result<(Experiment, Notes)> {
    if let Some(trained) = machine.models[model].trained.take() {
        (machine.models[model].kind, machine.models[model].compiled) = *trained;
    }
    let fits = machine.models[model].fits.clone();
    let compiled = machine.models[model].compiled.clone();
    let data = fits.first().map(|(arguments, _)| fit::data(arguments));
    let mut network = network::build(machine, model, data.as_ref().and_then(|data| data.x.as_deref()));
    let mut parts = Vec::new();
    if let Some((arguments, place)) = &compiled {
        training::compiled(machine, arguments, *place, &mut parts);
    }
    let mut dataset = None;
    if let Some((arguments, place)) = fits.first() {
        dataset = fit::fitted(machine, arguments, *place, &mut parts);
    }
    for (_, place) in fits.iter().skip(1) {
        machine.note(*place, "a second fit of the same model; the first one is taken");
    }
    let others = machine.models.iter().enumerate().filter(|(index, _)| *index != model);
    let others: Vec<usize> = others.filter_map(|(_, other)| other.fits.first().map(|(_, place)| *place)).collect();
    for place in others {
        machine.note(place, "another model that is trained; the last one is taken");
    }
    let trainable = machine.models[model].attributes.iter().find(|(name, ..)| name == "trainable");
    if let Some(&(_, _, place)) = trainable {
        machine.note(place, "trainable of a whole model");
    }
    let config = config(machine).filter(|_| fits.is_empty() && compiled.is_none());
    let place = fits.first().map_or(machine.models[model].place, |(_, place)| *place);
    scale_pixels(machine, &mut network, data.as_ref(), place);
    let input_shape = input_shape(machine, &mut network, data.as_ref(), basis, model);
    let mut document = config.unwrap_or_else(|| base(name, title, basis, dataset));
    document.insert("input_shape".into(), json!(input_shape));
    document.insert("layers".into(), json!(network.layers));
    if !network.augmentation.is_empty() {
        let (what, value) = ("the layers of random changes".into(), json!(network.augmentation));
        parts.insert(0, Part { key: "augmentation", value, place, what });
    }
    check_logits(machine, &network, &mut parts);
    put_parts(machine, &mut document, parts);
    if let Some(x) = data.as_ref().and_then(|data| data.x.as_ref()) {
        leave_length_open(&mut document, x.set.counts[0]);
    }
    let mut experiment = Experiment::from_value(Json::Object(document))?;
    initial::check(machine, &mut experiment, network.uniform);
    check_layers(machine, &experiment, &network.places);
    Ok((experiment, std::mem::take(&mut machine.notes)))
}

/// Names the layer that breaks a rule of networks, where all layers are understood.
fn check_layers(machine: &mut Machine, experiment: &Experiment, places: &[usize]) {
    let Err(Error::Layer { layer, message }) = Graph::new(experiment) else { return };
    let index = layer_names(&experiment.layers).iter().position(|name| *name == layer);
    if let Some(place) = index.and_then(|index| places.get(index)).filter(|_| machine.notes.is_empty()) {
        machine.note(*place, format!("the layer {layer}: {message}"));
    }
}

/// The document without its layers, as scripts of Convlab's hold it: `CONFIG = {…}`.
fn config(machine: &Machine) -> Option<Map<String, Json>> {
    let config = options::json("", &machine.get(0, "CONFIG")?).ok()?;
    let mut document = config.as_object()?.clone();
    let is_whole =
        ["name", "dataset", "input_shape", "loss", "optimizer"].iter().all(|key| document.contains_key(*key));
    document.insert("layers".into(), json!([]));
    (is_whole && Experiment::from_value(Json::Object(document.clone())).is_ok()).then_some(document)
}

/// A schedule that lasts as long as the training says nothing of its own about its length.
fn leave_length_open(document: &mut Map<String, Json>, images: i64) {
    let number = |value: &Json| value.as_f64().unwrap_or(0.0);
    let (dataset, batch) = (&document["dataset"], number(&document["batch_size"]));
    let images = dataset["limit"]["train"].as_f64().unwrap_or(images as f64);
    let images = (images * (1.0 - number(&dataset["validation"]["split"]))).floor();
    let steps = number(&document["epochs"]) * (images / batch).ceil();
    if let Some(schedule) = document.get_mut("learning_rate_schedule").and_then(Json::as_object_mut)
        && schedule.get("total_steps").and_then(Json::as_f64) == Some(steps)
    {
        schedule.shift_remove("total_steps");
    }
}

/// The document before the code's parts are put in.
fn base(
    name: &str,
    title: Option<&str>,
    basis: Option<&Experiment>,
    dataset: Option<Map<String, Json>>,
) -> Map<String, Json> {
    let stem = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    let plain = |letter: char| if letter.is_ascii_alphanumeric() || "-_".contains(letter) { letter } else { '-' };
    let id: String = stem.chars().map(plain).take(60).collect();
    let id = id.trim_matches('-');
    let mut document = Map::from_iter([("name".to_string(), Json::from(if id.is_empty() { "imported" } else { id }))]);
    if let Some(title) = title {
        document.insert("title".into(), title.into());
    }
    let of_basis = |key: &str| basis.and_then(|basis| crate::base::document::fields(basis).get(key).cloned());
    let dataset = dataset.map(Json::Object).or_else(|| of_basis("dataset"));
    document.insert("dataset".into(), dataset.unwrap_or_else(|| json!({"name": "custom"})));
    document.insert("loss".into(), "sparse_categorical_crossentropy".into());
    let optimizer = json!({"type": "adam", "learning_rate": 0.001});
    document.insert("optimizer".into(), of_basis("optimizer").unwrap_or(optimizer));
    document.insert("batch_size".into(), of_basis("batch_size").unwrap_or(32.into()));
    document.insert("epochs".into(), of_basis("epochs").unwrap_or(1.into()));
    document.insert("seed".into(), 0.into());
    document
}

/// Puts the code's parts into the document; what the document does not take is noted and left out.
fn put_parts(machine: &mut Machine, document: &mut Map<String, Json>, parts: Vec<Part>) {
    for Part { key, value, place, what } in parts {
        let second = match key {
            "learning_rate_schedule" => Some("a second schedule of the learning rate"),
            "early_stopping" | "model_checkpoint" => Some("a second one"),
            _ => None,
        };
        if let Some(second) = second.filter(|_| document.contains_key(key)) {
            machine.note(place, format!("{what}: {second}"));
            continue;
        }
        let (mut value, before) = (value, document.get(key).cloned());
        // One option after the other that the document does not have is left out.
        let reason = loop {
            document.insert(key.into(), value.clone());
            let Err(error) = Experiment::from_value(Json::Object(document.clone())) else { break None };
            let message = error.to_string();
            let unknown = message.split_once("unknown field `").and_then(|(_, rest)| rest.split_once('`'));
            let given = unknown.and_then(|(name, _)| Some((name, value.as_object_mut()?.shift_remove(name)?)));
            let Some((name, given)) = given else { break Some(message) };
            machine.note(place, format!("{what}({name}={})", layer::python(&given)));
        };
        let Some(message) = reason else { continue };
        let reason = message.strip_prefix("experiment: ").unwrap_or(&message);
        let is_unknown = reason.contains("unknown variant") || reason.contains("unknown field");
        machine.note(place, if is_unknown { what } else { format!("{what}: {reason}") });
        match before {
            Some(before) => drop(document.insert(key.into(), before)),
            None => drop(document.shift_remove(key)),
        }
    }
}

/// Pixels are bytes divided by 255 here; another scale is a layer of its own.
fn scale_pixels(machine: &mut Machine, network: &mut Network, data: Option<&Data>, place: usize) {
    let Some((x, rescale)) = data.and_then(|data| Some((data.x.as_ref()?, data.rescale))) else {
        return check_scale(machine, network);
    };
    let scale = x.scale * rescale * network.scale * 255.0;
    let offset = x.offset * network.scale * rescale + network.offset;
    if (scale - 1.0).abs() < 1e-6 && offset.abs() < 1e-9 || x.change.is_some() {
        return;
    }
    let tidy = |value: f64| format!("{value:.9e}").parse::<f64>().unwrap_or(value);
    let mut layer =
        Map::from_iter([("type".to_string(), Json::from("rescaling")), ("scale".into(), tidy(scale).into())]);
    if offset != 0.0 {
        layer.insert("offset".into(), tidy(offset).into());
    }
    let mut options = layer.clone();
    options.shift_remove("type");
    if layers::from_options("rescaling", Json::Object(options)).is_ok() {
        // What read the input reads the new layer now.
        for layer in &mut network.layers {
            let inputs = layer.get_mut("inputs").and_then(Json::as_array_mut);
            for input in inputs.into_iter().flatten().filter(|input| *input == crate::network::names::INPUT) {
                *input = "rescaling".into();
            }
        }
        network.insert_first(layer);
        return;
    }
    let what = if scale == 255.0 { "pixels are not divided by 255".into() } else { format!("pixels times {scale:.3}") };
    machine.note(place, format!("{what}; Convlab's lie between 0 and 1"));
}

/// Of images that the code does not name, the values are not known: layers may divide bytes by 255, which the document does
/// itself, and nothing else.
fn check_scale(machine: &mut Machine, network: &Network) {
    let is_plain = (network.scale * 255.0 - 1.0).abs() < 1e-6 || (network.scale - 1.0).abs() < 1e-9;
    if let Some((place, class)) = network.scaled_by.as_ref().filter(|_| !is_plain || network.offset.abs() > 1e-9) {
        machine.note(*place, format!("{class}: another scale of images than from 0 to 1"));
    }
}

/// Height, width and channels. A list of pixels becomes an image and a layer that makes it flat again.
fn input_shape(
    machine: &mut Machine,
    network: &mut Network,
    data: Option<&Data>,
    basis: Option<&Experiment>,
    model: usize,
) -> [i64; 3] {
    let image = data.and_then(|data| data.x.as_ref()).map(|x| match *x.set.shape {
        [height, width] => [height, width, 1],
        [height, width, channels] => [height, width, channels],
        _ => [1; 3],
    });
    let known = image.or_else(|| basis.map(|basis| basis.input_shape.map(|axis| axis as i64)));
    match network.input_shape.as_deref() {
        Some(&[height, width, channels]) => [height, width, channels],
        Some(&[height, width]) => [height, width, 1],
        Some(&[values]) => {
            let flat = Map::from_iter([("type".to_string(), Json::from("flatten"))]);
            network.insert_first(flat);
            let fits = |shape: &[i64; 3]| shape.iter().product::<i64>() == values;
            let usual = [[28, 28, 1], [32, 32, 3]].into_iter().find(fits);
            known.filter(fits).or(usual).unwrap_or([1, 1, values])
        }
        _ => known.unwrap_or_else(|| {
            let place = machine.models[model].place;
            machine.note(place, "the shape of the images is not given: input_shape=(32, 32, 3)");
            [32, 32, 3]
        }),
    }
}

/// The loss must take what the last layer gives: the document's is computed from logits in either case.
fn check_logits(machine: &mut Machine, network: &Network, parts: &mut Vec<Part>) {
    let from_logits = parts.iter().position(|part| part.key == "from_logits").map(|index| parts.remove(index));
    let Some(loss) = parts.iter().find(|part| part.key == "loss") else { return };
    let place = from_logits.as_ref().map_or(loss.place, |part| part.place);
    let last = network.layers.last();
    let is = |key: &str| last.and_then(|layer| layer.get(key)).is_some_and(|value| value == "softmax");
    let softmax = is("activation") || is("type");
    match from_logits.and_then(|part| part.value.as_bool()).unwrap_or(false) {
        true if softmax => machine.note(place, "from_logits=True, but the last layer has a softmax"),
        false if !softmax && last.is_some() => {
            machine.note(
                place,
                "the loss takes probabilities, but the last layer has no softmax: from_logits=True is missing",
            );
        }
        _ => {}
    }
}
