@group(0) @binding(0) var<storage, read> parts_0: array<V>;
@group(0) @binding(1) var<storage, read_write> grad_0: array<V>;
@group(0) @binding(2) var<storage, read> parts_1: array<V>;
@group(0) @binding(3) var<storage, read_write> grad_1: array<V>;
override LEN_0: u32;
override LEN_1: u32 = 0u;
override SPLITS: u32;
override LANES: u32; // invocations that share the parts of a value: 1, 4, 16 or 64

var<workgroup> shares: array<V, 64>;

// This invocation's share of the sum of value i: every LANES-th part from `lane` on.
fn sum_0(i: u32, lane: u32) -> V {
    var sum = V(0.0);
    for (var s = lane; s < SPLITS; s += LANES) {
        sum += parts_0[s * LEN_0 + i];
    }
    return sum;
}

fn sum_1(i: u32, lane: u32) -> V {
    var sum = V(0.0);
    for (var s = lane; s < SPLITS; s += LANES) {
        sum += parts_1[s * LEN_1 + i];
    }
    return sum;
}

// The sum of the shares of all lanes, in order.
fn together(t: u32, share: V) -> V {
    if LANES == 1u {
        return share;
    }
    shares[t] = share;
    workgroupBarrier();
    let each = 64u / LANES;
    var sum = V(0.0);
    for (var i = t % each; i < 64u; i += each) {
        sum += shares[i];
    }
    return sum;
}

fn put_0(i: u32, sum: V) {
    grad_0[i] = sum + select(V(0.0), grad_0[i], step.piece > 0u);
}

@compute @workgroup_size(64)
fn one(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) t: u32,
) {
    let each = 64u / LANES;
    let i = (group.y * groups.x + group.x) * each + t % each;
    var share = V(0.0);
    if i < LEN_0 {
        share = sum_0(i, t / each);
    }
    let sum = together(t, share);
    if t < each && i < LEN_0 {
        put_0(i, sum);
    }
}

@compute @workgroup_size(64)
fn two(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) t: u32,
) {
    let each = 64u / LANES;
    let i = (group.y * groups.x + group.x) * each + t % each;
    let j = i - LEN_0;
    var share = V(0.0);
    if i < LEN_0 {
        share = sum_0(i, t / each);
    } else if j < LEN_1 {
        share = sum_1(j, t / each);
    }
    let sum = together(t, share);
    if t < each {
        if i < LEN_0 {
            put_0(i, sum);
        } else if j < LEN_1 {
            grad_1[j] = sum + select(V(0.0), grad_1[j], step.piece > 0u);
        }
    }
}
