//! From an experiment to a checked graph: layers with names, shapes and parameters. All errors of a network's
//! specification are found here, before anything runs.

mod build;

use crate::layers::layer::{Layer, LayerCompute};
use crate::tensor::activation::Activation;
use crate::tensor::loss::Loss;
use crate::tensor::parameter::ParamSpec;
use crate::tensor::shape::Shape;
use std::ops::Range;

/// Each parameter starts at a multiple of this many values (256 bytes), WebGPU's alignment of a buffer binding.
pub const ALIGNMENT: usize = 64;

/// The most parameters a network may have.
pub const MAX_PARAMS: usize = 1 << 28;

/// The most layers a network may have: each has its own random stream, and the streams from 1000 on are in use.
pub const MAX_LAYERS: usize = 999;

/// The longest name of a layer, in bytes.
pub const MAX_NAME: usize = 100;

/// A layer in the graph. Tensor 0 is the network's input; tensor `i + 1` is the output of node `i`.
#[derive(Debug)]
pub struct Node {
    /// The name, given or generated as in Keras.
    pub name: String,
    /// The layer.
    pub layer: Box<dyn Layer>,
    /// The activation applied to its output in place. A softmax at the end is part of the loss instead.
    pub activation: Activation,
    /// The indices of its input tensors.
    pub inputs: Vec<usize>,
    /// The shapes of its inputs, per image.
    pub input_shapes: Vec<Shape>,
    /// The shape of its output, per image.
    pub output_shape: Shape,
    /// Its parameters, a range of [`Graph::params`].
    pub params: Range<usize>,
    /// The number of its random stream.
    pub stream: u32,
    /// Whether training leaves its parameters as they are: `"trainable": false`.
    pub frozen: bool,
}

impl Node {
    /// Whether it computes as in inference during training, too, as a frozen batch normalisation does.
    pub fn infers(&self) -> bool {
        self.frozen && self.layer.infers_when_frozen()
    }

    /// The number of sums over the batch that `forward` needs.
    pub fn forward_sums(&self) -> usize {
        if self.infers() { 0 } else { LayerCompute::<f32>::forward_sums(&*self.layer, &self.input_shapes) }
    }

    /// The number of sums over the batch that `backward` needs.
    pub fn backward_sums(&self) -> usize {
        if self.infers() { 0 } else { LayerCompute::<f32>::backward_sums(&*self.layer, &self.input_shapes) }
    }
}

/// A parameter in the graph.
#[derive(Debug)]
pub struct Param {
    /// The layer's and the parameter's name: `conv2d.kernel`.
    pub name: String,
    /// Its specification.
    pub spec: ParamSpec,
    /// The index of its first value in a flat array: for a trainable parameter in that of the weights
    /// ([`Graph::weights_len`] values), else in that of the state ([`Graph::state_len`] values).
    pub offset: usize,
    /// Whether training leaves it as it is, because its layer is frozen. It lies among the weights all the same.
    pub frozen: bool,
    /// Factor of the learning rate: 1 unless the optimiser has a group for it.
    pub rate: f64,
    /// Factor of the weight decay, likewise.
    pub decay: f64,
    /// Its rows and columns, if the optimiser treats it as a matrix.
    #[cfg(feature = "extended")]
    pub matrix: Option<[usize; 2]>,
}

impl Param {
    /// Whether the optimiser updates it.
    pub fn is_trained(&self) -> bool {
        self.spec.trainable && !self.frozen
    }

    /// The range of its values in the flat array.
    pub fn range(&self) -> Range<usize> {
        self.offset..self.offset + self.spec.len()
    }
}

/// A checked network.
#[derive(Debug)]
pub struct Graph {
    /// The shape of one input image.
    pub input_shape: Shape,
    /// The layers in topological order.
    pub nodes: Vec<Node>,
    /// All parameters, in the order of the layers.
    pub params: Vec<Param>,
    /// The length of the flat array of trainable parameters, padding between them included.
    pub weights_len: usize,
    /// The length of the flat array of the others.
    pub state_len: usize,
    /// True if the network ends in softmax. Without, its outputs are taken as logits.
    pub softmax: bool,
    /// The loss that training minimises.
    pub loss: Loss,
    /// Whether a backward pass reaches the input, too.
    pub input_gradient: bool,
}

impl Graph {
    /// The shape of a tensor, per image.
    pub fn shape(&self, tensor: usize) -> &Shape {
        tensor.checked_sub(1).map_or(&self.input_shape, |node| &self.nodes[node].output_shape)
    }

    /// The number of outputs of the last layer.
    pub fn classes(&self) -> usize {
        self.nodes.last().map_or(0, |node| node.output_shape.len())
    }

    /// The network as it is in inference, to be differentiated by its input: every layer is frozen.
    #[cfg(feature = "extended")]
    pub fn of_input(mut self) -> Self {
        self.nodes.iter_mut().for_each(|node| node.frozen = true);
        self.params.iter_mut().for_each(|param| param.frozen = true);
        self.input_gradient = true;
        self
    }

    /// For each tensor, whether its gradient is needed: whether it follows from the input, if that one's is, or from trainable parameters.
    pub fn needs_gradient(&self) -> Vec<bool> {
        let mut needs = vec![self.input_gradient];
        for node in &self.nodes {
            let own = self.params[node.params.clone()].iter().any(Param::is_trained);
            needs.push(own || node.inputs.iter().any(|&tensor| needs[tensor]));
        }
        needs
    }

    /// The parameter with this full name (`conv2d.kernel`).
    pub fn param(&self, name: &str) -> Option<&Param> {
        self.params.iter().find(|param| param.name == name)
    }

    /// The sum of the penalties of all regularisers for these (flat) weights.
    pub fn penalty(&self, weights: &[f32]) -> f64 {
        let regularized = self.params.iter().filter(|param| param.is_trained() && !param.spec.regularizer.is_none());
        let penalties = regularized.map(|param| {
            let (l1, l2) = (param.spec.regularizer.l1, param.spec.regularizer.l2);
            let terms = weights[param.range()].iter().map(|&w| f64::from(w)).map(|w| l1 * w.abs() + l2 * w * w);
            terms.sum::<f64>()
        });
        penalties.sum()
    }

    /// True if a regulariser adds to the loss.
    pub fn is_regularized(&self) -> bool {
        self.params.iter().any(|param| param.is_trained() && !param.spec.regularizer.is_none())
    }

    /// The initial parameters: the flat array of the trainable ones, and that of the others.
    pub fn initial(&self, seed: u32) -> (Vec<f32>, Vec<f32>) {
        let (mut weights, mut state) = (vec![0.0; self.weights_len], vec![0.0; self.state_len]);
        for (index, param) in self.params.iter().enumerate() {
            let flat = if param.spec.trainable { &mut weights } else { &mut state };
            let ParamSpec { initializer, values, shape, fans, .. } = &param.spec;
            let flat = &mut flat[param.range()];
            match values {
                Some(values) => flat.copy_from_slice(values),
                None => initializer.fill(flat, shape, *fans, seed, index as u32),
            }
        }
        (weights, state)
    }
}
