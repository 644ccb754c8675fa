//! The uniforms of a step, which every shader reads.

/// The uniforms of a step; the layout and meaning of the fields are those of `Step` in `kernels/gpu/prelude.wgsl`.
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
    pub factors: [f32; 4],
}

/// The distance in bytes of two [`Uniforms`] in their buffer: WebGPU's alignment of dynamic offsets.
pub const STRIDE: usize = 256;
