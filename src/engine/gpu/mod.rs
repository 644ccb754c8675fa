//! The GPU engine: WebGPU in a browser; Vulkan, Metal or DX12 natively. Parameters, activations and images stay on the
//! device. A step is encoded and submitted without waiting for it; its metrics stay in a buffer on the device until
//! they are read. A step allocates nothing.

mod compile;
mod data;
mod device;
mod fault;
mod inference;
#[cfg(feature = "extended")]
mod input_gradient;
mod parameters;
#[cfg(not(target_arch = "wasm32"))]
pub mod profile;
mod resources;
mod transfer;
mod uniforms;

use crate::base::error::Result;
use crate::engine::step::{ImageSets, Source, Step, StepFigures};
use crate::experiment::optimizer::Optimizer;
use crate::kernels::gpu::data as pixels;
use crate::kernels::gpu::pass::Global;
use crate::kernels::gpu::tuning::Tuning;
use crate::network::graph::Graph;
use crate::network::program::update;
use crate::network::program::{Capacity, Program};
#[cfg(feature = "extended")]
use crate::tensor::transform::{FillMode, IDENTITY, Transform};
use compile::Ready;
use data::{Changes, Data};
use device::Device;
use fault::fault;
use resources::Resources;
use std::rc::Rc;
use uniforms::{STRIDE, Uniforms};

/// A network on a GPU.
#[derive(Debug)]
pub struct GpuEngine {
    // Fields are dropped in order: the objects of the device before the device.
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
    /// Whether training images are mixed.
    mixes: bool,
    device: Rc<Device>,
}

/// The lengths of a network's flat arrays and tensors, in values; tensors per image.
#[derive(Debug)]
struct Lengths {
    weights: usize,
    state: usize,
    classes: usize,
    tensors: Vec<usize>,
}

impl GpuEngine {
    /// Creates an engine on the fastest adapter, with initial parameters from `seed`, and compiles all pipelines.
    ///
    /// # Errors
    /// [`Error::Engine`] if there is no adapter, or the network does not fit the device.
    pub async fn new(
        graph: &Graph,
        optimizer: &Optimizer,
        batch_size: usize,
        micro_batch_size: Option<usize>,
        seed: u32,
    ) -> Result<Self> {
        Self::tuned(None, graph, optimizer, batch_size, micro_batch_size, seed).await
    }

    /// [`Self::new`], with the passes for another kind of device if `tuning` is given.
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
            #[cfg(feature = "extended")]
            mixes: graph.loss.extended.as_ref().is_some_and(|loss| loss.mixed),
            #[cfg(not(feature = "extended"))]
            mixes: false,
            device,
        };
        engine.begin(graph, seed);
        engine.device.check()?;
        Ok(engine)
    }

    /// Compiles the pipelines that [`Self::new`] needs, on the device that it uses, and waits until that is done. In a
    /// browser the device is kept, so that a run can start at once.
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
        // A browser compiles asynchronously. Reading back waits for it.
        transfer::settle(&device).await
    }

    /// Writes the initial parameters and the optimiser's tables.
    fn begin(&self, graph: &Graph, seed: u32) {
        let (weights, state) = graph.initial(seed);
        self.write(self.global(Global::Weights), &weights);
        self.write(self.global(Global::State), &state);
        #[cfg(feature = "extended")]
        if self.optimizer.averages_state() {
            let offset = 4 * (self.optimizer.update.slots() * weights.len()) as u64;
            let average = [&weights[..], &state[..]].concat();
            self.device.queue.write_buffer(self.global(Global::Slots), offset, bytemuck::cast_slice(&average));
        }
        self.write(self.global(Global::Blocks), &update::blocks(graph));
        self.write(self.global(Global::Table), &update::table(graph));
        #[cfg(feature = "extended")]
        self.write(
            self.global(Global::ClassTable),
            &crate::kernels::gpu::loss::class_table(graph.classes(), &graph.loss),
        );
    }

    fn global(&self, global: Global) -> &wgpu::Buffer {
        &self.buffers[self.program.globals.of(global)]
    }

    fn write<T: bytemuck::Pod>(&self, buffer: &wgpu::Buffer, values: &[T]) {
        if !values.is_empty() {
            self.device.queue.write_buffer(buffer, 0, bytemuck::cast_slice(values));
        }
    }

    /// Adapter, backend and driver, for display; ends in `software` if the GPU is emulated by the CPU.
    pub fn device(&self) -> &str {
        &self.device.name
    }

    /// Whether the device is lost, with everything on it.
    pub fn lost(&self) -> bool {
        self.device.lost()
    }

    /// Destroys the device, to test what follows the loss of a device.
    pub fn lose(&self) {
        self.device.device.destroy();
    }

    /// Copies the images to the device.
    ///
    /// # Errors
    /// [`Error::Engine`] if they do not fit.
    pub fn upload(&mut self, sets: ImageSets) -> Result<()> {
        self.data = None;
        let images = [sets.train, sets.test];
        let data = Data::new(&self.device, &self.program.load, &self.buffers, images)?;
        self.data = Some(data);
        self.device.check()
    }

    fn data(&self) -> Result<&Data> {
        self.data.as_ref().ok_or_else(|| fault("there are no images on the device; upload them first"))
    }

    /// The number of steps whose metrics have not been read.
    pub fn pending(&self) -> usize {
        self.pending.len()
    }

    /// The most steps that may be pending.
    pub fn capacity(&self) -> usize {
        self.capacity.steps
    }

    /// Submits one training step, and returns without waiting for it.
    ///
    /// # Errors
    /// [`Error::Engine`] if [`Self::capacity`] steps are pending, the batch is empty or too large, or the device has
    /// failed.
    pub fn train_step(&mut self, step: &Step) -> Result<()> {
        self.device.check()?;
        if self.pending.len() == self.capacity.steps {
            return Err(fault(format!("{} steps are pending; call figures() first", self.pending.len())));
        }
        let rows = step.indices.len();
        if rows == 0 || rows > self.capacity.transforms {
            let most = self.capacity.transforms;
            return Err(fault(format!("a batch holds 1 to {most} images. Received: {rows}")));
        }
        let data = self.data()?;
        let list = step.indices.iter().map(|&index| data.row(Source::Train, index)).collect::<Result<Vec<_>>>()?;
        self.write(self.global(Global::Rows), &list);
        let label = |index| data.label(Source::Train, index);
        #[cfg_attr(not(feature = "extended"), allow(unused_mut, reason = "the small engine mixes no images"))]
        let mut transforms: Vec<_> = step.transforms.iter().map(|transform| pixels::words(transform, label)).collect();
        // The loss of mixed images reads how each is mixed, also in a step that mixes none.
        #[cfg(feature = "extended")]
        if self.mixes && transforms.is_empty() {
            transforms.resize(rows, pixels::words(&Transform::new(IDENTITY, FillMode::Constant), label));
        }
        self.write(self.global(Global::Transforms), &transforms);
        let change = Changes::of(step.transforms, self.mixes);
        let pieces = rows.div_ceil(self.capacity.piece);
        self.number((0..pieces).map(|piece| self.training(step, piece)));
        let mut encoder = self.device.device.create_command_encoder(&Default::default());
        {
            let mut pass = encoder.begin_compute_pass(&Default::default());
            for piece in 0..pieces {
                pass.set_bind_group(1, &self.numbers, &[(piece * STRIDE) as u32]);
                let load = data.load(Source::Train, change);
                run(&mut pass, load.chain(&self.forward).chain(&self.backward));
            }
            run(&mut pass, &self.update);
        }
        self.device.queue.submit([encoder.finish()]);
        self.rows = rows - (pieces - 1) * self.capacity.piece;
        self.pending.push(rows);
        Ok(())
    }

    /// The uniforms of one micro-batch of a training step.
    fn training(&self, step: &Step, piece: usize) -> Uniforms {
        let first_row = piece * self.capacity.piece;
        let scale = self.optimizer.update.rate_scale(step.step + 1);
        let [a, b, c] = self.optimizer.update.factors(step.step + 1).map(|factor| factor as f32);
        #[cfg(feature = "extended")]
        let keep = self.optimizer.averaging.map_or(0.0, |averaging| averaging.keep(step.step + 1) as f32);
        #[cfg(not(feature = "extended"))]
        let keep = 0.0;
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
            factors: [a, b, c, keep],
        }
    }

    /// Writes the uniforms of the next submission's micro-batches.
    fn number(&self, pieces: impl Iterator<Item = Uniforms>) {
        let mut bytes = Vec::new();
        for uniforms in pieces {
            bytes.extend_from_slice(bytemuck::bytes_of(&uniforms));
            bytes.resize(bytes.len().next_multiple_of(STRIDE), 0);
        }
        self.device.queue.write_buffer(&self.uniforms, 0, &bytes);
    }

    /// Waits for all pending steps, and returns their metrics in order.
    ///
    /// # Errors
    /// [`Error::Engine`] if the device has failed.
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
        // In a browser, dropping a buffer does not free its memory.
        self.buffers.iter().chain(&self.readback).chain([&self.uniforms]).for_each(wgpu::Buffer::destroy);
    }
}

/// Encodes dispatches in order.
fn run<'a>(pass: &mut wgpu::ComputePass, dispatches: impl IntoIterator<Item = &'a Ready>) {
    for Ready { pipeline, buffers, grid: [x, y, z] } in dispatches {
        pass.set_pipeline(pipeline);
        pass.set_bind_group(0, buffers, &[]);
        pass.dispatch_workgroups(*x, *y, *z);
    }
}
