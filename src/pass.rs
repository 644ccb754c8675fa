//! GPU work as plain data: a layer says which shader to run over which buffers; `engine/gpu.rs` allocates, binds, runs.
//! Nothing here knows `wgpu`, so every shader can be validated without a GPU.

use crate::shape::Shape;

/// The shapes that a layer's passes are made for.
#[derive(Debug, Clone, Copy)]
pub struct GpuShapes<'a> {
    /// Shapes of one picture of each input.
    pub inputs: &'a [Shape],
    /// Shape of one picture of the output.
    pub output: &'a Shape,
    /// Pictures in a full batch; the step's real number is `step.rows` in the shader.
    pub batch: usize,
    /// Which inputs need a gradient.
    pub needs_dx: &'a [bool],
    /// The layer's random stream.
    pub stream: u32,
}

/// A buffer of the layer at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// Input `i`.
    X(usize),
    /// Output (after the activation, in backward passes).
    Y,
    /// Gradient by input `i`; a pass writes it whole.
    Dx(usize),
    /// Gradient by the output (before the activation).
    Dy,
    /// Parameter `i`.
    Param(usize),
    /// Gradient by trainable parameter `i`; a pass writes it whole.
    Grad(usize),
    /// The layer's own memory `i`, kept from the forward to the backward pass.
    Scratch(usize),
}

/// One dispatch.
#[derive(Debug, Clone)]
pub struct Pass {
    /// For errors and profiles: `conv2d forward`.
    pub label: &'static str,
    /// WGSL with `override` constants; [`PRELUDE`] is put before it.
    pub shader: &'static str,
    /// The entry point.
    pub entry: &'static str,
    /// Values of the `override` constants.
    pub constants: Vec<(&'static str, f64)>,
    /// Buffers of `@group(0)`, by binding number; true where the shader writes.
    pub bindings: Vec<(Slot, bool)>,
    /// Workgroups along x, y and z.
    pub grid: [u32; 3],
}

/// A layer's passes.
#[derive(Debug, Clone, Default)]
pub struct Passes {
    /// Training.
    pub forward: Vec<Pass>,
    /// Inference, where it differs from training.
    pub infer: Option<Vec<Pass>>,
    /// Gradients.
    pub backward: Vec<Pass>,
    /// Sizes of the layer's own memory, in 4-byte values.
    pub scratch: Vec<usize>,
}

/// Put before every shader: the step's numbers and the random functions ([`crate::random::WGSL`] follows it).
pub const PRELUDE: &str = "
struct Step {
    rows: u32,          // pictures in this batch
    seed: u32,
    step: u32,          // training steps done before this one
    training: u32,      // 1 in training, 0 in inference
    learning_rate: f32, // of this step
    scale: f32,         // the optimiser's bias correction
    first: u32,         // where the batch starts in the epoch's order
    slot: u32,          // where its metrics go
};
@group(1) @binding(0) var<uniform> step: Step;
";

/// Work items along x that one workgroup covers in the simple elementwise shaders.
pub const LINE: u32 = 64;

/// A grid for `items` items at `per_group` a workgroup, folded into two dimensions where it is longer than the 65 535
/// workgroups that WebGPU allows along one axis; the shader finds its item from `workgroup_id` and `num_workgroups`.
pub fn grid(items: usize, per_group: usize) -> [u32; 3] {
    let groups = items.div_ceil(per_group).max(1) as u32;
    let rows = groups.div_ceil(65_535);
    [groups.div_ceil(rows), rows, 1]
}
