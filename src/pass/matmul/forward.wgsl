// y = patches(x) w + b: each invocation makes 16 pixels by 8 channels in registers.

// The same window one line of the picture further down; a line outside the picture puts `col` outside it too.
fn lower(p: vec3<u32>, ky: u32) -> vec2<u32> {
    let inside = !PADDED || p.y + ky < H;
    return vec2<u32>(p.x + ky * ROW, select(0x80000000u, p.z, inside));
}

@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let tile = line(id, groups);
    let co = tile % TILES * select(4u, 8u, WIDE);
    let m = tile / TILES * 16u;
    let pixels = step.rows * OH * OW;
    if m >= pixels {
        return;
    }
    // Pixels past the last one repeat it, and are not stored.
    let last = pixels - 1u;
    let p0 = locate(min(m + 0u, last));
    let p1 = locate(min(m + 1u, last));
    let p2 = locate(min(m + 2u, last));
    let p3 = locate(min(m + 3u, last));
    let p4 = locate(min(m + 4u, last));
    let p5 = locate(min(m + 5u, last));
    let p6 = locate(min(m + 6u, last));
    let p7 = locate(min(m + 7u, last));
    let p8 = locate(min(m + 8u, last));
    let p9 = locate(min(m + 9u, last));
    let p10 = locate(min(m + 10u, last));
    let p11 = locate(min(m + 11u, last));
    let p12 = locate(min(m + 12u, last));
    let p13 = locate(min(m + 13u, last));
    let p14 = locate(min(m + 14u, last));
    let p15 = locate(min(m + 15u, last));
    var a0 = bias4(co);
    var a1 = bias4(co);
    var a2 = bias4(co);
    var a3 = bias4(co);
    var a4 = bias4(co);
    var a5 = bias4(co);
    var a6 = bias4(co);
    var a7 = bias4(co);
    var a8 = bias4(co);
    var a9 = bias4(co);
    var a10 = bias4(co);
    var a11 = bias4(co);
    var a12 = bias4(co);
    var a13 = bias4(co);
    var a14 = bias4(co);
    var a15 = bias4(co);
    var b0 = vec4<f32>(0.0);
    if WIDE {
        b0 = bias4(co + 4u);
    }
    var b1 = b0;
    var b2 = b0;
    var b3 = b0;
    var b4 = b0;
    var b5 = b0;
    var b6 = b0;
    var b7 = b0;
    var b8 = b0;
    var b9 = b0;
    var b10 = b0;
    var b11 = b0;
    var b12 = b0;
    var b13 = b0;
    var b14 = b0;
    var b15 = b0;
    for (var ky = 0u; ky < KH; ky++) {
        let q0 = lower(p0, ky);
        let q1 = lower(p1, ky);
        let q2 = lower(p2, ky);
        let q3 = lower(p3, ky);
        let q4 = lower(p4, ky);
        let q5 = lower(p5, ky);
        let q6 = lower(p6, ky);
        let q7 = lower(p7, ky);
        let q8 = lower(p8, ky);
        let q9 = lower(p9, ky);
        let q10 = lower(p10, ky);
        let q11 = lower(p11, ky);
        let q12 = lower(p12, ky);
        let q13 = lower(p13, ky);
        let q14 = lower(p14, ky);
        let q15 = lower(p15, ky);
        for (var r = 0u; r < RUN; r += 4u) {
            let left = RUN - r;
            let k = (ky * RUN + r) * N + co;
            let wa = mat4x4<f32>(w4(k), w4(k + N), w4(k + 2u * N), w4(k + 3u * N));
            let v0 = x4(q0.x + r, q0.y + r, left);
            let v1 = x4(q1.x + r, q1.y + r, left);
            let v2 = x4(q2.x + r, q2.y + r, left);
            let v3 = x4(q3.x + r, q3.y + r, left);
            let v4 = x4(q4.x + r, q4.y + r, left);
            let v5 = x4(q5.x + r, q5.y + r, left);
            let v6 = x4(q6.x + r, q6.y + r, left);
            let v7 = x4(q7.x + r, q7.y + r, left);
            let v8 = x4(q8.x + r, q8.y + r, left);
            let v9 = x4(q9.x + r, q9.y + r, left);
            let v10 = x4(q10.x + r, q10.y + r, left);
            let v11 = x4(q11.x + r, q11.y + r, left);
            let v12 = x4(q12.x + r, q12.y + r, left);
            let v13 = x4(q13.x + r, q13.y + r, left);
            let v14 = x4(q14.x + r, q14.y + r, left);
            let v15 = x4(q15.x + r, q15.y + r, left);
            a0 += wa * v0;
            a1 += wa * v1;
            a2 += wa * v2;
            a3 += wa * v3;
            a4 += wa * v4;
            a5 += wa * v5;
            a6 += wa * v6;
            a7 += wa * v7;
            a8 += wa * v8;
            a9 += wa * v9;
            a10 += wa * v10;
            a11 += wa * v11;
            a12 += wa * v12;
            a13 += wa * v13;
            a14 += wa * v14;
            a15 += wa * v15;
            if WIDE {
                let wb = mat4x4<f32>(w4(k + 4u), w4(k + N + 4u), w4(k + 2u * N + 4u), w4(k + 3u * N + 4u));
                b0 += wb * v0;
                b1 += wb * v1;
                b2 += wb * v2;
                b3 += wb * v3;
                b4 += wb * v4;
                b5 += wb * v5;
                b6 += wb * v6;
                b7 += wb * v7;
                b8 += wb * v8;
                b9 += wb * v9;
                b10 += wb * v10;
                b11 += wb * v11;
                b12 += wb * v12;
                b13 += wb * v13;
                b14 += wb * v14;
                b15 += wb * v15;
            }
        }
    }
    let count = min(pixels - m, 16u);
    store_y(m, co, a0);
    if count > 1u { store_y(m + 1u, co, a1); }
    if count > 2u { store_y(m + 2u, co, a2); }
    if count > 3u { store_y(m + 3u, co, a3); }
    if count > 4u { store_y(m + 4u, co, a4); }
    if count > 5u { store_y(m + 5u, co, a5); }
    if count > 6u { store_y(m + 6u, co, a6); }
    if count > 7u { store_y(m + 7u, co, a7); }
    if count > 8u { store_y(m + 8u, co, a8); }
    if count > 9u { store_y(m + 9u, co, a9); }
    if count > 10u { store_y(m + 10u, co, a10); }
    if count > 11u { store_y(m + 11u, co, a11); }
    if count > 12u { store_y(m + 12u, co, a12); }
    if count > 13u { store_y(m + 13u, co, a13); }
    if count > 14u { store_y(m + 14u, co, a14); }
    if count > 15u { store_y(m + 15u, co, a15); }
    if WIDE {
        store_y(m, co + 4u, b0);
        if count > 1u { store_y(m + 1u, co + 4u, b1); }
        if count > 2u { store_y(m + 2u, co + 4u, b2); }
        if count > 3u { store_y(m + 3u, co + 4u, b3); }
        if count > 4u { store_y(m + 4u, co + 4u, b4); }
        if count > 5u { store_y(m + 5u, co + 4u, b5); }
        if count > 6u { store_y(m + 6u, co + 4u, b6); }
        if count > 7u { store_y(m + 7u, co + 4u, b7); }
        if count > 8u { store_y(m + 8u, co + 4u, b8); }
        if count > 9u { store_y(m + 9u, co + 4u, b9); }
        if count > 10u { store_y(m + 10u, co + 4u, b10); }
        if count > 11u { store_y(m + 11u, co + 4u, b11); }
        if count > 12u { store_y(m + 12u, co + 4u, b12); }
        if count > 13u { store_y(m + 13u, co + 4u, b13); }
        if count > 14u { store_y(m + 14u, co + 4u, b14); }
        if count > 15u { store_y(m + 15u, co + 4u, b15); }
    }
}
