//! The model's configuration as Keras writes it: of each object its class, the constructor's arguments, and what it reads.

use super::object::Object;
use crate::export::keras::start;
use crate::layers::keras::Argument;
use crate::network::graph::{Graph, Node};
use crate::network::names::class_name;
use crate::tensor::shape::Shape;
use serde_json::{Map, Value, json};

/// A shape for any number of images.
pub fn batch(shape: &Shape) -> Value {
    std::iter::once(Value::Null).chain(shape.0.iter().map(|&size| size.into())).collect()
}

/// The whole model.
pub fn model(name: &str, objects: &[Object]) -> Value {
    let layers: Vec<Value> = objects.iter().map(|object| self::object(object, objects)).collect();
    let end = |object: Option<&Object>| json!([object.map(|object| &object.name), 0, 0]);
    json!({
        "module": "keras.src.models.functional",
        "class_name": "Functional",
        "config": {
            "name": name,
            "trainable": true,
            "layers": layers,
            "input_layers": end(objects.first()),
            "output_layers": end(objects.last()),
        },
        "registered_name": "Functional",
        "build_config": {"input_shape": null},
    })
}

fn object(object: &Object, objects: &[Object]) -> Value {
    let mut config = object.config.clone();
    config.insert("name".into(), object.name.as_str().into());
    let tensor = |&input: &usize| {
        let Object { name, shape, .. } = &objects[input];
        let config = json!({"shape": batch(shape), "dtype": "float32", "keras_history": [name, 0, 0]});
        json!({"class_name": "__keras_tensor__", "config": config})
    };
    let tensors: Vec<Value> = object.inputs.iter().map(tensor).collect();
    let mut arguments = if object.merges { vec![Value::Array(tensors)] } else { tensors };
    arguments.extend(object.constant.map(Value::from));
    let calls = if object.inputs.is_empty() { json!([]) } else { json!([{"args": arguments, "kwargs": {}}]) };
    // Operations, which are not layers, are registered under their own name.
    let registered = (object.module != "keras.layers").then_some(object.class);
    json!({
        "module": object.module,
        "class_name": object.class,
        "config": config,
        "registered_name": registered,
        "name": object.name,
        "inbound_nodes": calls,
    })
}

/// The constructor's arguments of a layer that Keras has.
pub fn arguments(graph: &Graph, node: &Node) -> Map<String, Value> {
    let options = node.layer.options();
    let argument = |argument: &Argument| {
        let name = argument.name();
        let value = match *argument {
            Argument::KeywordOr(name, other) if options[name].is_null() => options[other].clone(),
            Argument::Initializer(name) => {
                let (fan_in, rank) = start(graph, node, name);
                initializer(&options[name], fan_in, rank)
            }
            // An activation with constants is an object of its own.
            Argument::Activation(name) if options[name].is_object() => "linear".into(),
            Argument::Regularizer(name) => regularizer(&options[name]),
            Argument::Constraint(name) => constraint(&options[name]),
            _ => options[name].clone(),
        };
        (name.to_string(), value)
    };
    let is_set = |argument: &&Argument| !matches!(argument, Argument::Optional(name) if options[name].is_null());
    let frozen = node.frozen.then(|| ("trainable".to_string(), false.into()));
    node.layer.keras().arguments.iter().filter(is_set).map(argument).chain(frozen).collect()
}

/// An object of one of Keras's classes.
fn of_class(module: &str, class: &str, config: Value) -> Value {
    json!({"module": module, "class_name": class, "config": config, "registered_name": null})
}

fn regularizer(penalty: &Value) -> Value {
    let Some(penalty) = penalty.as_object() else { return Value::Null };
    let weight = |key: &str| penalty.get(key).cloned().unwrap_or(json!(0.0));
    of_class("keras.regularizers", "L1L2", json!({"l1": weight("l1"), "l2": weight("l2")}))
}

fn constraint(bound: &Value) -> Value {
    let Some(bound) = bound.as_object() else { return Value::Null };
    let part = |key: &str| bound.get(key).cloned().unwrap_or(json!(0));
    of_class("keras.constraints", "MaxNorm", json!({"max_value": part("max_norm"), "axis": part("axis")}))
}

/// PyTorch's default is a uniform distribution to Keras. A switch without a value, as of a bias that is off, is Keras's own.
fn initializer(value: &Value, fan_in: f64, rank: usize) -> Value {
    let name = value.as_str().or_else(|| value.get("type")?.as_str()).unwrap_or("zeros");
    let (class, config) = match name {
        "pytorch_default" => {
            let limit = fan_in.sqrt().recip();
            ("RandomUniform", json!({"minval": -limit, "maxval": limit}))
        }
        "constant" => ("Constant", json!({"value": value.get("value").cloned().unwrap_or(json!(0.0))})),
        "whitening" => return "zeros".into(),
        // Keras's identity is for matrices; the weights come from the file.
        "identity" if rank != 2 => return "zeros".into(),
        name => {
            let Some(fields) = value.as_object() else { return name.into() };
            let constants: Map<String, Value> =
                fields.clone().into_iter().filter(|(key, _)| key != "type" && key != "others").collect();
            return of_class("keras.initializers", &class_name(name), constants.into());
        }
    };
    of_class("keras.initializers", class, config)
}
