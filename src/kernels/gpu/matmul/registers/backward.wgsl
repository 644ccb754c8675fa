// dx = dy w^T, gathered: each invocation computes a tile of pixels by channels in registers.
//
// With strides, all pixels of one phase (iy mod SY, ix mod SX) are multiplied by the same taps of the kernel, so each
// phase is a separate convolution; the phase is the grid's z.
override QH: u32; // pixels of a phase
override QW: u32;

// For pixel m of the phase, the output of the last tap: its offset in `dy`, its row and its column.
fn meet(m: u32, shift: vec2<u32>) -> vec3<u32> {
    let oy = (m / QW) % QH + shift.x;
    let ox = m % QW + shift.y;
    let n = m / (QW * QH);
    return vec3<u32>(((n * OH + oy) * OW + ox) * N, oy, ox);
}

// Whether the output j taps before it exists.
fn exists(p: vec3<u32>, jy: u32, jx: u32) -> bool {
    return p.y - jy < OH && p.z - jx < OW;
}

// Stores the gradient with respect to pixel m of the phase.
fn put(m: u32, phase: vec2<u32>, ci: u32, v: vec4<f32>) {
    let iy = (m / QW) % QH * SY + phase.x;
    let ix = m % QW * SX + phase.y;
    if iy < H && ix < W {
        store_dx((m / (QW * QH) * H + iy) * W + ix, ci, v);
    }
}

@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let tile = line(id, groups);
    let ci = tile % TILES * COLUMNS;
    let m = tile / TILES * ROWS;
    let pixels = step.rows * QH * QW;
    if m >= pixels {
        return;
    }
    // Row, column.
    let strides = vec2<u32>(SY, SX);
    let phase = vec2<u32>(id.z / SX, id.z % SX);
    let first = (phase + vec2<u32>(PY, PX)) % strides;
    let shift = (phase + vec2<u32>(PY, PX)) / strides;
    let p{r} = meet(m + {r}u, shift);
    var a{r}_{c} = vec4<f32>(0.0);
    // The taps of this phase in a single loop, because nested loops around the tile slow down the compiler.
    let taps = (vec2<u32>(KH, KW) + strides - 1u - min(first, vec2<u32>(KH, KW))) / strides;
    for (var t = 0u; t < taps.x * taps.y; t++) {
        let jy = t / taps.y;
        let jx = t % taps.y;
        let back = (jy * OW + jx) * N;
        let e{r} = exists(p{r}, jy, jx);
        let q{r} = p{r}.x - back;
        let tap = (first.x + jy * SY) * KW + first.y + jx * SX;
        for (var co = 0u; co < N; co += STEP) {
            let k = (tap * C + ci) * N + co;
            let w{c} = w_columns(k + 4u * {c}u * N);
            let d{r} = dy_step(q{r} + co, e{r});
            a{r}_{c} += d{r} * w{c};
        }
    }
    var made: array<vec4<f32>, SIZE>;
    made[{r}u * FOURS + {c}u] = a{r}_{c};
    for (var i = 0u; i < SIZE; i++) {
        let pixel = m + i / FOURS;
        if pixel < pixels { put(pixel, phase, ci + 4u * (i % FOURS), made[i]); }
    }
}
