@group(0) @binding(0) var<storage, read> x: array<V>;
@group(0) @binding(1) var<storage, read_write> y: array<V>;
@group(0) @binding(2) var<storage, read_write> parts: array<V>; // (SPLITS, 2, C)
@group(0) @binding(3) var<storage, read_write> stats: array<V>; // (4, C): mean, 1 / deviation, dbeta / m, dgamma / m
@group(0) @binding(4) var<storage, read> gamma: array<V>;
@group(0) @binding(5) var<storage, read> beta: array<V>;
@group(0) @binding(6) var<storage, read_write> moving_mean: array<V>;
@group(0) @binding(7) var<storage, read_write> moving_variance: array<V>;
@group(0) @binding(8) var<storage, read> dy: array<V>;
@group(0) @binding(9) var<storage, read_write> dx: array<V>;
@group(0) @binding(10) var<storage, read_write> dgamma: array<V>;
@group(0) @binding(11) var<storage, read_write> dbeta: array<V>;
override C: u32;      // Vs of a pixel
override PIXELS: u32; // of an image
override SPLITS: u32;
override EPSILON: f32;
override KEEP: f32;   // momentum
override TAKE: f32;   // 1 - momentum
override UNBIASED: bool;
override SCALE: bool;
override CENTER: bool;

// The pixels of part s of the batch: the first, and one past the last.
fn range(s: u32) -> vec2<u32> {
    let m = step.rows * PIXELS;
    let share = (m + SPLITS - 1u) / SPLITS;
    return min(vec2<u32>(s * share, (s + 1u) * share), vec2<u32>(m));
}

@compute @workgroup_size(64)
fn sums(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    let c = i % C;
    let s = i / C;
    if s >= SPLITS {
        return;
    }
    let r = range(s);
    var sum = V(0.0);
    for (var p = r.x; p < r.y; p++) {
        sum += x[p * C + c];
    }
    let mean = sum / f32(max(r.y - r.x, 1u));
    var squares = V(0.0);
    for (var p = r.x; p < r.y; p++) {
        let d = x[p * C + c] - mean;
        squares += d * d;
    }
    parts[2u * s * C + c] = mean;
    parts[(2u * s + 1u) * C + c] = squares;
}

var<workgroup> shares: array<V, 64>;

// What all invocations of a workgroup bring, added in order.
fn together(lane: u32, share: V) -> V {
    workgroupBarrier();
    shares[lane] = share;
    workgroupBarrier();
    var sum = V(0.0);
    for (var i = 0u; i < 64u; i++) {
        sum += shares[i];
    }
    return sum;
}

// One workgroup a channel V.
@compute @workgroup_size(64)
fn statistics(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) lane: u32,
) {
    let c = group.y * groups.x + group.x;
    if c >= C {
        return;
    }
    let m = f32(step.rows * PIXELS);
    var share = V(0.0);
    for (var s = lane; s < SPLITS; s += 64u) {
        let r = range(s);
        share += parts[2u * s * C + c] * (f32(r.y - r.x) / m);
    }
    let mean = together(lane, share);
    share = V(0.0);
    for (var s = lane; s < SPLITS; s += 64u) {
        let r = range(s);
        let d = parts[2u * s * C + c] - mean;
        share += parts[(2u * s + 1u) * C + c] + d * d * f32(r.y - r.x);
    }
    let squares = together(lane, share);
    if lane > 0u {
        return;
    }
    let variance = squares / m;
    stats[c] = mean;
    stats[C + c] = 1.0 / sqrt(variance + EPSILON);
    var fed = variance;
    if UNBIASED && m > 1.0 {
        fed = squares / (m - 1.0);
    }
    moving_mean[c] = moving_mean[c] * KEEP + mean * TAKE;
    moving_variance[c] = moving_variance[c] * KEEP + fed * TAKE;
}

fn normalised(v: V, mean: V, inverse: V, c: u32) -> V {
    var result = (v - mean) * inverse;
    if SCALE {
        result *= gamma[c];
    }
    if CENTER {
        result += beta[c];
    }
    return result;
}

@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    let c = i % C;
    if i < step.rows * PIXELS * C {
        y[i] = normalised(x[i], stats[c], stats[C + c], c);
    }
}

@compute @workgroup_size(64)
fn infer(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    let c = i % C;
    if i < step.rows * PIXELS * C {
        y[i] = normalised(x[i], moving_mean[c], 1.0 / sqrt(moving_variance[c] + EPSILON), c);
    }
}

@compute @workgroup_size(64)
fn gradient_sums(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    let c = i % C;
    let s = i / C;
    if s >= SPLITS {
        return;
    }
    let r = range(s);
    let mean = stats[c];
    let inverse = stats[C + c];
    var sum = V(0.0);
    var product = V(0.0);
    for (var p = r.x; p < r.y; p++) {
        let d = dy[p * C + c];
        sum += d;
        product += d * (x[p * C + c] - mean) * inverse;
    }
    parts[2u * s * C + c] = sum;
    parts[(2u * s + 1u) * C + c] = product;
}

// One workgroup a channel V.
@compute @workgroup_size(64)
fn gradients(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) lane: u32,
) {
    let c = group.y * groups.x + group.x;
    if c >= C {
        return;
    }
    var share_of_sum = V(0.0);
    var share_of_product = V(0.0);
    for (var s = lane; s < SPLITS; s += 64u) {
        share_of_sum += parts[2u * s * C + c];
        share_of_product += parts[(2u * s + 1u) * C + c];
    }
    let sum = together(lane, share_of_sum);
    let product = together(lane, share_of_product);
    if lane > 0u {
        return;
    }
    let m = f32(step.rows * PIXELS);
    stats[2u * C + c] = sum / m;
    stats[3u * C + c] = product / m;
    if SCALE {
        dgamma[c] = product + select(V(0.0), dgamma[c], step.piece > 0u);
    }
    if CENTER {
        dbeta[c] = sum + select(V(0.0), dbeta[c], step.piece > 0u);
    }
}

@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    let c = i % C;
    if i >= step.rows * PIXELS * C {
        return;
    }
    let inverse = stats[C + c];
    var factor = inverse;
    if SCALE {
        factor *= gamma[c];
    }
    let v = factor * (dy[i] - stats[2u * C + c] - (x[i] - stats[c]) * inverse * stats[3u * C + c]);
    dx[i] = gradient(v, dx[i], x[i]);
}
