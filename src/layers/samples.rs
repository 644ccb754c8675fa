//! Configurations that every layer is tested on: odd and non-square pictures, one channel and many, strides, strides
//! beyond the window, even windows, both paddings, windows larger than the picture. Every test suite that goes through
//! the layers goes through these.

use crate::layers::from_options;
use crate::layers::layer::Layer;
use crate::tensor::shape::Shape;

/// A layer with options and inputs.
#[derive(Debug, Clone)]
pub struct Sample {
    /// The contract's `type`.
    pub kind: &'static str,
    /// Its options, JSON.
    pub options: &'static str,
    /// Shapes of one picture of each input.
    pub inputs: Vec<Shape>,
}

impl Sample {
    /// The layer.
    ///
    /// # Panics
    /// Where the options are wrong: a mistake in this file.
    pub fn layer(&self) -> Box<dyn Layer> {
        let options = serde_json::from_str(self.options).unwrap_or_else(|error| panic!("{self:?}: {error}"));
        from_options(self.kind, options).unwrap_or_else(|error| panic!("{self:?}: {error}"))
    }
}

/// Options and one input shape, `[h, w, c]` or `[features]`.
type Case = (&'static str, &'static [usize]);

const CONV2D: &[Case] = &[
    (r#"{"filters": 4, "kernel_size": 3}"#, &[5, 7, 1]),
    (r#"{"filters": 16, "kernel_size": 7}"#, &[9, 8, 1]),
    (r#"{"filters": 32, "kernel_size": 3}"#, &[6, 9, 3]),
    (r#"{"filters": 8, "kernel_size": 3, "padding": "same", "activation": "relu"}"#, &[7, 5, 4]),
    (r#"{"filters": 12, "kernel_size": [2, 4], "padding": "same", "activation": "tanh"}"#, &[5, 6, 8]),
    (r#"{"filters": 5, "kernel_size": [3, 2], "strides": [2, 1], "use_bias": false}"#, &[8, 5, 3]),
    (r#"{"filters": 7, "kernel_size": 3, "strides": 2, "padding": "same", "activation": "sigmoid"}"#, &[9, 6, 5]),
    (r#"{"filters": 8, "kernel_size": 3, "strides": 2, "padding": "same"}"#, &[8, 7, 12]),
    (r#"{"filters": 4, "kernel_size": 2, "strides": 3}"#, &[8, 9, 4]),
    (r#"{"filters": 3, "kernel_size": 1, "strides": 3, "padding": "same"}"#, &[7, 8, 2]),
    (r#"{"filters": 20, "kernel_size": 1, "use_bias": false}"#, &[4, 3, 12]),
    (r#"{"filters": 6, "kernel_size": 1, "strides": 2}"#, &[5, 4, 8]),
    (r#"{"filters": 4, "kernel_size": [1, 5], "strides": [1, 2], "padding": "same"}"#, &[3, 11, 4]),
    (r#"{"filters": 8, "kernel_size": 7, "padding": "same"}"#, &[4, 5, 4]),
    (r#"{"filters": 36, "kernel_size": 5, "padding": "same", "activation": "relu"}"#, &[6, 7, 24]),
    (r#"{"filters": 1, "kernel_size": [5, 7]}"#, &[5, 7, 2]),
    (r#"{"filters": 16, "kernel_size": 3, "padding": "same", "activation": "relu"}"#, &[7, 4, 20]),
    (r#"{"filters": 24, "kernel_size": 3, "use_bias": false}"#, &[6, 9, 16]),
    (r#"{"filters": 16, "kernel_size": 5}"#, &[8, 7, 20]),
];

const DEPTHWISE_CONV2D: &[Case] = &[
    (r#"{"kernel_size": 3}"#, &[5, 7, 1]),
    (r#"{"kernel_size": 3, "padding": "same", "activation": "relu"}"#, &[6, 5, 8]),
    (r#"{"kernel_size": [2, 3], "strides": 2, "padding": "same", "use_bias": false}"#, &[7, 8, 3]),
    (r#"{"kernel_size": 2, "strides": 3, "activation": "sigmoid"}"#, &[8, 9, 4]),
    (r#"{"kernel_size": [1, 4], "padding": "same"}"#, &[3, 6, 12]),
    (r#"{"kernel_size": 5, "strides": [1, 2], "padding": "same"}"#, &[4, 9, 5]),
];

const DENSE: &[Case] = &[
    (r#"{"units": 10}"#, &[196]),
    (r#"{"units": 1}"#, &[3]),
    (r#"{"units": 7, "activation": "relu"}"#, &[13]),
    (r#"{"units": 20, "activation": "tanh"}"#, &[32]),
    (r#"{"units": 8, "activation": "sigmoid", "use_bias": false}"#, &[20]),
    (r#"{"units": 4}"#, &[1]),
];

const MAX_POOLING2D: &[Case] = &[
    (r#"{}"#, &[6, 8, 4]),
    (r#"{}"#, &[5, 7, 3]),
    (r#"{"pool_size": 2, "strides": 1}"#, &[5, 6, 8]),
    (r#"{"pool_size": 3, "strides": 2, "padding": "same"}"#, &[7, 6, 5]),
    (r#"{"pool_size": [2, 3], "strides": [3, 4]}"#, &[9, 11, 1]),
    (r#"{"pool_size": 3, "strides": 1, "padding": "same"}"#, &[4, 5, 4]),
    (r#"{"pool_size": 2, "strides": 3, "padding": "same"}"#, &[8, 7, 2]),
    (r#"{"pool_size": [4, 1], "padding": "same"}"#, &[6, 3, 12]),
];

const BATCH_NORMALIZATION: &[Case] = &[
    (r#"{}"#, &[5, 6, 3]),
    (r#"{"momentum": 0.9, "epsilon": 1e-5, "unbiased_moving_variance": true}"#, &[4, 3, 8]),
    (r#"{"center": false}"#, &[3, 5, 4]),
    (r#"{"scale": false}"#, &[2, 3, 1]),
    (r#"{"scale": false, "center": false}"#, &[12]),
    (r#"{"momentum": 0.5}"#, &[7]),
];

const ZERO_PADDING2D: &[Case] = &[
    (r#"{}"#, &[3, 4, 4]),
    (r#"{"padding": [1, 2]}"#, &[4, 3, 3]),
    (r#"{"padding": [[0, 2], [3, 1]]}"#, &[5, 2, 1]),
    (r#"{"padding": 0}"#, &[2, 3, 8]),
];

const LOCAL_RESPONSE_NORMALIZATION: &[Case] = &[
    (r#"{}"#, &[3, 4, 7]),
    (r#"{"depth_radius": 2, "bias": 2, "alpha": 0.3, "beta": 0.75}"#, &[2, 3, 12]),
    (r#"{"depth_radius": 0, "alpha": 0.1}"#, &[2, 2, 5]),
    (r#"{"depth_radius": 1, "beta": 1}"#, &[3, 1, 1]),
];

/// Layers of one input, each with its cases; `average_pooling2d` shares those of `max_pooling2d`.
const TABLE: &[(&str, &[Case])] = &[
    (
        "activation",
        &[
            (r#"{"activation": "relu"}"#, &[3, 5, 3]),
            (r#"{"activation": "sigmoid"}"#, &[4, 3, 4]),
            (r#"{"activation": "tanh"}"#, &[7]),
            (r#"{"activation": "linear"}"#, &[2, 3, 1]),
        ],
    ),
    ("average_pooling2d", MAX_POOLING2D),
    ("batch_normalization", BATCH_NORMALIZATION),
    ("conv2d", CONV2D),
    ("dense", DENSE),
    ("depthwise_conv2d", DEPTHWISE_CONV2D),
    (
        "dropout",
        &[
            (r#"{"rate": 0.3}"#, &[5, 3, 3]),
            (r#"{"rate": 0.5}"#, &[12]),
            (r#"{"rate": 0}"#, &[3, 2, 4]),
            (r#"{"rate": 0.9}"#, &[9, 1, 7]),
        ],
    ),
    ("flatten", &[(r#"{}"#, &[3, 5, 4]), (r#"{}"#, &[7, 1, 3]), (r#"{}"#, &[6])]),
    ("global_average_pooling2d", &[(r#"{}"#, &[5, 3, 4]), (r#"{}"#, &[1, 7, 3]), (r#"{}"#, &[4, 4, 1])]),
    ("local_response_normalization", LOCAL_RESPONSE_NORMALIZATION),
    ("max_pooling2d", MAX_POOLING2D),
    ("zero_padding2d", ZERO_PADDING2D),
];

/// `add`: how many inputs of which shape.
const ADD: &[(usize, &[usize])] = &[(2, &[3, 5, 4]), (2, &[4, 3, 3]), (3, &[7]), (4, &[2, 2, 1])];

/// Every sample of every layer.
pub fn samples() -> Vec<Sample> {
    let single = TABLE.iter().flat_map(|(kind, cases)| {
        cases.iter().map(|(options, shape)| Sample { kind, options, inputs: vec![Shape(shape.to_vec())] })
    });
    let add = ADD.iter().map(|&(count, shape)| Sample {
        kind: "add",
        options: "{}",
        inputs: vec![Shape(shape.to_vec()); count],
    });
    single.chain(add).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layer_has_samples_and_accepts_them() {
        let samples = samples();
        for kind in crate::layers::kinds() {
            assert!(samples.iter().filter(|sample| sample.kind == kind).count() >= 3, "{kind}");
        }
        for sample in &samples {
            sample.layer().output_shape(&sample.inputs).unwrap_or_else(|error| panic!("{sample:?}: {error}"));
        }
    }
}
