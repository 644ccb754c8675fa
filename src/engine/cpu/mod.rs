//! The CPU engine: runs a [`Plan`] over lanes of shards, on as many threads as there are lanes.

pub mod gemm;
mod lane;
pub mod patches;
pub mod real;
mod simd;
mod update;

use super::{Parameters, Pictures, Source, Step, StepFigures};
use crate::error::Result;
use crate::graph::Graph;
use crate::layer::State;
use crate::layer::{Few, Place};
use crate::optimizer::Optimizer;
use crate::plan::{Plan, SHARDS, Sums};
use lane::{Lane, Shared};
use real::Real;
use std::sync::Arc;

/// A network in training on the CPU.
#[derive(Debug)]
pub struct CpuEngine<T> {
    graph: Arc<Graph>,
    plan: Plan,
    optimizer: Optimizer,
    seed: u32,
    piece: usize,
    lanes: Vec<Lane<T>>,
    weights: Vec<T>,
    state: Vec<T>,
    slots: Vec<Vec<T>>,
    gradient: Vec<T>,
    forward_sums: Vec<Vec<f64>>,
    backward_sums: Vec<Vec<f64>>,
    figures: Vec<StepFigures>,
}

impl<T: Real> CpuEngine<T> {
    /// An engine on all of the machine's cores, with initial parameters from `seed`.
    ///
    /// # Errors
    /// None today; memory that does not fit will be one.
    pub fn new(
        graph: Arc<Graph>,
        optimizer: &Optimizer,
        batch: usize,
        micro_batch: Option<usize>,
        seed: u32,
    ) -> Result<Self> {
        Self::with_lanes(graph, optimizer, batch, micro_batch, seed, default_lanes())
    }

    /// An engine on `lanes` threads, 1, 2, 4 or 8; the numbers do not depend on it.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_lanes(
        graph: Arc<Graph>,
        optimizer: &Optimizer,
        batch: usize,
        micro_batch: Option<usize>,
        seed: u32,
        lanes: usize,
    ) -> Result<Self> {
        let plan = Plan::new(&graph);
        let piece = micro_batch.unwrap_or(batch).min(batch);
        let lanes = lanes.clamp(1, SHARDS).next_power_of_two();
        let each = SHARDS / lanes;
        let (weights, state) = graph.initial(seed);
        let widen = |values: Vec<f32>| values.into_iter().map(|v| T::of(f64::from(v))).collect::<Vec<T>>();
        let count = optimizer.update.slots();
        Ok(Self {
            lanes: (0..lanes).map(|i| Lane::new(&graph, &plan, i * each..(i + 1) * each, piece)).collect(),
            slots: vec![vec![T::zero(); weights.len()]; count],
            gradient: vec![T::zero(); weights.len()],
            weights: widen(weights),
            state: widen(state),
            forward_sums: graph.nodes.iter().map(|node| vec![0.0; node.forward_sums()]).collect(),
            backward_sums: graph.nodes.iter().map(|node| vec![0.0; node.backward_sums()]).collect(),
            figures: Vec::new(),
            optimizer: optimizer.clone(),
            graph,
            plan,
            seed,
            piece,
        })
    }

    /// Threads at work.
    pub fn lanes(&self) -> usize {
        self.lanes.len()
    }

    /// One training step.
    pub fn train_step(&mut self, pictures: Pictures, step: &Step) {
        let mut figures = self.differentiate(pictures, step);
        if !figures.loss_sum.is_finite() {
            // The weights stay as they were, so that the bad tensor can be found and the run saved.
            return self.figures.push(figures);
        }
        figures.penalty = update::penalize(&self.graph, &self.weights, &mut self.gradient);
        update::apply(&self.graph, &self.optimizer, step, &mut self.weights, &mut self.gradient, &mut self.slots);
        self.figures.push(figures);
    }

    /// The gradient of the batch's mean loss (without penalties) into [`Self::gradient`], and the loss. Moving statistics
    /// take their step.
    pub fn differentiate(&mut self, pictures: Pictures, step: &Step) -> StepFigures {
        let mut figures = StepFigures { rows: step.indices.len(), ..StepFigures::default() };
        self.gradient.fill(T::zero());
        for (i, indices) in step.indices.chunks(self.piece).enumerate() {
            let first_row = i * self.piece;
            let transforms = step.transforms.get(first_row..first_row + indices.len()).unwrap_or_default();
            self.piece(pictures, Step { indices, transforms, ..*step }, first_row, step.indices.len());
            for loss in self.lanes.iter().flat_map(|lane| &lane.losses) {
                figures.loss_sum += loss.loss;
                figures.correct += loss.correct;
            }
        }
        figures
    }

    /// Adds the gradient of one piece of the batch.
    fn piece(&mut self, pictures: Pictures, step: Step, first_row: usize, total_rows: usize) {
        for stage in 0..self.plan.stages.len() {
            let shared = Shared {
                graph: &self.graph,
                plan: &self.plan,
                weights: &self.weights,
                state: &self.state,
                forward_sums: &self.forward_sums,
                backward_sums: &self.backward_sums,
                pictures,
                step,
                first_row,
                total_rows,
                seed: self.seed,
            };
            for_each(&mut self.lanes, |lane| lane.run(&shared, stage));
            self.add_gradients(stage);
            self.add_sums(stage);
        }
        self.update_state(&step, first_row);
    }

    /// Adds the lanes' sums, pair by pair, so that together with the lanes' own trees it is one fixed tree.
    fn add_gradients(&mut self, stage: usize) {
        let range = self.plan.stages[stage].weights.clone();
        let mut gap = 1;
        while gap < self.lanes.len() {
            for i in (0..self.lanes.len()).step_by(2 * gap) {
                let (left, right) = self.lanes.split_at_mut(i + gap);
                let sums = left[i].summed_mut()[..range.len()].iter_mut().zip(right[0].summed());
                sums.for_each(|(l, &r)| *l += r);
            }
            gap *= 2;
        }
        let sum = &self.lanes[0].summed()[..range.len()];
        self.gradient[range].iter_mut().zip(sum).for_each(|(total, &sum)| *total += sum);
    }

    /// Adds the shards' sums in order.
    fn add_sums(&mut self, stage: usize) {
        let total = match self.plan.stages[stage].sums {
            None => return,
            Some(Sums::Forward(node)) => &mut self.forward_sums[node],
            Some(Sums::Backward(node)) => &mut self.backward_sums[node],
        };
        total.fill(0.0);
        for partial in self.lanes.iter().flat_map(|lane| &lane.partials) {
            total.iter_mut().zip(partial).for_each(|(total, &part)| *total += part);
        }
    }

    /// Moves the moving statistics.
    fn update_state(&mut self, step: &Step, first_row: usize) {
        for (node, sums) in self.graph.nodes.iter().zip(&self.forward_sums).filter(|(_, sums)| !sums.is_empty()) {
            let mut params: Few<&mut [T]> = Few::new();
            let (mut rest, mut offset) = (&mut self.state[..], 0);
            for param in self.graph.params[node.params.clone()].iter().filter(|param| !param.spec.trainable) {
                let (_, tail) = std::mem::take(&mut rest).split_at_mut(param.offset - offset);
                let (values, tail) = tail.split_at_mut(param.spec.len());
                (rest, offset) = (tail, param.range().end);
                params.push(values);
            }
            let rows = step.indices.len();
            let place = Place {
                inputs: &node.input_shapes,
                output: &node.output_shape,
                rows,
                first_row,
                batch_rows: rows,
                training: true,
                seed: self.seed,
                step: step.step,
                stream: node.stream,
            };
            T::math(&*node.layer).update_state(&mut State { place, sums, params });
        }
    }

    /// What every step since the last call measured.
    pub fn figures(&mut self) -> Vec<StepFigures> {
        std::mem::take(&mut self.figures)
    }

    /// Inference: logits of the pictures at `indices`, `(n, classes)`.
    pub fn logits(&mut self, pictures: Pictures, source: Source, indices: &[u32]) -> Vec<T> {
        let images = match source {
            Source::Train => pictures.train,
            Source::Test => pictures.test,
        };
        let shared = Shared {
            graph: &self.graph,
            plan: &self.plan,
            weights: &self.weights,
            state: &self.state,
            forward_sums: &self.forward_sums,
            backward_sums: &self.backward_sums,
            pictures,
            step: Step { indices, transforms: &[], step: 0, learning_rate: 0.0 },
            first_row: 0,
            total_rows: indices.len(),
            seed: self.seed,
        };
        let classes = self.graph.classes();
        let mut logits = vec![T::zero(); indices.len() * classes];
        let share = indices.len().div_ceil(self.lanes.len()).max(1);
        let work = self.lanes.iter_mut().zip(indices.chunks(share)).zip(logits.chunks_mut(share * classes));
        for_each(&mut work.collect::<Vec<_>>(), |((lane, indices), out)| {
            let capacity = lane.capacity();
            for (indices, out) in indices.chunks(capacity).zip(out.chunks_mut(capacity * classes)) {
                out.copy_from_slice(lane.infer(&shared, images, indices));
            }
        });
        logits
    }

    /// Everything that training changes.
    pub fn parameters(&self) -> Parameters {
        let narrow = |values: &Vec<T>| values.iter().map(|v| v.f64() as f32).collect();
        Parameters {
            weights: narrow(&self.weights),
            state: narrow(&self.state),
            slots: self.slots.iter().map(narrow).collect(),
        }
    }

    /// Goes on from other parameters of the same network and optimiser.
    pub fn set_parameters(&mut self, parameters: &Parameters) {
        let copy = |to: &mut Vec<T>, from: &Vec<f32>| {
            to.iter_mut().zip(from).for_each(|(to, &from)| *to = T::of(f64::from(from)));
        };
        copy(&mut self.weights, &parameters.weights);
        copy(&mut self.state, &parameters.state);
        self.slots.iter_mut().zip(&parameters.slots).for_each(|(to, from)| copy(to, from));
    }

    /// The trainable parameters, flat, for a gradient check to move.
    pub fn weights_mut(&mut self) -> &mut [T] {
        &mut self.weights
    }

    /// The gradient of the last step, flat.
    pub fn gradient(&self) -> &[T] {
        &self.gradient
    }

    /// A tensor of the last inference; 0 is the picture, `i + 1` the output of layer `i`.
    pub fn tensor(&self, tensor: usize) -> &[T] {
        self.lanes[0].tensor(tensor)
    }
}

/// Lanes for this machine: its cores, up to a power of two.
fn default_lanes() -> usize {
    if cfg!(target_arch = "wasm32") { 1 } else { std::thread::available_parallelism().map_or(1, usize::from) }
}

/// Runs `work` on every item, on threads where the platform has them.
fn for_each<I: Send>(items: &mut [I], work: impl Fn(&mut I) + Sync + Send) {
    #[cfg(not(target_arch = "wasm32"))]
    if items.len() > 1 {
        use rayon::iter::{IntoParallelRefMutIterator, ParallelIterator};
        return items.par_iter_mut().for_each(work);
    }
    items.iter_mut().for_each(work);
}
