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

use crate::base::document;
use crate::layers::layer::Layer;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Makes a layer from its options.
type Build = fn(&Value) -> Result<Box<dyn Layer>, String>;

/// The registry: every layer by its contract name; a new layer adds one line.
macro_rules! layers {
    ($($name:literal => $layer:ty),* $(,)?) => {
        const REGISTRY: &[(&str, Build)] = &[$(($name, build::<$layer>)),*];

        /// The JSON Schema of every layer's options, by the layer's name.
        #[cfg(not(target_arch = "wasm32"))]
        pub fn schemas(generator: &mut schemars::SchemaGenerator) -> Vec<(&'static str, schemars::Schema)> {
            vec![$(($name, <$layer as schemars::JsonSchema>::json_schema(generator))),*]
        }
    };
}

layers! {
    "activation" => activation::ActivationLayer,
    "add" => add::Add,
    "average_pooling2d" => average_pooling2d::AveragePooling2d,
    "batch_normalization" => batch_normalization::BatchNormalization,
    "conv2d" => conv2d::Conv2d,
    "dense" => dense::Dense,
    "depthwise_conv2d" => depthwise_conv2d::DepthwiseConv2d,
    "dropout" => dropout::Dropout,
    "flatten" => flatten::Flatten,
    "global_average_pooling2d" => global_average_pooling2d::GlobalAveragePooling2d,
    "local_response_normalization" => local_response_normalization::LocalResponseNormalization,
    "max_pooling2d" => max_pooling2d::MaxPooling2d,
    "zero_padding2d" => zero_padding2d::ZeroPadding2d,
}

fn build<L: Layer + DeserializeOwned + 'static>(options: &Value) -> Result<Box<dyn Layer>, String> {
    Ok(Box::new(document::read::<L>(options)?))
}

/// What an option is that is on unless it is switched off.
fn yes() -> bool {
    true
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
