//! The values of the interpreted code: Python's plain values, and what stands for Keras's objects.

use super::pixels::Pixels;
use ruff_python_ast::{Expr, Parameters, Stmt};
use std::cell::RefCell;
use std::rc::Rc;

/// A value. Whatever the interpreter does not know is [`Value::Unknown`], which is reported only where it matters.
#[derive(Clone)]
pub enum Value<'a> {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Rc<str>),
    List(Rc<RefCell<Vec<Value<'a>>>>),
    Tuple(Rc<[Value<'a>]>),
    Dict(Rc<RefCell<Vec<(Value<'a>, Value<'a>)>>>),
    /// `range(start, stop, step)`.
    Range(i64, i64, i64),
    /// A part of a slice's brackets: `start:stop:step`.
    Slice(Rc<[Value<'a>; 3]>),
    Ellipsis,
    /// A name of a library, with its whole path: `tensorflow.keras.layers`.
    Name(Rc<str>),
    Function(Rc<Function<'a>>),
    /// What the call of a library's name gives: a layer, an optimizer, a callback, …
    Object(Rc<Object<'a>>),
    /// A value and the name of one of its methods.
    Method(Rc<(Value<'a>, String)>),
    /// The output of a layer, an index into the machine's nodes.
    Tensor(usize),
    /// An index into the machine's models.
    Model(usize),
    /// Images or labels of a data set.
    Pixels(Rc<Pixels>),
    /// Images with their labels.
    Batches(Rc<Batches<'a>>),
    Unknown(Rc<Unknown>),
}

/// Images with their labels, in batches where the code says so.
#[derive(Clone)]
pub struct Batches<'a> {
    pub x: Value<'a>,
    pub y: Value<'a>,
    pub batch_size: Option<i64>,
    /// The generator of random changes, if the images come from one.
    pub generator: Option<Value<'a>>,
}

impl Batches<'_> {
    /// What a generator multiplies pixels with.
    pub fn rescale(&self) -> f64 {
        let rescale = match &self.generator {
            Some(Value::Object(generator)) => generator.arguments.named("rescale").and_then(Value::as_float),
            _ => None,
        };
        rescale.unwrap_or(1.0)
    }
}

/// What was not understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Unknown {
    pub place: usize,
    pub what: String,
}

/// A function or a lambda, with the scope in which it was defined.
pub struct Function<'a> {
    pub name: &'a str,
    pub parameters: Option<&'a Parameters>,
    pub body: Body<'a>,
    pub scope: usize,
    /// Defaults of the parameters that have one, in order.
    pub defaults: Vec<Option<Value<'a>>>,
    pub place: usize,
}

#[derive(Clone, Copy)]
pub enum Body<'a> {
    Statements(&'a [Stmt]),
    Expression(&'a Expr),
}

/// An object of a library.
#[derive(Clone)]
pub struct Object<'a> {
    /// The whole path of its class: `tensorflow.keras.layers.Conv2D`.
    pub path: Rc<str>,
    pub arguments: Arguments<'a>,
    pub place: usize,
    /// Where its class is defined, if that is in the code itself.
    pub own_class: Option<usize>,
    /// Attributes that the code sets afterwards: `layer.trainable = False`.
    pub attributes: RefCell<Vec<(String, Value<'a>)>>,
}

/// The arguments of a call.
#[derive(Clone, Default)]
pub struct Arguments<'a> {
    pub positional: Vec<Value<'a>>,
    pub named: Vec<(String, Value<'a>)>,
}

impl<'a> Arguments<'a> {
    /// The argument with this name, or at this place.
    pub fn get(&self, place: usize, name: &str) -> Option<&Value<'a>> {
        self.named(name).or_else(|| self.positional.get(place))
    }

    /// The argument with this name.
    pub fn named(&self, name: &str) -> Option<&Value<'a>> {
        self.named.iter().find(|(other, _)| other == name).map(|(_, value)| value)
    }

    /// All values.
    pub fn values(&self) -> impl Iterator<Item = &Value<'a>> {
        self.positional.iter().chain(self.named.iter().map(|(_, value)| value))
    }
}

impl<'a> From<Pixels> for Value<'a> {
    fn from(pixels: Pixels) -> Self {
        Self::Pixels(Rc::new(pixels))
    }
}

impl<'a> Object<'a> {
    /// The class without its path.
    pub fn class(&self) -> &str {
        self.path.rsplit('.').next().unwrap_or_default()
    }
}

impl<'a> Value<'a> {
    pub fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    pub fn list(items: Vec<Self>) -> Self {
        Self::List(Rc::new(RefCell::new(items)))
    }

    pub fn tuple(items: Vec<Self>) -> Self {
        Self::Tuple(items.into())
    }

    pub fn unknown(place: usize, what: impl Into<String>) -> Self {
        Self::Unknown(Rc::new(Unknown { place, what: what.into() }))
    }

    pub fn method(self, name: &str) -> Self {
        Self::Method(Rc::new((self, name.into())))
    }

    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub fn as_int(&self) -> Option<i64> {
        match *self {
            Self::Int(value) => Some(value),
            Self::Bool(value) => Some(value.into()),
            Self::Float(value) if value.fract() == 0.0 && value.abs() < 1e15 => Some(value as i64),
            _ => None,
        }
    }

    pub fn as_float(&self) -> Option<f64> {
        match *self {
            Self::Int(value) => Some(value as f64),
            Self::Bool(value) => Some(f64::from(u8::from(value))),
            Self::Float(value) => Some(value),
            _ => None,
        }
    }

    /// The items of a list, a tuple, a range or a dictionary's keys; none of more than `most`.
    pub fn items(&self, most: usize) -> Option<Vec<Self>> {
        match self {
            Self::List(items) => Some(items.borrow().clone()),
            Self::Tuple(items) => Some(items.to_vec()),
            Self::Dict(items) => Some(items.borrow().iter().map(|(key, _)| key.clone()).collect()),
            Self::Text(text) => Some(text.chars().map(|letter| Self::text(&letter.to_string())).collect()),
            &Self::Range(start, stop, step) => {
                let count = range_len(start, stop, step);
                (count <= most as i64).then(|| (0..count).map(|i| Self::Int(start + i * step)).collect())
            }
            _ => None,
        }
    }

    /// Whether Python takes it as true; none where that is not known.
    pub fn truth(&self) -> Option<bool> {
        match self {
            Self::None => Some(false),
            Self::Bool(value) => Some(*value),
            Self::Int(value) => Some(*value != 0),
            Self::Float(value) => Some(*value != 0.0),
            Self::Text(text) => Some(!text.is_empty()),
            Self::List(items) => Some(!items.borrow().is_empty()),
            Self::Dict(items) => Some(!items.borrow().is_empty()),
            Self::Tuple(items) => Some(!items.is_empty()),
            &Self::Range(start, stop, step) => Some(range_len(start, stop, step) > 0),
            Self::Model(_) | Self::Function(_) | Self::Object(_) | Self::Name(_) => Some(true),
            _ => None,
        }
    }

    /// Whether two values are equal; none where that is not known.
    pub fn equals(&self, other: &Self) -> Option<bool> {
        self.equals_within(other, 8)
    }

    /// A list may hold itself, so the levels are bounded.
    fn equals_within(&self, other: &Self, levels: usize) -> Option<bool> {
        let levels = levels.checked_sub(1)?;
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => Some(a == b),
            (Self::None, Self::None) => Some(true),
            (Self::Tuple(a), Self::Tuple(b)) => equal_items(a, b, levels),
            (Self::List(a), Self::List(b)) => equal_items(&a.borrow(), &b.borrow(), levels),
            _ => match (self.as_float(), other.as_float()) {
                (Some(a), Some(b)) => Some(a == b),
                _ => (self.is_plain() && other.is_plain()).then_some(false),
            },
        }
    }

    /// None, a number or a text.
    pub fn is_plain(&self) -> bool {
        matches!(self, Self::None | Self::Bool(_) | Self::Int(_) | Self::Float(_) | Self::Text(_))
    }

    /// The value as a reader knows it, shortened.
    pub fn describe(&self) -> String {
        match self {
            Self::None => "None".into(),
            Self::Bool(true) => "True".into(),
            Self::Bool(false) => "False".into(),
            Self::Int(value) => value.to_string(),
            Self::Float(value) => format!("{value:?}"),
            Self::Text(text) => format!("\"{}\"", text.chars().take(40).collect::<String>()),
            Self::List(items) => format!("[{}]", describe_all(&items.borrow())),
            Self::Tuple(items) => format!("({})", describe_all(items)),
            Self::Dict(_) => "a dictionary".into(),
            Self::Range(..) | Self::Slice(_) | Self::Ellipsis => "a range".into(),
            Self::Name(path) => path.to_string(),
            Self::Function(function) if function.name.is_empty() => "a lambda".into(),
            Self::Function(function) => format!("the function {}", function.name),
            Self::Object(object) => object.class().into(),
            Self::Method(method) => method.1.clone(),
            Self::Tensor(_) => "a layer's output".into(),
            Self::Model(_) => "a model".into(),
            Self::Pixels(_) | Self::Batches(_) => "data".into(),
            Self::Unknown(unknown) => unknown.what.clone(),
        }
    }
}

/// The number of items of a range.
pub fn range_len(start: i64, stop: i64, step: i64) -> i64 {
    let (start, stop, step) = (i128::from(start), i128::from(stop), i128::from(step));
    let count = match step {
        0 => 0,
        step if step > 0 => (stop - start + step - 1) / step,
        step => (start - stop - step - 1) / -step,
    };
    count.clamp(0, i128::from(i64::MAX)) as i64
}

fn equal_items<'a>(a: &[Value<'a>], b: &[Value<'a>], levels: usize) -> Option<bool> {
    if a.len() != b.len() {
        return Some(false);
    }
    a.iter().zip(b).try_fold(true, |equal, (a, b)| Some(equal && a.equals_within(b, levels)?))
}

fn describe_all(items: &[Value]) -> String {
    let short = |item: &Value| match item {
        Value::List(_) => "[…]".into(),
        Value::Tuple(_) => "(…)".into(),
        other => other.describe(),
    };
    let mut texts: Vec<String> = items.iter().take(6).map(short).collect();
    if items.len() > 6 {
        texts.push("…".into());
    }
    texts.join(", ")
}

/// The most inputs of a layer.
const MAX_INPUTS: usize = 1000;

/// A layer's inputs, where a value is a layer's output or a list of them.
pub fn tensors<'a>(value: &Value<'a>) -> Option<Vec<Value<'a>>> {
    match value {
        Value::Tensor(_) => Some(vec![value.clone()]),
        Value::List(_) | Value::Tuple(_) => {
            let items = value.items(MAX_INPUTS)?;
            let is_any = !items.is_empty() && items.iter().all(|item| matches!(item, Value::Tensor(_)));
            is_any.then_some(items)
        }
        _ => None,
    }
}
