//! The CPU engine: runs a [`Plan`] on lanes of shards, one thread per lane.

mod inference;
mod lane;
mod memory;
#[cfg(feature = "extended")]
mod muon;
mod parameters;
mod pooled;
pub mod remote;
mod update;
mod wire;

use crate::base::error::Result;
use crate::engine::step::{ImageSets, Step, StepFigures};
use crate::experiment::optimizer::Optimizer;
use crate::layers::layer::Element;
use crate::layers::layer::LayerContext;
use crate::layers::layer::State;
use crate::network::graph::Graph;
use crate::network::plan::{Plan, SHARDS, Stage, Sums};
use crate::tensor::list::SmallList;
use crate::tensor::loss::LossSums;
use crate::tensor::view::parameter_mut;
use lane::{Lane, Shared};
use memory::MemoryEstimate;
use ndarray::ArrayViewMutD;
use remote::{RemoteLane, add_tree};
use smallvec::SmallVec;
use std::sync::Arc;

/// A network on the CPU.
pub struct CpuEngine<T> {
    graph: Arc<Graph>,
    plan: Plan,
    optimizer: Optimizer,
    seed: u32,
    piece: usize,
    lanes: Vec<Lane<T>>,
    /// Lanes on other workers; they come after the local ones.
    remotes: Vec<Box<dyn RemoteLane>>,
    /// Why no other worker computes a share, if some were to.
    alone: Option<String>,
    weights: Vec<T>,
    state: Vec<T>,
    /// The state before the current step.
    state_before: Vec<T>,
    slots: Vec<Vec<T>>,
    gradient: Vec<T>,
    forward_sums: Vec<Vec<f64>>,
    backward_sums: Vec<Vec<f64>>,
    figures: Vec<StepFigures>,
}

impl<T: Element> CpuEngine<T> {
    /// Creates an engine that uses all cores, with initial parameters from `seed`.
    ///
    /// # Errors
    /// [`Error::Engine`](crate::base::error::Error::Engine) if there is not enough memory.
    pub fn new(
        graph: Arc<Graph>,
        optimizer: &Optimizer,
        batch: usize,
        micro_batch: Option<usize>,
        seed: u32,
    ) -> Result<Self> {
        Self::with_lanes(graph, optimizer, batch, micro_batch, seed, cores())
    }

    /// Creates an engine with `lanes` lanes, rounded up to 1, 2, 4 or 8. The results do not depend on the number.
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
        let lanes = lane_count(lanes);
        Self::build(graph, optimizer, batch, micro_batch, seed, (lanes, lanes), Vec::new())
    }

    /// Creates an engine with `lanes.1` lanes in all: the first `lanes.0` local, the others in `remotes`.
    fn build(
        graph: Arc<Graph>,
        optimizer: &Optimizer,
        batch: usize,
        micro_batch: Option<usize>,
        seed: u32,
        lanes: (usize, usize),
        remotes: Vec<Box<dyn RemoteLane>>,
    ) -> Result<Self> {
        let plan = Plan::new(&graph);
        let piece = micro_batch.unwrap_or(batch).min(batch);
        let each = SHARDS / lanes.1;
        let (arrays, value) = (arrays(optimizer), std::mem::size_of::<T>());
        let wanted = MemoryEstimate { graph: &graph, plan: &plan, arrays, lanes: (lanes.0, each), value };
        wanted.check(piece)?;
        let (weights, state) = graph.initial(seed);
        let widen = |values: Vec<f32>| values.into_iter().map(|v| T::of(f64::from(v))).collect::<Vec<T>>();
        let weights = widen(weights);
        let lengths = optimizer.slot_lengths(weights.len(), state.len());
        #[cfg_attr(not(feature = "extended"), allow(unused_mut, reason = "the small engine keeps no averages"))]
        let mut slots: Vec<_> = lengths.into_iter().map(|length| vec![T::zero(); length]).collect();
        let state = widen(state);
        #[cfg(feature = "extended")]
        if let (true, Some(average)) = (optimizer.averages_state(), slots.last_mut()) {
            *average = [&weights[..], &state[..]].concat();
        }
        Ok(Self {
            remotes,
            alone: None,
            lanes: (0..lanes.0).map(|i| Lane::new(&graph, &plan, i * each..(i + 1) * each, piece)).collect(),
            slots,
            gradient: vec![T::zero(); weights.len()],
            weights,
            state_before: Vec::with_capacity(state.len()),
            state,
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

    /// A notice for the user, if the engine computes on its own because other workers did not start.
    pub fn notice(&self) -> Option<String> {
        let error = self.alone.as_ref()?;
        Some(format!("Training runs in one thread, because the workers for the others did not start ({error})"))
    }

    /// The number of lanes, remote ones included.
    pub fn lanes(&self) -> usize {
        self.lanes.len() + self.remotes.len()
    }

    /// Whether other workers compute a share of every batch.
    pub fn has_workers(&self) -> bool {
        !self.remotes.is_empty()
    }

    /// Runs one training step on the local lanes.
    pub fn train_step(&mut self, sets: ImageSets, step: &Step) {
        let figures = self.differentiate(sets, step);
        self.update(step, figures);
    }

    /// Prepares a step: resets the gradient and saves the state.
    fn begin(&mut self, step: &Step) -> StepFigures {
        self.gradient.fill(T::zero());
        self.state_before.clone_from(&self.state);
        StepFigures { rows: step.indices.len(), ..StepFigures::default() }
    }

    /// Restores the moving statistics to their values before the last step.
    pub fn undo_bad_step(&mut self) {
        if self.state_before.len() == self.state.len() {
            self.state.clone_from(&self.state_before);
        }
    }

    /// The second half of a step: updates the weights from the gradient.
    fn update(&mut self, step: &Step, mut figures: StepFigures) {
        if figures.loss_sum.is_finite() {
            figures.penalty = update::penalize(&self.graph, &self.weights, &mut self.gradient);
        }
        if figures.loss_sum.is_finite() && !update::is_finite(&self.gradient) {
            figures.loss_sum = f64::NAN;
        }
        if !(figures.loss_sum + figures.penalty).is_finite() {
            // The weights stay unchanged, so that the tensor with the bad values can be found and the run can be saved.
            return self.figures.push(figures);
        }
        update::apply(&self.graph, &self.optimizer, step, &mut self.weights, &mut self.gradient, &mut self.slots);
        #[cfg(feature = "extended")]
        if self.optimizer.averages_state() {
            update::average_state(&self.optimizer, step, self.weights.len(), &mut self.state, &mut self.slots);
        }
        self.figures.push(figures);
    }

    /// Computes the loss, and the gradient of the batch's mean loss (without penalties) into [`Self::gradient`].
    /// Updates the moving statistics.
    pub fn differentiate(&mut self, sets: ImageSets, step: &Step) -> StepFigures {
        let mut figures = self.begin(step);
        for (i, indices) in step.indices.chunks(self.piece).enumerate() {
            let piece = cut(step, i * self.piece, indices);
            for stage in 0..self.plan.stages.len() {
                self.run_lanes(sets, piece, i * self.piece, step.indices.len(), stage);
                self.collect(stage, &mut []);
            }
            self.close_piece(&piece, i * self.piece, &[], &mut figures);
        }
        figures
    }

    /// Runs a stage on the local lanes.
    fn run_lanes(&mut self, sets: ImageSets, step: Step, first_row: usize, total_rows: usize, stage: usize) {
        let mut lanes = std::mem::take(&mut self.lanes);
        let shared = self.shared(sets, step, first_row, total_rows);
        for_each(&mut lanes, |lane| lane.run(&shared, stage));
        self.lanes = lanes;
    }

    /// The data that all lanes read. The lanes are moved out of the engine while they hold it.
    fn shared<'a>(&'a self, sets: ImageSets<'a>, step: Step<'a>, first_row: usize, total_rows: usize) -> Shared<'a, T> {
        Shared {
            graph: &self.graph,
            plan: &self.plan,
            weights: &self.weights,
            state: &self.state,
            forward_sums: &self.forward_sums,
            backward_sums: &self.backward_sums,
            sets,
            step,
            first_row,
            total_rows,
            seed: self.seed,
        }
    }

    /// Combines the results of a stage: the lanes' gradients in a fixed tree, the shards' sums in order. `others` holds
    /// the gradients and sums of the remote lanes.
    fn collect(&mut self, stage: usize, others: &mut [(Vec<T>, Vec<f64>)]) {
        let Stage { weights, sums, .. } = &self.plan.stages[stage];
        let here = self.lanes.iter_mut().map(|lane| &mut lane.summed_mut()[..weights.len()]);
        let mut parts: SmallVec<[&mut [T]; SHARDS]> = here.collect();
        parts.extend(others.iter_mut().map(|(gradient, _)| &mut gradient[..weights.len()]));
        add_tree(&mut parts);
        self.gradient[weights.clone()].iter_mut().zip(parts[0].iter()).for_each(|(total, &sum)| *total += sum);
        drop(parts);
        let total = match sums {
            None => return,
            Some(Sums::Forward(node)) => &mut self.forward_sums[*node],
            Some(Sums::Backward(node)) => &mut self.backward_sums[*node],
        };
        total.fill(0.0);
        let longest = self.lanes[0].partials[0].len();
        let here = self.lanes.iter().flat_map(|lane| &lane.partials).map(Vec::as_slice);
        for partial in here.chain(others.iter().flat_map(|(_, partials)| partials.chunks_exact(longest))) {
            total.iter_mut().zip(partial).for_each(|(total, &part)| *total += part);
        }
    }

    /// Ends a micro-batch: adds up its loss, and updates the moving statistics.
    fn close_piece(&mut self, step: &Step, first_row: usize, others: &[LossSums], figures: &mut StepFigures) {
        for loss in self.lanes.iter().flat_map(|lane| &lane.losses).chain(others) {
            figures.loss_sum += loss.loss;
            figures.correct += loss.correct;
        }
        self.update_state(step, first_row);
    }

    /// Updates the moving statistics.
    fn update_state(&mut self, step: &Step, first_row: usize) {
        for (node, sums) in self.graph.nodes.iter().zip(&self.forward_sums).filter(|(_, sums)| !sums.is_empty()) {
            let mut params: SmallList<ArrayViewMutD<T>> = SmallList::new();
            let (mut rest, mut offset) = (&mut self.state[..], 0);
            for param in self.graph.params[node.params.clone()].iter().filter(|param| !param.spec.trainable) {
                let (_, tail) = std::mem::take(&mut rest).split_at_mut(param.offset - offset);
                let (values, tail) = tail.split_at_mut(param.spec.len());
                (rest, offset) = (tail, param.range().end);
                params.push(parameter_mut(values, &param.spec.shape));
            }
            let context = LayerContext {
                inputs: &node.input_shapes,
                output: &node.output_shape,
                first_row,
                batch_rows: step.indices.len(),
                training: true,
                seed: self.seed,
                step: step.step,
                stream: node.stream,
            };
            T::compute(&*node.layer).update_state(&mut State { context, sums, params });
        }
    }

    /// The metrics of every step since the last call, in order.
    pub fn figures(&mut self) -> Vec<StepFigures> {
        std::mem::take(&mut self.figures)
    }
}

/// The micro-batch of a step that starts at row `first`.
fn cut<'a>(step: &Step<'a>, first: usize, indices: &'a [u32]) -> Step<'a> {
    let transforms = step.transforms.get(first..first + indices.len()).unwrap_or_default();
    Step { indices, transforms, ..*step }
}

/// The number of lanes for a number of cores: rounded up to a power of two, at most one per shard. Measured in Chromium with two
/// lanes against one on a quota of 1.5 cores, as eight against four on six cores: images/s rise by 4 % (mnist-10), 8 % (net-1)
/// and 36 % (net-3); on a quota of 1.25 cores, as on five, by -1 %, -6 % and 20 %.
pub fn lane_count(cores: usize) -> usize {
    cores.clamp(1, SHARDS).next_power_of_two()
}

/// The memory in bytes of an engine with `lanes` lanes for micro-batches of `piece` images, without the data set.
pub fn bytes(graph: &Graph, optimizer: &Optimizer, piece: usize, lanes: usize) -> u64 {
    let lanes = lane_count(lanes);
    let (plan, arrays) = (&Plan::new(graph), arrays(optimizer));
    MemoryEstimate { graph, plan, arrays, lanes: (lanes, SHARDS / lanes), value: std::mem::size_of::<f32>() }
        .bytes(piece)
}

/// The number of flat arrays as long as the weights: the weights, their gradient, the optimiser's slots.
fn arrays(optimizer: &Optimizer) -> usize {
    2 + optimizer.slots()
}

/// The number of cores; 1 in WebAssembly, which has no threads here.
pub fn cores() -> usize {
    if cfg!(target_arch = "wasm32") { 1 } else { std::thread::available_parallelism().map_or(1, usize::from) }
}

/// Calls `work` for every item, in parallel on platforms with threads.
fn for_each<I: Send>(items: &mut [I], work: impl Fn(&mut I) + Sync + Send) {
    #[cfg(not(target_arch = "wasm32"))]
    if items.len() > 1 {
        use rayon::iter::{IntoParallelRefMutIterator, ParallelIterator};
        return items.par_iter_mut().for_each(work);
    }
    items.iter_mut().for_each(work);
}
