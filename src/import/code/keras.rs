//! Keras's names, however they are imported, and the calls that make its models.

use super::graph::layer_object;
use super::machine::{MAX_ITEMS, Machine};
use super::model::{Item, Model, ModelKind};
use super::names;
use super::pixels::{Pixels, SETS};
use super::value::{Arguments, Object, Value, tensors};
use std::rc::Rc;

/// The part of Keras that a name belongs to, and the name: `layers`, `Conv2D`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name<'p> {
    pub area: &'p str,
    pub name: &'p str,
}

/// The parts of Keras.
const AREAS: [&str; 17] = [
    "layers",
    "models",
    "optimizers",
    "losses",
    "callbacks",
    "datasets",
    "initializers",
    "regularizers",
    "constraints",
    "activations",
    "utils",
    "backend",
    "ops",
    "metrics",
    "applications",
    "preprocessing",
    "nn",
];

/// Reads a path such as `tensorflow.keras.layers.Conv2D`; none where it is not of Keras.
pub fn name(path: &str) -> Option<Name<'_>> {
    let segments: Vec<&str> = path.split('.').collect();
    let (first, name) = (*segments.first()?, *segments.last()?);
    let is_keras = segments.contains(&"keras") || first == "tf_keras";
    let is_alias = first == "tensorflow" && segments.get(1).is_some_and(|area| AREAS.contains(area) && *area != "data");
    if segments.len() < 2 || !(is_keras || is_alias) {
        return None;
    }
    let area = segments[..segments.len() - 1].iter().find(|segment| AREAS.contains(segment));
    let area = match name {
        // These are at several places.
        "Sequential" | "Model" => "models",
        "Input" | "InputLayer" => "layers",
        _ => area.copied().unwrap_or_default(),
    };
    Some(Name { area, name })
}

/// Whether an object is of one of these parts of Keras.
pub fn is_of(object: &Object, areas: &[&str]) -> bool {
    object.own_class.is_none() && name(&object.path).is_some_and(|name| areas.contains(&name.area))
}

/// Classes that are not layers, by the part of Keras that they belong to.
const CLASSES: [(&str, &[&str]); 4] = [
    ("models", &["Sequential", "Model"]),
    (
        "optimizers",
        &[
            "SGD",
            "Adam",
            "AdamW",
            "RMSprop",
            "Nadam",
            "Adamax",
            "Adagrad",
            "Adadelta",
            "Adafactor",
            "Ftrl",
            "Lion",
            "Muon",
        ],
    ),
    (
        "callbacks",
        &[
            "EarlyStopping",
            "ReduceLROnPlateau",
            "ModelCheckpoint",
            "LearningRateScheduler",
            "TensorBoard",
            "CSVLogger",
            "History",
            "TerminateOnNaN",
            "BackupAndRestore",
            "LambdaCallback",
            "Callback",
        ],
    ),
    (
        "losses",
        &[
            "SparseCategoricalCrossentropy",
            "CategoricalCrossentropy",
            "CategoricalFocalCrossentropy",
            "BinaryCrossentropy",
        ],
    ),
];

/// Whether `from module import *` gives this name.
pub fn has_name(module: &str, name: &str) -> bool {
    let path = format!("{module}.{name}");
    // The functions and constants of these two are in lower case.
    let is_class = name.starts_with(char::is_uppercase);
    let Some(Name { area, .. }) = self::name(&path) else { return ["numpy", "math"].contains(&module) && !is_class };
    let class = CLASSES.iter().find(|(_, classes)| classes.contains(&name)).map(|(area, _)| *area);
    let of = module.rsplit('.').next().unwrap_or_default();
    match of {
        "keras" | "tf_keras" => AREAS.contains(&name) || ["Sequential", "Model", "Input"].contains(&name),
        "datasets" => SETS.iter().any(|set| set.name == name),
        _ if class.is_some() => class == Some(of),
        _ if area == "layers" => name.starts_with(char::is_uppercase) || MERGES.iter().any(|(merge, _)| *merge == name),
        "callbacks" | "optimizers" | "losses" | "models" => false,
        // No other part of Keras has a class that is called as a layer is.
        _ => !(is_class && names::kind(names::usual(name)).is_some()),
    }
}

/// Keras's functions that are layers without a name of their own: `layers.add([a, b])`.
const MERGES: [(&str, &str); 6] = [
    ("add", "Add"),
    ("concatenate", "Concatenate"),
    ("average", "Average"),
    ("multiply", "Multiply"),
    ("maximum", "Maximum"),
    ("subtract", "Subtract"),
];

impl<'a> Machine<'a> {
    /// The call of a name of Keras.
    pub fn keras_call(&mut self, name: Name, path: &Rc<str>, arguments: Arguments<'a>, place: usize) -> Value<'a> {
        match (name.area, name.name) {
            ("models" | "", "Sequential") => self.sequential(&arguments, place),
            ("models" | "", "Model") => self.functional(&arguments, place),
            ("layers" | "", "Input") => {
                let object = layer_object(path.clone(), arguments, place);
                self.input(object, place)
            }
            ("datasets", "load_data") => load_data(path, &arguments, place),
            ("utils", "to_categorical") => match arguments.get(0, "y") {
                Some(Value::Pixels(pixels)) if pixels.labels => pixels.with(|pixels| pixels.one_hot = true).into(),
                _ => Value::unknown(place, "to_categorical"),
            },
            ("backend" | "utils", "image_data_format" | "image_dim_ordering") => Value::text("channels_last"),
            (_, "set_image_data_format" | "set_image_dim_ordering") => {
                let format = arguments.values().next().map(Value::describe).unwrap_or_default();
                if !["\"channels_last\"", "\"tf\""].contains(&&*format) {
                    self.note(place, format!("{}({format})", name.name));
                }
                Value::None
            }
            ("backend" | "utils", "clear_session" | "set_random_seed" | "plot_model") => Value::None,
            ("backend" | "ops", "int_shape" | "shape") if matches!(arguments.positional[..], [Value::Tensor(_)]) => {
                self.shape(&arguments.positional[0]).unwrap_or_else(|| Value::unknown(place, name.name))
            }
            ("layers", function) if MERGES.iter().any(|(name, _)| *name == function) => {
                let class = MERGES.iter().find(|(name, _)| *name == function).map_or("", |(_, class)| class);
                let inputs = arguments.positional.first().or_else(|| arguments.named("inputs")).and_then(tensors);
                // After the inputs comes the axis of `concatenate`.
                let positional = arguments.positional.into_iter().skip(1).collect();
                let arguments = Arguments { positional, named: arguments.named };
                let layer = layer_object(format!("keras.layers.{class}"), arguments, place);
                self.apply_or_unknown(layer, inputs, place)
            }
            ("ops" | "activations" | "nn", function) => {
                let inputs: Vec<Value> = arguments.positional.iter().filter_map(tensors).flatten().collect();
                match (function, inputs.len()) {
                    (_, 0) => Value::unknown(place, function),
                    ("add", 2) => self.apply_new("keras.layers.Add", inputs, place),
                    ("concat" | "concatenate", _) => {
                        let axis = arguments.get(1, "axis").map(|axis| ("axis".into(), axis.clone()));
                        let named = Arguments { positional: Vec::new(), named: axis.into_iter().collect() };
                        let layer = layer_object("keras.layers.Concatenate", named, place);
                        self.apply(layer, &inputs, place)
                    }
                    (function, 1) => {
                        let layer = activation_layer(function, arguments, place);
                        self.apply(layer, &inputs, place)
                    }
                    (function, _) => self.apply_unknown(function.into(), inputs, place),
                }
            }
            ("applications", class) if class.starts_with(char::is_uppercase) => {
                self.foreign_model(format!("{class}: a ready-made network with its weights"), place)
            }
            ("applications", function) => {
                let inputs = arguments.values().filter_map(tensors).flatten().collect();
                self.apply_unknown(format!("{function} (of a ready-made network)"), inputs, place)
            }
            ("models" | "saving", "load_model" | "model_from_json" | "clone_model") => {
                let what = format!("{}: a model that is not in this code; its own file can be imported", name.name);
                self.foreign_model(what, place)
            }
            (_, "set_global_policy" | "set_policy" | "set_floatx" | "set_dtype_policy") => {
                let kind = arguments.values().next().map(Value::describe).unwrap_or_default();
                if kind != "\"float32\"" {
                    self.note(place, format!("{}({kind}): numbers have 32 bits here", name.name));
                }
                Value::None
            }
            _ => Value::Object(layer_object(path.clone(), arguments, place)),
        }
    }

    fn sequential(&mut self, arguments: &Arguments<'a>, place: usize) -> Value<'a> {
        let kind = match arguments.get(0, "layers") {
            None | Some(Value::None) => ModelKind::Sequential(Vec::new()),
            Some(layers) => match layers.items(MAX_ITEMS) {
                Some(items) => ModelKind::Sequential(items.into_iter().map(|value| Item { value, place }).collect()),
                None => ModelKind::Unknown(format!("Sequential({})", layers.describe())),
            },
        };
        self.new_model(Model::new(kind, place))
    }

    fn functional(&mut self, arguments: &Arguments<'a>, place: usize) -> Value<'a> {
        let one = |place: usize, names: [&str; 2]| {
            let value = arguments.get(place, names[0]).or_else(|| arguments.named(names[1]))?;
            match tensors(value)?[..] {
                [Value::Tensor(tensor)] => Some(tensor),
                _ => None,
            }
        };
        let kind = match (one(0, ["inputs", "input"]), one(1, ["outputs", "output"])) {
            (Some(input), Some(output)) => ModelKind::Functional { input, output },
            _ => ModelKind::Unknown("Model(): one input and one output are understood".into()),
        };
        self.new_model(Model::new(kind, place))
    }

    /// An object of a class that the code derives from `Model`.
    pub fn subclassed_model(&mut self, class: &Object<'a>, place: usize) -> Value<'a> {
        let what = format!("{}: a class of your own; Sequential and functional models are understood", class.class());
        self.new_model(Model { place: class.own_class.unwrap_or(place), ..Model::new(ModelKind::Unknown(what), place) })
    }

    /// A model whose layers are not in the code.
    fn foreign_model(&mut self, what: String, place: usize) -> Value<'a> {
        self.note(place, what.clone());
        self.new_model(Model::new(ModelKind::Unknown(what), place))
    }

    fn new_model(&mut self, model: Model<'a>) -> Value<'a> {
        self.models.push(model);
        Value::Model(self.models.len() - 1)
    }

    fn apply_or_unknown(&mut self, layer: Rc<Object<'a>>, inputs: Option<Vec<Value<'a>>>, place: usize) -> Value<'a> {
        match inputs {
            Some(inputs) => self.apply(layer, &inputs, place),
            None => Value::unknown(place, layer.class()),
        }
    }
}

/// The layer that a function of activation is: `relu(x)`, `tf.nn.leaky_relu(x, 0.1)`.
fn activation_layer<'a>(function: &str, arguments: Arguments<'a>, place: usize) -> Rc<Object<'a>> {
    let Arguments { positional, mut named } = arguments;
    let (layer, option) = match function {
        "leaky_relu" => ("LeakyReLU", "negative_slope"),
        "elu" => ("ELU", "alpha"),
        _ => ("Activation", "alpha"),
    };
    // What comes after the input.
    let given = positional.into_iter().nth(1);
    named.extend(given.map(|value| (option.into(), value)));
    let is_layer = layer != "Activation" && named.iter().any(|(name, _)| name != "name");
    let (path, positional) = match is_layer {
        true => (format!("keras.layers.{layer}"), Vec::new()),
        false => ("keras.layers.Activation".to_string(), vec![Value::text(function)]),
    };
    layer_object(path, Arguments { positional, named }, place)
}

/// `keras.datasets.cifar10.load_data()`.
fn load_data<'a>(path: &str, arguments: &Arguments, place: usize) -> Value<'a> {
    let set = path.split('.').rev().nth(1).unwrap_or_default();
    let coarse = arguments.get(0, "label_mode").and_then(Value::as_text) == Some("coarse");
    match SETS.iter().find(|known| known.name == set) {
        Some(known) => {
            let part = |test, labels| Pixels::all(known, coarse && known.name == "cifar100", test, labels).into();
            let pair = |test| Value::tuple(vec![part(test, false), part(test, true)]);
            Value::tuple(vec![pair(false), pair(true)])
        }
        None => Value::unknown(place, format!("the data set {set}")),
    }
}
