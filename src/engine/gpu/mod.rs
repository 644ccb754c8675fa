//! The GPU engine: WebGPU in a browser; Vulkan, Metal or DX12 outside. Parameters, activations and pictures stay on the
//! device. A step is encoded and submitted, never waited for; its figures lie in a ring on the device until they are
//! collected. Nothing is allocated in a step.

mod compile;
mod data;
mod device;
mod transfer;

use super::{Parameters, Pictures, Source, Step, StepFigures};
use crate::error::{Error, Result};
use crate::graph::Graph;
use crate::optimizer::Optimizer;
use crate::pass::program::{Capacity, Program};
use crate::pass::{Global, Tuning, data as pixels, update};
use compile::{Compiler, Ready, entry};
use data::Data;
use device::Device;

/// An [`Error::Engine`] of this engine.
fn fault(message: impl Into<String>) -> Error {
    Error::Engine { engine: "gpu", message: message.into() }
}

/// The step's numbers, as [`crate::pass::PRELUDE`] has them.
#[repr(C)]
#[derive(Debug, Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)]
struct Uniforms {
    rows: u32,
    batch_rows: u32,
    first_row: u32,
    piece: u32,
    seed: u32,
    step: u32,
    training: u32,
    slot: u32,
    first_index: u32,
    learning_rate: f32,
    rate: f32,
    decay: f32,
}

/// Distance of two [`Uniforms`] in their buffer: WebGPU's alignment of dynamic offsets.
const STRIDE: usize = 256;

/// A network in training on a GPU.
#[derive(Debug)]
pub struct GpuEngine {
    // Fields drop in order: what is made on the device goes before the device.
    data: Option<Data>,
    forward: Vec<Ready>,
    infer: Vec<Ready>,
    backward: Vec<Ready>,
    update: Vec<Ready>,
    compiler: Compiler,
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
    device: Device,
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
        let device = Device::open().await?;
        let tuning = device.tuning;
        Self::on(device, tuning, graph, optimizer, batch_size, micro_batch_size, seed).await
    }

    async fn on(
        device: Device,
        tuning: Tuning,
        graph: &Graph,
        optimizer: &Optimizer,
        batch_size: usize,
        micro_batch_size: Option<usize>,
        seed: u32,
    ) -> Result<Self> {
        let capacity = Capacity::new(batch_size, micro_batch_size, tuning);
        let program = Program::new(graph, optimizer, capacity, tuning);
        program.check(device.most).map_err(|message| fault(format!("{}: {message}", device.name)))?;
        let lengths = Lengths {
            weights: graph.weights_len,
            state: graph.state_len,
            classes: graph.classes(),
            tensors: (0..=graph.nodes.len()).map(|tensor| graph.shape(tensor).len()).collect(),
        };
        let made = device.guarded(|| Made::new(&device, &program, &capacity, lengths.classes)).await?;
        let Made { compiler, buffers, uniforms, numbers, readback, dispatches } = made;
        let [forward, infer, backward, update] = dispatches;
        let engine = Self {
            data: None,
            forward,
            infer,
            backward,
            update,
            compiler,
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

    /// Writes the initial parameters and the optimiser's tables.
    fn begin(&self, graph: &Graph, seed: u32) {
        let (weights, state) = graph.initial(seed);
        self.write(self.global(Global::Weights), &weights);
        self.write(&self.buffers[self.program.state], &state);
        self.write(self.global(Global::Blocks), &update::blocks(graph));
        self.write(self.global(Global::Table), &update::table(graph));
    }

    fn global(&self, global: Global) -> &wgpu::Buffer {
        &self.buffers[self.program.globals[&global]]
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
    pub fn upload(&mut self, pictures: Pictures) -> Result<()> {
        self.data = None;
        let images = [pictures.train, pictures.test];
        let data = Data::new(&self.device, &mut self.compiler, &self.program.load, &self.buffers, images)?;
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
        let numbers = transfer::collect(&self.device, &self.readback[0], values).await?;
        let steps = self.pending.drain(..).zip(numbers.chunks_exact(4));
        let figures = steps.map(|(rows, n)| StepFigures {
            rows,
            loss_sum: f64::from(n[0]),
            correct: n[1] as usize,
            penalty: f64::from(n[2]),
        });
        Ok(figures.collect())
    }

    /// Inference: logits of the pictures at `indices`, `(n, classes)`.
    ///
    /// # Errors
    /// [`Error::Engine`] where the device has failed.
    pub async fn logits(&mut self, source: Source, indices: &[u32]) -> Result<Vec<f32>> {
        let mut logits = Vec::with_capacity(indices.len() * self.lengths.classes);
        let most = self.pieces_at_once() * self.capacity.piece;
        for indices in indices.chunks(most.min(self.capacity.rows / self.capacity.piece * self.capacity.piece)) {
            self.submit_inference(source, indices)?;
            let values = indices.len() * self.lengths.classes;
            logits.extend(transfer::collect(&self.device, &self.readback[1], values).await?);
        }
        Ok(logits)
    }

    /// Pieces that one submission may hold.
    fn pieces_at_once(&self) -> usize {
        (self.uniforms.size() as usize / STRIDE).max(1)
    }

    fn submit_inference(&mut self, source: Source, indices: &[u32]) -> Result<()> {
        self.device.check()?;
        let data = self.data()?;
        let list = indices.iter().map(|&index| data.row(source, index)).collect::<Result<Vec<_>>>()?;
        self.write(self.global(Global::Rows), &list);
        let sizes: Vec<usize> = indices.chunks(self.capacity.piece).map(<[u32]>::len).collect();
        self.number(sizes.iter().enumerate().map(|(piece, &rows)| Uniforms {
            rows: rows as u32,
            batch_rows: indices.len() as u32,
            seed: self.seed,
            first_index: (piece * self.capacity.piece) as u32,
            ..bytemuck::Zeroable::zeroed()
        }));
        let logits = &self.buffers[self.program.tensors[self.lengths.tensors.len() - 1]];
        let mut encoder = self.device.device.create_command_encoder(&Default::default());
        for (piece, &rows) in sizes.iter().enumerate() {
            let mut pass = encoder.begin_compute_pass(&Default::default());
            pass.set_bind_group(1, &self.numbers, &[(piece * STRIDE) as u32]);
            run(&mut pass, data.load(source, false).chain(&self.infer));
            drop(pass);
            let row = 4 * self.lengths.classes;
            let to = (piece * self.capacity.piece * row) as u64;
            encoder.copy_buffer_to_buffer(logits, 0, &self.readback[1], to, (rows * row) as u64);
        }
        self.device.queue.submit([encoder.finish()]);
        self.rows = sizes.last().copied().unwrap_or(0);
        Ok(())
    }

    /// Everything that training changes.
    ///
    /// # Errors
    /// [`Error::Engine`] where the device has failed.
    pub async fn parameters(&mut self) -> Result<Parameters> {
        let weights = transfer::read(&self.device, self.global(Global::Weights), self.lengths.weights).await?;
        let state = &self.buffers[self.program.state];
        let state = transfer::read(&self.device, state, self.lengths.state).await?;
        let count = self.optimizer.update.slots();
        let slots = transfer::read(&self.device, self.global(Global::Slots), count * self.lengths.weights).await?;
        let slots = match self.lengths.weights {
            0 => vec![Vec::new(); count],
            weights => slots.chunks_exact(weights).map(<[f32]>::to_vec).collect(),
        };
        Ok(Parameters { weights, state, slots })
    }

    /// Goes on from other parameters of the same network and optimiser.
    ///
    /// # Errors
    /// [`Error::Engine`] where their lengths are another network's.
    pub fn set_parameters(&mut self, parameters: &Parameters) -> Result<()> {
        let Parameters { weights, state, slots } = parameters;
        let Lengths { weights: expected, state: expected_state, .. } = self.lengths;
        let fits = weights.len() == expected && state.len() == expected_state;
        let count = self.optimizer.update.slots();
        if !fits || slots.len() != count || slots.iter().any(|slot| slot.len() != expected) {
            return Err(fault(format!(
                "parameters of another network or optimiser: expected {expected} weights, {expected_state} moving \
                 statistics and {count} slots. Received: {}, {} and {}",
                weights.len(),
                state.len(),
                slots.len()
            )));
        }
        self.write(self.global(Global::Weights), weights);
        self.write(&self.buffers[self.program.state], state);
        self.write(self.global(Global::Slots), &slots.concat());
        self.device.check()
    }

    /// The gradient of the last step, flat, as the optimiser used it.
    ///
    /// # Errors
    /// [`Error::Engine`] where the device has failed.
    pub async fn gradients(&mut self) -> Result<Vec<f32>> {
        transfer::read(&self.device, self.global(Global::Gradients), self.lengths.weights).await
    }

    /// The output of layer `node` for the last pictures that went through.
    ///
    /// # Errors
    /// [`Error::Engine`] where there is no such layer, or the device has failed.
    pub async fn tensor(&mut self, node: usize) -> Result<Vec<f32>> {
        let tensor = node + 1;
        let (Some(&buffer), Some(&length)) = (self.program.tensors.get(tensor), self.lengths.tensors.get(tensor))
        else {
            let count = self.lengths.tensors.len() - 1;
            return Err(fault(format!("there are {count} layers, counted from 0. Received: {node}")));
        };
        transfer::read(&self.device, &self.buffers[buffer], self.rows * length).await
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

/// What is made on the device before training starts.
struct Made {
    compiler: Compiler,
    buffers: Vec<wgpu::Buffer>,
    uniforms: wgpu::Buffer,
    numbers: wgpu::BindGroup,
    readback: [wgpu::Buffer; 2],
    dispatches: [Vec<Ready>; 4],
}

impl Made {
    fn new(device: &Device, program: &Program, capacity: &Capacity, classes: usize) -> Self {
        use wgpu::BufferUsages as Usage;
        let buffer = |label: &str, size: u64, usage: Usage| {
            let descriptor = wgpu::BufferDescriptor { label: Some(label), size, usage, mapped_at_creation: false };
            device.device.create_buffer(&descriptor)
        };
        let usage = Usage::STORAGE | Usage::COPY_SRC | Usage::COPY_DST;
        let buffers: Vec<wgpu::Buffer> =
            program.buffers.iter().map(|spec| buffer(&spec.name, spec.bytes, usage)).collect();
        let pieces = capacity.rows.div_ceil(capacity.piece);
        let uniforms = buffer("step", (pieces * STRIDE) as u64, Usage::UNIFORM | Usage::COPY_DST);
        let layout = device.device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some("step"),
            entries: &[entry(0, wgpu::BufferBindingType::Uniform, true)],
        });
        let size = std::num::NonZeroU64::new(size_of::<Uniforms>() as u64);
        let numbers = device.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("step"),
            layout: &layout,
            entries: &[wgpu::BindGroupEntry {
                binding: 0,
                resource: wgpu::BindingResource::Buffer(wgpu::BufferBinding { buffer: &uniforms, offset: 0, size }),
            }],
        });
        let mut compiler = Compiler::new(layout);
        let mut ready = |dispatches: &[crate::pass::program::Dispatch]| -> Vec<Ready> {
            let buffer = |bound: &crate::pass::program::Bound| &buffers[bound.buffer.unwrap_or_default()];
            dispatches.iter().map(|dispatch| compiler.ready(&device.device, dispatch, buffer)).collect()
        };
        let dispatches = [&program.forward, &program.infer, &program.backward, &program.update].map(|d| ready(d));
        let readback = [16 * capacity.steps, 4 * capacity.rows * classes]
            .map(|bytes| transfer::staging(device, "read", bytes as u64));
        Self { compiler, buffers, uniforms, numbers, readback, dispatches }
    }
}
