// dw = patches(source)^T dy and db = sum of dy, over one part of the batch's windows. A workgroup computes a block of
// the product, each invocation a tile of it in registers. If there are several parts, the pass of reduce.wgsl sums
// them.
@group(0) @binding(1) var<storage, read> dy: array<V>;
@group(0) @binding(2) var<storage, read_write> dw: array<V>;
@group(0) @binding(3) var<storage, read_write> db: array<V>;
override BIAS: bool;

var<workgroup> left: array<vec4<f32>, BM * DEPTH / 4u>; // (DEPTH, BM): patches
var<workgroup> right: array<vec4<f32>, RIGHT>; // (DEPTH, BN): dy
const BELOW = BM / ROWS; // invocations per column of tiles

@compute @workgroup_size({THREADS})
fn weights(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) t: u32,
) {
    let block = number(group, groups);
    let n0 = block % TILES * BN;
    let m0 = block / TILES % DOWN * BM;
    let split = block / (TILES * DOWN);
    if split >= SPLITS {
        return;
    }
    let windows = step.rows * OH * OW;
    // A smaller batch has smaller parts.
    let share = (windows + SPLITS * DEPTH - 1u) / (SPLITS * DEPTH) * DEPTH;
    let end = min((split + 1u) * share, windows);
    // The values that this invocation loads: of some windows, four consecutive rows of the kernel; of some, four
    // columns.
    let taps = taps_at(m0 + t % (BM / 4u) * 4u);
    // An invocation without values of `dy` to load gets a column past the last one.
    let column = select(N, n0 + t % (BN / 4u) * 4u, RIGHT >= THREADS || t < RIGHT);
    var k = split * share;
    var l{a} = patch_at(k + t / (BM / 4u) + {a}u * (THREADS / (BM / 4u)), taps, end);
    var r{b} = dy_at(k + t / (BN / 4u) + {b}u * (THREADS / (BN / 4u)), column, end);
    let down = t / ACROSS;
    let across = t % ACROSS;
    var sum = vec4<f32>(0.0);
    var a{r}_{c} = vec4<f32>(0.0);
    while k < end {
        workgroupBarrier();
        left[t + {a}u * THREADS] = l{a};
        if RIGHT >= THREADS || t < RIGHT { right[t % RIGHT + {b}u * THREADS] = r{b}; }
        sum += r{b};
        workgroupBarrier();
        k += DEPTH;
        if k < end {
            l{a} = patch_at(k + t / (BM / 4u) + {a}u * (THREADS / (BM / 4u)), taps, end);
            r{b} = dy_at(k + t / (BN / 4u) + {b}u * (THREADS / (BN / 4u)), column, end);
        }
        for (var i = 0u; i < DEPTH; i++) {
            let u{q} = left[i * (BM / 4u) + down + {q}u * BELOW];
            let w{c} = right[i * (BN / 4u) + across + {c}u * ACROSS];
            a{r}_{c} += u{r/4}.{r%4} * w{c};
        }
    }
    let m = m0 + down * 4u;
    let n = n0 + across * 4u;
    put(m + {r/4}u * BELOW * 4u + {r mod 4}u, n + {c}u * ACROSS * 4u, split, a{r}_{c});
    if BIAS && m0 == 0u {
        // One invocation adds up the sums of all that loaded the same columns.
        workgroupBarrier();
        left[t] = sum;
        workgroupBarrier();
        if t < BN / 4u {
            for (var i = t + BN / 4u; i < min(THREADS, RIGHT); i += BN / 4u) {
                sum += left[i];
            }
            put_db(column, split, sum);
        }
    }
}
