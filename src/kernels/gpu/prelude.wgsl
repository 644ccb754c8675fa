struct Step {
    rows: u32,          // images in this micro-batch
    batch_rows: u32,    // images in the whole batch
    first_row: u32,     // index of the micro-batch's first image in the batch
    piece: u32,         // number of the micro-batch; gradients are added from the second one on
    seed: u32,
    step: u32,          // training steps done before this one
    training: u32,      // 1 in training, 0 in inference
    slot: u32,          // index of the step's metrics
    first_index: u32,   // index of the micro-batch's first image in the list of rows
    learning_rate: f32, // of this step
    rate: f32,          // learning rate with the optimiser's bias correction
    decay: f32,         // learning rate times weight decay
    factors: vec4<f32>, // further numbers of the optimiser's rule; the last one: share of the average that is kept
};
@group(1) @binding(0) var<uniform> step: Step;

// The index of this invocation in a folded grid of workgroups of 64 (see `grid` in pass.rs).
fn line(id: vec3<u32>, groups: vec3<u32>) -> u32 {
    return id.x + id.y * groups.x * 64u;
}
