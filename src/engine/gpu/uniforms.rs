//! The numbers of a step that every shader reads.

/// The step's numbers, as [`crate::kernels::gpu::PRELUDE`] has them.
#[repr(C)]
#[derive(Debug, Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)]
pub struct Uniforms {
    pub rows: u32,
    pub batch_rows: u32,
    pub first_row: u32,
    pub piece: u32,
    pub seed: u32,
    pub step: u32,
    pub training: u32,
    pub slot: u32,
    pub first_index: u32,
    pub learning_rate: f32,
    pub rate: f32,
    pub decay: f32,
}

/// Distance of two [`Uniforms`] in their buffer: WebGPU's alignment of dynamic offsets.
pub const STRIDE: usize = 256;
