//! Functions and methods of a data set's arrays.

use super::machine::MAX_ITEMS;
use super::pixels::Pixels;
use super::value::{Arguments, Batches, Object, Value};
use std::rc::Rc;

/// A function of arrays: of a data set's images or labels, or of plain values that stay as they are.
pub fn array_function<'a>(path: &str, arguments: &Arguments<'a>, place: usize) -> Option<Value<'a>> {
    let (module, function) = path.rsplit_once('.')?;
    let first = arguments.positional.first();
    if let ("from_tensor_slices", Some(Value::Tuple(pair))) = (function, first)
        && let [x, y] = &**pair
    {
        return Some(Value::Batches(Rc::new(Batches {
            x: x.clone(),
            y: y.clone(),
            batch_size: None,
            generator: None,
        })));
    }
    if path == "sklearn.model_selection.train_test_split" || function == "train_test_split" {
        let what = "train_test_split: a random split; validation_split takes the last part";
        let part = |value: &Value<'a>| match value {
            Value::Pixels(pixels) => pixels.changed(place, what).into(),
            _ => Value::unknown(place, what),
        };
        return Some(Value::tuple(arguments.positional.iter().flat_map(|value| [part(value), part(value)]).collect()));
    }
    if path == "tensorflow_datasets.load" {
        return Some(super::batches::tfds_load(arguments, place));
    }
    match (module, function, first) {
        (_, _, Some(Value::Pixels(pixels))) => Some(pixels_function(path, function, pixels, arguments, place)),
        ("numpy" | "tensorflow", "array" | "asarray" | "constant", Some(value)) => Some(value.clone()),
        ("numpy", "arange", Some(stop)) if arguments.positional.len() == 1 => Some(Value::Range(0, stop.as_int()?, 1)),
        ("numpy.random" | "random" | "tensorflow.random", "seed" | "set_seed" | "set_random_seed", _)
        | ("warnings" | "gc", ..)
        | ("os", "makedirs" | "mkdir" | "chdir" | "putenv", _) => Some(Value::None),
        _ => None,
    }
}

/// A function of images or labels.
fn pixels_function<'a>(
    path: &str,
    function: &str,
    pixels: &Rc<Pixels>,
    arguments: &Arguments<'a>,
    place: usize,
) -> Value<'a> {
    let same = || Value::Pixels(pixels.clone());
    let axis = arguments.get(1, "axis").and_then(Value::as_int);
    match function {
        "to_categorical" | "one_hot" | "get_dummies" if pixels.labels => {
            pixels.with(|pixels| pixels.one_hot = true).into()
        }
        "array" | "asarray" | "copy" | "cast" | "convert_to_tensor" | "float32" | "constant" | "ascontiguousarray" => {
            same()
        }
        "squeeze" | "ravel" if pixels.labels => same(),
        "argmax" if pixels.labels && pixels.one_hot => pixels.with(|pixels| pixels.one_hot = false).into(),
        "expand_dims"
            if !pixels.labels && axis.is_some_and(|axis| axis == -1 || axis == 1 + pixels.shape.len() as i64) =>
        {
            pixels.with(|pixels| pixels.shape.push(1)).into()
        }
        "reshape" => {
            let shape = arguments.get(1, "shape").or_else(|| arguments.named("newshape"));
            reshaped(pixels, shape).unwrap_or_else(|| pixels.changed(place, "reshape")).into()
        }
        "divide" | "multiply" => {
            let factor = arguments.positional.get(1).and_then(Value::as_float).filter(|factor| *factor != 0.0);
            let factor = factor.map(|factor| if function == "divide" { 1.0 / factor } else { factor });
            factor.map_or_else(|| pixels.changed(place, function), |factor| pixels.scaled(factor, 0.0)).into()
        }
        // What is computed from pixels is not pixels.
        "unique" if pixels.labels => Value::list((0..pixels.classes()).map(Value::Int).collect()),
        "max" | "amax" if pixels.labels => Value::Int(pixels.classes() - 1),
        "max" | "amax" => Value::Float(255.0 * pixels.scale + pixels.offset),
        "min" | "amin" => Value::Float(if pixels.labels { 0.0 } else { pixels.offset }),
        "shape" => Value::tuple(pixels.whole_shape().into_iter().map(Value::Int).collect()),
        "mean" | "std" | "var" | "sum" | "bincount" | "count_nonzero" => Value::unknown(place, format!("{path}()")),
        "len" => Value::Int(pixels.count()),
        "print" | "imshow" | "hist" => Value::None,
        _ => pixels.changed(place, format!("{path}()")).into(),
    }
}

fn reshaped(pixels: &Pixels, shape: Option<&Value>) -> Option<Pixels> {
    let shape = shape?;
    let items = shape.items(MAX_ITEMS).unwrap_or_else(|| vec![shape.clone()]);
    let sizes: Option<Vec<i64>> = items.iter().map(Value::as_int).collect();
    pixels.reshaped(&sizes?)
}

/// A method of images or labels.
pub fn pixels_method<'a>(pixels: &Rc<Pixels>, name: &str, arguments: &Arguments<'a>, place: usize) -> Value<'a> {
    match name {
        "astype" | "copy" | "numpy" | "tolist" => Value::Pixels(pixels.clone()),
        "reshape" => {
            let whole = Value::tuple(arguments.positional.clone());
            let shape = if let [one] = &arguments.positional[..] { one } else { &whole };
            reshaped(pixels, Some(shape)).unwrap_or_else(|| pixels.changed(place, "reshape")).into()
        }
        "mean" | "std" | "min" | "max" | "flatten" | "squeeze" | "ravel" => {
            let name = if name == "flatten" { "ravel" } else { name };
            pixels_function(name, name, pixels, arguments, place)
        }
        _ => pixels.changed(place, format!(".{name}()")).into(),
    }
}

/// `datagen.flow(x, y, batch_size=32)`: images with random changes.
pub fn flow<'a>(generator: &Rc<Object<'a>>, arguments: &Arguments<'a>) -> Value<'a> {
    let part = |place, name| arguments.get(place, name).cloned().unwrap_or(Value::None);
    let batch_size = arguments.get(2, "batch_size").map_or(Some(32), Value::as_int);
    let generator = Some(Value::Object(generator.clone()));
    Value::Batches(Rc::new(Batches { x: part(0, "x"), y: part(1, "y"), batch_size, generator }))
}
