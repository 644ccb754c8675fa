//! From a model of the code to the document's layers, input shape and augmentation.

mod preparation;

use super::initial::Uniform;
use super::layer;
use super::machine::Machine;
use super::model::{Applied, Node};
use super::pixels::Pixels;
use super::value::{Object, Value};
use crate::network::names::layer_names;
use serde_json::{Map, Value as Json, json};
use std::rc::Rc;

/// What a model is in the document.
pub struct Network {
    pub layers: Vec<Map<String, Json>>,
    /// Where each layer is made in the code.
    pub places: Vec<usize>,
    /// As the code gives it: `(28, 28)`, `(784,)`, without the axis of images.
    pub input_shape: Option<Vec<i64>>,
    pub augmentation: Vec<Json>,
    /// The first layers' change of a pixel's value.
    pub scale: f64,
    pub offset: f64,
    /// The last of those layers, and its place.
    pub scaled_by: Option<(usize, String)>,
    pub uniform: Vec<Uniform>,
}

impl Network {
    /// Puts a layer before the others.
    pub fn insert_first(&mut self, layer: Map<String, Json>) {
        self.layers.insert(0, layer);
        self.places.insert(0, self.places.first().copied().unwrap_or_default());
        self.uniform.iter_mut().for_each(|one| one.layer += 1);
    }
}

/// A tensor of the document: its input, or the output of a layer by its index.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    Input,
    Layer(usize),
}

struct Builder<'m, 'a> {
    machine: &'m mut Machine<'a>,
    network: Network,
    /// Where each output of the code is in the document.
    sources: Vec<(usize, Source)>,
    /// The inputs of each layer of the document.
    inputs: Vec<Vec<Source>>,
    /// Layers that have been applied.
    seen: Vec<*const Object<'a>>,
}

/// Reads a model's layers; what is not understood is noted.
pub fn build<'a>(machine: &mut Machine<'a>, model: usize, data: Option<&Pixels>) -> Network {
    let network = Network {
        layers: Vec::new(),
        places: Vec::new(),
        input_shape: None,
        augmentation: Vec::new(),
        scale: 1.0,
        offset: 0.0,
        scaled_by: None,
        uniform: Vec::new(),
    };
    let chain = machine.chain(model, None).filter(|(input, _)| input.is_some());
    let Some((Some(input), output)) = chain else {
        let (place, what) = (machine.models[model].place, machine.unknown_model(model));
        machine.note(place, what);
        return network;
    };
    let Some(nodes) = machine.between(input, output) else {
        let place = machine.models[model].place;
        machine.note(place, "a model of several inputs");
        return network;
    };
    let mut builder =
        Builder { machine, network, sources: vec![(input, Source::Input)], inputs: Vec::new(), seen: Vec::new() };
    builder.find_shape(model, input, &nodes, data);
    for index in nodes {
        let node = builder.machine.nodes[index].clone();
        let source = builder.add(&node);
        builder.sources.push((index, source));
    }
    builder.finish()
}

impl<'a> Builder<'_, 'a> {
    /// The input's shape, from wherever the code gives it.
    fn find_shape(&mut self, model: usize, input: usize, nodes: &[usize], data: Option<&Pixels>) {
        let of_input = match &self.machine.nodes[input].layer {
            Applied::Input(object) => given_shape(object, true),
            _ => None,
        };
        let first = nodes.first().and_then(|first| match &self.machine.nodes[*first].layer {
            Applied::Layer(object) => given_shape(object, false),
            _ => None,
        });
        let built = || without_images(self.machine.models[model].built.as_ref()?);
        let shape = of_input.or(first).or_else(built).filter(|shape| shape.iter().all(|axis| *axis > 0));
        self.network.input_shape = shape.or_else(|| data.map(|data| data.shape.clone()));
        // Three numbers of which the first alone is a number of channels.
        if let Some(&[channels, height, width]) = self.network.input_shape.as_deref()
            && [1, 3].contains(&channels)
            && height == width
            && width > 4
        {
            let place = self.machine.nodes[input].place;
            self.machine.note(place, format!("input_shape=({channels}, {height}, {width}): channels are last here"));
            self.network.input_shape = Some(vec![height, width, channels]);
        }
    }

    fn add(&mut self, node: &Node<'a>) -> Source {
        let find = |input: &usize| self.sources.iter().find(|(index, _)| index == input).map(|(_, source)| *source);
        let inputs: Vec<Source> = node.inputs.iter().filter_map(find).collect();
        let first = inputs.first().copied().unwrap_or(Source::Input);
        let object = match &node.layer {
            Applied::Layer(object) => object.clone(),
            Applied::Input(_) => return Source::Input,
            Applied::Unknown(what) => {
                self.machine.note(node.place, what.clone());
                return first;
            }
        };
        if self.network.layers.is_empty() && first == Source::Input && self.prepares(&object) {
            return first;
        }
        if layer::class(&object) == "RandomCrop" && self.crops(&object, first) {
            return Source::Input;
        }
        let read = layer::read(&object);
        if self.seen.contains(&Rc::as_ptr(&object)) && read.entry.as_ref().is_some_and(layer::has_weights) {
            self.machine.note(node.place, format!("{} used twice, with the same weights", object.class()));
        }
        self.seen.push(Rc::as_ptr(&object));
        let place = object.own_class.unwrap_or(node.place);
        for what in read.refused {
            let own = object.own_class.map_or(String::new(), |_| ": a layer of your own".into());
            self.machine.note(place, what + &own);
        }
        let Some(entry) = read.entry else { return first };
        let layer = self.network.layers.len();
        let uniform = read.uniform.into_iter().map(|(option, value)| Uniform { layer, option, value, place });
        self.network.uniform.extend(uniform);
        self.network.layers.push(entry);
        self.network.places.push(place);
        self.inputs.push(inputs);
        Source::Layer(self.network.layers.len() - 1)
    }

    /// Gives layers that do not follow the one before them their inputs' names.
    fn finish(mut self) -> Network {
        let names = layer_names(&self.network.layers);
        for (index, inputs) in self.inputs.iter().enumerate() {
            let before = index.checked_sub(1).map_or(Source::Input, Source::Layer);
            if inputs.len() == 1 && inputs[0] == before {
                continue;
            }
            let name = |source: &Source| match source {
                Source::Input => crate::network::names::INPUT.to_string(),
                Source::Layer(layer) => names[*layer].clone(),
            };
            let inputs: Vec<String> = inputs.iter().map(name).collect();
            self.network.layers[index].insert("inputs".into(), json!(inputs));
        }
        self.network
    }
}

/// The shape in the arguments of an input or of a first layer.
pub fn given_shape(object: &Object, is_input: bool) -> Option<Vec<i64>> {
    let arguments = &object.arguments;
    let whole = ["batch_shape", "batch_input_shape"].iter().find_map(|name| arguments.named(name));
    let image = ["shape", "input_shape"].iter().find_map(|name| arguments.named(name));
    let image = image.or_else(|| arguments.positional.first().filter(|_| is_input));
    let flat = || Some(vec![arguments.named("input_dim")?.as_int()?]);
    whole.and_then(without_images).or_else(|| axes(image?)).or_else(flat)
}

/// A shape without the axis of images.
fn without_images(value: &Value) -> Option<Vec<i64>> {
    let shape = axes(value)?;
    Some(shape.get(1..)?.to_vec())
}

/// The axes of a shape; one that is open is 0.
fn axes(value: &Value) -> Option<Vec<i64>> {
    let items = value.items(5).or_else(|| value.as_int().map(|_| vec![value.clone()]))?;
    items.iter().map(|axis| if matches!(axis, Value::None) { Some(0) } else { axis.as_int() }).collect()
}
