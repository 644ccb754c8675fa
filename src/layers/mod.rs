//! The layers, one file each, and the registry that finds them by their `type`.

mod activation;
mod add;
mod average_pooling2d;
mod batch_normalization;
mod conv2d;
mod dense;
mod depthwise_conv2d;
mod dropout;
mod flatten;
mod global_average_pooling2d;
pub mod layer;
mod local_response_normalization;
mod max_pooling2d;
mod pooling;
#[doc(hidden)]
pub mod samples;
mod zero_padding2d;

use crate::base::record::{Read, Reading};
use crate::layers::layer::Layer;
use serde_json::Value;

/// Makes a layer from its options.
type Build = fn(&Value) -> Reading<Box<dyn Layer>>;

/// Every layer by its contract name; a new layer adds one line.
const REGISTRY: &[(&str, Build)] = &[
    ("activation", build::<activation::ActivationLayer>),
    ("add", build::<add::Add>),
    ("average_pooling2d", build::<average_pooling2d::AveragePooling2d>),
    ("batch_normalization", build::<batch_normalization::BatchNormalization>),
    ("conv2d", build::<conv2d::Conv2d>),
    ("dense", build::<dense::Dense>),
    ("depthwise_conv2d", build::<depthwise_conv2d::DepthwiseConv2d>),
    ("dropout", build::<dropout::Dropout>),
    ("flatten", build::<flatten::Flatten>),
    ("global_average_pooling2d", build::<global_average_pooling2d::GlobalAveragePooling2d>),
    ("local_response_normalization", build::<local_response_normalization::LocalResponseNormalization>),
    ("max_pooling2d", build::<max_pooling2d::MaxPooling2d>),
    ("zero_padding2d", build::<zero_padding2d::ZeroPadding2d>),
];

fn build<L: Layer + Read + 'static>(options: &Value) -> Reading<Box<dyn Layer>> {
    Ok(Box::new(L::read(options)?))
}

/// The names of every layer type.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    REGISTRY.iter().map(|(kind, _)| *kind)
}

/// Makes the layer called `kind` from its options, or says which option is wrong.
pub fn from_options(kind: &str, options: Value) -> Result<Box<dyn Layer>, String> {
    match REGISTRY.iter().find(|(name, _)| *name == kind) {
        Some((_, build)) => build(&options).map_err(|error| format!("{error}. Received: {options}")),
        None => {
            let known: Vec<&str> = kinds().collect();
            Err(format!("unknown layer type. Known: {}. Received: \"{kind}\"", known.join(", ")))
        }
    }
}
