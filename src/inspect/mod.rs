//! Inspection of a network: the output of each layer for an image, and statistics of each layer during training. They
//! are computed from the parameters on one CPU thread, so they do not depend on the engine that trains.

#[cfg(feature = "extended")]
pub mod gradient;

use crate::base::error::{Error, Result};
use crate::data::Images;
use crate::engine::cpu::CpuEngine;
use crate::engine::{ImageSets, Parameters, Step};
use crate::experiment::augment::{self, Augmentation};
use crate::experiment::optimizer::Optimizer;
use crate::layers::layer::Element;
use crate::layers::layer::{Forward, LayerContext};
use crate::network::graph::Graph;
use crate::tensor::activation::Activation;
use crate::tensor::view;
use serde::Serialize;
use std::ops::Range;
use std::sync::Arc;
use ts_rs::TS;

/// Limit of the forward multiply-accumulates for the statistics; it determines the number of images.
const MACS: u64 = 1 << 30;

/// Minimum and maximum number of images for the statistics.
const IMAGES: Range<usize> = 8..64;

/// Images whose outputs are in memory at once.
const PIECE: usize = 8;

/// Largest network, in weights, for which gradients are computed: they need a second engine beside the one that trains,
/// which might not fit into a browser's memory.
const MAX_WEIGHTS: usize = 1 << 24;

/// Statistics of one layer; a figure is absent if it does not apply to the layer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, TS)]
pub struct LayerHealth {
    /// Euclidean norm of its weights.
    pub weight_norm: Option<f64>,
    /// Euclidean norm of the gradient of the mean loss with respect to them, without penalties.
    pub gradient_norm: Option<f64>,
    /// Share of a ReLU's units (the channels of a convolution) that are zero for every image.
    pub dead: Option<f64>,
    /// Share of a ReLU's outputs that are zero.
    pub zeros: Option<f64>,
}

/// Statistics of all layers at one step.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct Health {
    /// Completed steps.
    pub step: usize,
    /// Number of images: the first ones of the training set.
    pub images: usize,
    /// The layers, in order.
    pub layers: Vec<LayerHealth>,
}

/// The output of every layer for n images of shape (n, height, width, channels), in layer order; each has the shape
/// (n, …). The last one holds the logits.
///
/// # Errors
/// [`Error::Data`] if the images have not the network's input shape.
pub fn outputs(graph: &Graph, parameters: &Parameters, pixels: &[u8]) -> Result<Vec<Vec<f32>>> {
    let mut tensors = tensors(graph, parameters, pixels, graph.nodes.len())?;
    tensors.remove(0);
    Ok(tensors)
}

/// Tensor `tensor` of the graph for n images: 0 is the input with values from 0 to 1, `i + 1` the output of layer i.
///
/// # Errors
/// As [`outputs`].
#[cfg(feature = "extended")]
pub fn tensor(graph: &Graph, parameters: &Parameters, pixels: &[u8], tensor: usize) -> Result<Vec<f32>> {
    Ok(tensors(graph, parameters, pixels, tensor)?.pop().unwrap_or_default())
}

/// The input and the outputs of the first `count` layers.
fn tensors(graph: &Graph, parameters: &Parameters, pixels: &[u8], count: usize) -> Result<Vec<Vec<f32>>> {
    let len = graph.input_shape.len();
    if pixels.is_empty() || !pixels.len().is_multiple_of(len) {
        return Err(Error::Data(format!(
            "an image of {} needs {len} values. Received: {}",
            graph.input_shape,
            pixels.len()
        )));
    }
    let rows = pixels.len() / len;
    let mut tensors = vec![pixels.iter().map(|&pixel| f32::from(pixel) / 255.0).collect::<Vec<f32>>()];
    let mut workspace = Vec::new();
    for node in &graph.nodes[..count] {
        let mut y = vec![0.0; rows * node.output_shape.len()];
        let params = &graph.params[node.params.clone()];
        let flat = |trainable: bool| if trainable { &parameters.weights } else { &parameters.state };
        let context = LayerContext {
            inputs: &node.input_shapes,
            output: &node.output_shape,
            first_row: 0,
            batch_rows: rows,
            training: false,
            seed: 0,
            step: 0,
            stream: node.stream,
        };
        let sums = vec![0.0; node.forward_sums()];
        f32::compute(&*node.layer).forward(&mut Forward {
            context,
            x: node
                .inputs
                .iter()
                .zip(&node.input_shapes)
                .map(|(&i, shape)| view::tensors(&tensors[i], rows, shape))
                .collect(),
            params: params
                .iter()
                .map(|param| view::parameter(&flat(param.spec.trainable)[param.range()], &param.spec.shape))
                .collect(),
            y: view::tensors_mut(&mut y, rows, &node.output_shape),
            sums: &sums,
            workspace: &mut workspace,
        });
        node.activation.forward(&mut y);
        tensors.push(y);
    }
    Ok(tensors)
}

/// Statistics of each layer for the first of `images`, after `step` steps.
///
/// # Errors
/// [`Error::Engine`] if the network is too large for a second engine.
pub fn health(
    graph: &Arc<Graph>,
    parameters: &Parameters,
    images: &Images,
    (seed, step): (u32, usize),
) -> Result<Health> {
    let macs: u64 = graph.nodes.iter().map(|node| node.layer.macs(&node.input_shapes, &node.output_shape)).sum();
    let count = ((MACS / macs.max(1)) as usize).clamp(IMAGES.start, IMAGES.end).min(images.len());
    let mut layers = vec![LayerHealth::default(); graph.nodes.len()];
    measure_relus(graph, parameters, &images.pixels[..count * images.image_len()], &mut layers)?;
    let gradient = gradient(graph, parameters, images, count, (seed, step))?;
    for (node, layer) in graph.nodes.iter().zip(&mut layers) {
        let trainable = graph.params[node.params.clone()].iter().filter(|param| param.spec.trainable);
        let norm = |values: &[f32]| {
            let squares = trainable.clone().flat_map(|param| &values[param.range()]).map(|&v| f64::from(v).powi(2));
            squares.sum::<f64>().sqrt()
        };
        if trainable.clone().next().is_some() {
            layer.weight_norm = Some(norm(&parameters.weights));
            layer.gradient_norm = Some(norm(&gradient));
        }
    }
    Ok(Health { step, images: count, layers })
}

/// The gradient of the mean loss over the first images, in training mode, without augmentation.
fn gradient(
    graph: &Arc<Graph>,
    parameters: &Parameters,
    images: &Images,
    count: usize,
    (seed, step): (u32, usize),
) -> Result<Vec<f32>> {
    if graph.weights_len > MAX_WEIGHTS {
        let message = format!(
            "gradients are shown for networks of up to {MAX_WEIGHTS} parameters. Received: {}",
            graph.weights_len
        );
        return Err(Error::Engine { engine: "cpu", message });
    }
    let mut engine = CpuEngine::<f32>::with_lanes(graph.clone(), &Optimizer::idle(), count, None, seed, 1)?;
    engine.set_parameters(parameters);
    let indices: Vec<u32> = (0..count as u32).collect();
    let step = Step { indices: &indices, transforms: &[], step: step as u32, learning_rate: 0.0 };
    engine.differentiate(ImageSets { train: images, test: images }, &step);
    Ok(engine.gradient().to_vec())
}

/// Sets the shares of zeros and of dead units of every ReLU.
fn measure_relus(graph: &Graph, parameters: &Parameters, pixels: &[u8], layers: &mut [LayerHealth]) -> Result<()> {
    let units = |node: usize| graph.nodes[node].output_shape.0.last().copied().unwrap_or(1);
    let relus: Vec<usize> = (0..graph.nodes.len()).filter(|&i| graph.nodes[i].activation == Activation::Relu).collect();
    let mut alive: Vec<Vec<bool>> = relus.iter().map(|&node| vec![false; units(node)]).collect();
    let mut counts = vec![(0, 0); relus.len()];
    for piece in pixels.chunks(PIECE * graph.input_shape.len()) {
        let outputs = outputs(graph, parameters, piece)?;
        for ((&node, alive), (zeros, all)) in relus.iter().zip(&mut alive).zip(&mut counts) {
            for row in outputs[node].chunks_exact(alive.len()) {
                row.iter().zip(alive.iter_mut()).for_each(|(&y, alive)| *alive |= y > 0.0);
                *zeros += row.iter().filter(|&&y| y == 0.0).count();
            }
            *all += outputs[node].len();
        }
    }
    for ((&node, alive), (zeros, all)) in relus.iter().zip(&alive).zip(counts) {
        let dead = alive.iter().filter(|alive| !**alive).count();
        layers[node].dead = Some(dead as f64 / alive.len() as f64);
        layers[node].zeros = Some(zeros as f64 / all.max(1) as f64);
    }
    Ok(())
}

/// The images at `indices` after augmentation in `epoch` (from 0), shape (n, height, width, channels), 0 to 255.
pub fn augmented(list: &[Augmentation], images: &Images, seed: u32, epoch: u32, indices: &[u32]) -> Vec<u8> {
    let size = (images.height, images.width, images.channels);
    let mut floats = vec![0.0; images.image_len()];
    let mut pixels = Vec::with_capacity(indices.len() * floats.len());
    for &index in indices {
        let transform = augment::draw(list, (images.height, images.width), images.len(), seed, epoch, index);
        transform.sample_of(index as usize, |index| images.image(index), size, &mut floats);
        pixels.extend(floats.iter().map(|&value| (value * 255.0).round() as u8));
    }
    pixels
}
