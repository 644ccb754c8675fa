//! Layers that only prepare the images: they become the document's input shape, the change of a pixel's value, or augmentation.

use super::{Builder, Source};
use crate::experiment::augment::Augmentation;
use crate::import::code::names::snake_case;
use crate::import::code::part::simplified;
use crate::import::code::pixels::{Pixels, SETS};
use crate::import::code::value::{Arguments, Object, Value};
use crate::import::code::{augmentation, layer, options, own};
use serde_json::{Map, Value as Json};

impl<'a> Builder<'_, 'a> {
    /// Whether a layer at the network's start only prepares the images, so that the document has it elsewhere.
    pub(super) fn prepares(&mut self, object: &Object<'a>) -> bool {
        let class = layer::class(object);
        let kind = snake_case(class);
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
    pub(super) fn crops(&mut self, object: &Object<'a>, first: Source) -> bool {
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
}

/// A factor that is the same in both directions: `(-0.1, 0.1)` is `0.1`.
fn factor(value: Json) -> Json {
    match value.as_array().map(Vec::as_slice) {
        Some([low, high]) if low.as_f64().zip(high.as_f64()).is_some_and(|(low, high)| low == -high) => high.clone(),
        _ => value,
    }
}
