//! The networks that the code builds: layers' outputs in the order of their calls, and models.

use super::machine::{Eval, Machine};
use super::model::{Applied, Item, Model, ModelKind, Node};
use super::value::{Arguments, Object, Value};
use std::collections::HashMap;
use std::rc::Rc;

/// The most layers' outputs.
const MAX_NODES: usize = 5_000;

impl<'a> Machine<'a> {
    fn node(&mut self, layer: Applied<'a>, inputs: &[Value<'a>], place: usize) -> Value<'a> {
        let inputs =
            inputs.iter().filter_map(|input| if let Value::Tensor(tensor) = input { Some(*tensor) } else { None });
        let inputs: Vec<usize> = inputs.collect();
        if self.nodes.len() >= MAX_NODES {
            return Value::unknown(place, format!("more than {MAX_NODES} layers"));
        }
        let shape = self.output_shape(&layer, &inputs);
        self.nodes.push(Node { layer, inputs, place, shape });
        Value::Tensor(self.nodes.len() - 1)
    }

    /// The network's input.
    pub fn input(&mut self, object: Rc<Object<'a>>, place: usize) -> Value<'a> {
        self.node(Applied::Input(object), &[], place)
    }

    /// A layer's output.
    pub fn apply(&mut self, layer: Rc<Object<'a>>, inputs: &[Value<'a>], place: usize) -> Value<'a> {
        let place = if layer.place == 0 { place } else { layer.place };
        self.node(Applied::Layer(layer), inputs, place)
    }

    /// The output of code that is not understood.
    pub fn apply_unknown(&mut self, what: String, inputs: Vec<Value<'a>>, place: usize) -> Value<'a> {
        self.node(Applied::Unknown(what), &inputs, place)
    }

    /// A model's output: its layers are applied one by one.
    pub fn apply_model(&mut self, model: usize, inputs: &[Value<'a>], place: usize) -> Value<'a> {
        self.models[model].is_part = true;
        let Some(Value::Tensor(input)) = inputs.first().filter(|_| inputs.len() == 1).cloned() else {
            return self.apply_unknown("a model of several inputs".into(), inputs.to_vec(), place);
        };
        match self.chain(model, Some(input)) {
            Some((_, output)) => Value::Tensor(output),
            None => self.apply_unknown(self.unknown_model(model), inputs.to_vec(), place),
        }
    }

    /// Why a model is not understood.
    pub fn unknown_model(&self, model: usize) -> String {
        let unknown = |model: usize| match &self.models[model].kind {
            ModelKind::Unknown(what) => Some(what.clone()),
            _ => None,
        };
        let part = match &self.models[model].kind {
            ModelKind::Sequential(items) => items.iter().find_map(|item| match item.value {
                Value::Model(part) => unknown(part),
                _ => None,
            }),
            _ => None,
        };
        unknown(model).or(part).unwrap_or_else(|| "a model within itself".into())
    }

    /// A model's layers as outputs, from an input (its own, if none is given) to the last one.
    pub fn chain(&mut self, model: usize, input: Option<usize>) -> Option<(Option<usize>, usize)> {
        let place = self.models[model].place;
        // A model that holds itself would not end.
        self.enter(place).ok()?;
        let chain = self.inner_chain(model, input);
        self.leave();
        chain
    }

    fn inner_chain(&mut self, model: usize, given: Option<usize>) -> Option<(Option<usize>, usize)> {
        let items = match &self.models[model].kind {
            ModelKind::Unknown(_) => return None,
            &ModelKind::Functional { input, output } => {
                return match given {
                    None => Some((Some(input), output)),
                    Some(given) => Some((None, self.replay(input, output, given)?)),
                };
            }
            ModelKind::Sequential(items) => items.clone(),
        };
        let (mut own_input, mut last) = (None, given);
        for Item { value, place } in items {
            if last.is_none() && !starts(&value) {
                // A model without an input takes its shape from its first layer or from the data.
                let tensor = self.input(layer_object("keras.Input", Arguments::default(), place), place);
                (own_input, last) = (tensor_of(&tensor), tensor_of(&tensor));
            }
            let input = last.map(Value::Tensor).into_iter().collect::<Vec<_>>();
            let output = match value {
                // An input may be given as `keras.Input(…)` or as the layer `InputLayer(…)`.
                Value::Tensor(tensor) if matches!(self.nodes[tensor].layer, Applied::Input(_)) => {
                    if last.is_some() {
                        continue;
                    }
                    own_input = Some(tensor);
                    Value::Tensor(tensor)
                }
                Value::Object(layer) if layer.class() == "InputLayer" && last.is_some() => continue,
                Value::Object(layer) if layer.class() == "InputLayer" => {
                    let tensor = self.input(layer, place);
                    own_input = tensor_of(&tensor);
                    tensor
                }
                Value::Object(layer) => self.apply(layer, &input, place),
                Value::Model(part) if last.is_none() => {
                    self.models[part].is_part = true;
                    let (input, output) = self.chain(part, None)?;
                    own_input = input;
                    Value::Tensor(output)
                }
                Value::Model(part) => self.apply_model(part, &input, place),
                Value::Unknown(unknown) => self.apply_unknown(unknown.what.clone(), input, unknown.place),
                other => self.apply_unknown(format!("{} in place of a layer", other.describe()), input, place),
            };
            last = tensor_of(&output);
        }
        Some((own_input, last?))
    }

    /// The layers between an input and an output once more, from another input.
    fn replay(&mut self, input: usize, output: usize, given: usize) -> Option<usize> {
        let mut made: Vec<(usize, usize)> = vec![(input, given)];
        for index in self.between(input, output)? {
            let Node { layer, inputs, place, .. } = self.nodes[index].clone();
            let of = |old: &usize| made.iter().find(|(from, _)| from == old).map(|(_, to)| Value::Tensor(*to));
            let inputs: Vec<Value> = inputs.iter().filter_map(of).collect();
            let output = self.node(layer, &inputs, place);
            made.push((index, tensor_of(&output)?));
        }
        made.iter().find(|(from, _)| *from == output).map(|(_, to)| *to)
    }

    /// `clone_model`: a new model of the same layers with weights of its own, neither compiled nor trained.
    ///
    /// # Errors
    /// If a bound is reached.
    pub fn cloned_model(&mut self, arguments: &Arguments<'a>, place: usize) -> Eval<Value<'a>> {
        let Some(&Value::Model(model)) = arguments.get(0, "model") else {
            return Ok(Value::unknown(place, "clone_model"));
        };
        for (at, option) in ["input_tensors", "clone_function", "call_function"].into_iter().enumerate() {
            if arguments.get(at + 1, option).is_some_and(|value| !matches!(value, Value::None)) {
                self.note(place, format!("clone_model({option})"));
            }
        }
        self.copy_model(model, place, &mut Copies::new()).map(Value::Model)
    }

    fn copy_model(&mut self, model: usize, place: usize, copies: &mut Copies<'a>) -> Eval<usize> {
        // A model that holds itself would not end.
        self.enter(place)?;
        let kind = match self.models[model].kind.clone() {
            ModelKind::Sequential(mut items) => {
                self.allocate(items.len(), place)?;
                for Item { value, .. } in &mut items {
                    match value {
                        Value::Object(layer) => *layer = copy(layer, copies),
                        Value::Model(part) => *part = self.copy_model(*part, place, copies)?,
                        _ => {}
                    }
                }
                ModelKind::Sequential(items)
            }
            ModelKind::Functional { input, output } => {
                let start = self.node(self.nodes[input].layer.clone(), &[], place);
                let first = self.nodes.len();
                let ends = tensor_of(&start).and_then(|start| Some((start, self.replay(input, output, start)?)));
                for node in &mut self.nodes[first..] {
                    if let Applied::Layer(layer) = &mut node.layer {
                        *layer = copy(layer, copies);
                    }
                }
                match ends {
                    Some((input, output)) => ModelKind::Functional { input, output },
                    None => ModelKind::Unknown("clone_model: a model of several inputs".into()),
                }
            }
            unknown => unknown,
        };
        self.leave();
        let Model { built, attributes, .. } = &self.models[model];
        let copy = Model { built: built.clone(), attributes: attributes.clone(), ..Model::new(kind, place) };
        self.models.push(copy);
        Ok(self.models.len() - 1)
    }

    /// The outputs that lie between an input and an output, in the order of the calls; none if the output depends on another
    /// input.
    pub fn between(&self, input: usize, output: usize) -> Option<Vec<usize>> {
        let (mut open, mut seen) = (vec![output], vec![false; self.nodes.len()]);
        while let Some(index) = open.pop() {
            if index == input || std::mem::replace(&mut seen[index], true) {
                continue;
            }
            if let Applied::Input(_) = self.nodes[index].layer {
                return None;
            }
            open.extend(&self.nodes[index].inputs);
        }
        Some((0..self.nodes.len()).filter(|index| seen[*index]).collect())
    }

    /// The layers of a model.
    pub fn layers(&self, model: usize) -> Vec<Value<'a>> {
        match &self.models[model].kind {
            ModelKind::Sequential(items) => {
                let layers = items.iter().map(|item| item.value.clone());
                layers.filter(|value| !matches!(value, Value::Tensor(_))).collect()
            }
            &ModelKind::Functional { input, output } => {
                let nodes = self.between(input, output).unwrap_or_default();
                let layer = |index: usize| match &self.nodes[index].layer {
                    Applied::Input(layer) | Applied::Layer(layer) => Some(Value::Object(layer.clone())),
                    Applied::Unknown(_) => None,
                };
                nodes.into_iter().filter_map(layer).collect()
            }
            ModelKind::Unknown(_) => Vec::new(),
        }
    }
}

/// The copies of a model's layers. A layer that is applied twice is one in the copy, too.
type Copies<'a> = HashMap<*const Object<'a>, Rc<Object<'a>>>;

fn copy<'a>(layer: &Rc<Object<'a>>, copies: &mut Copies<'a>) -> Rc<Object<'a>> {
    copies.entry(Rc::as_ptr(layer)).or_insert_with(|| Rc::new(Object::clone(layer))).clone()
}

/// An object of a class of Keras.
pub fn layer_object<'a>(path: impl Into<Rc<str>>, arguments: Arguments<'a>, place: usize) -> Rc<Object<'a>> {
    Rc::new(Object { path: path.into(), arguments, place, own_class: None, attributes: Vec::new().into() })
}

/// Whether a sequential model's first entry has an input of its own.
fn starts(value: &Value) -> bool {
    match value {
        Value::Tensor(_) | Value::Model(_) => true,
        Value::Object(layer) => layer.class() == "InputLayer",
        _ => false,
    }
}

fn tensor_of(value: &Value) -> Option<usize> {
    if let Value::Tensor(tensor) = value { Some(*tensor) } else { None }
}
