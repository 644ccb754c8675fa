//! The CPU engine with lanes on other workers: the same step, asynchronous.

use super::remote::{Load, Pool, RemoteLane, Reply, Request, pixels, share};
use super::{CpuEngine, cut};
use crate::base::error::Result;
use crate::engine::step::{ImageSets, Source, Step};
use crate::experiment::optimizer::Optimizer;
use crate::network::graph::Graph;
use crate::network::plan::Sums;
use crate::tensor::loss::LossSums;
use std::sync::Arc;

impl CpuEngine<f32> {
    /// An engine with one lane here and the others from `pool`. If one does not start, all the work is done here: slower, with the same
    /// results. WebKit, for example, starts no worker of a worker without a network, because it asks no service worker for its script.
    ///
    /// # Errors
    /// [`Error::Engine`](crate::base::error::Error::Engine) if there is not enough memory.
    pub async fn with_pool(
        graph: Arc<Graph>,
        optimizer: &Optimizer,
        batch: usize,
        micro_batch: Option<usize>,
        seed: u32,
        pool: &dyn Pool,
    ) -> Result<Self> {
        let piece = micro_batch.unwrap_or(batch).min(batch);
        // All start at the same time. Each is waited for, also after a failure of another, so that none stays open unseen: a lane that
        // is dropped is closed.
        let starting: Vec<_> = (1..pool.lanes()).map(|index| pool.spawn(index, piece)).collect();
        let mut started: Vec<Result<Box<dyn RemoteLane>>> = Vec::with_capacity(starting.len());
        for lane in starting {
            started.push(lane.await);
        }
        let (lanes, remotes, alone) = match started.into_iter().collect::<Result<Vec<_>>>() {
            Ok(remotes) => (pool.lanes(), remotes, None),
            Err(error) => (1, Vec::new(), Some(error.to_string())),
        };
        let engine = Self::build(graph, optimizer, batch, micro_batch, seed, (1, lanes), remotes)?;
        Ok(Self { alone, ..engine })
    }

    /// One training step on all lanes.
    ///
    /// # Errors
    /// [`Error::Engine`](crate::base::error::Error::Engine) if a worker has failed; the weights are then unchanged.
    pub async fn train_step_pooled(&mut self, sets: ImageSets<'_>, step: &Step<'_>) -> Result<()> {
        if self.remotes.is_empty() {
            self.train_step(sets, step);
            return Ok(());
        }
        let mut figures = self.begin(step);
        for (i, indices) in step.indices.chunks(self.piece).enumerate() {
            let (piece, first_row) = (cut(step, i * self.piece, indices), i * self.piece);
            let mut losses: Vec<LossSums> = Vec::new();
            for stage in 0..self.plan.stages.len() {
                for (remote, request) in self.remotes.iter().zip(self.requests(sets, &piece, first_row, step, stage)) {
                    remote.send(request)?;
                }
                self.run_lanes(sets, piece, first_row, step.indices.len(), stage);
                let replies = self.replies().await?;
                losses = replies.iter().flat_map(|reply| reply.losses.clone()).collect();
                let mut parts: Vec<_> =
                    replies.into_iter().map(|reply| (reply.values.into_owned(), reply.partials)).collect();
                self.collect(stage, &mut parts);
            }
            self.close_piece(&piece, first_row, &losses, &mut figures);
        }
        self.update(step, figures);
        Ok(())
    }

    /// The requests of a stage, one per remote lane.
    fn requests(&self, sets: ImageSets, piece: &Step, first_row: usize, step: &Step, stage: usize) -> Vec<Request<'_>> {
        let sums = match stage.checked_sub(1).and_then(|before| self.plan.stages[before].sums) {
            None => Vec::new(),
            Some(Sums::Forward(node)) => self.forward_sums[node].clone(),
            Some(Sums::Backward(node)) => self.backward_sums[node].clone(),
        };
        let load = |index: usize| Load {
            weights: (&self.weights).into(),
            state: (&self.state).into(),
            first_row,
            total_rows: step.indices.len(),
            ..share(sets, piece, index, self.lanes())
        };
        let request =
            |index: usize| Request { load: (stage == 0).then(|| load(index)), stage: Some(stage), sums: sums.clone() };
        (1..self.lanes()).map(request).collect()
    }

    async fn replies(&self) -> Result<Vec<Reply<'static>>> {
        let mut replies = Vec::with_capacity(self.remotes.len());
        for remote in &self.remotes {
            replies.push(remote.receive().await?);
        }
        Ok(replies)
    }

    /// [`Self::logits`] on all lanes.
    ///
    /// # Errors
    /// [`Error::Engine`](crate::base::error::Error::Engine) if a worker has failed.
    pub async fn logits_pooled(&mut self, sets: ImageSets<'_>, source: Source, indices: &[u32]) -> Result<Vec<f32>> {
        // For few images, sending them takes longer than computing here.
        if self.remotes.is_empty() || indices.len() < 16 * self.lanes() {
            return Ok(self.logits(sets, source, indices));
        }
        let images = match source {
            Source::Train => sets.train,
            Source::Test => sets.test,
        };
        let mut shares = indices.chunks(indices.len().div_ceil(self.lanes()));
        let own = shares.next().unwrap_or_default();
        let shares: Vec<&[u32]> = shares.collect();
        for (remote, share) in self.remotes.iter().zip(&shares) {
            let load = Load {
                weights: (&self.weights).into(),
                state: (&self.state).into(),
                pixels: pixels(images, share),
                labels: share.iter().map(|&i| images.labels[i as usize]).collect(),
                ..Load::default()
            };
            remote.send(Request { load: Some(load), ..Request::default() })?;
        }
        let mut logits = self.logits(sets, source, own);
        for (remote, _) in self.remotes.iter().zip(&shares) {
            logits.extend_from_slice(&remote.receive().await?.values);
        }
        Ok(logits)
    }
}
