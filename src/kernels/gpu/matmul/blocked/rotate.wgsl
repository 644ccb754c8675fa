// The kernel for the input gradient: inputs and outputs are transposed and the taps rotated by 180°, so that the
// gradient is a product of patches with a matrix, as in the forward pass. With strides, the pixels of one phase are
// multiplied by every stride-th tap. So the taps of one class (their position modulo the strides) are stored together,
// from `class_base` on.
@group(0) @binding(0) var<storage, read> w: array<V>;
@group(0) @binding(1) var<storage, read_write> rotated: array<V>;
override KH: u32;
override KW: u32;
override SY: u32;
override SX: u32;
override C: u32; // inputs, in Vs
override N: u32; // outputs, in Vs

// The number of taps of class `first` along an axis of `kernel` taps.
fn taps(kernel: u32, first: u32, stride: u32) -> u32 {
    return (kernel + stride - 1u - min(first, kernel)) / stride;
}

// The number of taps before those of class (y, x).
fn class_base(y: u32, x: u32) -> u32 {
    var above = 0u;
    for (var i = 0u; i < y; i++) { above += taps(KH, i, SY); }
    var beside = 0u;
    for (var i = 0u; i < x; i++) { beside += taps(KW, i, SX); }
    return above * KW + beside * taps(KH, y, SY);
}

@compute @workgroup_size(64)
fn rotate(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let number = line(id, groups);
    if number >= KH * KW * C * N {
        return;
    }
    let ci = number % C;
    let co = number / C % N;
    let tap = number / (C * N);
    let y = tap / KW % SY;
    let x = tap % KW % SX;
    let across = taps(KW, x, SX);
    let jy = taps(KH, y, SY) - 1u - tap / KW / SY;
    let jx = across - 1u - tap % KW / SX;
    move_block(tap, class_base(y, x) + jy * across + jx, ci, co);
}
