//! What a layer is in Keras: its class, and which of its options are the constructor's arguments. The contract's options have
//! Keras's names, so one table reads both ways: from a layer to a constructor's call, and from the configuration of a saved
//! model to the layer's options.

use serde_json::Value;

/// A layer's class in Keras.
#[derive(Debug, Clone, Copy)]
pub struct KerasLayer {
    /// Its name: `Conv2D`.
    pub class: &'static str,
    /// The constructor's arguments, in the order in which they are written.
    pub arguments: &'static [Argument],
    /// The class in Python, where Keras does not have it. A saved model is then built of [`KerasPart`]s.
    pub definition: Option<&'static str>,
}

/// A class of Keras's as one step of a layer that Keras lacks.
#[derive(Debug, Clone)]
pub struct KerasPart {
    /// What its name ends in, after the layer's; the last part is called as the layer.
    pub name: &'static str,
    /// Where Keras has the class: `keras.layers`, or the module of one of its operations.
    pub module: &'static str,
    /// The class.
    pub class: &'static str,
    /// The constructor's arguments.
    pub config: Value,
    /// What it reads.
    pub inputs: Vec<PartInput>,
    /// True where it takes its inputs as a list.
    pub merges: bool,
    /// What it is called with besides.
    pub constant: Option<f64>,
    /// Its weights, which are not trained: shapes and values.
    pub weights: Vec<(Vec<usize>, Vec<f32>)>,
}

/// What a part reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartInput {
    /// The layer's first input.
    Layer,
    /// The output of the part of this index.
    Part(usize),
}

impl KerasLayer {
    /// A class that Keras has.
    pub const fn new(class: &'static str, arguments: &'static [Argument]) -> Self {
        Self { class, arguments, definition: None }
    }
}

/// One argument of a constructor, by the name that it has there and among the layer's options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Argument {
    /// A value that is written without its name.
    Positional(&'static str),
    /// A value with its name.
    Keyword(&'static str),
    /// A value that is another option's where it is absent: `strides`, which default to `pool_size`.
    KeywordOr(&'static str, &'static str),
    /// An activation function.
    Activation(&'static str),
    /// A value with its name; written where it is set.
    Optional(&'static str),
    /// A switch that Keras has on; written where it is off.
    Switch(&'static str),
    /// An initialiser.
    Initializer(&'static str),
    /// A penalty; written where there is one.
    Regularizer(&'static str),
    /// A bound; written where there is one.
    Constraint(&'static str),
}

impl Argument {
    /// Its name in Keras, and the option's.
    pub fn name(self) -> &'static str {
        match self {
            Self::Positional(name)
            | Self::Keyword(name)
            | Self::KeywordOr(name, _)
            | Self::Activation(name)
            | Self::Optional(name)
            | Self::Switch(name)
            | Self::Initializer(name)
            | Self::Regularizer(name)
            | Self::Constraint(name) => name,
        }
    }
}
