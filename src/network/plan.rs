//! From a graph to the order of work of one training step: which layers run when, and where the whole batch must come
//! together before anything can go on.
//!
//! A batch is always cut into the same [`SHARDS`] shards. Shards are independent until a layer needs sums over the
//! batch (batch normalisation), which ends a *stage*. Sums and gradients are added over the shards in one fixed tree, so
//! the result does not depend on how many workers share the shards.

use crate::network::graph::{Graph, Node};
use crate::tensor::activation::Activation;
use crate::tensor::gradient::Dx;
use std::ops::Range;

/// Pieces of a batch. A power of two, so that the tree of sums is full.
pub const SHARDS: usize = 8;

/// The rows of shard `s` of a batch of `rows`.
pub fn shard_rows(rows: usize, s: usize) -> Range<usize> {
    rows * s / SHARDS..rows * (s + 1) / SHARDS
}

/// One piece of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// A layer's output and its activation.
    Forward(usize),
    /// The loss and the gradient by the logits.
    Loss,
    /// A layer's gradients.
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

/// Work that each shard can do on its own.
#[derive(Debug, Clone, Default)]
pub struct Stage {
    /// In order.
    pub ops: Vec<Op>,
    /// What the whole batch must sum up at the end.
    pub sums: Option<Sums>,
    /// The trainable parameters (flat) whose gradients this stage gives.
    pub weights: Range<usize>,
}

/// The order of work of one training step.
#[derive(Debug)]
pub struct Plan {
    /// Training, stage by stage.
    pub stages: Vec<Stage>,
    /// For each layer and each of its inputs.
    pub dx: Vec<Vec<Dx>>,
    /// Which tensors have a gradient.
    pub needs: Vec<bool>,
    /// For each layer, whether the max pool that alone reads it does its ReLU while training: the largest value stays the
    /// largest, so that it is the same on a fraction of the values, forward and backward.
    pub is_late: Vec<bool>,
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
                    (false, _) => Dx::None,
                    (true, false) => Dx::Write,
                    (true, true) => Dx::Add,
                });
            }
        }
        for stage in &mut stages {
            stage.weights = weights(graph, &stage.ops);
        }
        Self { stages, dx, needs, is_late: late(graph) }
    }

    /// True where shards must meet in the middle of a step.
    pub fn synchronises(&self) -> bool {
        self.stages.len() > 1
    }
}

fn late(graph: &Graph) -> Vec<bool> {
    let readers = |tensor: usize| graph.nodes.iter().filter(move |node| node.inputs.contains(&tensor));
    let is_late = |(i, node): (usize, &Node)| {
        let mut readers = readers(i + 1);
        let is_pooled = readers.next().is_some_and(|reader| reader.layer.kind() == "max_pooling2d");
        node.activation == Activation::Relu && node.backward_sums() == 0 && is_pooled && readers.next().is_none()
    };
    graph.nodes.iter().enumerate().map(is_late).collect()
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

/// The flat range of the trainable parameters of the layers whose gradients `ops` give. Layers follow each other in the
/// flat array as in the graph, and a stage goes back through them without gaps, so it is one range.
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
        // Halves are even too, so that two workers share the work fairly.
        assert_eq!(shard_rows(20, 3).end, 10);
    }
}
