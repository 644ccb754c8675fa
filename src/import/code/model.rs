//! Layers' outputs and models, as the code builds them.

use super::value::{Arguments, Object, Value};
use crate::tensor::shape::Shape;
use std::rc::Rc;

/// A layer's output.
#[derive(Clone)]
pub struct Node<'a> {
    pub layer: Applied<'a>,
    pub inputs: Vec<usize>,
    pub place: usize,
    /// The shape of one image's output, where it is known.
    pub shape: Option<Shape>,
}

/// What gives an output.
#[derive(Clone)]
pub enum Applied<'a> {
    /// The network's input.
    Input(Rc<Object<'a>>),
    Layer(Rc<Object<'a>>),
    /// Code that is not understood.
    Unknown(String),
}

/// An entry of a sequential model.
#[derive(Clone)]
pub struct Item<'a> {
    pub value: Value<'a>,
    pub place: usize,
}

#[derive(Clone)]
pub enum ModelKind<'a> {
    Sequential(Vec<Item<'a>>),
    Functional { input: usize, output: usize },
    Unknown(String),
}

/// The arguments of a call, and its place.
type Call<'a> = (Arguments<'a>, usize);

/// A model, and how it is compiled and trained.
pub struct Model<'a> {
    pub kind: ModelKind<'a>,
    pub place: usize,
    /// The last `compile` before `fit`.
    pub compiled: Option<Call<'a>>,
    /// Every `fit`.
    pub fits: Vec<Call<'a>>,
    /// What the model was when it was first trained: its layers, and how it was compiled.
    pub trained: Option<Box<(ModelKind<'a>, Option<Call<'a>>)>>,
    /// Where weights were loaded before `fit`.
    pub loaded: Option<usize>,
    /// Images that `evaluate` takes, and its place.
    pub evaluated: Vec<(Value<'a>, usize)>,
    /// The input's shape that `build` gives.
    pub built: Option<Value<'a>>,
    /// Attributes that the code sets: `model.trainable = False`.
    pub attributes: Vec<(String, Value<'a>, usize)>,
    /// Whether it is a part of another model.
    pub is_part: bool,
}

impl<'a> Model<'a> {
    pub fn new(kind: ModelKind<'a>, place: usize) -> Self {
        Self {
            kind,
            place,
            compiled: None,
            fits: Vec::new(),
            trained: None,
            loaded: None,
            evaluated: Vec::new(),
            built: None,
            attributes: Vec::new(),
            is_part: false,
        }
    }
}
