//! The layers, one file each, and the registry that finds them by their `type`.

pub mod keras;
pub mod layer;
#[cfg(feature = "extended")]
mod merging;
mod moving;
pub mod onnx;
mod pooling;
pub mod pytorch;
#[doc(hidden)]
pub mod sample;
mod sides;
#[cfg(feature = "extended")]
mod standardization;

use crate::base::document;
use crate::layers::layer::Layer;
use crate::layers::sample::Sample;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Makes a layer from its options.
type Build = fn(&Value) -> Result<Box<dyn Layer>, String>;

/// A line a layer: the file that holds it, which is also its contract name, and its type. A layer with `#[cfg(feature = "extended")]`
/// is not in the small engine, which the page loads first.
macro_rules! layers {
    ($($(#[$attribute:meta])* $file:ident: $layer:ident,)*) => {
        $($(#[$attribute])* mod $file;)*

        /// Every layer by its contract name.
        const REGISTRY: &[(&str, Build)] = &[$($(#[$attribute])* (stringify!($file), build::<$file::$layer>)),*];

        /// Every configuration that a layer is tested on.
        #[doc(hidden)]
        pub fn samples() -> Vec<Sample> {
            [$($(#[$attribute])* Sample::list::<$file::$layer>(stringify!($file))),*].concat()
        }

        /// The JSON Schema of every layer's options, by the layer's contract name.
        #[cfg(not(target_arch = "wasm32"))]
        pub fn schemas(generator: &mut schemars::SchemaGenerator) -> Vec<(&'static str, schemars::Schema)> {
            [$($(#[$attribute])* (stringify!($file), <$file::$layer as schemars::JsonSchema>::json_schema(generator))),*]
                .into()
        }
    };
}

layers! {
    activation: ActivationLayer,
    add: Add,
    #[cfg(feature = "extended")]
    average: Average,
    average_pooling2d: AveragePooling2d,
    batch_normalization: BatchNormalization,
    #[cfg(feature = "extended")]
    concatenate: Concatenate,
    conv2d: Conv2d,
    #[cfg(feature = "extended")]
    conv2d_transpose: Conv2dTranspose,
    #[cfg(feature = "extended")]
    cropping2d: Cropping2d,
    dense: Dense,
    depthwise_conv2d: DepthwiseConv2d,
    dropout: Dropout,
    #[cfg(feature = "extended")]
    elu: Elu,
    flatten: Flatten,
    #[cfg(feature = "extended")]
    gaussian_noise: GaussianNoise,
    global_average_pooling2d: GlobalAveragePooling2d,
    #[cfg(feature = "extended")]
    global_max_pooling2d: GlobalMaxPooling2d,
    #[cfg(feature = "extended")]
    group_normalization: GroupNormalization,
    #[cfg(feature = "extended")]
    layer_normalization: LayerNormalization,
    #[cfg(feature = "extended")]
    leaky_relu: LeakyRelu,
    #[cfg(feature = "extended")]
    local_response_normalization: LocalResponseNormalization,
    max_pooling2d: MaxPooling2d,
    #[cfg(feature = "extended")]
    maximum: Maximum,
    #[cfg(feature = "extended")]
    multiply: Multiply,
    #[cfg(feature = "extended")]
    normalization: Normalization,
    #[cfg(feature = "extended")]
    permute: Permute,
    #[cfg(feature = "extended")]
    prelu: Prelu,
    #[cfg(feature = "extended")]
    rescaling: Rescaling,
    #[cfg(feature = "extended")]
    reshape: Reshape,
    #[cfg(feature = "extended")]
    separable_conv2d: SeparableConv2d,
    #[cfg(feature = "extended")]
    spatial_dropout2d: SpatialDropout2d,
    #[cfg(feature = "extended")]
    subtract: Subtract,
    #[cfg(feature = "extended")]
    up_sampling2d: UpSampling2d,
    zero_padding2d: ZeroPadding2d,
}

fn build<L: Layer + DeserializeOwned + 'static>(options: &Value) -> Result<Box<dyn Layer>, String> {
    Ok(Box::new(document::read::<L>(options)?))
}

/// What an option is that is on unless it is switched off.
fn yes() -> bool {
    true
}

/// What a number is that has no effect unless it is set.
fn one() -> usize {
    1
}

/// The names of every layer type.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    REGISTRY.iter().map(|(kind, _)| *kind)
}

/// Every layer type by its contract name, as Keras has it.
#[cfg(any(test, feature = "import", not(target_arch = "wasm32")))]
pub fn keras_classes() -> Vec<(&'static str, keras::KerasLayer)> {
    let samples = samples();
    let sample = |kind| samples.iter().find(|sample| sample.kind == kind).map(|sample| (kind, sample.layer().keras()));
    kinds().filter_map(sample).collect()
}

/// Makes the layer called `kind` from its options, or says which option is wrong.
///
/// # Errors
/// A message without the layer's name, where there is no such layer type, or an option is unknown or has a wrong value.
pub fn from_options(kind: &str, options: Value) -> Result<Box<dyn Layer>, String> {
    match REGISTRY.iter().find(|(name, _)| *name == kind) {
        Some((_, build)) => build(&options).map_err(|error| format!("{error}. Received: {options}")),
        None => {
            let known: Vec<&str> = kinds().collect();
            Err(format!("unknown layer type. Known: {}. Received: \"{kind}\"", known.join(", ")))
        }
    }
}

impl Sample {
    /// The layer.
    ///
    /// # Panics
    /// Where the options are wrong: a mistake in the layer's file.
    pub fn layer(&self) -> Box<dyn Layer> {
        let options = serde_json::from_str(self.options).unwrap_or_else(|error| panic!("{self:?}: {error}"));
        from_options(self.kind, options).unwrap_or_else(|error| panic!("{self:?}: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_layer_has_samples_and_accepts_them() {
        let samples = samples();
        for kind in kinds() {
            assert!(samples.iter().filter(|sample| sample.kind == kind).count() >= 3, "{kind}");
        }
        for sample in &samples {
            assert_eq!(sample.layer().kind(), sample.kind);
            sample.layer().output_shape(&sample.inputs).unwrap_or_else(|error| panic!("{sample:?}: {error}"));
        }
    }

    #[test]
    fn options_are_read_again_as_they_are_written() {
        for sample in samples() {
            let options = sample.layer().options();
            let again =
                from_options(sample.kind, options.clone()).unwrap_or_else(|error| panic!("{sample:?}: {error}"));
            assert_eq!(again.options(), options, "{sample:?}");
        }
    }

    #[test]
    fn arguments_of_keras_are_options() {
        for sample in samples() {
            let options = sample.layer().options();
            let keras = sample.layer().keras();
            for argument in keras.arguments {
                assert!(options.get(argument.name()).is_some(), "{} has no {}", sample.kind, argument.name());
            }
            let names: BTreeSet<_> = keras.arguments.iter().map(|argument| argument.name()).collect();
            assert_eq!(names.len(), keras.arguments.len(), "{}: an argument twice", sample.kind);
        }
    }

    #[test]
    fn every_parameter_has_its_tensor_in_pytorch() {
        for sample in samples() {
            let torch = sample.layer().pytorch(&sample.inputs);
            for param in sample.layer().params(&sample.inputs) {
                let mut found = torch.parameters.iter().filter(|parameter| parameter.name == param.name);
                let parameter = found.next().unwrap_or_else(|| panic!("{sample:?}: {}", param.name));
                assert!(parameter.axes.is_empty() || parameter.axes.len() == param.shape.len(), "{sample:?}");
                assert!(found.next().is_none() && torch.module.is_some(), "{sample:?}: {}", param.name);
            }
        }
    }
}
