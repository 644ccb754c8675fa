//! The shapes of layers' outputs, as far as the code asks for them: `x.shape[-1]`.

use super::layer;
use super::machine::Machine;
use super::model::Applied;
use super::network::given_shape;
use super::value::{Object, Value};
use crate::layers;
use crate::tensor::shape::Shape;
use serde_json::Value as Json;

impl<'a> Machine<'a> {
    /// The shape of an output with its axis of images, which is open.
    pub fn shape(&self, value: &Value<'a>) -> Option<Value<'a>> {
        let Value::Tensor(tensor) = value else { return None };
        let axes = self.nodes[*tensor].shape.as_ref()?.0.iter().map(|axis| Value::Int(*axis as i64));
        Some(Value::tuple(std::iter::once(Value::None).chain(axes).collect()))
    }

    /// The shape of one image's output; none where it is not known.
    pub fn output_shape(&self, layer: &Applied<'a>, inputs: &[usize]) -> Option<Shape> {
        match layer {
            Applied::Input(object) => {
                let axes = given_shape(object, true)?.into_iter();
                Some(Shape(
                    axes.map(|axis| usize::try_from(axis).ok().filter(|axis| *axis > 0)).collect::<Option<_>>()?,
                ))
            }
            Applied::Layer(object) => {
                let inputs = inputs.iter().map(|input| self.nodes[*input].shape.clone()).collect::<Option<Vec<_>>>()?;
                after(object, &inputs)
            }
            Applied::Unknown(_) => None,
        }
    }
}

fn after(object: &Object, inputs: &[Shape]) -> Option<Shape> {
    let class = layer::class(object);
    if class.starts_with("Random") && !class.ends_with("Crop") || class == "Rescaling" {
        return inputs.first().cloned();
    }
    let read = layer::read(object);
    let mut options = read.entry.filter(|_| read.refused.is_empty())?;
    ["name", "trainable"].iter().for_each(|key| drop(options.shift_remove(*key)));
    let kind = options.shift_remove("type")?;
    let shape = layers::from_options(kind.as_str()?, Json::Object(options)).ok()?.output_shape(inputs).ok()?;
    shape.checked_len().ok()?;
    Some(shape)
}
