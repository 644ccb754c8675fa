@group(0) @binding(0) var<storage, read_write> weights: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> gradients: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> slots: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> blocks: array<u32>;           // for each 64 weights, the index of their parameter
@group(0) @binding(4) var<storage, read> table: array<vec4<f32>>;      // two per parameter: l1, l2, first block, number of blocks; factors of learning rate and decay
@group(0) @binding(5) var<storage, read_write> block_sums: array<vec2<f32>>; // per block: sum of squared gradients, penalty
@group(0) @binding(6) var<storage, read_write> factors: array<vec4<f32>>;    // per parameter: factor, squares, penalty, unused
@group(0) @binding(7) var<storage, read_write> metrics: array<vec4<f32>>;
override LEN: u32;    // number of weights, in vec4s
override CLIP: u32;   // 0 none, 1 by value, 2 by each parameter's norm, 3 by the global norm
override BOUND: f32;

// The gradient g of weights w of parameter p, plus that of its penalty.
fn penalized(g: vec4<f32>, w: vec4<f32>, p: u32) -> vec4<f32> {
    return g + table[2u * p].x * sign(w) + 2.0 * table[2u * p].y * w;
}
