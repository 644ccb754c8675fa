// result = patches(source) matrix. A workgroup computes a block of the product, and each invocation a tile of it in
// registers. Both operands pass through workgroup memory, a few terms at a time. The loads of the next terms overlap
// with the computation (software pipelining).
@group(0) @binding(1) var<storage, read> matrix: array<V>; // (K, N), from BASE on
@group(0) @binding(2) var<storage, read> bias: array<V>;
@group(0) @binding(3) var<storage, read_write> result: array<V>; // the result if DIRECT, else its parts
@group(0) @binding(4) var<storage, read> before: array<V>; // the tensor with respect to which the result is the gradient
override BIAS: bool;
override BASE: u32 = 0u;
override FORWARD: bool;
override LEN: u32; // values of the result
// The result of a window is stored at every (STEP_Y, STEP_X) pixels from (FROM_Y, FROM_X) on, in images of RH by RW.
override RH: u32;
override RW: u32;
override STEP_Y: u32;
override STEP_X: u32;
override FROM_Y: u32;
override FROM_X: u32;

var<workgroup> left: array<vec4<f32>, BM * DEPTH / 4u>;  // (BM, DEPTH): patches
var<workgroup> right: array<vec4<f32>, RIGHT>; // (DEPTH, BN): the matrix

// Stores four values of window m's result from column n on.
fn store(m: u32, n: u32, split: u32, v: vec4<f32>) {
    let y = (m / OW) % OH * STEP_Y + FROM_Y;
    let x = m % OW * STEP_X + FROM_X;
    if n < N && y < RH && x < RW {
        put((m / (OW * OH) * RH + y) * RW + x, n, split, v);
    }
}

@compute @workgroup_size({THREADS})
fn product(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) t: u32,
) {
    let block = number(group, groups);
    let n0 = block % TILES * BN;
    let m0 = block / TILES % DOWN * BM;
    let split = block / (TILES * DOWN);
    let windows = step.rows * OH * OW;
    if m0 >= windows || split >= SPLITS {
        return;
    }
    let end = min((split + 1u) * SHARE, K);
    // The values that this invocation loads: of some windows, four consecutive terms; of some terms, four consecutive
    // columns. Windows past the last one repeat it and are not stored. An invocation without values of the matrix to
    // load gets a column past the last one.
    let p{a} = locate(min(m0 + t / 4u + {a}u * (THREADS / 4u), windows - 1u));
    let term = t % 4u * 4u;
    let column = select(N, n0 + t % (BN / 4u) * 4u, RIGHT >= THREADS || t < RIGHT);
    let line = t / (BN / 4u);
    var k = split * SHARE;
    var l{a} = patch_at(p{a}, k + term, end);
    var r{b} = matrix_at(k + line + {b}u * (THREADS / (BN / 4u)), column, end);
    let down = t / ACROSS * ROWS * (DEPTH / 4u);
    let across = t % ACROSS;
    var a{r}_{c} = vec4<f32>(0.0);
    while k < end {
        workgroupBarrier();
        left[t + {a}u * THREADS] = l{a};
        if RIGHT >= THREADS || t < RIGHT { right[t % RIGHT + {b}u * THREADS] = r{b}; }
        workgroupBarrier();
        k += DEPTH;
        if k < end {
            l{a} = patch_at(p{a}, k + term, end);
            r{b} = matrix_at(k + line + {b}u * (THREADS / (BN / 4u)), column, end);
        }
        for (var i = 0u; i < DEPTH / 4u; i++) {
            let u{r} = left[down + {r}u * (DEPTH / 4u) + i];
            let at = i * BN + across;
            let w{c} = right[at + {c}u * ACROSS];
            a{r}_{c} += u{r}.x * w{c};
            let x{c} = right[at + BN / 4u + {c}u * ACROSS];
            a{r}_{c} += u{r}.y * x{c};
            let y{c} = right[at + 2u * (BN / 4u) + {c}u * ACROSS];
            a{r}_{c} += u{r}.z * y{c};
            let z{c} = right[at + 3u * (BN / 4u) + {c}u * ACROSS];
            a{r}_{c} += u{r}.w * z{c};
        }
    }
    let m = m0 + t / ACROSS * ROWS;
    let n = n0 + across * 4u;
    if m + {r}u < windows { store(m + {r}u, n + {c}u * ACROSS * 4u, split, a{r}_{c}); }
}
