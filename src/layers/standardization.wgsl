@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<storage, read_write> stats: array<vec2<f32>>; // per set: mean, 1 / sqrt(var + epsilon)
@group(0) @binding(3) var<storage, read> gamma: array<f32>;
@group(0) @binding(4) var<storage, read> beta: array<f32>;
@group(0) @binding(5) var<storage, read> dy: array<f32>;
@group(0) @binding(6) var<storage, read_write> dx: array<f32>;
@group(0) @binding(7) var<storage, read_write> sums: array<vec2<f32>>; // per set: means of g and of g xh
@group(0) @binding(8) var<storage, read_write> dgamma: array<f32>;     // one for each part of the sum
@group(0) @binding(9) var<storage, read_write> dbeta: array<f32>;
override LEN: u32;    // values of an image
override SETS: u32;   // sets of an image
override RUNS: u32;   // runs of consecutive values in a set
override STRIDE: u32; // distance of neighbouring runs
override WIDTH: u32;  // values of a run
override GAMMAS: u32;
override SPLITS: u32;
override GROUPED: bool; // each set has gammas of its own
override EPSILON: f32;
override SCALE: bool;
override CENTER: bool;

// The set that a value belongs to.
fn set_of(i: u32) -> u32 {
    let r = i % LEN;
    return i / LEN * SETS + select(r / WIDTH, r % GAMMAS / WIDTH, GROUPED);
}

fn factor(i: u32) -> f32 {
    if SCALE {
        return gamma[i % GAMMAS];
    }
    return 1.0;
}

// The start of a set's first run.
fn first(own: u32) -> u32 {
    return own / SETS * LEN + own % SETS * WIDTH;
}

@compute @workgroup_size(64)
fn statistics(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let own = line(id, groups);
    if own >= step.rows * SETS {
        return;
    }
    let start = first(own);
    let n = f32(RUNS * WIDTH);
    var sum = 0.0;
    for (var run = 0u; run < RUNS; run++) {
        for (var j = 0u; j < WIDTH; j++) {
            sum += x[start + run * STRIDE + j];
        }
    }
    let mean = sum / n;
    var squares = 0.0;
    for (var run = 0u; run < RUNS; run++) {
        for (var j = 0u; j < WIDTH; j++) {
            let d = x[start + run * STRIDE + j] - mean;
            squares += d * d;
        }
    }
    stats[own] = vec2<f32>(mean, 1.0 / sqrt(squares / n + EPSILON));
}

@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i >= step.rows * LEN {
        return;
    }
    let s = stats[set_of(i)];
    var v = (x[i] - s.x) * s.y * factor(i);
    if CENTER {
        v += beta[i % GAMMAS];
    }
    y[i] = v;
}

@compute @workgroup_size(64)
fn gradient_sums(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let own = line(id, groups);
    if own >= step.rows * SETS {
        return;
    }
    let start = first(own);
    let s = stats[own];
    var sum = vec2<f32>(0.0);
    for (var run = 0u; run < RUNS; run++) {
        for (var j = 0u; j < WIDTH; j++) {
            let at = start + run * STRIDE + j;
            let g = dy[at] * factor(at);
            sum += vec2<f32>(g, g * (x[at] - s.x) * s.y);
        }
    }
    sums[own] = sum / f32(RUNS * WIDTH);
}

@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i >= step.rows * LEN {
        return;
    }
    let own = set_of(i);
    let s = stats[own];
    let mean = sums[own];
    let d = (dy[i] * factor(i) - mean.x - (x[i] - s.x) * s.y * mean.y) * s.y;
    dx[i] = gradient(d, dx[i], x[i]);
}

// One invocation a gamma and part of the values that it scales.
@compute @workgroup_size(64)
fn weights(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    let a = i % GAMMAS;
    let split = i / GAMMAS;
    if split >= SPLITS {
        return;
    }
    let items = step.rows * (LEN / GAMMAS);
    let share = (items + SPLITS - 1u) / SPLITS;
    let end = min((split + 1u) * share, items);
    var scale = 0.0;
    var shift = 0.0;
    for (var item = split * share; item < end; item++) {
        let at = item * GAMMAS + a;
        let s = stats[set_of(at)];
        scale += dy[at] * (x[at] - s.x) * s.y;
        shift += dy[at];
    }
    dgamma[i] = scale;
    dbeta[i] = shift;
}
