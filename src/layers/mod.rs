//! The layers, one file each, and the registry that finds them by their `type`.

pub mod keras;
pub mod layer;
mod pooling;
pub mod pytorch;
#[doc(hidden)]
pub mod sample;

use crate::base::document;
use crate::layers::layer::Layer;
use crate::layers::sample::Sample;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Makes a layer from its options.
type Build = fn(&Value) -> Result<Box<dyn Layer>, String>;

/// A line a layer: the file that holds it, which is also its contract name, and its type.
macro_rules! layers {
    ($($file:ident: $layer:ident,)*) => {
        $(mod $file;)*

        /// Every layer by its contract name.
        const REGISTRY: &[(&str, Build)] = &[$((stringify!($file), build::<$file::$layer>)),*];

        /// Every configuration that a layer is tested on.
        #[doc(hidden)]
        pub fn samples() -> Vec<Sample> {
            [$(Sample::list::<$file::$layer>(stringify!($file))),*].concat()
        }

        /// The JSON Schema of every layer's options, by the layer's contract name.
        #[cfg(not(target_arch = "wasm32"))]
        pub fn schemas(generator: &mut schemars::SchemaGenerator) -> Vec<(&'static str, schemars::Schema)> {
            vec![$((stringify!($file), <$file::$layer as schemars::JsonSchema>::json_schema(generator))),*]
        }
    };
}

layers! {
    activation: ActivationLayer,
    add: Add,
    average_pooling2d: AveragePooling2d,
    batch_normalization: BatchNormalization,
    conv2d: Conv2d,
    dense: Dense,
    depthwise_conv2d: DepthwiseConv2d,
    dropout: Dropout,
    flatten: Flatten,
    global_average_pooling2d: GlobalAveragePooling2d,
    global_max_pooling2d: GlobalMaxPooling2d,
    local_response_normalization: LocalResponseNormalization,
    max_pooling2d: MaxPooling2d,
    zero_padding2d: ZeroPadding2d,
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
