//! Lanes on other workers, each with its own memory: the messages to and from them.
//!
//! A browser allows shared memory only if the server sends special headers (cross-origin isolation). So at the start of
//! a step a remote lane receives its images and the weights, and it sends its gradient back. The shards and the order
//! of summation do not change, so the result is the same to the last bit.

use super::lane::{Lane, Shared};
use super::memory::MemoryEstimate;
use crate::base::error::Result;
use crate::data::Images;
use crate::engine::step::{ImageSets, Step};
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

/// A future that is not `Send`.
pub type Local<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// The connection to a lane on another worker.
pub trait RemoteLane {
    /// Sends a request; the lane handles requests in order.
    ///
    /// # Errors
    /// [`Error::Engine`](crate::base::error::Error::Engine) if the worker has failed.
    fn send(&self, request: Request) -> Result<()>;
    /// Waits for the reply to the oldest request not yet answered.
    fn receive(&self) -> Local<'_, Result<Reply<'static>>>;
}

/// Starts lanes on other workers.
pub trait Pool {
    /// The number of lanes, the caller's own included: 1, 2, 4 or 8.
    fn lanes(&self) -> usize;
    /// Starts lane `index` of [`Self::lanes`] for batches of up to `batch` images: at once, not when the future is polled. A lane that
    /// is dropped is closed.
    fn spawn(&self, index: usize, batch: usize) -> Local<'_, Result<Box<dyn RemoteLane>>>;
}

/// A request to a lane.
#[derive(Debug, Clone, Default)]
pub struct Request<'a> {
    /// The weights and this lane's images: with the first stage of a step, and with inference.
    pub load: Option<Load<'a>>,
    /// The stage to run; `None` for inference.
    pub stage: Option<usize>,
    /// The sums over the batch that ended the previous stage.
    pub sums: Vec<f64>,
}

/// A lane's part of a batch.
#[derive(Debug, Clone, Default)]
pub struct Load<'a> {
    /// Trainable parameters, flat.
    pub weights: Cow<'a, [f32]>,
    /// Non-trainable parameters, flat.
    pub state: Cow<'a, [f32]>,
    /// The pixels of this lane's images, one image after another.
    pub pixels: Vec<u8>,
    /// The labels of the images.
    pub labels: Vec<u8>,
    /// The augmentation of each image; empty without augmentation.
    pub transforms: Vec<Transform>,
    /// The number of images in the whole micro-batch.
    pub rows: usize,
    /// The number of images in the whole batch.
    pub total_rows: usize,
    /// The index of the micro-batch's first image in the batch.
    pub first_row: usize,
    /// The number of steps before this one.
    pub step: u32,
}

/// The reply of a lane.
#[derive(Debug, Clone, Default)]
pub struct Reply<'a> {
    /// The gradient with respect to the stage's weights, summed over the lane's shards; after inference, the logits.
    pub values: Cow<'a, [f32]>,
    /// The sums of its shards, one shard after another.
    pub partials: Vec<f64>,
    /// The losses of its shards.
    pub losses: Vec<LossSums>,
}

/// The rows of lane `index` of `lanes` in a micro-batch of `rows` images.
pub fn lane_rows(rows: usize, index: usize, lanes: usize) -> Range<usize> {
    let each = SHARDS / lanes;
    shard_rows(rows, index * each).start..shard_rows(rows, (index + 1) * each - 1).end
}

/// The worker's side of a remote lane.
pub struct LaneHost {
    graph: Arc<Graph>,
    plan: Plan,
    lane: Lane<f32>,
    index: usize,
    lanes: usize,
    seed: u32,
    images: Images,
    /// For each row of the micro-batch, the index of its image in `images`. Only this lane's rows are used.
    indices: Vec<u32>,
    load: Load<'static>,
    forward_sums: Vec<Vec<f64>>,
    backward_sums: Vec<Vec<f64>>,
}

impl LaneHost {
    /// Creates lane `index` of `lanes` for micro-batches of up to `batch` images.
    ///
    /// # Errors
    /// [`Error::Engine`](crate::base::error::Error::Engine) if there is not enough memory.
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

    /// Handles a request.
    pub fn run(&mut self, request: Request<'static>) -> Reply<'_> {
        if let Some(mut load) = request.load {
            self.images.pixels = std::mem::take(&mut load.pixels);
            self.images.labels = std::mem::take(&mut load.labels);
            let rows = lane_rows(load.rows, self.index, self.lanes);
            let own = |row: usize| row.checked_sub(rows.start).filter(|_| row < rows.end).unwrap_or(0) as u32;
            self.indices = (0..load.rows).map(own).collect();
            // The lane indexes transforms by row of the micro-batch, so the rows before its own get a filler.
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
        let sets = ImageSets { train: &self.images, test: &self.images };
        let shared = Shared {
            graph: &self.graph,
            plan: &self.plan,
            weights: &self.load.weights,
            state: &self.load.state,
            forward_sums: &self.forward_sums,
            backward_sums: &self.backward_sums,
            sets,
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

    /// The logits of all loaded images.
    fn infer(&mut self) -> Reply<'static> {
        let sets = ImageSets { train: &self.images, test: &self.images };
        let indices: Vec<u32> = (0..self.images.len() as u32).collect();
        let shared = Shared {
            graph: &self.graph,
            plan: &self.plan,
            weights: &self.load.weights,
            state: &self.load.state,
            forward_sums: &self.forward_sums,
            backward_sums: &self.backward_sums,
            sets,
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

/// The part of a micro-batch that is sent to lane `index`.
pub fn share<'a>(sets: ImageSets, step: &Step, index: usize, lanes: usize) -> Load<'a> {
    let rows = lane_rows(step.indices.len(), index, lanes);
    let own = &step.indices[rows.clone()];
    let transforms = step.transforms.get(rows).unwrap_or_default().to_vec();
    #[cfg(feature = "extended")]
    let (mut transforms, mut with_partners) = (transforms, own.to_vec());
    // The images that others are mixed with follow, and are numbered as they are sent.
    #[cfg(feature = "extended")]
    for mix in transforms.iter_mut().filter_map(|transform| transform.mix.as_mut()) {
        with_partners.push(mix.partner);
        mix.partner = with_partners.len() as u32 - 1;
    }
    #[cfg(feature = "extended")]
    let own = &with_partners[..];
    Load {
        pixels: pixels(sets.train, own),
        labels: own.iter().map(|&i| sets.train.labels[i as usize]).collect(),
        transforms,
        rows: step.indices.len(),
        step: step.step,
        ..Load::default()
    }
}

/// The pixels of the images at `indices`, one image after another.
pub fn pixels(images: &Images, indices: &[u32]) -> Vec<u8> {
    let mut pixels = Vec::with_capacity(indices.len() * images.image_len());
    indices.iter().for_each(|&index| pixels.extend_from_slice(images.image(index as usize)));
    pixels
}

/// Sums parts of equal length pairwise into the first one: the upper levels of the summation tree.
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
