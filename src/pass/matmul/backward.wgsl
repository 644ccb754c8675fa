// dx = dy w^T, gathered: each invocation makes 16 pixels by 8 channels in registers.
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
    let m = tile / TILES * 16u;
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
    let p4 = meet(m + 4u, shift);
    let p5 = meet(m + 5u, shift);
    let p6 = meet(m + 6u, shift);
    let p7 = meet(m + 7u, shift);
    let p8 = meet(m + 8u, shift);
    let p9 = meet(m + 9u, shift);
    let p10 = meet(m + 10u, shift);
    let p11 = meet(m + 11u, shift);
    let p12 = meet(m + 12u, shift);
    let p13 = meet(m + 13u, shift);
    let p14 = meet(m + 14u, shift);
    let p15 = meet(m + 15u, shift);
    var a0 = vec4<f32>(0.0);
    var a1 = vec4<f32>(0.0);
    var a2 = vec4<f32>(0.0);
    var a3 = vec4<f32>(0.0);
    var a4 = vec4<f32>(0.0);
    var a5 = vec4<f32>(0.0);
    var a6 = vec4<f32>(0.0);
    var a7 = vec4<f32>(0.0);
    var a8 = vec4<f32>(0.0);
    var a9 = vec4<f32>(0.0);
    var a10 = vec4<f32>(0.0);
    var a11 = vec4<f32>(0.0);
    var a12 = vec4<f32>(0.0);
    var a13 = vec4<f32>(0.0);
    var a14 = vec4<f32>(0.0);
    var a15 = vec4<f32>(0.0);
    var b0 = vec4<f32>(0.0);
    var b1 = vec4<f32>(0.0);
    var b2 = vec4<f32>(0.0);
    var b3 = vec4<f32>(0.0);
    var b4 = vec4<f32>(0.0);
    var b5 = vec4<f32>(0.0);
    var b6 = vec4<f32>(0.0);
    var b7 = vec4<f32>(0.0);
    var b8 = vec4<f32>(0.0);
    var b9 = vec4<f32>(0.0);
    var b10 = vec4<f32>(0.0);
    var b11 = vec4<f32>(0.0);
    var b12 = vec4<f32>(0.0);
    var b13 = vec4<f32>(0.0);
    var b14 = vec4<f32>(0.0);
    var b15 = vec4<f32>(0.0);
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
            let e4 = exists(p4, jy, jx);
            let q4 = p4.x - back;
            let e5 = exists(p5, jy, jx);
            let q5 = p5.x - back;
            let e6 = exists(p6, jy, jx);
            let q6 = p6.x - back;
            let e7 = exists(p7, jy, jx);
            let q7 = p7.x - back;
            let e8 = exists(p8, jy, jx);
            let q8 = p8.x - back;
            let e9 = exists(p9, jy, jx);
            let q9 = p9.x - back;
            let e10 = exists(p10, jy, jx);
            let q10 = p10.x - back;
            let e11 = exists(p11, jy, jx);
            let q11 = p11.x - back;
            let e12 = exists(p12, jy, jx);
            let q12 = p12.x - back;
            let e13 = exists(p13, jy, jx);
            let q13 = p13.x - back;
            let e14 = exists(p14, jy, jx);
            let q14 = p14.x - back;
            let e15 = exists(p15, jy, jx);
            let q15 = p15.x - back;
            for (var co = 0u; co < N; co += 4u) {
                let left = N - co;
                let k = ((ky * KW + kx) * C + ci) * N + co;
                let wa = mat4x4<f32>(w4(k), w4(k + N), w4(k + 2u * N), w4(k + 3u * N));
                let d0 = dy4(q0 + co, left, e0);
                let d1 = dy4(q1 + co, left, e1);
                let d2 = dy4(q2 + co, left, e2);
                let d3 = dy4(q3 + co, left, e3);
                let d4 = dy4(q4 + co, left, e4);
                let d5 = dy4(q5 + co, left, e5);
                let d6 = dy4(q6 + co, left, e6);
                let d7 = dy4(q7 + co, left, e7);
                let d8 = dy4(q8 + co, left, e8);
                let d9 = dy4(q9 + co, left, e9);
                let d10 = dy4(q10 + co, left, e10);
                let d11 = dy4(q11 + co, left, e11);
                let d12 = dy4(q12 + co, left, e12);
                let d13 = dy4(q13 + co, left, e13);
                let d14 = dy4(q14 + co, left, e14);
                let d15 = dy4(q15 + co, left, e15);
                a0 += d0 * wa;
                a1 += d1 * wa;
                a2 += d2 * wa;
                a3 += d3 * wa;
                a4 += d4 * wa;
                a5 += d5 * wa;
                a6 += d6 * wa;
                a7 += d7 * wa;
                a8 += d8 * wa;
                a9 += d9 * wa;
                a10 += d10 * wa;
                a11 += d11 * wa;
                a12 += d12 * wa;
                a13 += d13 * wa;
                a14 += d14 * wa;
                a15 += d15 * wa;
                if WIDE {
                    let wb = mat4x4<f32>(w4(k + 4u * N), w4(k + 5u * N), w4(k + 6u * N), w4(k + 7u * N));
                    b0 += d0 * wb;
                    b1 += d1 * wb;
                    b2 += d2 * wb;
                    b3 += d3 * wb;
                    b4 += d4 * wb;
                    b5 += d5 * wb;
                    b6 += d6 * wb;
                    b7 += d7 * wb;
                    b8 += d8 * wb;
                    b9 += d9 * wb;
                    b10 += d10 * wb;
                    b11 += d11 * wb;
                    b12 += d12 * wb;
                    b13 += d13 * wb;
                    b14 += d14 * wb;
                    b15 += d15 * wb;
                }
            }
            jx++;
        }
        jy++;
    }
    let count = min(pixels - m, 16u);
    put(m, phase, ci, a0);
    if count > 1u { put(m + 1u, phase, ci, a1); }
    if count > 2u { put(m + 2u, phase, ci, a2); }
    if count > 3u { put(m + 3u, phase, ci, a3); }
    if count > 4u { put(m + 4u, phase, ci, a4); }
    if count > 5u { put(m + 5u, phase, ci, a5); }
    if count > 6u { put(m + 6u, phase, ci, a6); }
    if count > 7u { put(m + 7u, phase, ci, a7); }
    if count > 8u { put(m + 8u, phase, ci, a8); }
    if count > 9u { put(m + 9u, phase, ci, a9); }
    if count > 10u { put(m + 10u, phase, ci, a10); }
    if count > 11u { put(m + 11u, phase, ci, a11); }
    if count > 12u { put(m + 12u, phase, ci, a12); }
    if count > 13u { put(m + 13u, phase, ci, a13); }
    if count > 14u { put(m + 14u, phase, ci, a14); }
    if count > 15u { put(m + 15u, phase, ci, a15); }
    if WIDE {
        put(m, phase, ci + 4u, b0);
        if count > 1u { put(m + 1u, phase, ci + 4u, b1); }
        if count > 2u { put(m + 2u, phase, ci + 4u, b2); }
        if count > 3u { put(m + 3u, phase, ci + 4u, b3); }
        if count > 4u { put(m + 4u, phase, ci + 4u, b4); }
        if count > 5u { put(m + 5u, phase, ci + 4u, b5); }
        if count > 6u { put(m + 6u, phase, ci + 4u, b6); }
        if count > 7u { put(m + 7u, phase, ci + 4u, b7); }
        if count > 8u { put(m + 8u, phase, ci + 4u, b8); }
        if count > 9u { put(m + 9u, phase, ci + 4u, b9); }
        if count > 10u { put(m + 10u, phase, ci + 4u, b10); }
        if count > 11u { put(m + 11u, phase, ci + 4u, b11); }
        if count > 12u { put(m + 12u, phase, ci + 4u, b12); }
        if count > 13u { put(m + 13u, phase, ci + 4u, b13); }
        if count > 14u { put(m + 14u, phase, ci + 4u, b14); }
        if count > 15u { put(m + 15u, phase, ci + 4u, b15); }
    }
}
