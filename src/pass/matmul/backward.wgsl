// dx = dy w^T, gathered: each invocation makes 4 pixels by 8 channels in registers.
//
// With strides, pixels of one phase (iy mod SY, ix mod SX) meet the same taps of the kernel, so each phase is a
// convolution of its own; the phase is the grid's z.
override QH: u32; // pixels of a phase
override QW: u32;

// Of pixel m of the phase: where the last tap's output lies in `dy`, and its line and column.
fn meet(m: u32, shift: vec2<u32>) -> vec3<u32> {
    let oy = (m / QW) % QH + shift.y;
    let ox = m % QW + shift.x;
    let n = m / (QW * QH);
    return vec3<u32>(((n * OH + oy) * OW + ox) * N, oy, ox);
}

// Whether the output that lies j taps before it exists.
fn exists(p: vec3<u32>, jy: u32, jx: u32) -> bool {
    return p.y - jy < OH && p.z - jx < OW;
}

// Stores the gradient by pixel m of the phase.
fn put(m: u32, phase: vec2<u32>, ci: u32, v: vec4<f32>) {
    let iy = (m / QW) % QH * SY + phase.y;
    let ix = m % QW * SX + phase.x;
    if iy < H && ix < W {
        store_dx((m / (QW * QH) * H + iy) * W + ix, ci, v);
    }
}

@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let tile = line(id, groups);
    let ci = tile % TILES * select(4u, 8u, WIDE);
    let m = tile / TILES * 4u;
    let pixels = step.rows * QH * QW;
    if m >= pixels {
        return;
    }
    let phase = vec2<u32>(id.z % SX, id.z / SX);
    let first = (phase + vec2<u32>(PX, PY)) % vec2<u32>(SX, SY);
    let shift = (phase + vec2<u32>(PX, PY)) / vec2<u32>(SX, SY);
    let p0 = meet(m + 0u, shift);
    let p1 = meet(m + 1u, shift);
    let p2 = meet(m + 2u, shift);
    let p3 = meet(m + 3u, shift);
    var a0 = vec4<f32>(0.0);
    var a1 = vec4<f32>(0.0);
    var a2 = vec4<f32>(0.0);
    var a3 = vec4<f32>(0.0);
    var b0 = vec4<f32>(0.0);
    var b1 = vec4<f32>(0.0);
    var b2 = vec4<f32>(0.0);
    var b3 = vec4<f32>(0.0);
    var jy = 0u;
    for (var ky = first.y; ky < KH; ky += SY) {
        var jx = 0u;
        for (var kx = first.x; kx < KW; kx += SX) {
            let back = (jy * OW + jx) * N;
            let e0 = exists(p0, jy, jx);
            let q0 = p0.x - back;
            let e1 = exists(p1, jy, jx);
            let q1 = p1.x - back;
            let e2 = exists(p2, jy, jx);
            let q2 = p2.x - back;
            let e3 = exists(p3, jy, jx);
            let q3 = p3.x - back;
            for (var co = 0u; co < N; co += 4u) {
                let left = N - co;
                let k = ((ky * KW + kx) * C + ci) * N + co;
                let wa = mat4x4<f32>(w4(k), w4(k + N), w4(k + 2u * N), w4(k + 3u * N));
                let d0 = dy4(q0 + co, left, e0);
                let d1 = dy4(q1 + co, left, e1);
                let d2 = dy4(q2 + co, left, e2);
                let d3 = dy4(q3 + co, left, e3);
                a0 += d0 * wa;
                a1 += d1 * wa;
                a2 += d2 * wa;
                a3 += d3 * wa;
                if WIDE {
                    let wb = mat4x4<f32>(w4(k + 4u * N), w4(k + 5u * N), w4(k + 6u * N), w4(k + 7u * N));
                    b0 += d0 * wb;
                    b1 += d1 * wb;
                    b2 += d2 * wb;
                    b3 += d3 * wb;
                }
            }
            jx++;
        }
        jy++;
    }
    let count = min(pixels - m, 4u);
    put(m, phase, ci, a0);
    if count > 1u { put(m + 1u, phase, ci, a1); }
    if count > 2u { put(m + 2u, phase, ci, a2); }
    if count > 3u { put(m + 3u, phase, ci, a3); }
    if WIDE {
        put(m, phase, ci + 4u, b0);
        if count > 1u { put(m + 1u, phase, ci + 4u, b1); }
        if count > 2u { put(m + 2u, phase, ci + 4u, b2); }
        if count > 3u { put(m + 3u, phase, ci + 4u, b3); }
    }
}
