//! Configurations that every layer is tested on: odd and non-square images, one channel and many, strides, strides beyond
//! the window, even windows, both paddings, windows larger than the image. Each layer's stand in its own file; every test
//! suite that goes through the layers goes through all of them.

use crate::tensor::shape::Shape;

/// The configurations that a layer is tested on.
pub trait Samples {
    /// Three or more.
    const SAMPLES: &'static [Case];
}

/// Options and inputs of a layer, as they stand in its file.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    options: &'static str,
    shape: &'static [usize],
    inputs: usize,
}

impl Case {
    /// Options, JSON, and the shape of one image of the input: `[h, w, c]` or `[features]`.
    pub const fn new(options: &'static str, shape: &'static [usize]) -> Self {
        Self::merging(1, options, shape)
    }

    /// The same with several inputs of one shape.
    pub const fn merging(inputs: usize, options: &'static str, shape: &'static [usize]) -> Self {
        Self { options, shape, inputs }
    }
}

/// A layer with options and inputs.
#[derive(Debug, Clone)]
pub struct Sample {
    /// The contract's `type`.
    pub kind: &'static str,
    /// Its options, JSON.
    pub options: &'static str,
    /// Shapes of one image of each input.
    pub inputs: Vec<Shape>,
}

impl Sample {
    /// Every sample of one layer.
    pub(super) fn list<L: Samples>(kind: &'static str) -> Vec<Self> {
        let sample =
            |case: &Case| Self { kind, options: case.options, inputs: vec![Shape(case.shape.to_vec()); case.inputs] };
        L::SAMPLES.iter().map(sample).collect()
    }
}
