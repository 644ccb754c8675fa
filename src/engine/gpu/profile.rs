//! The time of each pass of a training step, measured with the device's timestamp queries.

use super::compile::Ready;
use super::data::Changes;
use super::fault::fault;
use super::{GpuEngine, run, transfer};
use crate::base::error::Result;
use crate::engine::step::{Source, Step};
use crate::network::program::Dispatch;

/// The time of one pass.
#[derive(Debug, Clone)]
pub struct PassTime {
    /// The pass and its entry point: `conv2d_1: conv2d forward (forward)`.
    pub label: String,
    /// The number of workgroups.
    pub groups: u64,
    /// The median over the measured steps, in milliseconds.
    pub ms: f64,
}

/// WebGPU's limit for a query set.
const MOST_QUERIES: usize = 4096;

impl GpuEngine {
    /// The passes of a training step in order, each timed separately; without timing a step is shorter, because passes
    /// overlap. The step runs `times` times.
    ///
    /// # Errors
    /// [`crate::base::error::Error::Engine`] if the device has no timestamp queries, or has failed.
    pub async fn profile(&mut self, step: &Step<'_>, times: usize) -> Result<Vec<PassTime>> {
        if !self.device.device.features().contains(wgpu::Features::TIMESTAMP_QUERY) {
            return Err(fault(format!("{} does not support timestamp queries", self.device.name)));
        }
        // One step first, which writes the buffers that the timed passes read.
        self.train_step(step)?;
        self.figures().await?;
        let (labels, mut rounds) = (self.labels(!step.transforms.is_empty()), Vec::new());
        if 2 * labels.len() > MOST_QUERIES {
            return Err(fault(format!("{} passes are too many to be timed at once", labels.len())));
        }
        for _ in 0..times.max(1) {
            rounds.push(self.round(!step.transforms.is_empty(), labels.len()).await?);
        }
        let times = labels.into_iter().enumerate().map(|(i, (label, groups))| {
            let mut ms: Vec<f64> = rounds.iter().map(|round| round[i]).collect();
            ms.sort_by(f64::total_cmp);
            PassTime { label, groups, ms: ms[ms.len() / 2] }
        });
        Ok(times.collect())
    }

    /// The labels of the passes of a step, and their numbers of workgroups.
    fn labels(&self, changed: bool) -> Vec<(String, u64)> {
        let Self { program, .. } = self;
        let load = std::iter::once(&program.load[usize::from(changed)]);
        let passes = load.chain(&program.forward).chain(&program.backward).chain(&program.update);
        let label = |Dispatch { label, pass, .. }: &Dispatch| {
            (format!("{label} ({})", pass.entry), pass.grid.iter().map(|&n| u64::from(n)).product())
        };
        passes.map(label).collect()
    }

    /// Runs one step and returns the time of each pass in milliseconds.
    async fn round(&self, changed: bool, count: usize) -> Result<Vec<f64>> {
        let device = &self.device.device;
        let queries = 2 * count as u32;
        let set = device.create_query_set(&wgpu::QuerySetDescriptor {
            label: Some("profile"),
            ty: wgpu::QueryType::Timestamp,
            count: queries,
        });
        let bytes = 8 * u64::from(queries);
        let buffer = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("profile"),
            size: bytes,
            usage: wgpu::BufferUsages::QUERY_RESOLVE | wgpu::BufferUsages::COPY_SRC,
            mapped_at_creation: false,
        });
        let staging = transfer::staging(&self.device, "profile", bytes);
        let mut encoder = device.create_command_encoder(&Default::default());
        // Only the pass of the first chunk is timed.
        let load = self.data()?.load(Source::Train, Changes { changed, ..Changes::default() }).take(1);
        let passes: Vec<&Ready> = load.chain(&self.forward).chain(&self.backward).chain(&self.update).collect();
        for (i, ready) in passes.into_iter().enumerate() {
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor {
                label: None,
                timestamp_writes: Some(wgpu::ComputePassTimestampWrites {
                    query_set: &set,
                    beginning_of_pass_write_index: Some(2 * i as u32),
                    end_of_pass_write_index: Some(2 * i as u32 + 1),
                }),
            });
            pass.set_bind_group(1, &self.numbers, &[0]);
            run(&mut pass, [ready]);
        }
        encoder.resolve_query_set(&set, 0..queries, &buffer, 0);
        encoder.copy_buffer_to_buffer(&buffer, 0, &staging, 0, bytes);
        self.device.queue.submit([encoder.finish()]);
        let ticks: Vec<u64> = transfer::collect(&self.device, &staging, 2 * count).await?;
        let ms_per_tick = f64::from(self.device.queue.get_timestamp_period()) / 1e6;
        let ms = |pair: &[u64]| pair[1].saturating_sub(pair[0]) as f64 * ms_per_tick;
        Ok(ticks.chunks_exact(2).map(ms).collect())
    }
}
