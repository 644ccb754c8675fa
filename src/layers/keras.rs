//! What a layer is in Keras: its class, and which of its options are the constructor's arguments. The contract's options have
//! Keras's names, so one table reads both ways: from a layer to a constructor's call, and from the configuration of a saved
//! model to the layer's options.

/// A layer's class in Keras.
#[derive(Debug, Clone, Copy)]
pub struct KerasLayer {
    /// Its name: `Conv2D`.
    pub class: &'static str,
    /// The constructor's arguments, in the order in which they are written.
    pub arguments: &'static [Argument],
    /// The class in Python, where Keras does not have it.
    pub definition: Option<&'static str>,
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
            | Self::Switch(name)
            | Self::Initializer(name)
            | Self::Regularizer(name)
            | Self::Constraint(name) => name,
        }
    }
}
