//! From a model of the code to the document's layers, input shape and augmentation.

use super::augmentation;
use super::initial::Uniform;
use super::layer;
use super::machine::Machine;
use super::model::{Applied, Node};
use super::options;
use super::own;
use super::part::simplified;
use super::pixels::{Pixels, SETS};
use super::value::{Arguments, Object, Value};
use crate::experiment::augment::Augmentation;
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

    /// Whether a layer at the network's start only prepares the images, so that the document has it elsewhere.
    fn prepares(&mut self, object: &Object<'a>) -> bool {
        let class = layer::class(object);
        let kind = super::names::snake_case(class);
        let arguments = options::by_name(&kind, &object.arguments).unwrap_or_default();
        let number =
            |name: &str| arguments.iter().find(|(other, _)| other == name).and_then(|(_, value)| value.as_float());
        match class {
            "Rescaling" => {
                let (Some(scale), offset) = (number("scale"), number("offset").unwrap_or(0.0)) else { return false };
                self.scales(object, scale, offset)
            }
            "Reshape" => {
                let shape = arguments.first().and_then(|(_, shape)| shape.items(4));
                let shape: Option<Vec<i64>> = shape.and_then(|axes| axes.iter().map(Value::as_int).collect());
                let (Some(shape), Some(before)) = (shape, &self.network.input_shape) else { return false };
                let image: i64 = before.iter().product();
                // From a list of pixels to an image, or a channel's axis: the document's input is the image.
                let is_image =
                    shape.len() == 3 && shape.iter().all(|axis| *axis > 0) && shape.iter().product::<i64>() == image;
                let is_same = before.len() == 1 || before[..] == shape[..before.len().min(3)];
                if is_image && is_same {
                    self.network.input_shape = Some(shape);
                }
                is_image && is_same
            }
            // Arithmetic with each pixel.
            "Lambda" => {
                let Some(Value::Function(function)) = object.arguments.get(0, "function") else { return false };
                let pixels = Pixels::all(&SETS[0], false, false, false).into();
                let arguments = Arguments { positional: vec![pixels], named: Vec::new() };
                let scaled = self.machine.inline(function, arguments, object.place);
                let Ok(Value::Pixels(scaled)) = scaled else { return false };
                let is_arithmetic = scaled.change.is_none() && scaled.shape == SETS[0].shape;
                is_arithmetic && self.scales(object, scaled.scale, scaled.offset)
            }
            // A list of pixels is flat already; the document's own layer comes in later.
            "Flatten" => self.network.input_shape.as_ref().is_some_and(|shape| shape.len() == 1),
            // Keras's own layer takes a size and needs a larger image, see `crops`.
            "RandomCrop" if !own::is_exported(object) => false,
            _ if augmentation::changes_colors(class) => self.recolors(class, &arguments, object.place),
            _ if kind.starts_with("random_") || (class == "Cutout" && own::is_exported(object)) => {
                self.augments(class, &kind, arguments, object.place)
            }
            _ => false,
        }
    }

    /// Adds a layer's change of each pixel to those before it.
    fn scales(&mut self, object: &Object<'a>, scale: f64, offset: f64) -> bool {
        self.network.scale *= scale;
        self.network.offset = self.network.offset * scale + offset;
        self.network.scaled_by = Some((object.place, object.class().into()));
        true
    }

    /// Adds a layer of random changes to the document's augmentation.
    fn augments(&mut self, class: &str, kind: &str, arguments: Vec<(String, Value<'a>)>, place: usize) -> bool {
        let mut change = Map::from_iter([("type".to_string(), Json::from(kind))]);
        for (name, value) in arguments {
            match options::json(&name, &value) {
                _ if options::IGNORED.contains(&&*name) => {}
                Ok(value) if name == "interpolation" && value == "bilinear" => {}
                Ok(value) if name == "fill_value" && value.as_f64() == Some(0.0) => {}
                Ok(value) if ["interpolation", "fill_value"].contains(&&*name) && !value.is_null() => {
                    self.machine.note(place, format!("{class}({name}={})", layer::python(&value)));
                }
                Ok(Json::Null) => {}
                Ok(value) => drop(change.insert(name.clone(), factor(value))),
                Err(what) => self.machine.note(place, format!("{class}({name}={what})")),
            }
        }
        // Keras's default is both directions.
        if kind == "random_flip" && !change.contains_key("mode") {
            change.insert("mode".into(), "horizontal_and_vertical".into());
        }
        self.push_change(class, change, place);
        true
    }

    /// Adds a layer that changes colors: a part of the change before it where that comes earlier in `random_color_jitter`, too.
    fn recolors(&mut self, class: &str, arguments: &[(String, Value<'a>)], place: usize) -> bool {
        let (pairs, unknown) = augmentation::colors(class, arguments);
        for what in unknown {
            self.machine.note(place, format!("{class}({what})"));
        }
        let before = self.network.augmentation.last_mut().and_then(Json::as_object_mut);
        if let Some(before) = before.filter(|before| before["type"] == "random_color_jitter")
            && augmentation::can_follow(before, &pairs)
        {
            before.extend(pairs);
            return true;
        }
        let change = [("type".to_string(), Json::from("random_color_jitter"))].into_iter().chain(pairs);
        self.push_change(class, change.collect(), place);
        true
    }

    /// Whether a crop of the padded image, which is the first layer so far, is the document's `random_crop`.
    fn crops(&mut self, object: &Object<'a>, first: Source) -> bool {
        let size = options::by_name("random_crop", &object.arguments).unwrap_or_default();
        let size: Vec<i64> =
            size.iter().filter(|(name, _)| name != "seed").filter_map(|(_, side)| side.as_int()).collect();
        let ([layer], Source::Layer(0)) = (&self.network.layers[..], first) else { return false };
        let padding = layer.get("padding").cloned().unwrap_or(1.into());
        let is_image =
            self.network.input_shape.as_ref().is_some_and(|shape| shape.len() == 3 && shape[..2] == size[..]);
        if layer["type"] != "zero_padding2d" || !padding.is_u64() || !is_image {
            return false;
        }
        (self.network.layers, self.network.places, self.inputs) = (Vec::new(), Vec::new(), Vec::new());
        self.network.uniform.clear();
        self.sources.retain(|(_, source)| *source == Source::Input);
        let change = [("type".to_string(), Json::from("random_crop")), ("padding".into(), padding)];
        self.push_change("RandomCrop", Map::from_iter(change), object.place);
        true
    }

    fn push_change(&mut self, class: &str, change: Map<String, Json>, place: usize) {
        match crate::base::document::read::<Augmentation>(&Json::Object(change.clone())) {
            Ok(_) => self.network.augmentation.push(simplified::<Augmentation>(change)),
            Err(message) if message.contains("unknown") && message.contains("type") => self.machine.note(place, class),
            Err(message) => self.machine.note(place, format!("{class}: {message}")),
        }
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

/// A factor that is the same in both directions: `(-0.1, 0.1)` is `0.1`.
fn factor(value: Json) -> Json {
    match value.as_array().map(Vec::as_slice) {
        Some([low, high]) if low.as_f64().zip(high.as_f64()).is_some_and(|(low, high)| low == -high) => high.clone(),
        _ => value,
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
