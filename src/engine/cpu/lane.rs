//! A lane: the memory and the work of a run of neighbouring shards. One worker or thread drives one lane.

mod backward;

use crate::data::Images;
use crate::engine::step::{Pictures, Step};
use crate::layers::layer::Element;
use crate::layers::layer::{Forward, LayerContext};
use crate::network::graph::{Graph, Node};
use crate::network::plan::{Op, Plan, SHARDS, Stage, shard_rows};
use crate::tensor::activation::Activation;
use crate::tensor::gradient::Dx;
use crate::tensor::list::SmallList;
use crate::tensor::loss::{LossSums, softmax_cross_entropy};
use std::ops::Range;

/// What every lane reads during a step.
pub struct Shared<'a, T> {
    /// The network.
    pub graph: &'a Graph,
    /// The order of work.
    pub plan: &'a Plan,
    /// Trainable parameters, flat.
    pub weights: &'a [T],
    /// The others, flat.
    pub state: &'a [T],
    /// Sums over the batch of each layer, forward.
    pub forward_sums: &'a [Vec<f64>],
    /// Sums over the batch of each layer, backward.
    pub backward_sums: &'a [Vec<f64>],
    /// The data.
    pub pictures: Pictures<'a>,
    /// The step; `indices` are this piece's.
    pub step: Step<'a>,
    /// Where this piece starts in the batch.
    pub first_row: usize,
    /// Pictures in the whole batch, by which gradients are divided.
    pub total_rows: usize,
    /// The experiment's seed.
    pub seed: u32,
}

impl<'a, T: Element> Shared<'a, T> {
    /// Whether a layer does the ReLU of the one before it.
    fn pools_late(&self, node: usize) -> bool {
        self.graph.nodes[node].inputs[0].checked_sub(1).is_some_and(|before| self.plan.is_late[before])
    }

    fn params(&self, node: usize) -> SmallList<&'a [T]> {
        let params = &self.graph.params[self.graph.nodes[node].params.clone()];
        params
            .iter()
            .map(|param| if param.spec.trainable { &self.weights[param.range()] } else { &self.state[param.range()] })
            .collect()
    }
}

/// The memory of a run of shards.
#[derive(Debug)]
pub struct Lane<T> {
    /// Which shards.
    shards: Range<usize>,
    /// Rows that the tensors have room for.
    capacity: usize,
    /// `(rows, …)` of every tensor.
    tensors: Vec<Vec<T>>,
    /// Gradients by them, where needed.
    gradients: Vec<Vec<T>>,
    /// Gradients of second and further readers of a tensor, before they are added.
    spare: Vec<Vec<T>>,
    /// The layers' scratch memory.
    workspace: Vec<T>,
    /// Pixels as floats before they become `T`.
    pixels: Vec<f32>,
    /// Labels of the shard at hand.
    labels: Vec<u8>,
    /// Gradients by a stage's weights: a stack of partial sums, the tree's open branches.
    stack: Vec<Vec<T>>,
    /// How many shards each entry of the stack in use stands for.
    heights: Vec<u32>,
    /// Sums of each shard.
    pub partials: Vec<Vec<f64>>,
    /// Loss of each shard.
    pub losses: Vec<LossSums>,
}

impl<T: Element> Lane<T> {
    /// Memory for `shards` of batches of up to `batch` pictures; nothing is allocated later.
    pub fn new(graph: &Graph, plan: &Plan, shards: Range<usize>, batch: usize) -> Self {
        let rows = shards.clone().map(|s| shard_rows(batch, s).len());
        // Where shards meet in mid-step all of a lane's rows are under way at once; else one shard's at a time. Shorter
        // batches cut differently, but no shard ever has more rows than ceil(batch / SHARDS).
        let capacity = if plan.synchronises() { rows.sum::<usize>() + shards.len() } else { batch.div_ceil(SHARDS) };
        let memory = |tensor: usize| vec![T::zero(); capacity * graph.shape(tensor).len()];
        let count = graph.nodes.len() + 1;
        let widest = plan.stages.iter().map(|stage| stage.weights.len()).max().unwrap_or(0);
        let levels = shards.len().ilog2() as usize + 2;
        let added = |node: usize, dx: &[Dx]| {
            let inputs = graph.nodes[node].inputs.iter().zip(dx).filter(|(_, dx)| **dx == Dx::Add);
            inputs.map(|(&tensor, _)| graph.shape(tensor).len()).collect::<Vec<_>>()
        };
        let added: Vec<Vec<usize>> = plan.dx.iter().enumerate().map(|(node, dx)| added(node, dx)).collect();
        let spares = added.iter().map(Vec::len).max().unwrap_or(0);
        let spare = |k: usize| added.iter().filter_map(|lens| lens.get(k)).max().copied().unwrap_or(0);
        let sums = graph.nodes.iter().map(|node| node.forward_sums().max(node.backward_sums())).max().unwrap_or(0);
        Self {
            capacity,
            tensors: (0..count).map(memory).collect(),
            gradients: (0..count).map(|t| if plan.needs[t] { memory(t) } else { Vec::new() }).collect(),
            spare: (0..spares).map(|k| vec![T::zero(); capacity * spare(k)]).collect(),
            workspace: Vec::new(),
            pixels: vec![0.0; graph.input_shape.len()],
            labels: Vec::with_capacity(capacity),
            stack: (0..levels).map(|_| vec![T::zero(); widest]).collect(),
            heights: Vec::with_capacity(levels),
            partials: vec![vec![0.0; sums]; shards.len()],
            losses: vec![LossSums::default(); shards.len()],
            shards,
        }
    }

    /// Runs one stage of a training step for all of this lane's shards. The stage's gradients are then [`Self::summed`].
    pub fn run(&mut self, shared: &Shared<T>, stage: usize) {
        let Stage { ops, sums, weights } = &shared.plan.stages[stage];
        self.heights.clear();
        for s in self.shards.clone() {
            let rows = shard_rows(shared.step.indices.len(), s);
            let slot = self.slot(shared, &rows);
            let top = self.heights.len();
            self.stack[top][..weights.len()].fill(T::zero());
            if rows.is_empty() {
                // A batch of fewer pictures than shards.
                self.losses[s - self.shards.start] = LossSums::default();
                self.partials[s - self.shards.start].fill(0.0);
                self.merge(weights.len());
                continue;
            }
            if stage == 0 {
                // Before the first layer: its sums over the batch, if it has any, end a stage without work.
                self.load(shared, rows.clone(), slot);
            }
            for op in ops {
                match *op {
                    Op::Forward(node) => self.forward(shared, node, rows.clone(), slot, true),
                    Op::Loss => self.loss(shared, s, rows.clone(), slot),
                    Op::Backward(node) => self.backward(shared, node, rows.clone(), slot, (top, weights.start)),
                }
            }
            self.partial(shared, *sums, s, rows, slot);
            self.merge(weights.len());
        }
    }

    /// Where a shard's rows lie in the tensors.
    fn slot(&self, shared: &Shared<T>, rows: &Range<usize>) -> usize {
        if !shared.plan.synchronises() {
            return 0;
        }
        rows.start - shard_rows(shared.step.indices.len(), self.shards.start).start
    }

    /// Adds equal-sized neighbours on the stack, so that what is left is the tree's open branches.
    fn merge(&mut self, len: usize) {
        self.heights.push(0);
        while let [.., a, b] = self.heights[..]
            && a == b
        {
            self.heights.truncate(self.heights.len() - 2);
            self.heights.push(a + 1);
            let (left, right) = self.stack.split_at_mut(self.heights.len());
            let (Some(left), Some(right)) = (left.last_mut(), right.first()) else { return };
            left[..len].iter_mut().zip(&right[..len]).for_each(|(l, &r)| *l += r);
        }
    }

    /// The sum of this lane's gradients of the last stage.
    pub fn summed(&self) -> &[T] {
        &self.stack[0]
    }

    /// The same, to add a neighbour's to.
    pub fn summed_mut(&mut self) -> &mut [T] {
        &mut self.stack[0]
    }

    /// Reads pictures and labels of rows of the batch.
    fn load(&mut self, shared: &Shared<T>, rows: Range<usize>, slot: usize) {
        let step = &shared.step;
        let images = shared.pictures.train;
        let len = shared.graph.input_shape.len();
        self.labels.clear();
        for (place, row) in rows.enumerate() {
            let index = step.indices[row] as usize;
            let picture = &mut self.tensors[0][(slot + place) * len..][..len];
            match step.transforms.get(row) {
                None => copy_picture(images, index, picture),
                Some(transform) => {
                    let size = (images.height, images.width, images.channels);
                    transform.sample(images.picture(index), size, &mut self.pixels);
                    picture.iter_mut().zip(&self.pixels).for_each(|(x, &pixel)| *x = T::of(f64::from(pixel)));
                }
            }
        }
    }

    fn context<'a>(shared: &Shared<'a, T>, node: usize, rows: &Range<usize>, training: bool) -> LayerContext<'a> {
        let node = &shared.graph.nodes[node];
        LayerContext {
            inputs: &node.input_shapes,
            output: &node.output_shape,
            rows: rows.len(),
            first_row: shared.first_row + rows.start,
            batch_rows: shared.step.indices.len(),
            training,
            seed: shared.seed,
            step: shared.step.step,
            stream: node.stream,
        }
    }

    fn forward(&mut self, shared: &Shared<T>, node: usize, rows: Range<usize>, slot: usize, training: bool) {
        let Node { inputs, layer, activation, .. } = &shared.graph.nodes[node];
        let (before, after) = self.tensors.split_at_mut(node + 1);
        let cut = |tensor: usize| {
            let len = shared.graph.shape(tensor).len();
            slot * len..(slot + rows.len()) * len
        };
        let y = &mut after[0][cut(node + 1)];
        let mut cx = Forward {
            context: Self::context(shared, node, &rows, training),
            x: inputs.iter().map(|&tensor| &before[tensor][cut(tensor)]).collect(),
            params: shared.params(node),
            y,
            sums: &shared.forward_sums[node],
            workspace: &mut self.workspace,
        };
        T::compute(&**layer).forward(&mut cx);
        if !(training && shared.plan.is_late[node]) {
            activation.forward(cx.y);
        }
        if training && shared.pools_late(node) {
            Activation::Relu.forward(cx.y);
        }
    }

    fn loss(&mut self, shared: &Shared<T>, s: usize, rows: Range<usize>, slot: usize) {
        self.labels.clear();
        let labels = &shared.pictures.train.labels;
        self.labels.extend(shared.step.indices[rows.clone()].iter().map(|&index| labels[index as usize]));
        let last = shared.graph.nodes.len();
        let classes = shared.graph.classes();
        let cut = slot * classes..(slot + rows.len()) * classes;
        let scale = 1.0 / shared.total_rows as f64;
        let gradient = self.gradients[last].get_mut(cut.clone());
        let sums = softmax_cross_entropy(&self.tensors[last][cut], &self.labels, scale, gradient);
        self.losses[s - self.shards.start] = sums;
    }

    /// Runs inference on up to [`Self::capacity`] pictures and returns their logits.
    pub fn infer(&mut self, shared: &Shared<T>, images: &Images, indices: &[u32]) -> &[T] {
        let len = shared.graph.input_shape.len();
        for (place, &index) in indices.iter().enumerate() {
            copy_picture(images, index as usize, &mut self.tensors[0][place * len..][..len]);
        }
        for node in 0..shared.graph.nodes.len() {
            self.forward(shared, node, 0..indices.len(), 0, false);
        }
        &self.tensors[shared.graph.nodes.len()][..indices.len() * shared.graph.classes()]
    }

    /// Rows that fit at once.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// The memory of one tensor, for looking inside.
    pub fn tensor(&self, tensor: usize) -> &[T] {
        &self.tensors[tensor]
    }
}

/// A picture's pixels as numbers of 0 to 1.
fn copy_picture<T: Element>(images: &Images, index: usize, out: &mut [T]) {
    for (x, &pixel) in out.iter_mut().zip(images.picture(index)) {
        *x = T::of(f64::from(f32::from(pixel) / 255.0));
    }
}
