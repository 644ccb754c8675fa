// dw = patches(source)^T dy and db = sum of dy, over one part of the batch's windows. A workgroup makes a block of the product,
// each invocation a tile of that in registers. `sum` of the parts follows where there are several.
@group(0) @binding(1) var<storage, read> dy: array<V>;
@group(0) @binding(2) var<storage, read_write> dw: array<V>;
@group(0) @binding(3) var<storage, read_write> db: array<V>;
override BIAS: bool;

var<workgroup> left: array<vec4<f32>, BM * DEPTH / 4u>; // (DEPTH, BM): patches
var<workgroup> right: array<vec4<f32>, RIGHT>; // (DEPTH, BN): dy
const BELOW = BM / ROWS; // invocations one below another

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
    // A short batch has short parts.
    let share = (windows + SPLITS * DEPTH - 1u) / (SPLITS * DEPTH) * DEPTH;
    let end = min((split + 1u) * share, windows);
    // What this invocation brings: of some windows, four neighbouring rows of the kernel; of some, four columns.
    let taps = taps_at(m0 + t % (BM / 4u) * 4u);
    // (Who has nothing to bring of `dy` names a column past the last.)
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
        // Who brought the same columns adds up what it saw.
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
