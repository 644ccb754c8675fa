//! The buffers, bind groups and pipelines of a network, created once.

use super::compile::Ready;
use super::device::Device;
use super::transfer;
use super::uniforms::{STRIDE, Uniforms};
use crate::network::program::{Capacity, Program};

/// The objects that are created on the device before training starts.
pub struct Resources {
    pub buffers: Vec<wgpu::Buffer>,
    pub uniforms: wgpu::Buffer,
    pub numbers: wgpu::BindGroup,
    pub readback: [wgpu::Buffer; 2],
    pub dispatches: [Vec<Ready>; 4],
}

impl Resources {
    pub fn new(device: &Device, program: &Program, capacity: &Capacity, classes: usize) -> Self {
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
        let mut compiler = device.compiler.borrow_mut();
        let size = std::num::NonZeroU64::new(size_of::<Uniforms>() as u64);
        let numbers = device.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("step"),
            layout: &compiler.step,
            entries: &[wgpu::BindGroupEntry {
                binding: 0,
                resource: wgpu::BindingResource::Buffer(wgpu::BufferBinding { buffer: &uniforms, offset: 0, size }),
            }],
        });
        let mut ready = |dispatches: &[crate::network::program::Dispatch]| -> Vec<Ready> {
            let buffer = |bound: &crate::network::program::Bound| &buffers[bound.buffer.unwrap_or_default()];
            dispatches.iter().map(|dispatch| compiler.ready(&device.device, dispatch, buffer)).collect()
        };
        let dispatches = [&program.forward, &program.infer, &program.backward, &program.update].map(|d| ready(d));
        let readback = [16 * capacity.steps, 4 * capacity.rows * classes]
            .map(|bytes| transfer::staging(device, "read", bytes as u64));
        Self { buffers, uniforms, numbers, readback, dispatches }
    }
}
