// Convolutions with gaps between the taps of the window, or with channels in groups, between an image of H by W pixels with C
// channels and a result of OH by OW pixels with N channels: the sums as they stand in the formulas, an invocation a value.
@group(0) @binding(0) var<storage, read> from_: array<f32>;
@group(0) @binding(1) var<storage, read> w: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read_write> to: array<f32>;
@group(0) @binding(4) var<storage, read> at: array<f32>; // in the backward pass the layer's input
@group(0) @binding(5) var<storage, read> other: array<f32>;
override H: u32;
override W: u32;
override C: u32;
override OH: u32;
override OW: u32;
override N: u32;
override KH: u32; // taps
override KW: u32;
override SY: u32; // strides
override SX: u32;
override PY: u32; // zeros before the first pixel
override PX: u32;
override DY: u32; // distance of neighbouring taps
override DX: u32;
override CG: u32; // channels of the image in a group
override NG: u32; // channels of the result in a group
override SPLITS: u32 = 1u;
override CHANNELS: u32 = 1u; // of the tensor whose pixels are summed
override PIXELS: u32 = 1u;   // of an image of it
override BIAS: bool = false;
override BACKWARD: bool = false;

fn put(i: u32, c: u32, sum: f32) {
    if BACKWARD {
        to[i] = gradient(sum, to[i], at[i]);
        return;
    }
    var v = sum;
    if BIAS {
        v += b[c];
    }
    to[i] = activate(v);
}

// From the image to the result.
@compute @workgroup_size(64)
fn gather(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    let n = i % N;
    let o = i / N;
    let image = o / (OW * OH);
    if image >= step.rows {
        return;
    }
    let top = o / OW % OH * SY - PY;
    let left = o % OW * SX - PX;
    let first = n / NG * CG;
    var sum = 0.0;
    for (var ky = 0u; ky < KH; ky++) {
        let y = top + ky * DY;
        for (var kx = 0u; kx < KW; kx++) {
            let x = left + kx * DX;
            if y < H && x < W {
                let pixel = ((image * H + y) * W + x) * C + first;
                let tap = (ky * KW + kx) * CG * N + n;
                for (var c = 0u; c < CG; c++) {
                    sum += from_[pixel + c] * w[tap + c * N];
                }
            }
        }
    }
    put(i, n, sum);
}

// From the result to the image: every product goes back to the pixel that it came from.
@compute @workgroup_size(64)
fn scatter(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    let c = i % C;
    let p = i / C;
    let image = p / (W * H);
    if image >= step.rows {
        return;
    }
    let y = p / W % H + PY;
    let x = p % W + PX;
    let first = c / CG * NG;
    var sum = 0.0;
    for (var ky = 0u; ky < KH; ky++) {
        let ty = y - ky * DY;
        let oy = ty / SY;
        for (var kx = 0u; kx < KW; kx++) {
            let tx = x - kx * DX;
            let ox = tx / SX;
            // Below zero, the differences wrap around to large numbers.
            if ty % SY == 0u && tx % SX == 0u && oy < OH && ox < OW && ty <= y && tx <= x {
                let pixel = ((image * OH + oy) * OW + ox) * N + first;
                let tap = ((ky * KW + kx) * CG + c % CG) * N + first;
                for (var n = 0u; n < NG; n++) {
                    sum += from_[pixel + n] * w[tap + n];
                }
            }
        }
    }
    put(i, c, sum);
}

// One invocation a weight and part of the result's pixels; from_ is the image, other the result.
@compute @workgroup_size(64)
fn weights(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    let n = i % N;
    let c = n / NG * CG + i / N % CG;
    let tap = i / (N * CG) % (KH * KW);
    let split = i / (N * CG * KH * KW);
    if split >= SPLITS {
        return;
    }
    let pixels = step.rows * OH * OW;
    let share = (pixels + SPLITS - 1u) / SPLITS;
    let end = min((split + 1u) * share, pixels);
    let down = tap / KW * DY - PY;
    let across = tap % KW * DX - PX;
    var sum = 0.0;
    for (var o = split * share; o < end; o++) {
        let y = o / OW % OH * SY + down;
        let x = o % OW * SX + across;
        if y < H && x < W {
            sum += from_[((o / (OW * OH) * H + y) * W + x) * C + c] * other[o * N + n];
        }
    }
    to[i] = sum;
}

// One invocation a channel and part of the pixels.
@compute @workgroup_size(64)
fn channel_sums(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    let c = i % CHANNELS;
    let split = i / CHANNELS;
    if split >= SPLITS {
        return;
    }
    let pixels = step.rows * PIXELS;
    let share = (pixels + SPLITS - 1u) / SPLITS;
    let end = min((split + 1u) * share, pixels);
    var sum = 0.0;
    for (var p = split * share; p < end; p++) {
        sum += from_[p * CHANNELS + c];
    }
    to[i] = sum;
}
