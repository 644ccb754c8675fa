//! From the arguments of Keras's constructors to the options of the document, which have the same names.

use super::keras;
use super::names::snake_case;
use super::value::{Arguments, Object, Value};
use serde_json::{Map, Value as Json};

/// Why a value has no form in the document.
pub type Refused = String;

/// The names of constructors' arguments in order, where code gives them without names.
const SIGNATURES: [(&str, &[&str]); 38] = [
    (
        "conv2d",
        &[
            "filters",
            "kernel_size",
            "strides",
            "padding",
            "data_format",
            "dilation_rate",
            "groups",
            "activation",
            "use_bias",
        ],
    ),
    ("conv2d_transpose", &["filters", "kernel_size", "strides", "padding"]),
    (
        "depthwise_conv2d",
        &["kernel_size", "strides", "padding", "depth_multiplier", "data_format", "dilation_rate", "activation"],
    ),
    (
        "separable_conv2d",
        &[
            "filters",
            "kernel_size",
            "strides",
            "padding",
            "data_format",
            "dilation_rate",
            "depth_multiplier",
            "activation",
        ],
    ),
    ("dense", &["units", "activation", "use_bias", "kernel_initializer", "bias_initializer"]),
    ("max_pooling2d", &["pool_size", "strides", "padding", "data_format"]),
    ("average_pooling2d", &["pool_size", "strides", "padding", "data_format"]),
    ("dropout", &["rate", "noise_shape", "seed"]),
    ("spatial_dropout2d", &["rate"]),
    ("gaussian_dropout", &["rate"]),
    ("gaussian_noise", &["stddev"]),
    ("batch_normalization", &["axis", "momentum", "epsilon", "center", "scale"]),
    ("layer_normalization", &["axis", "epsilon", "center", "scale"]),
    ("group_normalization", &["groups", "axis", "epsilon"]),
    ("activation", &["activation"]),
    ("leaky_relu", &["negative_slope"]),
    ("concatenate", &["axis"]),
    ("zero_padding2d", &["padding", "data_format"]),
    ("cropping2d", &["cropping", "data_format"]),
    ("up_sampling2d", &["size", "data_format", "interpolation"]),
    ("reshape", &["target_shape"]),
    ("rescaling", &["scale", "offset"]),
    ("random_flip", &["mode", "seed"]),
    ("random_rotation", &["factor", "fill_mode", "interpolation", "seed"]),
    ("random_translation", &["height_factor", "width_factor", "fill_mode", "interpolation", "seed"]),
    ("random_crop", &["height", "width", "seed"]),
    ("random_zoom", &["height_factor", "width_factor", "fill_mode", "interpolation", "seed"]),
    ("random_brightness", &["factor", "value_range", "seed"]),
    ("random_contrast", &["factor", "value_range", "seed"]),
    ("random_saturation", &["factor", "value_range", "seed"]),
    ("random_hue", &["factor", "value_range", "seed"]),
    (
        "random_color_jitter",
        &["value_range", "brightness_factor", "contrast_factor", "saturation_factor", "hue_factor", "seed"],
    ),
    ("constant", &["value"]),
    ("random_normal", &["mean", "stddev", "seed"]),
    ("truncated_normal", &["mean", "stddev", "seed"]),
    ("random_uniform", &["minval", "maxval", "seed"]),
    ("variance_scaling", &["scale", "mode", "distribution", "seed"]),
    ("orthogonal", &["gain", "seed"]),
];

/// Arguments' former names.
const FORMER: [(&str, &str); 16] = [
    ("lr", "learning_rate"),
    ("nb_epoch", "epochs"),
    ("nb_filter", "filters"),
    ("output_dim", "units"),
    ("border_mode", "padding"),
    ("subsample", "strides"),
    ("bias", "use_bias"),
    ("init", "kernel_initializer"),
    ("W_regularizer", "kernel_regularizer"),
    ("b_regularizer", "bias_regularizer"),
    ("W_constraint", "kernel_constraint"),
    ("b_constraint", "bias_constraint"),
    ("p", "rate"),
    ("dim_ordering", "data_format"),
    ("min_lr", "min_learning_rate"),
    ("epsilon_", "epsilon"),
];

/// Arguments that have no influence on the result.
pub const IGNORED: [&str; 11] = [
    "name",
    "dtype",
    "seed",
    "autocast",
    "dynamic",
    "input_shape",
    "batch_input_shape",
    "input_dim",
    "jit_compile",
    "verbose",
    "batch_size",
];

/// The arguments by name, in order; `kind` is the document's type.
///
/// # Errors
/// If there are more arguments without a name than are known.
pub fn by_name<'a>(kind: &str, arguments: &Arguments<'a>) -> Result<Vec<(String, Value<'a>)>, Refused> {
    let names = SIGNATURES.iter().find(|(name, _)| *name == kind).map_or(&[][..], |(_, names)| names);
    if arguments.positional.len() > names.len() {
        let extra = arguments.positional[names.len()].describe();
        return Err(format!("the argument {extra}, which has no name"));
    }
    let placed = names.iter().map(ToString::to_string).zip(arguments.positional.iter().cloned());
    // The constant of this layer has the name that a switch of others had.
    let is_former = |name: &str| (kind, name) != ("local_response_normalization", "bias");
    let former = |name: &str| FORMER.iter().find(|(old, _)| *old == name).filter(|_| is_former(name));
    let current = |name: &str| former(name).map_or(name, |(_, new)| *new).to_string();
    let named = arguments.named.iter().map(|(name, value)| (current(name), value.clone()));
    Ok(placed.chain(named).collect())
}

/// An argument of `fit` that is not `None`.
pub fn argument<'v, 'a>(arguments: &'v Arguments<'a>, name: &str) -> Option<&'v Value<'a>> {
    let former = if name == "epochs" { arguments.named("nb_epoch") } else { None };
    arguments.named(name).or(former).filter(|value| !matches!(value, Value::None))
}

/// A value as the document writes it.
///
/// # Errors
/// If it is not known, or has no form there.
pub fn json(name: &str, value: &Value) -> Result<Json, Refused> {
    within(name, value, 8)
}

fn within(name: &str, value: &Value, levels: usize) -> Result<Json, Refused> {
    let levels = levels.checked_sub(1).ok_or_else(|| "a list within itself".to_string())?;
    let list = |items: &[Value]| items.iter().map(|item| within(name, item, levels)).collect::<Result<Vec<_>, _>>();
    Ok(match value {
        Value::None => Json::Null,
        Value::Bool(value) => (*value).into(),
        Value::Int(value) => (*value).into(),
        Value::Float(value) => (*value).into(),
        Value::Text(text) => named(name, text),
        Value::List(items) => Json::Array(list(&items.borrow())?),
        Value::Tuple(items) => Json::Array(list(items)?),
        Value::Dict(items) => {
            let items = items.borrow();
            let pair = |(key, value): &(Value, Value)| {
                let key = super::operators::to_text(key).ok_or_else(|| key.describe())?;
                Ok((key, within(name, value, levels)?))
            };
            Json::Object(items.iter().map(pair).collect::<Result<Map<_, _>, Refused>>()?)
        }
        // A class or a function by its name: `tf.nn.relu`, `keras.initializers.HeNormal`.
        Value::Name(path) => named(name, path.rsplit('.').next().unwrap_or_default()),
        Value::Object(object) => self::object(object, levels)?,
        Value::Function(function) if name == "activation" => {
            super::lambda::activation(function).ok_or_else(|| value.describe())?
        }
        other => return Err(other.describe()),
    })
}

/// A name of a function, an initialiser, a penalty or a bound.
fn named(option: &str, name: &str) -> Json {
    if option.ends_with("_regularizer") || option.ends_with("_constraint") {
        let plain = Object {
            path: name.into(),
            arguments: Arguments::default(),
            place: 0,
            own_class: None,
            attributes: Vec::new().into(),
        };
        return bound(&plain).unwrap_or_else(|| name.into());
    }
    if option == "padding" {
        return name.to_lowercase().into();
    }
    if option == "activation" || option.ends_with("_initializer") {
        let name = snake_case(name);
        let full = match &*name {
            "zero" => "zeros",
            "one" => "ones",
            "normal" => "random_normal",
            "uniform" => "random_uniform",
            other => other,
        };
        return full.into();
    }
    name.into()
}

fn object(object: &Object, levels: usize) -> Result<Json, Refused> {
    if let Some(bound) = bound(object) {
        return Ok(bound);
    }
    let area = keras::name(&object.path).map_or("", |name| name.area);
    if object.own_class.is_some() || !["initializers", "regularizers", "constraints", "schedules", ""].contains(&area) {
        return Err(format!("{}()", object.class()));
    }
    let kind = snake_case(object.class());
    let mut fields = Map::new();
    for (name, value) in by_name(&kind, &object.arguments)? {
        let value = within(&name, &value, levels)?;
        if !IGNORED.contains(&&*name) && !value.is_null() {
            fields.insert(name, value);
        }
    }
    if fields.is_empty() {
        return Ok(kind.into());
    }
    let mut typed = Map::from_iter([("type".to_string(), Json::from(kind))]);
    typed.extend(fields);
    Ok(typed.into())
}

/// A penalty or a bound of Keras's: `L2(0.001)`, `MaxNorm(3)`.
fn bound(object: &Object) -> Option<Json> {
    let arguments = &object.arguments;
    let number = |place: usize, names: [&str; 2]| {
        let value = arguments.get(place, names[0]).or_else(|| arguments.named(names[1]))?;
        json("", value).ok()
    };
    let fields = match &*object.class().to_lowercase() {
        "l2" => vec![("l2", number(0, ["l2", "l"]).unwrap_or(0.01.into()))],
        "l1" => vec![("l1", number(0, ["l1", "l"]).unwrap_or(0.01.into()))],
        "l1l2" | "l1_l2" => {
            let absent = if arguments.values().next().is_none() && object.path.contains('_') { 0.01 } else { 0.0 };
            let part = |place, name| (name, number(place, [name, name]).unwrap_or(absent.into()));
            vec![part(0, "l1"), part(1, "l2")]
        }
        "maxnorm" | "max_norm" => {
            let most = number(0, ["max_value", "m"]).unwrap_or(2.into());
            vec![("max_norm", most), ("axis", number(1, ["axis", "axis"]).unwrap_or(0.into()))]
        }
        _ => return None,
    };
    Some(fields.into_iter().map(|(name, value)| (name.to_string(), value)).collect::<Map<_, _>>().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::{kinds, samples};

    #[test]
    fn classes_become_the_types_of_documents() {
        for (class, kind) in [
            ("Conv2D", "conv2d"),
            ("MaxPooling2D", "max_pooling2d"),
            ("Conv2DTranspose", "conv2d_transpose"),
            ("ReLU", "relu"),
            ("LeakyReLU", "leaky_relu"),
            ("GlorotUniform", "glorot_uniform"),
            ("HeNormal", "he_normal"),
            ("ExponentialDecay", "exponential_decay"),
            ("glorot_uniform", "glorot_uniform"),
            ("ELU", "elu"),
        ] {
            assert_eq!(snake_case(class), kind);
        }
        for sample in samples() {
            assert_eq!(snake_case(sample.layer().keras().class), sample.kind);
        }
    }

    #[test]
    fn signatures_are_of_layers_and_their_options() {
        let unknown: Vec<&str> =
            kinds().filter(|kind| crate::network::names::class_name(kind).contains("Pooling2D")).collect();
        assert!(unknown.contains(&"max_pooling2d"));
        for sample in samples() {
            let Some((_, names)) = SIGNATURES.iter().find(|(kind, _)| *kind == sample.kind) else { continue };
            let options = sample.layer().options();
            let first = names[0];
            assert!(options.get(first).is_some() || first == "axis", "{}: {first}", sample.kind);
        }
    }
}
