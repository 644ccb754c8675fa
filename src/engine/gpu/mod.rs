//! The GPU engine: WebGPU in a browser; Vulkan, Metal or DX12 outside. Parameters, activations and pictures stay on the
//! device. A step is encoded and submitted, never waited for; its figures lie in a ring on the device until they are
//! collected. Nothing is allocated in a step.

mod compile;
mod data;
mod device;
mod fault;
mod inference;
mod parameters;
#[cfg(not(target_arch = "wasm32"))]
pub mod profile;
mod resources;
mod transfer;
mod uniforms;

use crate::base::error::Result;
use crate::engine::step::{Pictures, Source, Step, StepFigures};
use crate::experiment::optimizer::Optimizer;
use crate::kernels::gpu::data as pixels;
use crate::kernels::gpu::pass::Global;
use crate::kernels::gpu::tuning::Tuning;
use crate::network::graph::Graph;
use crate::network::program::update;
use crate::network::program::{Capacity, Program};
use compile::Ready;
use data::Data;
use device::Device;
use fault::fault;
use resources::Resources;
use std::rc::Rc;
use uniforms::{STRIDE, Uniforms};

/// A network in training on a GPU.
#[derive(Debug)]
pub struct GpuEngine {
    // Fields drop in order: what is made on the device goes before the device.
    data: Option<Data>,
    forward: Vec<Ready>,
    infer: Vec<Ready>,
    backward: Vec<Ready>,
    update: Vec<Ready>,
    buffers: Vec<wgpu::Buffer>,
    uniforms: wgpu::Buffer,
    numbers: wgpu::BindGroup,
    readback: [wgpu::Buffer; 2],
    program: Program,
    optimizer: Optimizer,
    lengths: Lengths,
    capacity: Capacity,
    seed: u32,
    pending: Vec<usize>,
    rows: usize,
    device: Rc<Device>,
}

/// Sizes of a network's flat arrays and tensors.
#[derive(Debug)]
struct Lengths {
    weights: usize,
    state: usize,
    classes: usize,
    tensors: Vec<usize>,
}

impl GpuEngine {
    /// An engine on this machine's fastest adapter, with initial parameters from `seed`. Every pipeline is compiled here.
    ///
    /// # Errors
    /// [`Error::Engine`] where there is no adapter, or the network does not fit it; nothing is allocated then.
    pub async fn new(
        graph: &Graph,
        optimizer: &Optimizer,
        batch_size: usize,
        micro_batch_size: Option<usize>,
        seed: u32,
    ) -> Result<Self> {
        Self::tuned(None, graph, optimizer, batch_size, micro_batch_size, seed).await
    }

    /// The same with the passes of another kind of device, where `tuning` names one.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub async fn tuned(
        tuning: Option<Tuning>,
        graph: &Graph,
        optimizer: &Optimizer,
        batch_size: usize,
        micro_batch_size: Option<usize>,
        seed: u32,
    ) -> Result<Self> {
        let device = Device::current().await?;
        let tuning = tuning.unwrap_or(device.tuning);
        let (capacity, program) = device.plan(tuning, graph, optimizer, batch_size, micro_batch_size)?;
        let lengths = Lengths {
            weights: graph.weights_len,
            state: graph.state_len,
            classes: graph.classes(),
            tensors: (0..=graph.nodes.len()).map(|tensor| graph.shape(tensor).len()).collect(),
        };
        let made = device
            .guarded(|| program.wanted(), || Resources::new(&device, &program, &capacity, lengths.classes))
            .await?;
        let Resources { buffers, uniforms, numbers, readback, dispatches } = made;
        let [forward, infer, backward, update] = dispatches;
        let engine = Self {
            data: None,
            forward,
            infer,
            backward,
            update,
            buffers,
            uniforms,
            numbers,
            readback,
            program,
            optimizer: optimizer.clone(),
            lengths,
            capacity,
            seed,
            pending: Vec::with_capacity(capacity.steps),
            rows: 0,
            device,
        };
        engine.begin(graph, seed);
        engine.device.check()?;
        Ok(engine)
    }

    /// Compiles what [`Self::new`] would need on the device that it would take, and waits until that is done. In a browser that
    /// device is kept, so that a run can start at once.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub async fn warm_up(
        graph: &Graph,
        optimizer: &Optimizer,
        batch_size: usize,
        micro_batch_size: Option<usize>,
    ) -> Result<()> {
        let device = Device::current().await?;
        let (_, program) = device.plan(device.tuning, graph, optimizer, batch_size, micro_batch_size)?;
        for dispatch in program.dispatches() {
            device.compiler.borrow_mut().pipeline(&device.device, &dispatch.pass, &dispatch.label);
        }
        // A browser compiles behind our back, and answers when it has.
        transfer::settle(&device).await
    }

    /// Writes the initial parameters and the optimiser's tables.
    fn begin(&self, graph: &Graph, seed: u32) {
        let (weights, state) = graph.initial(seed);
        self.write(self.global(Global::Weights), &weights);
        self.write(&self.buffers[self.program.state], &state);
        self.write(self.global(Global::Blocks), &update::blocks(graph));
        self.write(self.global(Global::Table), &update::table(graph));
    }

    fn global(&self, global: Global) -> &wgpu::Buffer {
        &self.buffers[self.program.globals.of(global)]
    }

    fn write<T: bytemuck::Pod>(&self, buffer: &wgpu::Buffer, values: &[T]) {
        if !values.is_empty() {
            self.device.queue.write_buffer(buffer, 0, bytemuck::cast_slice(values));
        }
    }

    /// Adapter, backend and driver; says `software` where a CPU plays the GPU.
    pub fn device(&self) -> &str {
        &self.device.name
    }

    /// Whether the device is gone, and with it everything on it.
    pub fn lost(&self) -> bool {
        self.device.lost()
    }

    /// Takes the device away, as a driver's reset would: to see what follows.
    pub fn lose(&self) {
        self.device.device.destroy();
    }

    /// Copies the pictures to the device, where they stay.
    ///
    /// # Errors
    /// [`Error::Engine`] where they do not fit.
    #[inline(never)]
    pub fn upload(&mut self, pictures: Pictures) -> Result<()> {
        self.data = None;
        let images = [pictures.train, pictures.test];
        let data = Data::new(&self.device, &self.program.load, &self.buffers, images)?;
        self.data = Some(data);
        self.device.check()
    }

    fn data(&self) -> Result<&Data> {
        self.data.as_ref().ok_or_else(|| fault("there are no pictures yet; upload them first"))
    }

    /// Steps whose figures have not been collected.
    pub fn pending(&self) -> usize {
        self.pending.len()
    }

    /// The most steps that may be pending.
    pub fn capacity(&self) -> usize {
        self.capacity.steps
    }

    /// Submits one training step and returns at once.
    ///
    /// # Errors
    /// [`Error::Engine`] where figures were not collected in time, or the device has failed.
    #[inline(never)]
    pub fn train_step(&mut self, step: &Step) -> Result<()> {
        self.device.check()?;
        if self.pending.len() == self.capacity.steps {
            return Err(fault(format!("{} steps wait for figures() to be called", self.pending.len())));
        }
        let rows = step.indices.len();
        if rows == 0 || rows > self.capacity.transforms {
            let most = self.capacity.transforms;
            return Err(fault(format!("a batch holds 1 to {most} pictures. Received: {rows}")));
        }
        let data = self.data()?;
        let list = step.indices.iter().map(|&index| data.row(Source::Train, index)).collect::<Result<Vec<_>>>()?;
        self.write(self.global(Global::Rows), &list);
        let transforms: Vec<_> = step.transforms.iter().map(pixels::words).collect();
        self.write(self.global(Global::Transforms), &transforms);
        let pieces = rows.div_ceil(self.capacity.piece);
        self.number((0..pieces).map(|piece| self.training(step, piece)));
        let mut encoder = self.device.device.create_command_encoder(&Default::default());
        {
            let mut pass = encoder.begin_compute_pass(&Default::default());
            for piece in 0..pieces {
                pass.set_bind_group(1, &self.numbers, &[(piece * STRIDE) as u32]);
                let load = data.load(Source::Train, !transforms.is_empty());
                run(&mut pass, load.chain(&self.forward).chain(&self.backward));
            }
            run(&mut pass, &self.update);
        }
        self.device.queue.submit([encoder.finish()]);
        self.rows = rows - (pieces - 1) * self.capacity.piece;
        self.pending.push(rows);
        Ok(())
    }

    /// The numbers of one piece of a training step.
    fn training(&self, step: &Step, piece: usize) -> Uniforms {
        let first_row = piece * self.capacity.piece;
        let scale = self.optimizer.update.rate_scale(step.step + 1);
        Uniforms {
            rows: (step.indices.len() - first_row).min(self.capacity.piece) as u32,
            batch_rows: step.indices.len() as u32,
            first_row: first_row as u32,
            piece: piece as u32,
            seed: self.seed,
            step: step.step,
            training: 1,
            slot: self.pending.len() as u32,
            first_index: first_row as u32,
            learning_rate: step.learning_rate as f32,
            rate: (step.learning_rate * scale) as f32,
            decay: (step.learning_rate * self.optimizer.weight_decay) as f32,
        }
    }

    /// Writes numbers for the pieces of the next submission.
    fn number(&self, pieces: impl Iterator<Item = Uniforms>) {
        let mut bytes = Vec::new();
        for uniforms in pieces {
            bytes.extend_from_slice(bytemuck::bytes_of(&uniforms));
            bytes.resize(bytes.len().next_multiple_of(STRIDE), 0);
        }
        self.device.queue.write_buffer(&self.uniforms, 0, &bytes);
    }

    /// What every step since the last call measured, in order; waits until they are done.
    ///
    /// # Errors
    /// [`Error::Engine`] where the device has failed.
    pub async fn figures(&mut self) -> Result<Vec<StepFigures>> {
        if self.pending.is_empty() {
            return Ok(Vec::new());
        }
        let values = 4 * self.pending.len();
        let mut encoder = self.device.device.create_command_encoder(&Default::default());
        encoder.copy_buffer_to_buffer(self.global(Global::Metrics), 0, &self.readback[0], 0, 4 * values as u64);
        self.device.queue.submit([encoder.finish()]);
        let numbers: Vec<f32> = transfer::collect(&self.device, &self.readback[0], values).await?;
        let steps = self.pending.drain(..).zip(numbers.chunks_exact(4));
        let figures = steps.map(|(rows, n)| StepFigures {
            rows,
            loss_sum: f64::from(n[0]),
            correct: n[1] as usize,
            penalty: f64::from(n[2]),
        });
        Ok(figures.collect())
    }
}

impl Drop for GpuEngine {
    fn drop(&mut self) {
        // In a browser, dropping frees nothing.
        self.buffers.iter().chain(&self.readback).chain([&self.uniforms]).for_each(wgpu::Buffer::destroy);
    }
}

/// Encodes dispatches, one after another.
fn run<'a>(pass: &mut wgpu::ComputePass, dispatches: impl IntoIterator<Item = &'a Ready>) {
    for Ready { pipeline, buffers, grid: [x, y, z] } in dispatches {
        pass.set_pipeline(pipeline);
        pass.set_bind_group(0, buffers, &[]);
        pass.dispatch_workgroups(*x, *y, *z);
    }
}
