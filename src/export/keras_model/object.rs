//! What a Keras model consists of.

use crate::tensor::shape::Shape;
use serde_json::{Map, Value};

/// An object of a model: a layer, or one of Keras's operations.
pub struct Object<'a> {
    /// Its name, which is unique.
    pub name: String,
    /// Where Keras has its class.
    pub module: &'static str,
    /// Its class.
    pub class: &'static str,
    /// The constructor's arguments.
    pub config: Map<String, Value>,
    /// The objects that it reads.
    pub inputs: Vec<usize>,
    /// True where it takes its inputs as a list.
    pub merges: bool,
    /// What it is called with besides.
    pub constant: Option<f64>,
    /// The shape of one image of its output.
    pub shape: &'a Shape,
    /// Its variables, in Keras's order: shapes and values.
    pub variables: Vec<(Vec<usize>, Vec<f32>)>,
}
