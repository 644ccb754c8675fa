//! The gradient of a class's score, or of the loss, by the input and by the output of every layer, for one image in inference mode.
//! Saliency maps, Grad-CAM and adversarial noise are made from it.

use crate::base::error::{Error, Result};
#[cfg(feature = "gpu")]
use crate::data::Images;
#[cfg(feature = "gpu")]
use crate::engine::gpu::GpuEngine;
#[cfg(feature = "gpu")]
use crate::engine::{ImageSets, Parameters};
#[cfg(feature = "gpu")]
use crate::experiment::optimizer::Optimizer;
use crate::layers::layer::{Backward, Element, Forward, LayerContext};
use crate::network::graph::{Graph, Node};
use crate::tensor::list::SmallList;
pub use crate::tensor::target::Target;
use crate::tensor::view;
use ndarray::ArrayViewD;

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
    check(graph, image.len(), target)?;
    let mut pass = Pass { graph, weights, state, before: Vec::new(), workspace: Vec::new() };
    let tensors = pass.forward(image);
    let mut gradients: Vec<Vec<T>> = tensors.iter().map(|tensor| vec![T::zero(); tensor.len()]).collect();
    let last = tensors.len() - 1;
    gradients[last] = target.by_logits(&tensors[last]);
    pass.backward(&tensors, &mut gradients);
    Ok(Differentiated { tensors, gradients })
}

/// The gradient by the input alone, computed on the GPU: of a network made by [`Graph::of_input`], at an image of its input shape, 0 to 255.
///
/// # Errors
/// As [`differentiate`]; [`Error::Engine`] if there is no device, or it fails.
#[cfg(feature = "gpu")]
pub async fn on_gpu(graph: &Graph, parameters: &Parameters, pixels: &[u8], target: Target) -> Result<Vec<f32>> {
    check(graph, pixels.len(), target)?;
    let &[height, width, channels] = &graph.input_shape.0[..] else {
        return Err(Error::Data(format!("an image has three dimensions. Received: {}", graph.input_shape)));
    };
    let image = Images::new([height, width, channels], pixels.to_vec(), vec![0])?;
    let mut engine = GpuEngine::new(graph, &Optimizer::idle(), 1, None, 0).await?;
    engine.set_parameters(&Parameters { slots: Vec::new(), ..parameters.clone() })?;
    engine.upload(ImageSets { train: &image, test: &image })?;
    engine.input_gradient(target).await
}

fn check(graph: &Graph, values: usize, target: Target) -> Result<()> {
    let class = target.class();
    if values == graph.input_shape.len() && class < graph.classes().min(1 << u8::BITS) {
        return Ok(());
    }
    Err(Error::Data(format!(
        "an image of {} has {} values, and there are {} classes, counted from 0. Received: {values} values, class {class}",
        graph.input_shape,
        graph.input_shape.len(),
        graph.classes()
    )))
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
