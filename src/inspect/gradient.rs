//! The gradient of a class's score, or of the loss, by the input and by the output of every layer, for one image in inference mode.
//! Saliency maps, Grad-CAM and adversarial noise are made from it.

use crate::base::error::{Error, Result};
use crate::layers::layer::{Backward, Element, Forward, LayerContext};
use crate::network::graph::{Graph, Node};
use crate::tensor::list::SmallList;
use crate::tensor::loss::softmax_cross_entropy;
use crate::tensor::view;
use ndarray::ArrayViewD;

/// What is differentiated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The logit of a class.
    Score(usize),
    /// The cross-entropy, with this class as the true one.
    Loss(usize),
}

/// The tensors of a network for one image, and the gradients by them. Tensor 0 is the input, tensor `i + 1` the output of layer `i`;
/// the last one holds the logits.
#[derive(Debug, Clone, PartialEq)]
pub struct Differentiated<T> {
    /// The values.
    pub tensors: Vec<Vec<T>>,
    /// The gradients of the target by them.
    pub gradients: Vec<Vec<T>>,
}

/// Differentiates a network at an image of shape (height, width, channels), values from 0 to 1, with the parameters in two flat arrays as
/// the graph lays them out.
///
/// # Errors
/// [`Error::Data`] if the image has not the network's input shape, or there is no such class.
pub fn differentiate<T: Element>(
    graph: &Graph,
    (weights, state): (&[T], &[T]),
    image: &[T],
    target: Target,
) -> Result<Differentiated<T>> {
    let (Target::Score(class) | Target::Loss(class)) = target;
    if image.len() != graph.input_shape.len() || class >= graph.classes().min(1 << u8::BITS) {
        return Err(Error::Data(format!(
            "an image of {} has {} values, and there are {} classes, counted from 0. Received: {} values, class {class}",
            graph.input_shape,
            graph.input_shape.len(),
            graph.classes(),
            image.len()
        )));
    }
    let mut pass = Pass { graph, weights, state, before: Vec::new(), workspace: Vec::new() };
    let tensors = pass.forward(image);
    let mut gradients: Vec<Vec<T>> = tensors.iter().map(|tensor| vec![T::zero(); tensor.len()]).collect();
    let last = tensors.len() - 1;
    match target {
        Target::Score(class) => gradients[last][class] = T::one(),
        Target::Loss(class) => {
            softmax_cross_entropy(&tensors[last], &[class as u8], 1.0, Some(&mut gradients[last]));
        }
    }
    pass.backward(&tensors, &mut gradients);
    Ok(Differentiated { tensors, gradients })
}

struct Pass<'a, T> {
    graph: &'a Graph,
    weights: &'a [T],
    state: &'a [T],
    /// The values before the activation of each layer, where its derivative needs them.
    before: Vec<Vec<T>>,
    workspace: Vec<T>,
}

impl<'a, T: Element> Pass<'a, T> {
    fn context(node: &Node) -> LayerContext<'_> {
        LayerContext {
            inputs: &node.input_shapes,
            output: &node.output_shape,
            first_row: 0,
            batch_rows: 1,
            training: false,
            seed: 0,
            step: 0,
            stream: node.stream,
        }
    }

    fn params(&self, node: &Node) -> SmallList<ArrayViewD<'a, T>> {
        let flat = |trainable: bool| if trainable { self.weights } else { self.state };
        let params = &self.graph.params[node.params.clone()];
        params.iter().map(|p| view::parameter(&flat(p.spec.trainable)[p.range()], &p.spec.shape)).collect()
    }

    fn forward(&mut self, image: &[T]) -> Vec<Vec<T>> {
        let mut tensors = vec![image.to_vec()];
        for node in &self.graph.nodes {
            let mut y = vec![T::zero(); node.output_shape.len()];
            let sums = vec![0.0; node.forward_sums()];
            T::compute(&*node.layer).forward(&mut Forward {
                context: Self::context(node),
                x: inputs(node, &tensors),
                params: self.params(node),
                y: view::tensors_mut(&mut y, 1, &node.output_shape),
                sums: &sums,
                workspace: &mut self.workspace,
            });
            self.before.push(if node.activation.needs_input() { y.clone() } else { Vec::new() });
            node.activation.forward(&mut y);
            tensors.push(y);
        }
        tensors
    }

    fn backward(&mut self, tensors: &[Vec<T>], gradients: &mut [Vec<T>]) {
        for (i, node) in self.graph.nodes.iter().enumerate().rev() {
            // Kept as the gradient by the layer's output; the layer itself gets that by its values before the activation.
            let mut dy = gradients[i + 1].clone();
            let y = if node.activation.needs_input() { &self.before[i] } else { &tensors[i + 1] };
            node.activation.backward(y, &mut dy);
            let mut dx: Vec<Vec<T>> = node.input_shapes.iter().map(|shape| vec![T::zero(); shape.len()]).collect();
            let trainable = self.graph.params[node.params.clone()].iter().filter(|param| param.spec.trainable);
            let mut grads: Vec<(Vec<T>, &[usize])> =
                trainable.map(|param| (vec![T::zero(); param.spec.len()], &param.spec.shape[..])).collect();
            // In inference the statistics do not depend on the image, so no sum over the batch has a part in the gradient.
            let (forward_sums, sums) = (vec![0.0; node.forward_sums()], vec![0.0; node.backward_sums()]);
            T::compute(&*node.layer).backward(&mut Backward {
                context: Self::context(node),
                x: inputs(node, tensors),
                y: view::tensors(&tensors[i + 1], 1, &node.output_shape),
                dy: view::tensors(&dy, 1, &node.output_shape),
                params: self.params(node),
                dx: dx
                    .iter_mut()
                    .zip(&node.input_shapes)
                    .map(|(dx, shape)| Some(view::tensors_mut(dx, 1, shape)))
                    .collect(),
                grads: grads.iter_mut().map(|(grad, shape)| view::parameter_mut(grad, shape)).collect(),
                forward_sums: &forward_sums,
                sums: &sums,
                workspace: &mut self.workspace,
            });
            for (&tensor, dx) in node.inputs.iter().zip(&dx) {
                gradients[tensor].iter_mut().zip(dx).for_each(|(sum, &more)| *sum += more);
            }
        }
    }
}

fn inputs<'a, T>(node: &Node, tensors: &'a [Vec<T>]) -> SmallList<ArrayViewD<'a, T>> {
    node.inputs.iter().zip(&node.input_shapes).map(|(&i, shape)| view::tensors(&tensors[i], 1, shape)).collect()
}
