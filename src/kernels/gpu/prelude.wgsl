struct Step {
    rows: u32,          // images in this piece of the batch
    batch_rows: u32,    // images in the whole batch
    first_row: u32,     // where the piece starts in the batch
    piece: u32,         // the piece's number; gradients are added from the second one on
    seed: u32,
    step: u32,          // training steps done before this one
    training: u32,      // 1 in training, 0 in inference
    slot: u32,          // where its metrics go
    first_index: u32,   // where the piece starts in the list of rows
    learning_rate: f32, // of this step
    rate: f32,          // the same with the optimiser's bias correction
    decay: f32,         // the same times the weight decay
};
@group(1) @binding(0) var<uniform> step: Step;

// The number of this invocation in a grid made by `grid` of workgroups of 64.
fn line(id: vec3<u32>, groups: vec3<u32>) -> u32 {
    return id.x + id.y * groups.x * 64u;
}
