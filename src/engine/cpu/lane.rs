//! A lane: the memory and the computation of consecutive shards. Each worker or thread runs one lane.

mod backward;

use crate::data::Images;
use crate::engine::step::{ImageSets, Step};
use crate::layers::layer::Element;
use crate::layers::layer::{Forward, LayerContext};
use crate::network::graph::{Graph, Node};
use crate::network::plan::{Op, Plan, SHARDS, Stage, shard_rows};
use crate::tensor::activation::Activation;
use crate::tensor::gradient::GradientMode;
use crate::tensor::list::SmallList;
use crate::tensor::loss::{LossSums, Targets};
use crate::tensor::view::{parameter, tensors, tensors_mut};
use ndarray::{ArrayViewD, ArrayViewMutD};
use std::ops::Range;

/// The data that all lanes read during a step.
pub struct Shared<'a, T> {
    /// The network.
    pub graph: &'a Graph,
    /// The plan of a training step.
    pub plan: &'a Plan,
    /// Trainable parameters, flat.
    pub weights: &'a [T],
    /// Non-trainable parameters, flat.
    pub state: &'a [T],
    /// For each layer, the sums over the batch of the forward pass.
    pub forward_sums: &'a [Vec<f64>],
    /// For each layer, the sums over the batch of the backward pass.
    pub backward_sums: &'a [Vec<f64>],
    /// The images.
    pub sets: ImageSets<'a>,
    /// The step, cut down to one micro-batch.
    pub step: Step<'a>,
    /// The index of the micro-batch's first row in the batch.
    pub first_row: usize,
    /// The number of images in the whole batch, by which gradients are divided.
    pub total_rows: usize,
    /// The experiment's seed.
    pub seed: u32,
}

impl<'a, T: Element> Shared<'a, T> {
    /// Whether a layer applies the ReLU of the layer before it.
    fn applies_relu_before(&self, node: usize) -> bool {
        self.graph.nodes[node].inputs[0].checked_sub(1).is_some_and(|before| self.plan.fuses_relu[before])
    }

    /// Where `count` rows of a tensor lie in its memory, from row `slot` on.
    fn cut(&self, tensor: usize, slot: usize, count: usize) -> Range<usize> {
        let len = self.graph.shape(tensor).len();
        slot * len..(slot + count) * len
    }

    /// The same rows as a view.
    fn rows<'m>(&self, memory: &'m [T], tensor: usize, slot: usize, count: usize) -> ArrayViewD<'m, T> {
        tensors(&memory[self.cut(tensor, slot, count)], count, self.graph.shape(tensor))
    }

    /// The same rows to write to.
    fn rows_mut<'m>(&self, memory: &'m mut [T], tensor: usize, slot: usize, count: usize) -> ArrayViewMutD<'m, T> {
        tensors_mut(&mut memory[self.cut(tensor, slot, count)], count, self.graph.shape(tensor))
    }

    fn params(&self, node: usize) -> SmallList<ArrayViewD<'a, T>> {
        let params = self.graph.params[self.graph.nodes[node].params.clone()].iter();
        params
            .map(|param| {
                let flat = if param.spec.trainable { self.weights } else { self.state };
                parameter(&flat[param.range()], &param.spec.shape)
            })
            .collect()
    }
}

/// The memory of consecutive shards.
#[derive(Debug)]
pub struct Lane<T> {
    /// The shards.
    shards: Range<usize>,
    /// The number of rows that the tensors hold.
    capacity: usize,
    /// All tensors, each `(rows, …)`.
    tensors: Vec<Vec<T>>,
    /// The gradients with respect to them, empty if not needed.
    gradients: Vec<Vec<T>>,
    /// For each layer whose activation needs it for its derivative, the output before the activation; else empty.
    before: Vec<Vec<T>>,
    /// Buffers for the gradients of second and further readers of a tensor, before they are added.
    spare: Vec<Vec<T>>,
    /// The workspace of the layers' kernels.
    workspace: Vec<T>,
    /// The pixels of an augmented image, before conversion to `T`.
    pixels: Vec<f32>,
    /// The labels of the current shard.
    labels: Vec<u8>,
    /// Where images are mixed, the label of each one's partner, and the share of its own.
    #[cfg(feature = "extended")]
    others: Vec<(u8, f32)>,
    /// Partial sums of the gradient with respect to a stage's weights: a stack of the complete subtrees of the
    /// summation tree.
    stack: Vec<Vec<T>>,
    /// The height of each subtree on the stack: `2^height` shards.
    heights: Vec<u32>,
    /// The sums of each shard.
    pub partials: Vec<Vec<f64>>,
    /// The loss of each shard.
    pub losses: Vec<LossSums>,
}

impl<T: Element> Lane<T> {
    /// Allocates the memory for `shards` of micro-batches of up to `batch` images. A step allocates nothing.
    pub fn new(graph: &Graph, plan: &Plan, shards: Range<usize>, batch: usize) -> Self {
        let rows = shards.clone().map(|s| shard_rows(batch, s).len());
        // If shards wait for each other within a step, all rows of a lane are in memory at once; else those of one
        // shard at a time. Shorter batches are cut differently, but no shard has more rows than ceil(batch / SHARDS).
        let capacity = if plan.synchronises() { rows.sum::<usize>() + shards.len() } else { batch.div_ceil(SHARDS) };
        let memory = |tensor: usize| vec![T::zero(); capacity * graph.shape(tensor).len()];
        let count = graph.nodes.len() + 1;
        let widest = plan.stages.iter().map(|stage| stage.weights.len()).max().unwrap_or(0);
        let levels = shards.len().ilog2() as usize + 2;
        let added = |node: usize, dx: &[GradientMode]| {
            let inputs = graph.nodes[node].inputs.iter().zip(dx).filter(|(_, dx)| **dx == GradientMode::Add);
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
            before: (0..count - 1)
                .map(|i| if plan.keeps_input(graph, i) { memory(i + 1) } else { Vec::new() })
                .collect(),
            spare: (0..spares).map(|k| vec![T::zero(); capacity * spare(k)]).collect(),
            workspace: Vec::new(),
            pixels: vec![0.0; graph.input_shape.len()],
            labels: Vec::with_capacity(capacity),
            #[cfg(feature = "extended")]
            others: Vec::new(),
            stack: (0..levels).map(|_| vec![T::zero(); widest]).collect(),
            heights: Vec::with_capacity(levels),
            partials: vec![vec![0.0; sums]; shards.len()],
            losses: vec![LossSums::default(); shards.len()],
            shards,
        }
    }

    /// Runs one stage of a training step for all shards of this lane. [`Self::summed`] then holds the stage's gradient.
    pub fn run(&mut self, shared: &Shared<T>, stage: usize) {
        let Stage { ops, sums, weights } = &shared.plan.stages[stage];
        self.heights.clear();
        for s in self.shards.clone() {
            let rows = shard_rows(shared.step.indices.len(), s);
            let slot = self.slot(shared, &rows);
            let top = self.heights.len();
            self.stack[top][..weights.len()].fill(T::zero());
            if rows.is_empty() {
                // The batch has fewer images than shards.
                self.losses[s - self.shards.start] = LossSums::default();
                self.partials[s - self.shards.start].fill(0.0);
                self.merge(weights.len());
                continue;
            }
            if stage == 0 {
                // Loaded before the operations: if the first layer needs sums over the batch, the first stage has no
                // operations.
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

    /// The index of a shard's first row in the tensors.
    fn slot(&self, shared: &Shared<T>, rows: &Range<usize>) -> usize {
        if !shared.plan.synchronises() {
            return 0;
        }
        rows.start - shard_rows(shared.step.indices.len(), self.shards.start).start
    }

    /// Adds one shard's subtree to the stack: as long as the top two subtrees have equal height, they are summed.
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

    /// The gradient of the last stage, summed over this lane's shards.
    pub fn summed(&self) -> &[T] {
        &self.stack[0]
    }

    /// [`Self::summed`], mutable.
    pub fn summed_mut(&mut self) -> &mut [T] {
        &mut self.stack[0]
    }

    /// Loads the images of `rows` into the input tensor, augmented where the step says so.
    fn load(&mut self, shared: &Shared<T>, rows: Range<usize>, slot: usize) {
        let step = &shared.step;
        let images = shared.sets.train;
        let len = shared.graph.input_shape.len();
        self.labels.clear();
        for (place, row) in rows.enumerate() {
            let index = step.indices[row] as usize;
            let image = &mut self.tensors[0][(slot + place) * len..][..len];
            match step.transforms.get(row) {
                None => copy_image(images, index, image),
                Some(transform) => {
                    let size = (images.height, images.width, images.channels);
                    transform.sample_of(index, |index| images.image(index), size, &mut self.pixels);
                    image.iter_mut().zip(&self.pixels).for_each(|(x, &pixel)| *x = T::of(f64::from(pixel)));
                }
            }
        }
    }

    fn context<'a>(shared: &Shared<'a, T>, node: usize, rows: &Range<usize>, training: bool) -> LayerContext<'a> {
        let node = &shared.graph.nodes[node];
        LayerContext {
            inputs: &node.input_shapes,
            output: &node.output_shape,
            first_row: shared.first_row + rows.start,
            batch_rows: shared.step.indices.len(),
            training: training && !node.infers(),
            seed: shared.seed,
            step: shared.step.step,
            stream: node.stream,
        }
    }

    fn forward(&mut self, shared: &Shared<T>, node: usize, rows: Range<usize>, slot: usize, training: bool) {
        let Node { inputs, layer, activation, .. } = &shared.graph.nodes[node];
        let (before, after) = self.tensors.split_at_mut(node + 1);
        let count = rows.len();
        T::compute(&**layer).forward(&mut Forward {
            context: Self::context(shared, node, &rows, training),
            x: inputs.iter().map(|&tensor| shared.rows(&before[tensor], tensor, slot, count)).collect(),
            params: shared.params(node),
            y: shared.rows_mut(&mut after[0], node + 1, slot, count),
            sums: &shared.forward_sums[node],
            workspace: &mut self.workspace,
        });
        let cut = shared.cut(node + 1, slot, count);
        let y = &mut after[0][cut.clone()];
        if training && shared.plan.keeps_input(shared.graph, node) {
            self.before[node][cut].copy_from_slice(y);
        }
        if !(training && shared.plan.fuses_relu[node]) {
            activation.forward(y);
        }
        if training && shared.applies_relu_before(node) {
            Activation::Relu.forward(y);
        }
    }

    fn loss(&mut self, shared: &Shared<T>, s: usize, rows: Range<usize>, slot: usize) {
        self.labels.clear();
        let labels = &shared.sets.train.labels;
        self.labels.extend(shared.step.indices[rows.clone()].iter().map(|&index| labels[index as usize]));
        #[cfg(feature = "extended")]
        {
            let mixes = shared.step.transforms.get(rows.clone()).unwrap_or_default().iter().filter_map(|t| t.mix);
            self.others.clear();
            self.others.extend(mixes.map(|mix| (labels[mix.partner as usize], mix.share)));
        }
        let last = shared.graph.nodes.len();
        let cut = shared.cut(last, slot, rows.len());
        let scale = 1.0 / shared.total_rows as f64;
        let gradient = self.gradients[last].get_mut(cut.clone());
        let targets = Targets {
            labels: &self.labels,
            #[cfg(feature = "extended")]
            others: &self.others,
        };
        let sums = shared.graph.loss.training(&self.tensors[last][cut], targets, scale, gradient);
        self.losses[s - self.shards.start] = sums;
    }

    /// Runs inference on up to [`Self::capacity`] images and returns their logits.
    pub fn infer(&mut self, shared: &Shared<T>, images: &Images, indices: &[u32]) -> &[T] {
        let len = shared.graph.input_shape.len();
        for (place, &index) in indices.iter().enumerate() {
            copy_image(images, index as usize, &mut self.tensors[0][place * len..][..len]);
        }
        for node in 0..shared.graph.nodes.len() {
            self.forward(shared, node, 0..indices.len(), 0, false);
        }
        &self.tensors[shared.graph.nodes.len()][..indices.len() * shared.graph.classes()]
    }

    /// The number of rows that fit at once.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// The values of one tensor.
    pub fn tensor(&self, tensor: usize) -> &[T] {
        &self.tensors[tensor]
    }
}

/// Copies an image's pixels, scaled to 0..1.
fn copy_image<T: Element>(images: &Images, index: usize, out: &mut [T]) {
    for (x, &pixel) in out.iter_mut().zip(images.image(index)) {
        *x = T::of(f64::from(f32::from(pixel) / 255.0));
    }
}
