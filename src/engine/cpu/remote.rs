//! Lanes on other workers, each with memory of its own: what goes over to them and what comes back.
//!
//! A browser gives a page no shared memory unless its server sends special headers, so a lane elsewhere is sent its
//! pictures and the weights at the start of a step, and sends its gradient back. Shards and their sums stay the same, so
//! the result does, to the last bit.

use super::lane::{Lane, Shared};
use super::memory::MemoryEstimate;
use crate::base::error::Result;
use crate::data::Images;
use crate::engine::step::{Pictures, Step};
use crate::layers::layer::Element;
use crate::network::graph::Graph;
use crate::network::plan::{Plan, SHARDS, Sums, shard_rows};
use crate::tensor::loss::LossSums;
use crate::tensor::transform::Transform;
use std::borrow::Cow;
use std::future::Future;
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;

/// A future that stays on its thread, as everything in a browser's worker does.
pub type Local<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// A lane on another worker, as its owner sees it.
pub trait RemoteLane {
    /// Starts work; the lane takes requests in order.
    ///
    /// # Errors
    /// [`Error::Engine`](crate::base::error::Error::Engine) where the worker is gone.
    fn send(&self, request: Request) -> Result<()>;
    /// The answer to the oldest request that has none yet.
    fn receive(&self) -> Local<'_, Result<Reply<'static>>>;
}

/// Gives lanes on other workers.
pub trait Pool {
    /// All lanes together, the caller's own among them: 1, 2, 4 or 8.
    fn lanes(&self) -> usize;
    /// Starts lane `index` of [`Self::lanes`] for batches of up to `batch` pictures.
    fn spawn(&self, index: usize, batch: usize) -> Local<'_, Result<Box<dyn RemoteLane>>>;
}

/// What a lane is asked to do.
#[derive(Debug, Clone, Default)]
pub struct Request<'a> {
    /// With the first stage of a step, or with inference: the weights and this lane's pictures.
    pub load: Option<Load<'a>>,
    /// Which stage to run; `None` for inference.
    pub stage: Option<usize>,
    /// The batch's sums that ended the stage before.
    pub sums: Vec<f64>,
}

/// A lane's share of a batch.
#[derive(Debug, Clone, Default)]
pub struct Load<'a> {
    /// Trainable parameters, flat.
    pub weights: Cow<'a, [f32]>,
    /// The others, flat.
    pub state: Cow<'a, [f32]>,
    /// This lane's pictures.
    pub pixels: Vec<u8>,
    /// Their labels.
    pub labels: Vec<u8>,
    /// How each is changed; empty where nothing is.
    pub transforms: Vec<Transform>,
    /// Pictures in the whole piece.
    pub rows: usize,
    /// Pictures in the whole batch.
    pub total_rows: usize,
    /// Where the piece starts in the batch.
    pub first_row: usize,
    /// Steps done.
    pub step: u32,
}

/// What a lane answers.
#[derive(Debug, Clone, Default)]
pub struct Reply<'a> {
    /// The sum of its shards' gradients by the stage's weights; logits after inference.
    pub values: Cow<'a, [f32]>,
    /// Its shards' sums, one after another.
    pub partials: Vec<f64>,
    /// Its shards' losses.
    pub losses: Vec<LossSums>,
}

/// The rows of a piece of `rows` pictures that belong to lane `index` of `lanes`.
pub fn lane_rows(rows: usize, index: usize, lanes: usize) -> Range<usize> {
    let each = SHARDS / lanes;
    shard_rows(rows, index * each).start..shard_rows(rows, (index + 1) * each - 1).end
}

/// A lane on another worker, on that worker.
pub struct LaneHost {
    graph: Arc<Graph>,
    plan: Plan,
    lane: Lane<f32>,
    index: usize,
    lanes: usize,
    seed: u32,
    images: Images,
    /// For each row of the piece its picture in `images`; rows of other lanes are never looked at.
    indices: Vec<u32>,
    load: Load<'static>,
    forward_sums: Vec<Vec<f64>>,
    backward_sums: Vec<Vec<f64>>,
}

impl LaneHost {
    /// Lane `index` of `lanes` for pieces of up to `batch` pictures.
    ///
    /// # Errors
    /// [`Error::Engine`](crate::base::error::Error::Engine) where the memory does not suffice.
    pub fn new(graph: Arc<Graph>, index: usize, lanes: usize, batch: usize, seed: u32) -> Result<Self> {
        let plan = Plan::new(&graph);
        let each = SHARDS / lanes;
        let wanted = MemoryEstimate {
            graph: &graph,
            plan: &plan,
            arrays: 1,
            lanes: (1, each),
            value: std::mem::size_of::<f32>(),
        };
        wanted.check(batch)?;
        let lane = Lane::new(&graph, &plan, index * each..(index + 1) * each, batch);
        let [height, width, channels] = [0, 1, 2].map(|axis| graph.input_shape.0[axis]);
        let forward_sums = graph.nodes.iter().map(|node| vec![0.0; node.forward_sums()]).collect();
        let backward_sums = graph.nodes.iter().map(|node| vec![0.0; node.backward_sums()]).collect();
        let images = Images { height, width, channels, pixels: Vec::new(), labels: Vec::new() };
        let (indices, load) = (Vec::new(), Load::default());
        Ok(Self { graph, plan, lane, index, lanes, seed, images, indices, load, forward_sums, backward_sums })
    }

    /// Does what is asked.
    pub fn run(&mut self, request: Request<'static>) -> Reply<'_> {
        if let Some(mut load) = request.load {
            self.images.pixels = std::mem::take(&mut load.pixels);
            self.images.labels = std::mem::take(&mut load.labels);
            let rows = lane_rows(load.rows, self.index, self.lanes);
            let own = |row: usize| row.checked_sub(rows.start).filter(|_| row < rows.end).unwrap_or(0) as u32;
            self.indices = (0..load.rows).map(own).collect();
            // The lane looks transforms up by row of the piece.
            if !load.transforms.is_empty() {
                let filler = load.transforms[0];
                load.transforms.splice(0..0, std::iter::repeat_n(filler, rows.start));
            }
            self.load = load;
        }
        match request.stage {
            Some(stage) => self.stage(stage, &request.sums),
            None => self.infer(),
        }
    }

    fn stage(&mut self, stage: usize, sums: &[f64]) -> Reply<'_> {
        match stage.checked_sub(1).and_then(|before| self.plan.stages[before].sums) {
            None => {}
            Some(Sums::Forward(node)) => self.forward_sums[node].copy_from_slice(sums),
            Some(Sums::Backward(node)) => self.backward_sums[node].copy_from_slice(sums),
        }
        let pictures = Pictures { train: &self.images, test: &self.images };
        let shared = Shared {
            graph: &self.graph,
            plan: &self.plan,
            weights: &self.load.weights,
            state: &self.load.state,
            forward_sums: &self.forward_sums,
            backward_sums: &self.backward_sums,
            pictures,
            step: Step {
                indices: &self.indices,
                transforms: &self.load.transforms,
                step: self.load.step,
                learning_rate: 0.0,
            },
            first_row: self.load.first_row,
            total_rows: self.load.total_rows,
            seed: self.seed,
        };
        self.lane.run(&shared, stage);
        let gradients = self.plan.stages[stage].weights.len();
        Reply {
            values: self.lane.summed()[..gradients].into(),
            partials: self.lane.partials.concat(),
            losses: self.lane.losses.clone(),
        }
    }

    /// Logits of all loaded pictures.
    fn infer(&mut self) -> Reply<'static> {
        let pictures = Pictures { train: &self.images, test: &self.images };
        let indices: Vec<u32> = (0..self.images.len() as u32).collect();
        let shared = Shared {
            graph: &self.graph,
            plan: &self.plan,
            weights: &self.load.weights,
            state: &self.load.state,
            forward_sums: &self.forward_sums,
            backward_sums: &self.backward_sums,
            pictures,
            step: Step { indices: &indices, transforms: &[], step: 0, learning_rate: 0.0 },
            first_row: 0,
            total_rows: indices.len(),
            seed: self.seed,
        };
        let pieces = indices.chunks(self.lane.capacity());
        let mut values = Vec::with_capacity(indices.len() * self.graph.classes());
        for piece in pieces {
            values.extend_from_slice(self.lane.infer(&shared, &self.images, piece));
        }
        Reply { values: values.into(), ..Reply::default() }
    }
}

/// Lane `index`'s share of a piece of a batch, to be sent.
pub fn share<'a>(pictures: Pictures, step: &Step, index: usize, lanes: usize) -> Load<'a> {
    let rows = lane_rows(step.indices.len(), index, lanes);
    let own = &step.indices[rows.clone()];
    Load {
        pixels: pixels(pictures.train, own),
        labels: own.iter().map(|&i| pictures.train.labels[i as usize]).collect(),
        transforms: step.transforms.get(rows).unwrap_or_default().to_vec(),
        rows: step.indices.len(),
        step: step.step,
        ..Load::default()
    }
}

/// The pixels of pictures, one after another.
pub fn pixels(images: &Images, indices: &[u32]) -> Vec<u8> {
    let mut pixels = Vec::with_capacity(indices.len() * images.picture_len());
    indices.iter().for_each(|&index| pixels.extend_from_slice(images.picture(index as usize)));
    pixels
}

/// Adds equally long parts pair by pair into the first one: the upper levels of the tree of sums.
pub fn add_tree<T: Element>(parts: &mut [&mut [T]]) {
    let mut gap = 1;
    while gap < parts.len() {
        for i in (0..parts.len()).step_by(2 * gap) {
            let (left, right) = parts.split_at_mut(i + gap);
            left[i].iter_mut().zip(right[0].iter()).for_each(|(l, &r)| *l += r);
        }
        gap *= 2;
    }
}
