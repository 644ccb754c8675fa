//! The weights of a model as Keras 3's HDF5 file: a group a layer, named after its class.

use super::object::Object;
use super::order::keras_order;
use hdf5_pure::{AttrValue, Error, FileBuilder};
use std::collections::HashMap;

/// Writes it.
///
/// # Errors
/// Of the HDF5 library.
pub(super) fn write(objects: &[Object]) -> Result<Vec<u8>, Error> {
    let mut file = FileBuilder::new();
    let mut layers = file.create_group("layers");
    for (object, name) in group_names(objects) {
        if object.variables.is_empty() {
            continue;
        }
        let mut layer = layers.create_group(&name);
        let mut variables = layer.create_group("vars");
        variables.set_attr("name", AttrValue::VarLenString(object.name.clone()));
        for (index, (shape, values)) in object.variables.iter().enumerate() {
            let shape: Vec<u64> = shape.iter().map(|&size| size as u64).collect();
            variables.create_dataset(&index.to_string()).with_f32_data(values).with_shape(&shape);
        }
        layer.add_group(variables.finish());
        layers.add_group(layer.finish());
    }
    file.add_group(layers.finish());
    file.finish()
}

/// The objects in Keras's order, with the names of their groups.
pub(super) fn group_names<'a>(objects: &'a [Object<'a>]) -> Vec<(&'a Object<'a>, String)> {
    let inputs: Vec<Vec<usize>> = objects.iter().map(|object| object.inputs.clone()).collect();
    let order = keras_order(&inputs);
    let names = unique_names(order.iter().map(|&index| objects[index].class));
    order.iter().map(|&index| &objects[index]).zip(names).collect()
}

/// The names that Keras makes of the classes of objects, in order: `conv2d`, `conv2d_1`, …
pub fn unique_names<'a>(classes: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    let named = classes.map(|class| {
        let kind = snake_case(class);
        let count = counts.entry(kind.clone()).or_default();
        let name = if *count == 0 { kind } else { format!("{kind}_{count}") };
        *count += 1;
        name
    });
    named.collect()
}

/// `DepthwiseConv2D` as `depthwise_conv2d`, as Keras does it.
pub fn snake_case(class: &str) -> String {
    let letters: Vec<char> = class.chars().collect();
    let mut name = String::new();
    for (i, letter) in letters.iter().enumerate() {
        let is_lower = |letter: Option<&char>| letter.is_some_and(char::is_ascii_lowercase);
        if i > 0 && letter.is_ascii_uppercase() && (is_lower(letters.get(i - 1)) || is_lower(letters.get(i + 1))) {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_named_as_keras_names_them() {
        let names = ["Conv2D", "DepthwiseConv2D", "GlobalAveragePooling2D", "PReLU", "Conv2DTranspose"].map(snake_case);
        assert_eq!(names, ["conv2d", "depthwise_conv2d", "global_average_pooling2d", "p_re_lu", "conv2d_transpose"]);
    }
}
