//! A trained network in ONNX. It reads images `(n, height, width, channels)`, float32 from 0 to 1, as Keras has them, and
//! returns the probabilities of the classes.

pub mod proto;

use super::layout::permuted;
use super::script::docstring;
use crate::engine::Parameters;
use crate::experiment::Experiment;
use crate::layers::onnx::{Attribute, OPSET, OnnxLayer, Operand, Operator};
use crate::network::graph::{Graph, Node, Param};
use crate::network::names::INPUT;
use crate::tensor::activation::{Activation, Extended};
use prost::Message;
use proto::AttributeType;
use std::collections::HashSet;

/// The version of the file format that came with [`OPSET`].
const IR_VERSION: i64 = 8;

/// The name of the network's output.
const OUTPUT: &str = "probabilities";

/// The key of the metadata that hold the experiment, from which a file is read again.
pub const EXPERIMENT_KEY: &str = "convlab_experiment";

/// A network in ONNX's messages.
pub struct Network {
    /// The file.
    pub model: proto::Model,
    /// Of each parameter the index in the graph, the name of its tensor, and Keras's axes in ONNX's order.
    pub parameters: Vec<(usize, String, &'static [usize])>,
}

/// Writes the file.
pub fn write(spec: &Experiment, graph: &Graph, parameters: &Parameters) -> Vec<u8> {
    network(spec, graph, parameters).model.encode_to_vec()
}

/// The network in ONNX's messages.
pub fn network(spec: &Experiment, graph: &Graph, parameters: &Parameters) -> Network {
    let mut writer = Writer::new(graph, parameters);
    let input = writer.names.unique(INPUT);
    let first = writer.operator(INPUT, &Operator::new("Transpose").set("perm", [0, 3, 1, 2]), vec![input.clone()]);
    let mut tensors = vec![first];
    for node in &graph.nodes {
        let output = writer.layer(node, &tensors);
        tensors.push(output);
    }
    let last = tensors.pop().unwrap_or_default();
    let output = writer.names.unique(OUTPUT);
    let softmax = Operator::new("Softmax").set("axis", 1_usize);
    writer.push(&softmax, vec![last], output.clone());
    let [h, w, c] = spec.input_shape;
    let network = proto::Graph {
        node: writer.nodes,
        name: docstring(&spec.name),
        initializer: writer.constants,
        input: vec![value(input, &[h, w, c], "images (n, height, width, channels), from 0 to 1")],
        output: vec![value(output, &[graph.classes()], "probabilities of the classes")],
    };
    let experiment = serde_json::to_string(spec).unwrap_or_default();
    let model = proto::Model {
        ir_version: IR_VERSION,
        producer_name: "convlab".into(),
        producer_version: env!("CARGO_PKG_VERSION").into(),
        doc_string: docstring(spec.title.as_deref().unwrap_or_default()),
        graph: Some(network),
        opset_import: vec![proto::OperatorSet { domain: String::new(), version: OPSET }],
        metadata_props: vec![proto::Entry { key: EXPERIMENT_KEY.into(), value: experiment }],
    };
    Network { model, parameters: writer.read }
}

/// A tensor for any number of images.
fn value(name: String, shape: &[usize], text: &str) -> proto::ValueInfo {
    let batch = proto::Dimension { dim_value: None, dim_param: Some("n".into()) };
    let size = |&size: &usize| proto::Dimension { dim_value: Some(size as i64), dim_param: None };
    let shape = proto::TensorShape { dim: std::iter::once(batch).chain(shape.iter().map(size)).collect() };
    let tensor_type = Some(proto::TensorType { elem_type: proto::FLOAT, shape: Some(shape) });
    proto::ValueInfo { name, r#type: Some(proto::Type { tensor_type }), doc_string: text.into() }
}

/// Names that are given once each.
#[derive(Default)]
struct Names(HashSet<String>);

impl Names {
    /// The name, or one like it where it is in use.
    fn unique(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_string();
        for number in 1.. {
            if self.0.insert(name.clone()) {
                break;
            }
            name = format!("{wanted}/{number}");
        }
        name
    }
}

struct Writer<'a> {
    graph: &'a Graph,
    parameters: &'a Parameters,
    names: Names,
    nodes: Vec<proto::Node>,
    constants: Vec<proto::Tensor>,
    read: Vec<(usize, String, &'static [usize])>,
}

impl<'a> Writer<'a> {
    fn new(graph: &'a Graph, parameters: &'a Parameters) -> Self {
        // The outputs of layers are called as the layers, so these names are taken.
        let names = Names(graph.nodes.iter().map(|node| node.name.clone()).collect());
        Self { graph, parameters, names, nodes: Vec::new(), constants: Vec::new(), read: Vec::new() }
    }

    /// Writes a layer with its activation; returns the name of its output.
    fn layer(&mut self, node: &Node, tensors: &[String]) -> String {
        let inputs: Vec<&String> = node.inputs.iter().map(|&tensor| &tensors[tensor]).collect();
        let OnnxLayer(operators) = node.layer.onnx(&node.input_shapes);
        let after = activation(node.activation);
        let count = operators.len() + after.0.len();
        let mut previous = inputs.first().map(ToString::to_string).unwrap_or_default();
        let mut done = 0;
        for (operators, inputs) in [(operators, Some(inputs)), (after.0, None)] {
            // An activation's input is the layer's output.
            let first = previous.clone();
            let mut outputs: Vec<String> = Vec::new();
            for operator in &operators {
                let operands: Vec<String> = operator
                    .inputs
                    .iter()
                    .map(|operand| match operand {
                        Operand::Previous => previous.clone(),
                        Operand::Input(index) => inputs.as_ref().map_or(&first, |inputs| inputs[*index]).clone(),
                        Operand::Output(index) => outputs[*index].clone(),
                        constant => self.constant(node, constant),
                    })
                    .collect();
                done += 1;
                previous = if done == count {
                    self.push(operator, operands, node.name.clone());
                    node.name.clone()
                } else {
                    self.operator(&node.name, operator, operands)
                };
                outputs.push(previous.clone());
            }
        }
        previous
    }

    /// Writes an operator inside a layer; returns the name of its output.
    fn operator(&mut self, layer: &str, operator: &Operator, inputs: Vec<String>) -> String {
        let output = self.names.unique(&format!("{layer}/{}", operator.name));
        self.push(operator, inputs, output.clone());
        output
    }

    fn push(&mut self, operator: &Operator, input: Vec<String>, output: String) {
        let attribute = operator.attributes.iter().map(|(name, value)| attribute(name, value)).collect();
        let (name, op_type, domain) = (output.clone(), operator.name.into(), String::new());
        self.nodes.push(proto::Node { input, output: vec![output], name, op_type, attribute, domain });
    }

    /// Writes a parameter or a constant; returns its name.
    fn constant(&mut self, node: &Node, operand: &Operand) -> String {
        let name = match operand {
            Operand::Param(name, _) => *name,
            _ => "constant",
        };
        let name = self.names.unique(&format!("{}.{name}", node.name));
        let (dims, data_type, bytes) = match operand {
            &Operand::Param(wanted, axes) => {
                let index = node.params.clone().find(|&index| self.graph.params[index].spec.name == wanted);
                let index = index.expect("a layer's operators read its own parameters");
                self.read.push((index, name.clone(), axes));
                let (shape, values) = self.values(&self.graph.params[index], axes);
                (shape, proto::FLOAT, bytemuck::cast_slice(&values).to_vec())
            }
            Operand::Floats(shape, values) => (shape.clone(), proto::FLOAT, bytemuck::cast_slice(values).to_vec()),
            Operand::Ints(values) => (vec![values.len()], proto::INT64, bytemuck::cast_slice(values).to_vec()),
            Operand::Previous | Operand::Input(_) | Operand::Output(_) => unreachable!("these are not constants"),
        };
        let dims = dims.into_iter().map(|size| size as i64).collect();
        let tensor = proto::Tensor { dims, data_type, name: name.clone(), raw_data: Some(bytes), ..Default::default() };
        self.constants.push(tensor);
        name
    }

    fn values(&self, param: &Param, axes: &[usize]) -> (Vec<usize>, Vec<f32>) {
        permuted(&param.spec.shape, self.parameters.values(param), axes)
    }
}

fn attribute(name: &str, value: &Attribute) -> proto::Attribute {
    let mut attribute = proto::Attribute { name: name.into(), ..Default::default() };
    let kind = match value {
        Attribute::Float(value) => {
            attribute.f = Some(*value as f32);
            AttributeType::Float
        }
        Attribute::Int(value) => {
            attribute.i = Some(*value);
            AttributeType::Int
        }
        Attribute::Ints(values) => {
            attribute.ints.clone_from(values);
            AttributeType::Ints
        }
        Attribute::Text(text) => {
            attribute.s = Some(text.as_bytes().to_vec());
            AttributeType::String
        }
    };
    attribute.set_type(kind);
    attribute
}

/// What an activation is in ONNX; its input is input 0.
fn activation(activation: Activation) -> OnnxLayer {
    match activation {
        Activation::Relu => [Operator::new("Relu")].into(),
        Activation::Sigmoid => [Operator::new("Sigmoid")].into(),
        Activation::Tanh => [Operator::new("Tanh")].into(),
        // A last softmax follows the network.
        Activation::Linear | Activation::Softmax => OnnxLayer::default(),
        Activation::Extended(function) => extended(function),
    }
}

fn extended(function: Extended) -> OnnxLayer {
    let op = Operator::new;
    let gate = || Operator::new("Mul").with(Operand::Input(0));
    let hard = |name| Operator::new(name).set("alpha", 1.0 / 6.0).set("beta", 0.5);
    match function {
        Extended::LeakyRelu { negative_slope } => [op("LeakyRelu").set("alpha", negative_slope)].into(),
        Extended::Elu { alpha } => [op("Elu").set("alpha", alpha)].into(),
        Extended::Selu => [op("Selu")].into(),
        Extended::Relu6 => [op("Relu"), op("Min").with_number(6.0)].into(),
        Extended::HardSigmoid => [hard("HardSigmoid")].into(),
        Extended::Softplus => [op("Softplus")].into(),
        Extended::Softsign => [op("Softsign")].into(),
        Extended::Exponential => [op("Exp")].into(),
        Extended::Silu => [op("Sigmoid"), gate()].into(),
        Extended::HardSilu => [hard("HardSigmoid"), gate()].into(),
        Extended::Mish => [op("Softplus"), op("Tanh"), gate()].into(),
        Extended::Gelu { approximate: false } => [
            op("Mul").with_number(std::f64::consts::FRAC_1_SQRT_2),
            op("Erf"),
            op("Add").with_number(1.0),
            gate(),
            op("Mul").with_number(0.5),
        ]
        .into(),
        // x + 0.044715 x^3 = x (1 + 0.044715 x^2)
        Extended::Gelu { approximate: true } => [
            gate(),
            op("Mul").with_number(0.044_715),
            op("Add").with_number(1.0),
            gate(),
            op("Mul").with_number(0.797_884_560_802_865_4),
            op("Tanh"),
            op("Add").with_number(1.0),
            gate(),
            op("Mul").with_number(0.5),
        ]
        .into(),
    }
}
