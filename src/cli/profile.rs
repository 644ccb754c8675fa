//! `bench --profile`: the time of each pass of a training step on the GPU.

use super::output;
use crate::base::error::Result;
use crate::data::Dataset;
use crate::engine::gpu::GpuEngine;
use crate::engine::gpu::profile::PassTime;
use crate::engine::{ImageSets, Step};
use crate::experiment::Experiment;
use crate::network::graph::Graph;
use serde::Serialize;

/// Number of measured steps; the result is their median.
const STEPS: usize = 11;

/// One line of the profile.
#[derive(Debug, Serialize)]
struct Line<'a> {
    pass: &'a str,
    workgroups: u64,
    ms: f64,
}

/// Prints the time of each pass of a step on `data`, in order, and the total.
///
/// # Errors
/// [`Error::Engine`](crate::base::error::Error::Engine) if the GPU engine does not start or fails.
pub async fn profile(spec: &Experiment, data: &Dataset, json: bool) -> Result<()> {
    let graph = Graph::new(spec)?;
    let mut engine = GpuEngine::new(&graph, &spec.optimizer, spec.batch_size, spec.micro_batch_size, spec.seed).await?;
    engine.upload(ImageSets { train: &data.train, test: &data.test })?;
    let piece = spec.micro_batch_size.unwrap_or(spec.batch_size).min(spec.batch_size);
    let indices: Vec<u32> = (0..piece as u32).collect();
    let step = Step { indices: &indices, transforms: &[], step: 0, learning_rate: 1e-6 };
    let passes = engine.profile(&step, STEPS).await?;
    let total: f64 = passes.iter().map(|pass| pass.ms).sum();
    for PassTime { label, groups, ms } in &passes {
        if json {
            output::json(&Line { pass: label, workgroups: *groups, ms: *ms })?;
        } else {
            let share = 100.0 * ms / total;
            output::line(&format!("{ms:9.4} ms  {share:5.1} %  {groups:7} workgroups  {label}"))?;
        }
    }
    if json { Ok(()) } else { output::line(&format!("{total:9.4} ms, pass by pass; {}", engine.device())) }
}
