@group(0) @binding(0) var<storage, read> slots: array<f32>;
@group(0) @binding(1) var<storage, read_write> scale: array<f32>; // one over the norm of the direction
@group(0) @binding(2) var<storage, read> left: array<f32>;
@group(0) @binding(3) var<storage, read> right: array<f32>;
@group(0) @binding(4) var<storage, read> addend: array<f32>;
@group(0) @binding(5) var<storage, read_write> result: array<f32>;
@group(0) @binding(6) var<storage, read_write> w: array<f32>;
@group(0) @binding(7) var<storage, read> metrics: array<vec4<f32>>;
override FIRST: u32 = 0u;   // the place of the direction among the slots
override M: u32;            // the shorter side of the matrix
override N: u32;            // the longer side
override TALL: bool;        // whether the matrix lies transposed
override DEPTH: u32 = 1u;   // terms of a product
override COLUMNS: u32 = 1u; // columns of a product
override DOWN: u32 = 1u;    // distance of two rows of the right side
override ACROSS: u32 = 1u;  // distance of two columns of the right side
override PLUS: f32 = 0.0;    // factor of the addend
override TIMES: f32 = 1.0;  // factor of the product
override RATE: f32 = 1.0;   // factor of the learning rate

// The index in the matrix as it lies of value i of the matrix with the shorter side first.
fn place(i: u32) -> u32 {
    return select(i, i % N * M + i / N, TALL);
}

var<workgroup> squares: array<f32, 64>;

@compute @workgroup_size(64)
fn measure(@builtin(local_invocation_index) lane: u32) {
    var sum = 0.0;
    for (var i = lane; i < M * N; i += 64u) {
        sum += slots[FIRST + i] * slots[FIRST + i];
    }
    squares[lane] = sum;
    workgroupBarrier();
    if lane == 0u {
        var total = 0.0;
        for (var i = 0u; i < 64u; i++) {
            total += squares[i];
        }
        scale[0] = 1.0 / (sqrt(total) + 1e-7);
    }
}

@compute @workgroup_size(64)
fn begin(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < M * N {
        result[i] = slots[FIRST + place(i)] * scale[0];
    }
}

var<workgroup> rows: array<f32, 256>;
var<workgroup> columns: array<f32, 256>;

// result = PLUS * addend + TIMES * left right, for M rows.
@compute @workgroup_size(16, 16)
fn multiply(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
    let i = group.y * 16u + local.y;
    let j = group.x * 16u + local.x;
    let own = local.y * 16u + local.x;
    var sum = 0.0;
    for (var first = 0u; first < DEPTH; first += 16u) {
        var a = 0.0;
        var b = 0.0;
        if i < M && first + local.x < DEPTH {
            a = left[i * DEPTH + first + local.x];
        }
        if j < COLUMNS && first + local.y < DEPTH {
            b = right[(first + local.y) * DOWN + j * ACROSS];
        }
        rows[own] = a;
        columns[own] = b;
        workgroupBarrier();
        for (var k = 0u; k < 16u; k++) {
            sum += rows[local.y * 16u + k] * columns[k * 16u + local.x];
        }
        workgroupBarrier();
    }
    if i < M && j < COLUMNS {
        let at = i * COLUMNS + j;
        result[at] = PLUS * addend[at] + TIMES * sum;
    }
}

@compute @workgroup_size(64)
fn apply(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < M * N && metrics[step.slot].w == 0.0 {
        w[place(i)] -= step.learning_rate * RATE * left[i];
    }
}
