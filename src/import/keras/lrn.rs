//! Local response normalisation, which Keras lacks, as [`crate::export::keras_model`] builds it:
//! `x * (bias + sum(alpha * x^2))^-beta`, the sum being a convolution by one pixel.

use super::super::network::Tensor;
use super::entry::Entry;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// The class that takes the place of the four objects.
pub const CLASS: &str = "LocalResponseNormalization";

/// Puts one entry in the place of those that a normalisation was built of.
pub fn fold(entries: &mut [Entry], tensors: &HashMap<String, Vec<Tensor>>) {
    for index in 0..entries.len() {
        if let Some((input, parts, config)) = found(entries, index, tensors) {
            for part in parts {
                entries[part].class = "InputLayer".into();
                entries[part].inputs = vec![input];
            }
            let entry = &mut entries[index];
            (entry.class, entry.inputs, entry.config) = (CLASS.into(), vec![input], config);
        }
    }
}

/// The object that the normalisation ending at `index` reads, its parts before the last, and its constants.
fn found(
    entries: &[Entry],
    index: usize,
    tensors: &HashMap<String, Vec<Tensor>>,
) -> Option<(usize, [usize; 3], Map<String, Value>)> {
    let is = |index: usize, class: &str| entries[index].class == class;
    let [input, power] = *entries[index].inputs else { return None };
    if !is(index, "Multiply") || !is(power, "Power") {
        return None;
    }
    let ([sum], [exponent]) = (entries[power].inputs.as_slice(), entries[power].constants.as_slice()) else {
        return None;
    };
    let [square] = *entries[*sum].inputs else { return None };
    if !is(*sum, "Conv2D") || !is(square, "Multiply") || entries[square].inputs != [input, input] {
        return None;
    }
    let [kernel, bias] = tensors.get(&entries[*sum].name)?.as_slice() else { return None };
    let [1, 1, channels, outputs] = *kernel.shape else { return None };
    let is_near = |radius: usize, i: usize, j: usize| i.abs_diff(j) <= radius;
    let alpha = *kernel.values.first()?;
    let radius = kernel.values.iter().take(outputs).take_while(|&&value| value == alpha).count().checked_sub(1)?;
    let is_band = (0..channels * outputs)
        .all(|i| kernel.values[i] == if is_near(radius, i / outputs, i % outputs) { alpha } else { 0.0 });
    let constant = *bias.values.first()?;
    if channels != outputs || !is_band || bias.values.iter().any(|&value| value != constant) {
        return None;
    }
    let number = |value: f32| super::options::short(f64::from(value));
    let config = json!({"depth_radius": radius, "bias": number(constant), "alpha": number(alpha), "beta": -exponent});
    Some((input, [square, *sum, power], config.as_object()?.clone()))
}
