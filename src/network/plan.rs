//! From a graph to the plan of one training step: the order of the operations, and the points at which they must wait
//! for sums over the whole batch.
//!
//! A batch is always cut into [`SHARDS`] shards. Shards are independent until a layer needs sums over the batch (batch
//! normalisation); there a *stage* ends. Sums and gradients are added over the shards in a fixed order (a binary tree
//! for gradients), so the result does not depend on the number of workers.

use crate::network::graph::{Graph, Node};
use crate::tensor::activation::Activation;
use crate::tensor::gradient::GradientMode;
use std::ops::Range;

/// The number of shards of a batch; a power of two, so that the summation tree is full.
pub const SHARDS: usize = 8;

/// The rows of shard `s` of a batch of `rows`.
pub fn shard_rows(rows: usize, s: usize) -> Range<usize> {
    rows * s / SHARDS..rows * (s + 1) / SHARDS
}

/// One operation of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// Computes a layer's output, activation included.
    Forward(usize),
    /// Computes the loss and the gradient with respect to the logits.
    Loss,
    /// Computes a layer's gradients.
    Backward(usize),
}

/// The sums over the batch that the next stage starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sums {
    /// A layer's `forward_partials`.
    Forward(usize),
    /// A layer's `backward_partials`.
    Backward(usize),
}

/// A sequence of operations that each shard runs independently of the others.
#[derive(Debug, Clone, Default)]
pub struct Stage {
    /// The operations, in order.
    pub ops: Vec<Op>,
    /// The sums over the batch that are formed at the end of the stage.
    pub sums: Option<Sums>,
    /// The range of the trainable parameters (flat) whose gradients this stage computes.
    pub weights: Range<usize>,
}

/// The plan of one training step.
#[derive(Debug)]
pub struct Plan {
    /// The stages, in order.
    pub stages: Vec<Stage>,
    /// For each layer and each of its inputs, how the layer stores the gradient with respect to it.
    pub dx: Vec<Vec<GradientMode>>,
    /// For each tensor, whether its gradient is computed.
    pub needs: Vec<bool>,
    /// For each layer, whether its ReLU is fused into the max pooling that is the only reader of its output. ReLU is
    /// monotonic, so it may follow the maximum, where it runs on fewer values, forward and backward. Training only.
    pub fuses_relu: Vec<bool>,
}

impl Plan {
    /// Plans a graph.
    pub fn new(graph: &Graph) -> Self {
        let needs = graph.needs_gradient();
        let mut stages = vec![Stage::default()];
        for (i, node) in graph.nodes.iter().enumerate() {
            if node.forward_sums() > 0 {
                close(&mut stages, Sums::Forward(i));
            }
            push(&mut stages, Op::Forward(i));
        }
        push(&mut stages, Op::Loss);
        let mut written = vec![false; graph.nodes.len() + 1];
        let mut dx = vec![Vec::new(); graph.nodes.len()];
        for (i, node) in graph.nodes.iter().enumerate().rev().filter(|(i, _)| needs[i + 1]) {
            if node.backward_sums() > 0 {
                close(&mut stages, Sums::Backward(i));
            }
            push(&mut stages, Op::Backward(i));
            for &tensor in &node.inputs {
                dx[i].push(match (needs[tensor], std::mem::replace(&mut written[tensor], true)) {
                    (false, _) => GradientMode::None,
                    (true, false) => GradientMode::Write,
                    (true, true) => GradientMode::Add,
                });
            }
        }
        for stage in &mut stages {
            stage.weights = weights(graph, &stage.ops);
        }
        Self { stages, dx, needs, fuses_relu: fuses_relu(graph) }
    }

    /// Whether a layer's output before the activation is kept for the backward pass.
    pub fn keeps_input(&self, graph: &Graph, node: usize) -> bool {
        graph.nodes[node].activation.needs_input() && self.needs[node + 1]
    }

    /// True if shards must wait for each other within a step.
    pub fn synchronises(&self) -> bool {
        self.stages.len() > 1
    }
}

fn fuses_relu(graph: &Graph) -> Vec<bool> {
    let readers = |tensor: usize| graph.nodes.iter().filter(move |node| node.inputs.contains(&tensor));
    let is_fused = |(i, node): (usize, &Node)| {
        let mut readers = readers(i + 1);
        let is_pooled = readers.next().is_some_and(|reader| reader.layer.takes_maxima());
        node.activation == Activation::Relu && node.backward_sums() == 0 && is_pooled && readers.next().is_none()
    };
    graph.nodes.iter().enumerate().map(is_fused).collect()
}

fn push(stages: &mut [Stage], op: Op) {
    if let Some(stage) = stages.last_mut() {
        stage.ops.push(op);
    }
}

fn close(stages: &mut Vec<Stage>, sums: Sums) {
    if let Some(stage) = stages.last_mut() {
        stage.sums = Some(sums);
    }
    stages.push(Stage::default());
}

/// The flat range of the trainable parameters whose gradients `ops` compute. It is one range, because the flat array
/// has the order of the graph and a stage goes backward through consecutive layers.
fn weights(graph: &Graph, ops: &[Op]) -> Range<usize> {
    let nodes = ops.iter().filter_map(|op| match op {
        Op::Backward(node) => Some(*node),
        _ => None,
    });
    let params = nodes.flat_map(|node| graph.params[graph.nodes[node].params.clone()].iter());
    let ranges: Vec<Range<usize>> = params.filter(|param| param.spec.trainable).map(|param| param.range()).collect();
    let start = ranges.iter().map(|range| range.start).min().unwrap_or(0);
    start..ranges.iter().map(|range| range.end).max().unwrap_or(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_cover_a_batch_once_and_evenly() {
        for rows in [1, 5, 20, 128, 131] {
            let sizes: Vec<usize> = (0..SHARDS).map(|s| shard_rows(rows, s).len()).collect();
            assert_eq!(sizes.iter().sum::<usize>(), rows);
            assert!(sizes.iter().max().unwrap() - sizes.iter().min().unwrap() <= 1, "{sizes:?}");
        }
        // Halves are even too, so that two workers get the same amount of work.
        assert_eq!(shard_rows(20, 3).end, 10);
    }
}
